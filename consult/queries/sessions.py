"""Who is signed in, for whom that person may act: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Actor, Role
from consult.tables import FocalPoint, Grant, LoginSession, Member, Person, reading

IDLE_STAFF = timedelta(minutes=30)
IDLE_FOCAL_POINT = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Mandate:
    """One member for which the person may reply."""

    number: int
    member: str  # code
    name: dict[str, str]
    head: bool
    adviser: bool  # may read and write the draft, and not send it
    zone: str | None
    capital: dict[str, str]


@dataclass(frozen=True, slots=True)
class Me:
    """The person who is signed in."""

    actor: Actor
    token_hash: str
    name: str
    address: str
    language: str
    zone: str | None
    staff: bool
    seen_at: datetime
    strong_at: datetime
    factors: str
    mandates: tuple[Mandate, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return self.actor.roles

    def mandate_for(self, member: str) -> Mandate | None:
        """Return for what the person acts for *member*: as an adviser only if as nothing else."""
        return next((mandate for mandate in self.mandates if mandate.member == member), None)

    # Flask-Login asks these.
    is_authenticated = True
    is_active = True
    is_anonymous = False


def signed_in(engine: sa.Engine, token_hash: str, now: datetime) -> Me | None:
    """Return who holds the session *token_hash*, or None if it ended, idled or grew too old."""
    with reading(engine) as session:
        rows = session.execute(_statement(token_hash, now)).all()
    if not rows:
        return None
    login, person = rows[0][0], rows[0][1]
    idle = IDLE_STAFF if person.staff else IDLE_FOCAL_POINT
    if now >= login.seen_at + idle or now >= login.made_at + ABSOLUTE:
        return None
    mandates = _mandates(rows)
    return Me(
        actor=Actor(
            person.id,
            person.opaque,
            frozenset(Role(row[2]) for row in rows if row[2]),
            frozenset(mandate.member for mandate in mandates),
            advises=_only_advised(mandates),
        ),
        token_hash=token_hash,
        name=person.name,
        address=person.address,
        language=person.language,
        zone=person.zone,
        staff=person.staff,
        seen_at=login.seen_at,
        strong_at=login.strong_at,
        factors=login.factors,
        mandates=mandates,
    )


def _only_advised(mandates: Sequence[Mandate]) -> frozenset[str]:
    sends = {mandate.member for mandate in mandates if not mandate.adviser}
    return frozenset(mandate.member for mandate in mandates) - sends


def actor_of(session: Session, person_id: int, now: datetime) -> Actor:
    """Return the person as an actor, outside a web session (demo, command line)."""
    person = session.get_one(Person, person_id)
    roles = session.scalars(sa.select(Grant.role).where(Grant.person_id == person_id))
    mandates = session.execute(
        sa.select(Member.code, FocalPoint.adviser)
        .join(FocalPoint, FocalPoint.member_id == Member.id)
        .where(FocalPoint.person_id == person_id, *in_force(now))
    ).all()
    members = frozenset(code for code, _adviser in mandates)
    sends = frozenset(code for code, adviser in mandates if not adviser)
    return Actor(person.id, person.opaque, frozenset(roles), members, advises=members - sends)


def in_force(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions under which a mandate stands at *now*."""
    return (
        FocalPoint.from_at <= now,
        sa.or_(FocalPoint.until_at.is_(None), FocalPoint.until_at > now),
    )


def _statement(
    token_hash: str, now: datetime
) -> sa.Select[LoginSession, Person, Role, FocalPoint, Member]:
    return (
        sa.select(LoginSession, Person, Grant.role, FocalPoint, Member)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .outerjoin(FocalPoint, sa.and_(FocalPoint.person_id == Person.id, *in_force(now)))
        .outerjoin(Member, Member.id == FocalPoint.member_id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Member.code, FocalPoint.adviser, FocalPoint.id)
    )


def _mandates(rows: Sequence[Any]) -> tuple[Mandate, ...]:
    found: dict[int, Mandate] = {}
    for _, _, _, mandate, member in rows:
        if member is not None and mandate.id not in found:
            found[mandate.id] = Mandate(
                mandate.id,
                member.code,
                member.name,
                mandate.head,
                mandate.adviser,
                member.zone,
                member.capital or {},
            )
    return tuple(found.values())
