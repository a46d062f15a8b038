"""People for an administrator: who there is, how each signs in, where each is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.life import Role
from consult.errors import NotFound
from consult.queries.accounts import OwnSession, sessions_in
from consult.queries.factors import Ways, ways_of
from consult.queries.sessions import in_force
from consult.tables import FocalPoint, Grant, Member, Person, reading

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in the list.

    Args:
        members: Codes of those for which it may reply.
    """

    opaque: str
    name: str
    address: str
    roles: tuple[Role, ...]
    members: tuple[str, ...]
    set_up: bool
    disabled: bool
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A person with how and where it signs in."""

    person: Somebody
    ways: Ways
    sessions: tuple[OwnSession, ...]


def people(engine: sa.Engine, sought: str, now: datetime) -> tuple[Somebody, ...]:
    """Return the people whose name, address or member is like *sought* (two statements)."""
    like = f"%{_plain(sought)}%"
    with reading(engine) as session:
        found = session.scalars(
            sa.select(Person.id)
            .outerjoin(FocalPoint, sa.and_(FocalPoint.person_id == Person.id, *in_force(now)))
            .outerjoin(Member, Member.id == FocalPoint.member_id)
            .where(
                sa.or_(
                    Person.name.ilike(like, escape="\\"),
                    Person.address_key.ilike(like, escape="\\"),
                    Member.code == sought.strip().upper(),
                )
            )
            .group_by(Person.id, Person.staff, Person.name)
            .order_by(Person.staff.desc(), Person.name, Person.id)
            .limit(_SHOWN)
        ).all()
        rows = session.execute(_of(Person.id.in_(found), now)).all()
    return _gathered(rows)


def one(engine: sa.Engine, opaque: str, now: datetime) -> Whole:
    """Return one person (eight statements).

    Raises:
        NotFound: There is no such person.
    """
    with reading(engine) as session:
        rows = session.execute(_of(Person.opaque == opaque, now)).all()
        if not rows:
            raise NotFound
        person: Person = rows[0][0]
        return Whole(
            person=_gathered(rows)[0],
            ways=ways_of(session, person.id),
            sessions=sessions_in(session, person.id, "", now, staff=person.staff),
        )


def _of(which: sa.ColumnElement[bool], now: datetime) -> sa.Select[Person, Role, str]:
    return (
        sa.select(Person, Grant.role, Member.code)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .outerjoin(FocalPoint, sa.and_(FocalPoint.person_id == Person.id, *in_force(now)))
        .outerjoin(Member, Member.id == FocalPoint.member_id)
        .where(which)
        .order_by(Person.staff.desc(), Person.name, Person.id, Member.code)
    )


def _gathered(rows: Sequence[Any]) -> tuple[Somebody, ...]:
    roles: dict[int, dict[Role, None]] = {}
    members: dict[int, dict[str, None]] = {}
    found: dict[int, Person] = {}
    for person, role, code in rows:
        found.setdefault(person.id, person)
        roles.setdefault(person.id, {}).update({Role(role): None} if role else {})
        members.setdefault(person.id, {}).update({code: None} if code else {})
    return tuple(
        Somebody(
            opaque=person.opaque,
            name=person.name,
            address=person.address,
            roles=tuple(roles[number]),
            members=tuple(members[number]),
            set_up=person.set_up_at is not None,
            disabled=person.disabled_at is not None,
            signed_in_at=person.signed_in_at,
        )
        for number, person in found.items()
    )


def _plain(sought: str) -> str:
    """Take their meaning from the signs that LIKE knows."""
    text = sought.strip()
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
