"""The time zones that people may choose: those of the members' capitals (one statement)."""

from typing import Any

import sqlalchemy as sa

from consult.queries.texts import pick
from consult.tables import Body, Member, reading


def zones(engine: sa.Engine, language: str) -> tuple[tuple[str, str], ...]:
    """Return zones with the city by which they are known in *language*, by that name."""
    wanted: sa.CompoundSelect[str | None, Any] = sa.union_all(
        sa.select(Body.zone, Body.seat), sa.select(Member.zone, Member.capital)
    )
    with reading(engine) as session:
        rows = session.execute(wanted).all()
    cities: dict[str, str] = {}
    for zone, city in rows:
        if zone:
            cities.setdefault(zone, pick(city, language) or zone.rpartition("/")[2])
    return tuple(sorted(cities.items(), key=lambda pair: pair[1].casefold()))
