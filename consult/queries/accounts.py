"""Who a link would sign in, whom an invitation is for, one's own account and sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Role
from consult.queries.sessions import ABSOLUTE, IDLE_FOCAL_POINT, IDLE_STAFF, in_force
from consult.queries.texts import pick
from consult.tables import (
    Authenticator,
    Body,
    FocalPoint,
    Grant,
    Invitation,
    LoginSession,
    Member,
    Organisation,
    Passkey,
    Person,
    SignInRequest,
    reading,
)

_APP = (
    sa.exists()
    .where(Authenticator.person_id == Person.id, Authenticator.confirmed_at.is_not(None))
    .label("app")
)
_PASSKEY = sa.exists().where(Passkey.person_id == Person.id).label("passkey")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as a sign-in page names it.

    Args:
        members: For which the person may reply, in the reader's language.
        password: Whether one is kept.
        app: Whether an authenticator app is in use.
        passkey: Whether a passkey is kept.
    """

    opaque: str
    name: str
    staff: bool
    roles: tuple[Role, ...]
    members: tuple[str, ...]
    password: bool
    address: str = ""
    app: bool = False
    passkey: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in request that still holds."""

    browser_hash: str
    people: tuple[Someone, ...]


@dataclass(frozen=True, slots=True)
class OwnSession:
    token_hash: str
    made_at: datetime
    seen_at: datetime
    browser: str
    factors: str
    this: bool


def people_at(session: Session, key: str) -> Sequence[Person]:
    """Return the people whose mail goes to one address (one statement)."""
    return session.scalars(
        sa.select(Person)
        .where(Person.address_key == key, Person.disabled_at.is_(None))
        .order_by(Person.id)
    ).all()


def own_words(session: Session, person: Person) -> list[str]:
    """Return the words that everybody would try first in this person's password (T1)."""
    words = [person.name, person.address]
    for names in session.scalars(sa.select(Body.name)):
        words += names.values()
    organisation = session.get(Organisation, 1)
    if organisation is not None:
        words += [*organisation.name.values(), *organisation.short_name.values()]
    return words


def asked(
    engine: sa.Engine,
    now: datetime,
    language: str,
    *,
    token_hash: str | None = None,
    browser_hash: str | None = None,
) -> Asked | None:
    """Return whom a link, or the newest request of a browser, would sign in (two statements)."""
    which = (
        SignInRequest.token_hash == token_hash
        if token_hash is not None
        else SignInRequest.browser_hash == browser_hash
    )
    with reading(engine) as session:
        request = session.scalar(
            sa.select(SignInRequest)
            .where(which, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now)
            .order_by(SignInRequest.id.desc())
            .limit(1)
        )
        if request is None:
            return None
        wanted = (
            Person.address_key == request.address_key,
            Person.disabled_at.is_(None),
            Person.set_up_at.is_not(None),
        )
        return Asked(request.browser_hash, _people(session, wanted, now, language))


def invited(engine: sa.Engine, token_hash: str, now: datetime, language: str) -> Someone | None:
    """Return whom an invitation is for, None if it has ended (two statements)."""
    with reading(engine) as session:
        person_id = session.scalar(
            sa.select(Invitation.person_id).where(
                Invitation.token_hash == token_hash,
                Invitation.used_at.is_(None),
                Invitation.expires_at > now,
            )
        )
        if person_id is None:
            return None
        wanted = (Person.id == person_id, Person.disabled_at.is_(None))
        return next(iter(_people(session, wanted, now, language)), None)


def demo_people(
    engine: sa.Engine, domain: str, now: datetime, language: str
) -> tuple[Someone, ...]:
    """Return the people of the demo, staff first (one statement)."""
    with reading(engine) as session:
        wanted = (Person.address_key.like(f"%@{domain}"), Person.disabled_at.is_(None))
        found = _people(session, wanted, now, language)
    return tuple(sorted(found, key=lambda someone: not someone.staff))


def sessions_of(
    engine: sa.Engine, person_id: int, this: str, now: datetime, *, staff: bool
) -> tuple[OwnSession, ...]:
    """Return the sessions of a person that have not ended, newest first (one statement)."""
    with reading(engine) as session:
        return sessions_in(session, person_id, this, now, staff=staff)


def sessions_in(
    session: Session, person_id: int, this: str, now: datetime, *, staff: bool
) -> tuple[OwnSession, ...]:
    """Return the same in a snapshot that is open (one statement)."""
    idle = IDLE_STAFF if staff else IDLE_FOCAL_POINT
    rows = session.scalars(
        sa.select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > now - idle,
            LoginSession.made_at > now - ABSOLUTE,
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.token_hash)
    ).all()
    return tuple(
        OwnSession(
            token_hash=row.token_hash,
            made_at=row.made_at,
            seen_at=row.seen_at,
            browser=row.browser,
            factors=row.factors,
            this=row.token_hash == this,
        )
        for row in rows
    )


def _people(
    session: Session, wanted: tuple[sa.ColumnElement[bool], ...], now: datetime, language: str
) -> tuple[Someone, ...]:
    rows = session.execute(
        sa.select(Person, Grant.role, Member.code, Member.name, _APP, _PASSKEY)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .outerjoin(FocalPoint, sa.and_(FocalPoint.person_id == Person.id, *in_force(now)))
        .outerjoin(Member, Member.id == FocalPoint.member_id)
        .where(*wanted)
        .order_by(Person.id, Member.code)
    ).all()
    people = {row[0].id: row[0] for row in rows}
    return tuple(
        Someone(
            opaque=person.opaque,
            name=person.name,
            staff=person.staff,
            roles=tuple(dict.fromkeys(row[1] for row in rows if row[0] is person and row[1])),
            members=_names(
                {row[2]: row[3] for row in rows if row[0] is person and row[2]}, language
            ),
            password=person.password_hash is not None,
            address=person.address,
            app=any(row[4] for row in rows if row[0] is person),
            passkey=any(row[5] for row in rows if row[0] is person),
        )
        for person in people.values()
    )


def _names(members: Mapping[str, Mapping[str, str]], language: str) -> tuple[str, ...]:
    return tuple(pick(name, language) for name in members.values())
