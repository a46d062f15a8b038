"""What an extension of a deadline must say, and the limits that the body sets to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

SECRETARIAT = "secretariat"
LONGEST_REASON = 1000
LONGEST_AUTHORITY = 200


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """What an officer asks for.

    Args:
        asked_for_by: The code of a member on the roll, or `SECRETARIAT`.
        authority: A reference to what the presiding officer decided.
    """

    closes_at: datetime
    asked_for_by: str
    reason: str
    authority: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the body allows; None where it sets no limit."""

    most: int | None = None
    most_days: int | None = None


def faults_of(
    new: NewDeadline,
    closes_at: datetime,
    earlier: int,
    limits: Limits,
    members: Collection[str],
) -> dict[str, str]:
    """Return of each part of *new* the code of what is wrong with it.

    Args:
        closes_at: The deadline as it stands.
        earlier: How many extensions this letter has had.
        members: The codes on the roll.
    """
    found = words_missing(new.reason, new.authority)
    if new.closes_at <= closes_at:
        found["closes_at"] = "not-later"
    elif limits.most is not None and earlier >= limits.most:
        found["closes_at"] = "too-many-extensions"
    elif limits.most_days is not None and new.closes_at - closes_at > timedelta(
        days=limits.most_days
    ):
        found["closes_at"] = "extension-too-long"
    if new.asked_for_by != SECRETARIAT and new.asked_for_by not in members:
        found["asked_for_by"] = "not-on-roll"
    return found


def words_missing(reason: str, authority: str) -> dict[str, str]:
    """Return what is wrong with the reason and the authority of a change while open."""
    found = {}
    for name, words, longest in (
        ("reason", reason, LONGEST_REASON),
        ("authority", authority, LONGEST_AUTHORITY),
    ):
        if not words.strip():
            found[name] = "missing"
        elif len(words) > longest:
            found[name] = "too-long"
    return found
