"""The rules that officers wrote for a body, and the bodies there are to write them for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.queries.texts import pick
from consult.tables import Body, BodyRule, Person, reading


@dataclass(frozen=True, slots=True)
class Written:
    """A rule of a body.

    Args:
        data: As `core.rule.parse` reads it.
        version: How often it was saved.
    """

    slug: str
    data: dict[str, Any]
    version: int
    made_by: str | None
    made_at: datetime
    changed_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Book:
    """A body with its rules, those in use first.

    Args:
        rule: The rule that its letters have from the start; empty if it has none.
        others: Every body there is, as slug and name.
    """

    slug: str
    name: str
    zone: str
    seat: dict[str, str]
    languages: tuple[str, ...]
    groups: tuple[dict[str, Any], ...]
    rule: dict[str, Any]
    written: tuple[Written, ...]
    others: tuple[tuple[str, str], ...]

    def find(self, slug: str) -> Written:
        """Return one of its rules.

        Raises:
            NotFound: It has none of that name.
        """
        for one in self.written:
            if one.slug == slug:
                return one
        raise NotFound(rule=slug)


def book_of(engine: sa.Engine, slug: str, language: str) -> Book:
    """Return the rules of a body, of the first there is if *slug* is empty (two statements).

    Raises:
        NotFound: There is no such body.
    """
    with reading(engine) as session:
        bodies = session.scalars(select(Body).order_by(Body.slug)).all()
        body = next((one for one in bodies if slug in ("", one.slug)), None)
        if body is None:
            raise NotFound(body=slug)
        rows = session.execute(
            select(BodyRule, Person.name)
            .outerjoin(Person, Person.id == BodyRule.made_by_id)
            .where(BodyRule.body_id == body.id)
            .order_by(BodyRule.retired_at.is_not(None), BodyRule.id)
        ).all()
        return Book(
            slug=body.slug,
            name=pick(body.name, language),
            zone=body.zone,
            seat=body.seat,
            languages=tuple(body.languages),
            groups=tuple(body.groups),
            rule=body.rule or {},
            written=tuple(_written(*row) for row in rows),
            others=tuple((one.slug, pick(one.name, language) or one.slug) for one in bodies),
        )


def in_use(session: Session, body_id: int) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return slug and data of each rule of a body that a letter may take (one statement)."""
    rows = session.execute(
        select(BodyRule.slug, BodyRule.data)
        .where(BodyRule.body_id == body_id, BodyRule.retired_at.is_(None))
        .order_by(BodyRule.id)
    )
    return tuple((slug, data) for slug, data in rows)


def _written(row: BodyRule, made_by: str | None) -> Written:
    return Written(
        slug=row.slug,
        data=row.data,
        version=row.version,
        made_by=made_by,
        made_at=row.made_at,
        changed_at=row.changed_at,
        retired_at=row.retired_at,
    )
