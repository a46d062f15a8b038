"""The organisation as every page names it: one statement."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.queries.texts import pick
from consult.tables import Body, Organisation, reading


@dataclass(frozen=True, slots=True)
class House:
    """The organisation, in one language.

    Args:
        address: The secretariat's e-mail address.
    """

    name: str
    short_name: str
    place: str
    address: str | None
    telephone: str | None


NOBODY = House("", "", "", None, None)


def house(engine: sa.Engine, language: str) -> House:
    """Return the organisation in *language*; before it is loaded, one without a name."""
    with reading(engine) as session:
        return house_of(session.execute(sa.select(Organisation)).scalar_one_or_none(), language)


def house_of(row: Organisation | None, language: str) -> House:
    """Return a row that was read already, in *language*."""
    if row is None:
        return NOBODY
    return House(
        name=pick(row.name, language),
        short_name=pick(row.short_name, language),
        place=pick(row.place, language),
        address=row.address,
        telephone=row.telephone,
    )


def sender(row: Organisation | None, body: Body) -> dict[str, Any]:
    """Return from whom a letter of *body* comes, in all languages: else the body."""
    return {
        "name": row.name if row else body.name,
        "place": row.place if row else body.seat,
        "address": row.address if row else None,
        "telephone": row.telephone if row else None,
    }
