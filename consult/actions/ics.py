"""The days of an iCalendar file, each fault with the event and the line that it is in."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from consult.core import fields
from consult.errors import BadInput

_DAY = timedelta(days=1)
_LONGEST_NAME, _LONGEST_TITLE = 200, 500
_LONGEST_REASON = 200  # of what is wrong: the reader of the format quotes what it met


def days_of_ics(data: bytes, filename: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the file says of the calendar, and its events.

    Zones and repetitions are not looked at, so that none of them can cost anything.

    Raises:
        BadInput: With the first fault of the file.
    """
    try:
        found = Calendar.from_ical(data.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise BadInput({"file": f"is not text in UTF-8 at byte {wrong.start}"}) from None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as wrong:
        raise BadInput({"file": f"is not an iCalendar: {_plain(str(wrong))}"}) from None
    except RecursionError:
        raise BadInput({"file": "is nested too deeply"}) from None
    if getattr(found, "name", "") != "VCALENDAR":
        raise BadInput({"file": "is not an iCalendar"})
    name = _text(found, "X-WR-CALNAME", "X-WR-CALNAME") or _plain(filename.rsplit(".", 1)[0])
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64] or "calendar"
    return (
        {"slug": slug, "title": {"en": name[:_LONGEST_NAME]}, "source": _plain(filename)},
        list(_events(found)),
    )


def _events(found: Any) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(found.walk("VEVENT")):
        path = f"events[{number}]"
        begins, ends = _when(event, "DTSTART", path), _when(event, "DTEND", path)
        if begins is None:
            raise BadInput({f"{path}.DTSTART": "is missing"})
        first, last = _day(begins), _last(begins, ends)
        if last < first:
            raise BadInput({f"{path}.DTEND": "must not be before DTSTART"})
        yield {
            "title": {"en": (_text(event, "SUMMARY", f"{path}.SUMMARY") or "?")[:_LONGEST_TITLE]},
            "kind": "ics",
            "from_on": first,
            "to_on": last,
            "estimate": False,
            "source": "",
        }


def _when(event: Any, name: str, path: str) -> date | datetime | None:
    """Read a day or an instant; None if the event has no such line."""
    line = event.get(name)
    if line is None:
        return None
    if isinstance(line, list):
        raise BadInput({f"{path}.{name}": "is there twice"})
    try:
        value = line.dt
    except (AttributeError, ValueError):  # a broken line says so when it is asked
        value = None
    if not isinstance(value, date):
        raise BadInput({f"{path}.{name}": "must be a day, such as 20200622, or an instant"})
    return value


def _text(component: Any, name: str, path: str) -> str:
    """Read a text on one line; the first of several."""
    line = component.get(name)
    line = line[0] if isinstance(line, list) else line
    said = " ".join(str(line or "").split())
    return fields.text(said, path) if said else ""


def _plain(text: str) -> str:
    """Return *text* so that it fits into a line of any terminal and of any database."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:_LONGEST_REASON])


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _last(begins: date | datetime, ends: date | datetime | None) -> date:
    """Return the last day of an event: a whole-day one ends on the day before its DTEND."""
    if ends is None:
        return _day(begins)
    if isinstance(ends, datetime):
        return ends.date()
    return ends if ends <= _day(begins) else ends - _DAY
