"""Replies as they are counted: what was said, when it reached us, and what is in time."""

from datetime import datetime
from typing import NamedTuple

from consult.core.comparison import Choice


class CastReply(NamedTuple):
    """What one member said on one question, once.

    A tuple, because there may be a million.

    Args:
        member: The code of the member; it need not be on the roll.
        question: The question's id, which must be one of the case.
        choice: None withdraws what the member said before.
        at: When it reached us.
        admitted: The ruling on it: let in though late or early, or kept out; None without one.
    """

    member: str
    question: str
    choice: Choice | None
    at: datetime
    admitted: bool | None = None


def in_time(received_at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Say whether what was received at that instant counts: from the opening, before the deadline.

    Source: design, section 1: a reply counts if it reached us before that instant.
    """
    return opens_at <= received_at < closes_at
