"""A change of how somebody signs in: kept, told, never the last way taken away (T12, T15)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import sessions
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.actions.mailing import post
from consult.core.factors import FactorChanged
from consult.core.ledger import instant
from consult.core.life import Actor, Role
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, LastFactor, NotAllowed, NotFound
from consult.queries.recipients import focal_points_of, staff
from consult.queries.sessions import in_force
from consult.tables import (
    Authenticator,
    FactorChange,
    FocalPoint,
    Member,
    Passkey,
    Person,
    ProviderAccount,
    RecoveryCode,
    SignInRequest,
    writing,
)

_OWN = (Authenticator, RecoveryCode, Passkey, ProviderAccount)


def needed(desk: Desk, person: Person) -> int:
    """Return how many factors *person* must show (T12)."""
    return 2 if person.staff else desk.focal_point_factors


def changed(
    session: Session,
    person: Person,
    what: FactorChanged,
    now: datetime,
    *,
    by: int | None = None,
    reason: str | None = None,
) -> int:
    """Keep that *what* happened and tell the person at its address; return its number."""
    row = FactorChange(person_id=person.id, what=what, at=now, by_id=by, reason=reason)
    session.add(row)
    session.flush()
    post(
        session,
        person,
        NoticeKind.FACTORS,
        f"factors-{row.id}",
        now,
        what=what.value,
        at=instant(now),
    )
    return row.id


def still_enough(desk: Desk, session: Session, person: Person) -> None:
    """Judge a removal, once it is made: what is left must do for the role.

    Removals of one person take turns here: at once, each would count on what the other takes.

    Raises:
        LastFactor: Nothing is left beside the mailed link.
    """
    session.flush()
    session.refresh(person, ["password_hash"], with_for_update=True)
    if needed(desk, person) > 1 and not has_second(session, person):
        raise LastFactor


def has_second(session: Session, person: Person) -> bool:
    """Say whether *person* can show more than a mailed link (two statements at most)."""
    if person.password_hash is not None:
        return True
    app = sa.select(Authenticator.person_id).where(
        Authenticator.person_id == person.id, Authenticator.confirmed_at.is_not(None)
    )
    key = sa.select(Passkey.person_id).where(Passkey.person_id == person.id)
    return session.execute(app.union_all(key).limit(1)).first() is not None


def reset(desk: Desk, actor: Actor, opaque: str, reason: str) -> None:
    """Take away all by which a person signs in, end its sessions, and invite it anew (T15).

    Who the person is has been checked outside the system; the reason says how. The person's
    colleagues are told.

    Raises:
        NotAllowed: The actor is no administrator, or means its own account.
        NotFound: There is no such person.
        BadInput: The reason is missing.
    """
    judge(actor, reason)
    now = desk.clock()
    with writing(desk.engine) as session:
        person = another(session, actor, opaque)
        for table in _OWN:
            session.execute(sa.delete(table).where(table.person_id == person.id))
        session.execute(
            sa.update(SignInRequest)
            .where(SignInRequest.address_key == person.address_key, SignInRequest.used_at.is_(None))
            .values(used_at=now)
        )
        person.password_hash, person.set_up_at = None, None
        sessions.end_all(session, person.id, now)
        number = changed(
            session, person, FactorChanged.RESET, now, by=actor.person_id, reason=reason.strip()
        )
        tell_colleagues(session, person, FactorChanged.RESET, number, now)
        invite(desk, session, person, now)


def judge(actor: Actor, reason: str) -> None:
    """Judge an administrator's act on the account of another, before it is looked for.

    Raises:
        NotAllowed: The actor is no administrator.
        BadInput: The reason is missing.
    """
    if Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed(roles=[Role.ADMINISTRATOR.value])
    if not reason.strip():
        raise BadInput({"reason": "missing"})


def another(session: Session, actor: Actor, opaque: str, *, key_share: bool = False) -> Person:
    """Lock and return the person on whose account an administrator acts.

    Args:
        key_share: Whether rows that name the person may be written meanwhile.

    Raises:
        NotFound: There is no such person.
        NotAllowed: It is the administrator.
    """
    person = session.scalar(
        sa.select(Person)
        .where(Person.opaque == opaque, Person.disabled_at.is_(None))
        .with_for_update(key_share=key_share)
    )
    if person is None:
        raise NotFound
    if person.id == actor.person_id:
        raise NotAllowed(roles=[Role.ADMINISTRATOR.value])
    return person


def tell_colleagues(
    session: Session, person: Person, what: FactorChanged, number: int, now: datetime
) -> None:
    """Tell the other focal points of the person's members, or the secretariat, what happened."""
    codes = session.scalars(
        sa.select(Member.code)
        .join(FocalPoint, FocalPoint.member_id == Member.id)
        .where(FocalPoint.person_id == person.id, *in_force(now))
    ).all()
    told = focal_points_of(session, codes, now)
    if person.staff:
        told += staff(session, list(Role))
    for other in dict.fromkeys(one.person_id for one in told):
        if other != person.id:
            post(
                session,
                session.get_one(Person, other),
                NoticeKind.FACTORS,
                f"factors-{number}-{other}",
                now,
                what=what.value,
                at=instant(now),
                of=person.name,
            )
