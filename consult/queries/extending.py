"""What an officer needs who changes an open letter: its limits, its members, its items."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.extension import Limits
from consult.core.life import State
from consult.queries.changes import Changes, changes
from consult.queries.consultation import Head, head
from consult.queries.roll import frozen
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Item, reading


@dataclass(frozen=True, slots=True)
class Extendable:
    """An open letter whose deadline an officer would move.

    Args:
        members: Code and name of each member on the roll, in its order.
    """

    head: Head
    limits: Limits
    holidays: str | None
    members: tuple[tuple[str, str], ...]
    changes: Changes

    @property
    def open(self) -> bool:
        """Whether it may be changed now, by the clock."""
        return self.head.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Withdrawable:
    """An open letter of which an officer would withdraw an item, or the whole.

    Args:
        items: Number and title of each item that stands.
        members: Code and name of each member on the roll.
    """

    head: Head
    items: tuple[tuple[str, str], ...]
    members: tuple[tuple[str, str], ...]

    @property
    def open(self) -> bool:
        """Whether it may be changed now, by the clock."""
        return self.head.state is State.OPEN


def extendable(engine: sa.Engine, slug: str, now: datetime, language: str) -> Extendable:
    """Return what the form of an extension needs (five statements at most).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        body = session.execute(
            sa.select(Body.most_extensions, Body.most_extension_days, Body.holidays)
            .join(Consultation, Consultation.body_id == Body.id)
            .where(Consultation.id == about.id)
        ).one()
        return Extendable(
            head=about,
            limits=Limits(body.most_extensions, body.most_extension_days),
            holidays=body.holidays,
            members=tuple(
                (line.member, pick(line.name, language)) for line in frozen(session, about.id)
            ),
            changes=changes(session, about.id),
        )


def withdrawable(engine: sa.Engine, slug: str, now: datetime, language: str) -> Withdrawable:
    """Return what the form of a withdrawal needs (three statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        rows = session.execute(
            sa.select(Item.code, Item.title)
            .where(Item.consultation_id == about.id, Item.withdrawn_at.is_(None))
            .order_by(Item.place)
        )
        return Withdrawable(
            about,
            tuple((row.code, pick(row.title, language)) for row in rows),
            tuple((line.member, pick(line.name, language)) for line in frozen(session, about.id)),
        )
