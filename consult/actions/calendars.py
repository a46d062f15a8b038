"""Takes in a calendar of days to avoid from a file: YAML or iCalendar; all of it, or nothing."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from consult import rules
from consult.actions.change import Desk
from consult.actions.given import Faults, Given, read_languages
from consult.actions.ics import MOST_EVENTS, Read, days_of_ics
from consult.core.life import SYSTEM, Act, Actor, State, check
from consult.errors import BadInput
from consult.tables import Calendar, CalendarEvent, writing

LARGEST = 2 * 1024 * 1024
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_ESTIMATES = frozenset({"computed", "estimate"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A calendar that was taken in, or would be.

    Args:
        once: The titles of events that repeat, of which the first time alone was taken in.
    """

    slug: str
    events: int
    renewed: bool
    once: tuple[str, ...] = ()


def import_calendar(
    desk: Desk,
    actor: Actor,
    data: bytes,
    filename: str,
    slug: str | None = None,
    *,
    dry_run: bool = False,
) -> Loaded:
    """Make the calendar that a file gives, or put its days in the place of those it had.

    Letters that are out keep the clashes that they showed.

    Args:
        filename: Ends in ``.ics`` for iCalendar; else it is YAML in the shape of `events.yaml`.
        slug: By which it is called; None takes that of the file.

    Raises:
        NotAllowed: The actor is no officer (nor the service itself).
        BadInput: With every fault of the file; nothing is changed.
    """
    if actor is not SYSTEM:
        check(Act.DRAFT, State.DRAFT, actor.roles)
    if len(data) > LARGEST:
        raise BadInput({"file": f"is larger than {LARGEST // 1024**2} MB"})
    read = _read(data, filename, desk.clock().date())
    values, events = read.values, read.events
    values["slug"] = slug or values["slug"]
    if not _SLUG.fullmatch(values["slug"]):
        raise BadInput({"id": "must be small letters, digits and -, at most 64"})
    if len(events) > MOST_EVENTS:
        raise BadInput({"events": "calendar-large"})
    with writing(desk.engine) as session:
        found = session.scalar(select(Calendar).where(Calendar.slug == values["slug"]))
        loaded = Loaded(values["slug"], len(events), found is not None, read.once)
        if dry_run:
            return loaded
        if found is None:
            found = Calendar()
            session.add(found)
        for name, value in values.items():
            setattr(found, name, value)
        found.loaded_at, found.loaded_by_id = desk.clock(), actor.person_id
        session.flush()
        session.execute(delete(CalendarEvent).where(CalendarEvent.calendar_id == found.id))
        session.add_all(CalendarEvent(calendar_id=found.id, **event) for event in events)
    return loaded


def _read(data: bytes, filename: str, today: date) -> Read:
    if filename.lower().endswith(".ics"):
        return days_of_ics(data, filename, today)
    return _from_yaml(data, filename)


def _from_yaml(data: bytes, filename: str) -> Read:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput({"file": "file-not-text"}) from None
    faults = Faults()
    file = Given(rules.load_yaml(text), "", faults)
    languages = read_languages(file)
    for name in ("zone", "certainty", "places"):
        file.raw(name)
    title = file.texts("title", languages)
    slug = file.code("calendar")
    source = file.text("source") or "".join(filter(str.isprintable, filename))
    events = [_event(row, languages) for row in file.rows("events", required=True)]
    file.end()
    faults.end()
    return Read({"slug": slug, "title": title or {"en": slug}, "source": source}, events)


def _event(row: Given, languages: list[str]) -> dict[str, Any]:
    for name in ("id", "where", "note", "tabular_from", "tabular_to", "remarks"):
        row.raw(name)
    first, last = row.day("from", required=True), row.day("to")
    last = last or first
    if first and last and last < first:
        row.fault("to", "must not be before from")
    event = {
        "title": row.texts("name", languages, required=True),
        "kind": row.text("kind", longest=64) or "",
        "estimate": row.text("certainty") in _ESTIMATES,
        "source": row.text("source") or "",
    }
    row.end()
    on = date.fromisoformat(first) if first else date.min
    return {**event, "from_on": on, "to_on": date.fromisoformat(last) if last else on}
