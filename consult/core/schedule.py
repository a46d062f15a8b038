"""Which notices there are, and which reminders fall due at which instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DEFAULT_REMINDERS = (7 * 24 * 60, 2 * 24 * 60, 4 * 60)  # minutes before the deadline


class NoticeKind(StrEnum):
    INVITATION = "invitation"
    ACKNOWLEDGEMENT = "acknowledgement"
    REMINDER = "reminder"
    OBJECTION = "objection"
    REQUEST = "request"
    CLOSING = "closing"
    EXTENSION = "extension"
    WITHDRAWAL = "withdrawal"
    RESULT = "result"
    ERRATUM = "erratum"  # beside the published record
    REFERRAL = "referral"  # of items to a meeting
    MANDATE = "mandate"
    CONTEST = "contest"
    RULING = "ruling"
    READMITTED = "readmitted"  # a reply that was lost, from its receipt
    CORRIGENDUM = "corrigendum"  # of letter or roll, and every revision but an addendum
    ADDENDUM = "addendum"
    VIEWS = "views"
    OBSERVED = "observed"  # to observers of the body: what happened to a letter, never a reply
    CLARIFICATION = "clarification"  # of what a paper says unclearly
    ACCOUNT = "account"  # the link with which an invited person sets up the account
    SIGN_IN = "sign-in"  # the link asked for on the sign-in page
    ADDRESS = "address"  # the link that confirms a new address
    FACTORS = "factors"  # how one signs in was changed
    KEY_CHANGE = "key-change"  # of the key of the service, which waits for a second person


# Where nobody may see who replied, nobody sees that one of these was queued (T33).
TELL_WHO_REPLIED = frozenset(
    {NoticeKind.ACKNOWLEDGEMENT, NoticeKind.CLARIFICATION, NoticeKind.READMITTED}
)


class NoticeState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a schedule.

    Args:
        number: From 1, in order of time.
        minutes: Before the deadline.
        due_at: The instant.
    """

    number: int
    minutes: int
    due_at: datetime


def steps(reminders: Sequence[int], opens_at: datetime, closes_at: datetime) -> tuple[Step, ...]:
    """Return the reminders that fall between opening and deadline, earliest first."""
    instants = sorted({closes_at - timedelta(minutes=minutes) for minutes in reminders})
    kept = [at for at in instants if opens_at < at < closes_at]
    return tuple(
        Step(number, (closes_at - at) // timedelta(minutes=1), at)
        for number, at in enumerate(kept, start=1)
    )


def due(
    schedule: Sequence[Step], now: datetime, closes_at: datetime
) -> tuple[Step | None, list[Step]]:
    """Return the step to send at *now* and those that time has overtaken.

    Of several steps whose instant has passed only the newest is still useful; after the
    deadline none is.
    """
    passed = [step for step in schedule if step.due_at <= now]
    if now >= closes_at:
        return None, passed
    return (passed[-1], passed[:-1]) if passed else (None, [])


def occasion(step: Step, closes_at: datetime) -> str:
    """Name a reminder by the minutes it comes before a deadline, and by that deadline.

    After an extension the steps begin anew; a schedule changed while open renumbers its steps.
    """
    return f"reminder-{step.minutes}-{closes_at:%Y%m%dT%H%M%SZ}"


def retry_at(attempts: int, now: datetime) -> datetime:
    """Return when a deferred notice is tried again: 1, 2, 4 … at most 30 minutes later (T81)."""
    return now + timedelta(minutes=min(30, 2 ** max(0, attempts - 1)))
