"""Who is signed in, for whom that person may act: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Actor, Role
from consult.errors import Unavailable
from consult.tables import FocalPoint, Grant, LoginSession, Member, Person, asking

_LOGIN, _PERSON, _GRANT, _MANDATE, _MEMBER = (
    table.__table__.c for table in (LoginSession, Person, Grant, FocalPoint, Member)
)
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


def in_force(now: datetime | sa.BindParameter[datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions under which a mandate stands at *now*."""
    return (
        _MANDATE.from_at <= now,
        sa.or_(_MANDATE.until_at.is_(None), _MANDATE.until_at > now),
    )


def signed_in(engine: sa.Engine, token_hash: str, now: datetime) -> Me | None:
    """Return who holds the session *token_hash*, or None if it ended, idled or grew too old."""
    try:
        rows = _rows(engine, token_hash, now)
    except Unavailable as error:
        if not getattr(error.__cause__, "connection_invalidated", False):
            raise
        # The database was there again before we noticed that it had gone; most requests ask it
        # this first, and all old connections are made anew after it.
        rows = _rows(engine, token_hash, now)
    if not rows:
        return None
    who = rows[0]
    idle = IDLE_STAFF if who.staff else IDLE_FOCAL_POINT
    if now >= who.seen_at + idle or now >= who.made_at + ABSOLUTE:
        return None
    mandates = _mandates(rows)
    return Me(
        actor=Actor(
            who.id,
            who.opaque,
            frozenset(Role(row.role) for row in rows if row.role),
            frozenset(mandate.member for mandate in mandates),
            advises=_only_advised(mandates),
        ),
        token_hash=token_hash,
        name=who.name,
        address=who.address,
        language=who.language,
        zone=who.zone,
        staff=who.staff,
        seen_at=who.seen_at,
        strong_at=who.strong_at,
        factors=who.factors,
        mandates=mandates,
    )


def _rows(engine: sa.Engine, token_hash: str, now: datetime) -> Sequence[Any]:
    with asking(engine) as connection:
        return connection.execute(_WHO, {"token_hash": token_hash, "now": now}).all()


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


def _mandates(rows: Sequence[Any]) -> tuple[Mandate, ...]:
    found: dict[int, Mandate] = {}
    for row in rows:
        if row.member is not None and row.mandate not in found:
            found[row.mandate] = Mandate(
                row.mandate,
                row.member,
                row.member_name,
                row.head,
                row.adviser,
                row.member_zone,
                row.capital or {},
            )
    return tuple(found.values())


# Made once, and of the tables' columns alone: every request asks it.
_WHO = (
    sa.select(
        _LOGIN.made_at,
        _LOGIN.seen_at,
        _LOGIN.strong_at,
        _LOGIN.factors,
        _PERSON.id,
        _PERSON.opaque,
        _PERSON.name,
        _PERSON.address,
        _PERSON.language,
        _PERSON.zone,
        _PERSON.staff,
        _GRANT.role,
        _MANDATE.id.label("mandate"),
        _MANDATE.head,
        _MANDATE.adviser,
        _MEMBER.code.label("member"),
        _MEMBER.name.label("member_name"),
        _MEMBER.zone.label("member_zone"),
        _MEMBER.capital,
    )
    .join_from(LoginSession.__table__, Person.__table__, _PERSON.id == _LOGIN.person_id)
    .outerjoin(Grant.__table__, _GRANT.person_id == _PERSON.id)
    .outerjoin(
        FocalPoint.__table__,
        sa.and_(_MANDATE.person_id == _PERSON.id, *in_force(sa.bindparam("now"))),
    )
    .outerjoin(Member.__table__, _MEMBER.id == _MANDATE.member_id)
    .where(
        _LOGIN.token_hash == sa.bindparam("token_hash"),
        _LOGIN.ended_at.is_(None),
        _PERSON.disabled_at.is_(None),
    )
    .order_by(_MEMBER.code, _MANDATE.adviser, _MANDATE.id)
)
