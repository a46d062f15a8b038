"""When the service was away before a deadline, by its own heartbeats, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# Signs of life come about once a minute; one that is missed once is not yet an absence.
MISSED = timedelta(minutes=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clause:
    """What a letter declares at its opening.

    Args:
        minutes: The service may be away so long without anything following from it.
        hours: Before the deadline, in which its absences are summed.
        extension_minutes: By which the deadline is then extended, once.
    """

    minutes: int
    hours: int
    extension_minutes: int

    @property
    def window(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def longer(self) -> timedelta:
        return timedelta(minutes=self.extension_minutes)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time within the window without a sign of life."""

    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Extended:
    """What an outage leads to.

    Args:
        minutes: The whole minutes for which the service was away.
    """

    to: datetime
    minutes: int
    gaps: tuple[Gap, ...]


def clause_of(data: Mapping[str, Any] | None) -> Clause | None:
    """Read the clause of a letter; None if it declares none."""
    return Clause(**data) if data else None


def decide(
    clause: Clause, beats: Iterable[datetime], closes_at: datetime, now: datetime
) -> Extended | None:
    """Return the deadline that follows from an outage; None if the service was there enough.

    A service that is away at the deadline itself gives the time anew from when it is back; one
    that finds out only after that time has passed gives it from then.

    Args:
        beats: The instants at which the service was at work, in any order; those just outside
            the window tell where an absence begins and ends.
        now: When it is decided: the service is at work then.
    """
    start = closes_at - clause.window
    signs = sorted({beat for beat in beats if beat <= now} | {now})
    found = _gaps(signs, start, closes_at)
    away = total(found)
    if not exceeds(clause, away):
        return None
    back = next(sign for sign in signs if sign >= closes_at)
    away_then = bool(found) and found[-1].to_at == closes_at
    begins = _full_minute(back) if away_then else closes_at
    if begins + clause.longer <= now:
        begins = _full_minute(now)
    return Extended(begins + clause.longer, away // _MINUTE, found)


def total(gaps: Sequence[Gap]) -> timedelta:
    """Return how long the service was away."""
    return sum((gap.to_at - gap.from_at for gap in gaps), timedelta(0))


def exceeds(clause: Clause, away: timedelta) -> bool:
    """Say whether it was away for longer than the letter lets pass, to the microsecond."""
    return away > clause.minutes * _MINUTE


def _gaps(signs: Sequence[datetime], start: datetime, end: datetime) -> tuple[Gap, ...]:
    """Return the absences between *signs*, each cut to the window.

    Before the first sign nothing is known: it counts as an absence.
    """
    found = []
    before: datetime | None = None
    for sign in signs:
        missing = before is None or sign - before > MISSED
        begin = start if before is None else max(before, start)
        finish = min(sign, end)
        if missing and begin < finish:
            found.append(Gap(begin, finish))
        before = sign
    return tuple(found)


def _full_minute(at: datetime) -> datetime:
    """Return the next full minute, so that the deadline can be printed as it is."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + _MINUTE
