"""Who observes a body is named and ended by an officer, outside any consultation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import naming
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.actions.sessions import end_all
from consult.core.addresses import address_key
from consult.core.life import Actor, Role
from consult.errors import BadInput, NotAllowed, NotFound
from consult.queries.addresses import may_be_named
from consult.queries.observing import standing
from consult.tables import Body, Grant, Observer, Person, writing

OBSERVE = "observe"


@dataclass(frozen=True, slots=True)
class NewObserver:
    """Who shall observe a body.

    Args:
        body: Its slug.
        for_whom: In whose name, such as another organisation; None if that is not said.
    """

    body: str
    name: str
    address: str
    language: str
    for_whom: str | None = None


def name(desk: Desk, actor: Actor, new: NewObserver) -> None:
    """Name an observer; who has no account yet is mailed the link that sets it up.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such body.
        BadInput: ``address``: the person observes it already, or it is somebody else's (T5).
    """
    _refuse_stranger(actor)
    with writing(desk.engine) as session:
        if not begin(desk, session, new, actor.person_id):
            raise BadInput({"address": "observes-already"})


def begin(desk: Desk, session: Session, new: NewObserver, by_id: int | None) -> bool:
    """Name an observer within a transaction; say whether that is new.

    Raises:
        NotFound: There is no such body.
        BadInput: ``address``: it belongs to somebody else (T5).
    """
    now, body = desk.clock(), _body(session, new.body)
    said: Mapping[str, Any] = {
        "person": new.name,
        "address": new.address,
        "language": new.language,
        "telephone": None,
    }
    if not may_be_named(session, new.name, address_key(new.address), now):
        raise BadInput({"address": "address-taken"})
    person = naming.person_of(session, said, now)
    before = session.scalar(
        sa.select(Observer.id).where(
            Observer.person_id == person.id, Observer.body_id == body.id, *standing(now)
        )
    )
    if before is not None:
        return False
    session.add(
        Observer(
            person_id=person.id,
            body_id=body.id,
            for_whom=new.for_whom,
            from_at=now,
            named_by_id=by_id,
        )
    )
    if _grant(session, person.id) is None:
        session.add(Grant(person_id=person.id, role=Role.OBSERVER))
    session.flush()
    if person.set_up_at is None:
        invite(desk, session, person, now)
    return True


def end(desk: Desk, actor: Actor, body: str, number: int) -> None:
    """Let somebody observe a body no longer; with nothing left its sessions end (T18).

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such observer of that body, or it has ended.
    """
    _refuse_stranger(actor)
    with writing(desk.engine) as session:
        now = desk.clock()
        found = session.get(Observer, number)
        if found is None or found.body_id != _body(session, body).id or found.until_at is not None:
            raise NotFound(observer=number)
        found.until_at = now
        session.flush()
        person = session.get_one(Person, found.person_id)
        still = sa.select(Observer.id).where(Observer.person_id == person.id, *standing(now))
        grant = _grant(session, person.id)
        if grant is not None and session.scalar(still.limit(1)) is None:
            session.delete(grant)
            session.flush()
        if not naming.still_acts(session, person.id, now):
            end_all(session, person.id, now)


def _grant(session: Session, person_id: int) -> Grant | None:
    return session.scalar(
        sa.select(Grant).where(Grant.person_id == person_id, Grant.role == Role.OBSERVER)
    )


def _body(session: Session, slug: str) -> Body:
    found = session.scalar(sa.select(Body).where(Body.slug == slug).with_for_update())
    if found is None:
        raise NotFound(body=slug)
    return found


def _refuse_stranger(actor: Actor) -> None:
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act=OBSERVE)
