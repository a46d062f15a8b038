"""The deadline as people write it: fields to an instant, working days, hours in the capitals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from consult.errors import BadInput

_WEEKEND = 5  # Saturday; Sunday comes after it
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LOOKED_AHEAD = 60  # days; no run of holidays is that long

Holidays = Callable[[date], bool]


class Warn(StrEnum):
    """What speaks against a deadline without forbidding it."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SHORT = "short"
    CLOCK_BACK = "clock-back"  # that hour happens twice; the first is taken
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Written:
    """A day and a time as they stand in four fields."""

    day: str
    month: str
    year: str
    time: str

    @property
    def empty(self) -> bool:
        """Whether nothing was written that says a day; a lone month or time does not."""
        return not (self.day.strip() or self.year.strip())


@dataclass(frozen=True, slots=True)
class Hour:
    """What the clocks show at one instant where some members have their capitals.

    Args:
        local: The time there, with its zone's offset.
        days: How many days its date is after that of the seat; negative if before.
        members: The codes of the members, in the order of the roll.
    """

    local: datetime
    days: int
    members: tuple[str, ...]


def write(at: datetime | None, zone: tzinfo) -> Written:
    """Return the fields that say *at* in *zone*; empty ones for None."""
    if at is None:
        return Written("", "", "", "")
    local = at.astimezone(zone)
    return Written(str(local.day), str(local.month), str(local.year), f"{local:%H:%M}")


def read_day(written: Written) -> date | None:
    """Return the day that the fields say; None if they say none.

    Raises:
        BadInput: At the field, with its name as the code, or no-such-day.
    """
    if written.empty:
        return None
    year = _whole(written.year, _FIRST_YEAR, _LAST_YEAR)
    month = _whole(written.month, 1, 12)
    day = _whole(written.day, 1, 31)
    if year is None or month is None or day is None:
        found = {"day": day, "month": month, "year": year}
        raise BadInput({name: name for name, value in found.items() if value is None})
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput({"day": "no-such-day"}) from None


def read(written: Written, zone: tzinfo) -> datetime | None:
    """Return the instant, in UTC, that the fields say in *zone*; None if they say no day.

    An hour that happens twice is the first of the two.

    Raises:
        BadInput: At the field, with its name as the code; no-such-day, clock-forward.
    """
    on = read_day(written)
    if on is None:
        return None
    clock = _time(written.time)
    if clock is None:
        raise BadInput({"time": "time"})
    local = datetime.combine(on, clock, zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadInput({"time": "clock-forward"})
    return at


def warnings(
    at: datetime,
    zone: tzinfo,
    holiday: Holidays,
    *,
    begins_at: datetime,
    least_days: int | None,
) -> list[Warn]:
    """Return what speaks against a deadline at *at*.

    Args:
        zone: That of the seat.
        holiday: Says of a day whether it is a holiday of the seat.
        begins_at: The stated opening, or now.
        least_days: The shortest time that the body asks for; None if it asks for none.
    """
    local = at.astimezone(zone)
    found = []
    if at <= begins_at:
        found.append(Warn.PAST)
    if local.weekday() >= _WEEKEND:
        found.append(Warn.WEEKEND)
    if holiday(local.date()):
        found.append(Warn.HOLIDAY)
    if Warn.PAST not in found and _too_short(at, begins_at, least_days):
        found.append(Warn.SHORT)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        found.append(Warn.CLOCK_BACK)
    return found


def nearest(
    at: datetime,
    zone: tzinfo,
    holiday: Holidays,
    *,
    begins_at: datetime,
    least_days: int | None,
) -> datetime | None:
    """Return the same time on the next working day that follows a working day.

    It is never before *at*, nor sooner than the body asks. A full day of work before it lets
    what arrives over a weekend or a holiday be dealt with. None if that time is in doubt there.
    """
    local = at.astimezone(zone)
    first = max(local.date(), begins_at.astimezone(zone).date())
    for ahead in range(_LOOKED_AHEAD + (least_days or 0)):
        on = first + timedelta(days=ahead)
        if not (_works(on, holiday) and _works(on - timedelta(days=1), holiday)):
            continue
        there = datetime.combine(on, local.time(), zone).replace(fold=0)
        moved = there.astimezone(UTC)
        if moved.astimezone(zone).replace(tzinfo=None, fold=0) != there.replace(tzinfo=None):
            continue
        if moved > begins_at and not _too_short(moved, begins_at, least_days):
            return moved
    return None


def hours(at: datetime, seat: tzinfo, capitals: Sequence[tuple[str, tzinfo]]) -> list[Hour]:
    """Return the local hours at *at* in the capitals, from west to east.

    Args:
        capitals: Of each member, its code and the zone of its capital.
    """
    here = at.astimezone(seat).date()
    grouped: dict[timedelta, list[str]] = {}
    shown: dict[timedelta, datetime] = {}
    for member, zone in capitals:
        local = at.astimezone(zone)
        offset = local.utcoffset() or timedelta(0)
        grouped.setdefault(offset, []).append(member)
        shown[offset] = local
    return [
        Hour(shown[offset], (shown[offset].date() - here).days, tuple(members))
        for offset, members in sorted(grouped.items())
    ]


def _too_short(at: datetime, begins_at: datetime, least_days: int | None) -> bool:
    return least_days is not None and at - begins_at < timedelta(days=least_days)


def _works(on: date, holiday: Holidays) -> bool:
    return on.weekday() < _WEEKEND and not holiday(on)


def _whole(text: str, least: int, most: int) -> int | None:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    return int(text) if least <= int(text) <= most else None


def _time(text: str) -> time | None:
    hour, colon, minute = text.strip().replace(".", ":").replace("h", ":").partition(":")
    found = _whole(hour, 0, 23), _whole(minute, 0, 59)
    if not colon or found[0] is None or found[1] is None or len(minute.strip()) != len("00"):
        return None
    return time(found[0], found[1])
