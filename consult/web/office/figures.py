"""A body's turnout over the years: each figure as a picture, a table and a CSV."""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.core.ledger import instant
from consult.core.participation import by_day, by_region, effects
from consult.core.throttle import EXPORTS
from consult.documents.record_csv import write
from consult.errors import NotFound
from consult.queries.memory import Figures, of_body
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.policy import allow, limited
from consult.web.policy import office as secretariat
from consult.web.serving import send_made

Rows = list[list[str]]


@pages.get("/office/bodies/<body>/figures")
@allow(secretariat)
def figures(body: str) -> ResponseReturnValue:
    """Show turnout by letter and region, time to reply, and what reminders achieved."""
    found = of_body(desk().engine, body, desk().clock(), language())
    days = by_day(found.letters)
    return render_template(
        "office/figures.html",
        found=found,
        regions=by_region(found.letters),
        days=days,
        most_days=max((day.count for day in days), default=0),
        effects=effects(found.letters),
    )


@pages.get("/office/bodies/<body>/figures/<table>.csv", endpoint="figures_csv")
@allow(secretariat)
@limited(EXPORTS)
def file(body: str, table: str) -> ResponseReturnValue:
    """Send one of the tables."""
    found = of_body(desk().engine, body, desk().clock(), language())
    if table not in _TABLES:
        raise NotFound(table=table)
    return send_made(
        write(_TABLES[table](found)), f"{found.slug}-{table}.csv", "text/csv; charset=utf-8"
    )


def _turnout(found: Figures) -> Rows:
    return [
        ["reference", "opened_at", "closed_at", "entitled", "replied", "late", "median_minutes"],
        *(
            [
                letter.reference,
                instant(letter.opens_at.astimezone(UTC)),
                instant(letter.closes_at.astimezone(UTC)),
                str(len(letter.entitled)),
                str(letter.replied),
                str(letter.late),
                "" if letter.median is None else str(letter.median // timedelta(minutes=1)),
            ]
            for letter in found.letters
        ),
    ]


def _regions(found: Figures) -> Rows:
    return [
        ["region", "name", "replies", "possible"],
        *(
            [share.name, found.regions.get(share.name, ""), str(share.count), str(share.of)]
            for share in by_region(found.letters)
        ),
    ]


def _days(found: Figures) -> Rows:
    return [
        ["day", "first_replies"],
        *([share.name, str(share.count)] for share in by_day(found.letters)),
    ]


def _reminders(found: Figures) -> Rows:
    return [
        ["reference", "sent_at", "minutes_before_deadline", "reminded", "replied_within_2_days"],
        *(
            [
                effect.reference,
                instant(effect.at),
                str(effect.before // timedelta(minutes=1)),
                str(effect.reminded),
                str(effect.replied),
            ]
            for effect in effects(found.letters)
        ),
    ]


_TABLES: Mapping[str, Callable[[Figures], Rows]] = {
    "turnout": _turnout,
    "regions": _regions,
    "days": _days,
    "reminders": _reminders,
}
