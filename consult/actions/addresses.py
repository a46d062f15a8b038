"""A person's e-mail address: proven by mail to it, changed, and told to the old one (T5, T15)."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.actions import factors, sessions, throttling
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.actions.mailing import post
from consult.core.addresses import address_key
from consult.core.factors import FactorChanged
from consult.core.ledger import instant, sha256_hex
from consult.core.life import Actor
from consult.core.schedule import NoticeKind
from consult.core.throttle import LINKS
from consult.core.tokens import code_of, link_token, same, typed
from consult.errors import BadInput, LinkEnded, WrongCode
from consult.queries.addresses import may_share
from consult.tables import AddressChange, Invitation, Person, writing

LASTS = timedelta(minutes=30)
_PURPOSE = "address"
_WRONG_CODES = 5
# Mail to this person may be queued meanwhile: two who change theirs do not wait for each other.
_LOCK = {"key_share": True}


def ask(desk: Desk, person_id: int, address: str) -> None:
    """Mail a link to the address that a person wants; a former link for it is void.

    Whether somebody has that address is told only to whoever opens its mail: see `confirm`.

    Raises:
        BadInput: It is the person's address already.
        TooOften: Five were asked for within the hour.
    """
    throttling.take(desk, LINKS, f"address {person_id}")
    now = desk.clock()
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id, with_for_update=_LOCK)
        if address_key(address) == person.address_key:
            raise BadInput({"address": "address-same"})
        _void(session, person_id, now)
        row = _keep(desk, session, person, address, now)
        post(
            session,
            person,
            NoticeKind.ADDRESS,
            f"address-{row.id}",
            now,
            change=row.id,
            expires_at=instant(row.expires_at),
        )


def confirm(desk: Desk, person_id: int, code: str) -> None:
    """Change the address to the one whose mail has this code.

    Raises:
        LinkEnded: Nothing waits: it was used, is too old, or there were five wrong codes.
        WrongCode: It is not the one.
        BadInput: ``address``: it belongs to somebody with whom it is not shared (T5).
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        row = session.scalar(
            sa.select(AddressChange).where(*_waiting(person_id, now)).with_for_update()
        )
        if row is None:
            raise LinkEnded
        right = same(row.code_hash, sha256_hex(typed(code).encode()))
        if right:
            person = session.get_one(Person, person_id, with_for_update=_LOCK)
            row.used_at = now
            _move(session, person, row, now)
        else:
            row.wrong_codes += 1
            row.used_at = now if row.wrong_codes >= _WRONG_CODES else None
        left = _WRONG_CODES - row.wrong_codes
    if not right:
        raise WrongCode(what="code", left=left) if left else LinkEnded


def give(desk: Desk, actor: Actor, opaque: str, address: str, reason: str) -> None:
    """Give a person another address: an administrator's act, after a check outside the system.

    All sessions of the person end, and an invitation that has not been used goes out anew.

    Raises:
        NotAllowed: The actor is no administrator, or means its own account.
        NotFound: There is no such person.
        BadInput: ``address``: it is the same, or another's (T5); ``reason``: it is missing.
    """
    factors.judge(actor, reason)
    now = desk.clock()
    with writing(desk.engine) as session:
        person = factors.another(session, actor, opaque, **_LOCK)
        if address_key(address) == person.address_key:
            raise BadInput({"address": "address-same"})
        _void(session, person.id, now)
        row = _keep(desk, session, person, address, now)
        row.used_at = now
        _move(session, person, row, now, actor.person_id, reason.strip())
        sessions.end_all(session, person.id, now)
        if person.set_up_at is None:
            _invite_anew(desk, session, person, now)


def _keep(
    desk: Desk, session: Session, person: Person, address: str, now: datetime
) -> AddressChange:
    nonce = secrets.token_hex(32)
    token = link_token(desk.secret, _PURPOSE, nonce)
    row = AddressChange(
        person_id=person.id,
        nonce=nonce,
        token_hash=sha256_hex(token.encode()),
        code_hash=sha256_hex(code_of(token).encode()),
        address=address,
        before=person.address,
        wrong_codes=0,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    return row


def _move(
    session: Session,
    person: Person,
    row: AddressChange,
    now: datetime,
    by: int | None = None,
    reason: str | None = None,
) -> None:
    """Change the address; tell the new one, the old one, and the person's colleagues."""
    key = address_key(row.address)
    if not may_share(session, person, key, now):
        raise BadInput({"address": "address-taken"})
    person.address, person.address_key = row.address, key
    try:
        session.flush()
    except IntegrityError as taken:  # two at once: the database lets one of them have it
        raise BadInput({"address": "address-taken"}) from taken
    what = FactorChanged.ADDRESS_CHANGED
    number = factors.changed(session, person, what, now, by=by, reason=reason)
    told = {"what": what.value, "at": instant(now), "change": row.id}
    post(session, person, NoticeKind.FACTORS, f"factors-{number}-before", now, **told)
    factors.tell_colleagues(session, person, what, number, now)


def _void(session: Session, person_id: int, now: datetime) -> None:
    session.execute(
        sa.update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.used_at.is_(None))
        .values(used_at=now)
    )


def _waiting(person_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AddressChange.person_id == person_id,
        AddressChange.used_at.is_(None),
        AddressChange.expires_at > now,
    )


def _invite_anew(desk: Desk, session: Session, person: Person, now: datetime) -> None:
    """The invitation on its way went to another mailbox: it is void, and a new one goes out."""
    session.execute(
        sa.update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    invite(desk, session, person, now)
