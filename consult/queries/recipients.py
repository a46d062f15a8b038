"""To whom notices go: the focal points of members, staff by their roles, observers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.life import Role
from consult.core.recipient import Recipient
from consult.queries.observing import standing
from consult.queries.sessions import in_force
from consult.tables import Consultation, FocalPoint, Grant, Member, Observer, Person


def focal_points_of(session: Session, members: Collection[str], now: datetime) -> list[Recipient]:
    """Return who acts for *members* at *now*, each once for each of them (one statement).

    Who is an adviser and a focal point of one member is told as a focal point.
    """
    if not members:
        return []
    rows = session.execute(
        select(Person.id, Person.opaque, Person.language, Member.code, FocalPoint.adviser)
        .join(FocalPoint, FocalPoint.person_id == Person.id)
        .join(Member, Member.id == FocalPoint.member_id)
        .where(Member.code.in_(members), Person.disabled_at.is_(None), *in_force(now))
        .order_by(Member.code, Person.id, FocalPoint.adviser)
        .distinct()
    )
    found: dict[tuple[str, int], Recipient] = {}
    for row in rows:
        found.setdefault((row.code, row.id), Recipient(*row))
    return list(found.values())


def staff(session: Session, roles: Collection[Role]) -> list[Recipient]:
    """Return who holds one of *roles* at the secretariat, each once (one statement)."""
    rows = session.execute(
        select(Person.id, Person.opaque, Person.language)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role.in_(roles), Person.disabled_at.is_(None))
        .order_by(Person.id)
        .distinct()
    )
    return [Recipient(*row) for row in rows]


def observers(session: Session, letter: Consultation, now: datetime) -> list[Recipient]:
    """Return who observes the body of *letter* at *now*, each once (one statement).

    Nobody, and without a statement, where the letter is not open to observers.
    """
    if not letter.observers:
        return []
    rows = session.execute(
        select(Person.id, Person.opaque, Person.language)
        .join(Observer, Observer.person_id == Person.id)
        .where(Observer.body_id == letter.body_id, Person.disabled_at.is_(None), *standing(now))
        .order_by(Person.id)
        .distinct()
    )
    return [Recipient(*row) for row in rows]
