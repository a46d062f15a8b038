"""The days of an iCalendar file, each fault with the event and the line that it is in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import Calendar, vRecur

from consult.core import fields
from consult.core.repeating import Every, Repeats, days, is_plain
from consult.errors import BadInput

MOST_EVENTS = 5000
_DAY = timedelta(days=1)
_LONGEST_NAME, _LONGEST_TITLE = 200, 500
_LONGEST_SOURCE = 200
_YEARS_AHEAD = 5  # for which an event that repeats is taken in
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What a plain rule says, beside how often; of BYMONTH and BYMONTHDAY only what the first day says.
_PLAIN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"})


@dataclass(frozen=True, slots=True)
class Read:
    """What a file gives.

    Args:
        values: What it says of the calendar.
        events: One for each time that an event takes place.
        once: The titles of the events that repeat by a rule that is not followed: of each the
            first time alone is among the events.
    """

    values: dict[str, Any]
    events: list[dict[str, Any]]
    once: tuple[str, ...] = ()


def days_of_ics(data: bytes, filename: str, today: date) -> Read:
    """Return what the file says of the calendar, and its events.

    An event that repeats by a plain rule is taken in from the year before *today* to five years
    after it. Zones are not looked at, and no rule is gone through from its beginning, so that
    none of them can cost anything.

    Raises:
        BadInput: With the first fault of the file.
    """
    try:
        found = Calendar.from_ical(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput({"file": "file-not-text"}) from None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise BadInput({"file": "calendar-broken"}) from None
    if getattr(found, "name", "") != "VCALENDAR":
        raise BadInput({"file": "calendar-broken"})
    name = _text(found, "X-WR-CALNAME", "X-WR-CALNAME") or _plain(filename.rsplit(".", 1)[0])
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64] or "calendar"
    once: list[str] = []
    return Read(
        {"slug": slug, "title": {"en": name[:_LONGEST_NAME]}, "source": _plain(filename)},
        list(islice(_events(found, today, once), MOST_EVENTS + 1)),
        tuple(once),
    )


def _events(found: Any, today: date, once: list[str]) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(found.walk("VEVENT")):
        path = f"events[{number}]"
        begins, ends = _when(event, "DTSTART", path), _when(event, "DTEND", path)
        if begins is None:
            raise BadInput({f"{path}.DTSTART": "day-missing"})
        first, last = _day(begins), _last(begins, ends)
        if last < first:
            raise BadInput({f"{path}.DTEND": "day-before"})
        title = (_text(event, "SUMMARY", f"{path}.SUMMARY") or "?")[:_LONGEST_TITLE]
        again = _again(event, first, today)
        if again is None:
            once.append(title)
        for day in [first, *(again or ())]:
            yield {
                "title": {"en": title},
                "kind": "ics",
                "from_on": day,
                "to_on": day + min(last - first, date.max - day),
                "estimate": False,
                "source": "",
            }


def _again(event: Any, first: date, today: date) -> Iterator[date] | None:
    """Return the days near *today* on which the event comes again; None if they are not known."""
    repeats = _repeats(event.get("RRULE"), first)
    left_out = _left_out(event.get("EXDATE"))
    if repeats is None or left_out is None or event.get("RDATE") is not None:
        known = all(event.get(name) is None for name in ("RRULE", "RDATE"))
        return iter(()) if known else None
    start = date(max(today.year - 1, date.min.year), 1, 1)
    end = date(min(today.year + _YEARS_AHEAD, date.max.year), 12, 31)
    return (day for day in days(first, repeats, start, end) if day not in {first, *left_out})


def _repeats(rule: Any, first: date) -> Repeats | None:
    """Return a plain rule; None for no rule, and for one that is not followed."""
    if not isinstance(rule, vRecur) or rule.keys() - _PLAIN:
        return None
    said = {name: values if isinstance(values, list) else [values] for name, values in rule.items()}
    try:
        (every,) = said["FREQ"]
        (interval,), (count,), (until,) = (
            said.get(name, [default])
            for name, default in (("INTERVAL", 1), ("COUNT", None), ("UNTIL", None))
        )
        found = Repeats(
            Every(every.upper()),
            int(interval),
            None if count is None else int(count),
            None if until is None else _day(until),
            frozenset(_WEEKDAYS.index(day.upper()) for day in said.get("BYDAY", ())),
        )
    except (ValueError, KeyError, AttributeError):
        return None
    return found if _is_followed(found, said, first) else None


def _is_followed(repeats: Repeats, said: dict[str, list[Any]], first: date) -> bool:
    months, numbers = said.get("BYMONTH"), said.get("BYMONTHDAY")
    named = repeats.every in {Every.MONTH, Every.YEAR}
    return (
        repeats.interval > 0
        and (not repeats.weekdays or repeats.every is Every.WEEK)
        and (months is None or (repeats.every is Every.YEAR and months == [first.month]))
        and (numbers is None or (named and numbers == [first.day]))
        and not (repeats.every is Every.YEAR and numbers and not months)
        and is_plain(first, repeats)
    )


def _left_out(lines: Any) -> set[date] | None:
    """Return the days on which an event does not take place; None if they cannot be read."""
    try:
        return {
            _day(one.dt)
            for line in ([] if lines is None else lines if isinstance(lines, list) else [lines])
            for one in line.dts
        }
    except (AttributeError, ValueError):  # a broken line says so when it is asked
        return None


def _when(event: Any, name: str, path: str) -> date | datetime | None:
    """Read a day or an instant; None if the event has no such line."""
    line = event.get(name)
    if line is None:
        return None
    if isinstance(line, list):
        raise BadInput({f"{path}.{name}": "day-twice"})
    try:
        value = line.dt
    except (AttributeError, ValueError):  # a broken line says so when it is asked
        value = None
    if not isinstance(value, date):
        raise BadInput({f"{path}.{name}": "day-unreadable"})
    return value


def _text(component: Any, name: str, path: str) -> str:
    """Read a text on one line; the first of several."""
    line = component.get(name)
    line = line[0] if isinstance(line, list) else line
    said = " ".join(str(line or "").split())
    return fields.text(said, path) if said else ""


def _plain(text: str) -> str:
    """Return *text* so that it fits into a line of any terminal and of any database."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:_LONGEST_SOURCE])


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _last(begins: date | datetime, ends: date | datetime | None) -> date:
    """Return the last day of an event: a whole-day one ends on the day before its DTEND."""
    if ends is None:
        return _day(begins)
    if isinstance(ends, datetime):
        return ends.date()
    return ends if ends <= _day(begins) else ends - _DAY
