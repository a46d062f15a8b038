"""A link to sign in is asked for, and used where it was asked, by click or by code (T5, T8, T9)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import authenticator, factors, own_password, passwords, throttling
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.actions.mailing import post
from consult.actions.sessions import Browser, SignedIn, begin
from consult.core.addresses import address_key
from consult.core.factors import Factor, count, together
from consult.core.ledger import instant, sha256_hex
from consult.core.schedule import NoticeKind
from consult.core.throttle import LINKS, SIGN_IN_NETWORK
from consult.core.tokens import code_of, link_token, same, typed
from consult.errors import BadInput, LinkEnded, WrongCode
from consult.queries.accounts import people_at
from consult.tables import Person, SignInRequest, reading, writing

DEMO_DOMAIN = "demo.consult.example"  # where the people of the demo have their addresses
_PURPOSE = "sign-in"
LINK_LASTS = timedelta(minutes=30)
_OUTSTANDING = 5
_WRONG_CODES = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows to be signed in.

    Args:
        token: Of the link; None where the code is typed instead.
        code: As typed, None where the link acts.
        browser: The secret that the asking browser holds.
        person: The opaque name of whom of a shared mailbox one is; empty for the only one.
        password: As typed; empty for none.
        second: A code of the authenticator app, or a recovery code; empty for none.
        from_browser: In which the session begins.
        network: From where it comes.
    """

    token: str | None
    code: str | None
    browser: str
    person: str = ""
    password: str = ""
    second: str = ""
    from_browser: Browser = field(default_factory=Browser)
    network: str = ""


def ask_for_link(desk: Desk, address: str, browser: str, back_to: str) -> None:
    """Mail a link to the people at *address*; for an unknown one nothing differs but the mail.

    Whoever has never set up the account gets the link for that instead, which renews the
    invitation (T6).

    Args:
        browser: The secret of the browser that asks; only there does the link work alone.

    Raises:
        TooOften: Five were asked for within the hour.
    """
    key, now = address_key(address), desk.clock()
    throttling.take_early(desk, LINKS, key)  # known or not
    nonce = secrets.token_hex(32)
    token = link_token(desk.secret, _PURPOSE, nonce)
    with writing(desk.engine) as session:
        _void_oldest(session, key, now)
        request = SignInRequest(
            nonce=nonce,
            token_hash=sha256_hex(token.encode()),
            code_hash=sha256_hex(code_of(token).encode()),
            browser_hash=sha256_hex(browser.encode()),
            address_key=key,
            wrong_codes=0,
            back_to=back_to,
            made_at=now,
            expires_at=now + LINK_LASTS,
        )
        session.add(request)
        session.flush()
        people = people_at(session, key)
        known = [person for person in people if person.set_up_at is not None]
        for person in known[:1]:  # one mail for a shared mailbox: the link asks who one is
            post(
                session,
                person,
                NoticeKind.SIGN_IN,
                f"sign-in-{request.id}",
                now,
                request=request.id,
                expires_at=instant(request.expires_at),
            )
        for person in people:
            if person.set_up_at is None:
                invite(desk, session, person, now)


def sign_in(desk: Desk, proof: Proof) -> SignedIn:
    """Sign in by a link in the browser that asked for it, or by its code typed there.

    Raises:
        LinkEnded: It is unknown, used, void or too old, or belongs to another browser.
        WrongCode: Code or password are wrong; five wrong ones end the request.
        BadInput: ``person``: several share the mailbox, and none of them was chosen;
            ``password``: the person must show a second factor beside the link.
        TooOften: Its network tried too often; never in the last hour before a deadline.
    """
    throttling.take_early(desk, SIGN_IN_NETWORK, proof.network)
    request_id, person = _proven(desk, proof)
    found = _second(desk, proof, person, request_id)
    factors_ = _factors(desk, proof, person, request_id, found)
    now = desk.clock()
    with writing(desk.engine) as session:
        request = _valid(session, SignInRequest.id == request_id, now)
        if found is not None and not authenticator.spend(session, found, now):
            raise LinkEnded
        _void(session, request.address_key, now)
        token = begin(session, person.id, factors_, proof.from_browser, now)
        signed = SignedIn(token, person.opaque, factors_, request.back_to)
    throttling.clear(desk, person.address_key, proof.network)
    return signed


def _proven(desk: Desk, proof: Proof) -> tuple[int, Person]:
    """Return the request that *proof* belongs to, and whom it signs in."""
    now = desk.clock()
    browser_hash = sha256_hex(proof.browser.encode())
    with writing(desk.engine) as session:
        if proof.token is not None:
            request = _valid(
                session, SignInRequest.token_hash == sha256_hex(proof.token.encode()), now
            )
            if not same(request.browser_hash, browser_hash):
                raise LinkEnded
        else:
            request = _valid(session, SignInRequest.browser_hash == browser_hash, now)
        wrong = proof.code is not None and not same(
            request.code_hash, sha256_hex(typed(proof.code).encode())
        )
        if wrong:
            _count_wrong(request, now)
        people = [] if wrong else _set_up(people_at(session, request.address_key))
        left = _WRONG_CODES - request.wrong_codes
        request_id = request.id
    if wrong:
        raise WrongCode(what="code", left=left)
    return request_id, _chosen(people, proof.person)


def _second(
    desk: Desk, proof: Proof, person: Person, request_id: int
) -> authenticator.Found | None:
    """Return the code of the app, or the recovery code, that was shown; None for none."""
    if not proof.second:
        return None
    with reading(desk.engine) as session:
        found = authenticator.find(desk, session, [person.id], proof.second, desk.clock())
    if found is None:
        raise _wrong(desk, request_id, "second")
    return found


def _factors(
    desk: Desk,
    proof: Proof,
    person: Person,
    request_id: int,
    found: authenticator.Found | None,
) -> str:
    """Return what was shown; the secretariat's people need a second factor (T12)."""
    shown = together(Factor.LINK, found.factor if found else "")
    if not proof.password:
        if count(shown) < factors.needed(desk, person) and _asks_second(desk, person):
            raise BadInput({"password": "missing"})
        return shown
    # One hash for everyone, whether or not a password is kept (T3), and before any lock.
    if person.password_hash is None:
        passwords.make_hash(proof.password, desk.password_memory)
    elif passwords.matches(person.password_hash, proof.password):
        own_password.renew(desk, person, proof.password)
        return together(shown, Factor.PASSWORD)
    raise _wrong(desk, request_id, "password")


def _asks_second(desk: Desk, person: Person) -> bool:
    """Say whether to ask: a focal point that has none yet comes in to set one up."""
    if person.staff:
        return True
    with reading(desk.engine) as session:
        return factors.has_second(session, person)


def _wrong(desk: Desk, request_id: int, what: str) -> WrongCode:
    """Count a wrong attempt; return what is to be raised."""
    with writing(desk.engine) as session:
        request = session.get_one(SignInRequest, request_id)
        _count_wrong(request, desk.clock())
        left = _WRONG_CODES - request.wrong_codes
    return WrongCode(what=what, left=left)


def _valid(session: Session, which: sa.ColumnElement[bool], now: datetime) -> SignInRequest:
    """Return the newest request that still holds, locked."""
    found = session.scalar(
        sa.select(SignInRequest)
        .where(which, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now)
        .order_by(SignInRequest.id.desc())
        .limit(1)
        .with_for_update()
    )
    if found is None:
        raise LinkEnded
    return found


def _count_wrong(request: SignInRequest, now: datetime) -> None:
    request.wrong_codes += 1
    if request.wrong_codes >= _WRONG_CODES:
        request.used_at = now


def _void_oldest(session: Session, key: str, now: datetime) -> None:
    """Leave room for one more request: at most five are outstanding (T8)."""
    outstanding = session.scalars(
        sa.select(SignInRequest)
        .where(
            SignInRequest.address_key == key,
            SignInRequest.used_at.is_(None),
            SignInRequest.expires_at > now,
        )
        .order_by(SignInRequest.id.desc())
    ).all()
    for request in outstanding[_OUTSTANDING - 1 :]:
        request.used_at = now


def _void(session: Session, key: str, now: datetime) -> None:
    session.execute(
        sa.update(SignInRequest)
        .where(SignInRequest.address_key == key, SignInRequest.used_at.is_(None))
        .values(used_at=now)
    )


def _set_up(people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person.set_up_at is not None]


def _chosen(people: Sequence[Person], opaque: str) -> Person:
    if not people:
        raise LinkEnded
    if len(people) == 1 and not opaque:
        return people[0]
    for person in people:
        if person.opaque == opaque:
            return person
    raise BadInput({"person": "missing"})
