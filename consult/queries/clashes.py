"""Against which days the dates of a draft are held, and where they clash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.clashes import Clash, Event, Span, clashes
from consult.queries.working_days import named_holidays
from consult.tables import Calendar, CalendarEvent, reading

SEAT = "seat"  # what a draft calls the holidays of the seat, which are computed


@dataclass(frozen=True, slots=True)
class Loaded:
    """A calendar that dates can be held against."""

    slug: str
    title: Mapping[str, str]
    source: str
    events: int
    estimates: int
    first: date | None
    last: date | None


def calendars(engine: sa.Engine) -> tuple[Loaded, ...]:
    """Return every calendar (one statement)."""
    with reading(engine) as session:
        rows = session.execute(
            sa.select(
                Calendar.slug,
                Calendar.title,
                Calendar.source,
                sa.func.count(CalendarEvent.id),
                sa.func.sum(sa.case((CalendarEvent.estimate, 1), else_=0)),
                sa.func.min(CalendarEvent.from_on),
                sa.func.max(CalendarEvent.to_on),
            )
            .outerjoin(CalendarEvent, CalendarEvent.calendar_id == Calendar.id)
            .group_by(Calendar.id)
            .order_by(Calendar.slug)
        ).all()
    return tuple(
        Loaded(slug, title, source, events, estimates or 0, first, last)
        for slug, title, source, events, estimates, first, last in rows
    )


def spans_of(items: Sequence[Mapping[str, Any]]) -> list[Span]:
    """Return the days that the items of a letter propose."""
    return [
        Span(
            item["id"],
            date.fromisoformat(item["from"]),
            date.fromisoformat(item["to"] or item["from"]),
        )
        for item in items
        if item["kind"] == "dates" and item["from"]
    ]


def clashes_of(
    session: Session,
    items: Sequence[Mapping[str, Any]],
    chosen: Sequence[str],
    holidays: str | None,
) -> list[Clash]:
    """Return where the days of *items* clash (one statement, none without days).

    Args:
        chosen: Slugs of calendars; `SEAT` stands for the holidays of the seat.
        holidays: Whose these are, such as ``CH-GE``.
    """
    spans = spans_of(items)
    if not spans:
        return []
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    events = _events(session, chosen, first, last)
    if SEAT in chosen:
        events += [
            Event({"en": name}, on, on, {}, estimate=True)
            for on, name in named_holidays(holidays, first, last)
        ]
    return clashes(spans, events)


def clashes_found(
    engine: sa.Engine,
    items: Sequence[Mapping[str, Any]],
    chosen: Sequence[str],
    holidays: str | None,
) -> list[Clash]:
    """Return what `clashes_of` does, read alone."""
    with reading(engine) as session:
        return clashes_of(session, items, chosen, holidays)


def clash_data(found: Sequence[Clash]) -> list[dict[str, Any]]:
    """Write clashes as a letter keeps them once it is open."""
    return [
        {
            "item": clash.item,
            "from": clash.first.isoformat(),
            "to": clash.last.isoformat(),
            "days": clash.days,
            "other": clash.other,
            "title": dict(clash.event.title) if clash.event else {},
            "begins": clash.event.first.isoformat() if clash.event else None,
            "ends": clash.event.last.isoformat() if clash.event else None,
            "calendar": dict(clash.event.calendar) if clash.event else {},
            "estimate": bool(clash.event and clash.event.estimate),
        }
        for clash in found
    ]


def _events(session: Session, chosen: Sequence[str], first: date, last: date) -> list[Event]:
    rows = session.execute(
        sa.select(
            CalendarEvent.title,
            CalendarEvent.from_on,
            CalendarEvent.to_on,
            Calendar.title.label("calendar"),
            CalendarEvent.estimate,
        )
        .join(Calendar, Calendar.id == CalendarEvent.calendar_id)
        .where(
            Calendar.slug.in_(chosen),
            CalendarEvent.from_on <= last,
            CalendarEvent.to_on >= first,
        )
        .order_by(CalendarEvent.from_on, CalendarEvent.id)
    )
    return [Event(*row) for row in rows]
