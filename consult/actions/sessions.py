"""Sessions of signed-in browsers: begun, seen, ended (T16, T18)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.factors import together
from consult.core.ledger import sha256_hex
from consult.core.life import Actor, Role
from consult.errors import NotAllowed, NotFound
from consult.tables import LoginSession, Person, writing


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser in which somebody signs in.

    Args:
        family: For the list of one's sessions.
        held: Hash of the token of the session that it still holds; empty for none.
    """

    family: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun."""

    token: str
    opaque: str
    factors: str
    back_to: str


def begin(session: Session, person_id: int, factors: str, browser: Browser, now: datetime) -> str:
    """Begin a session with a new token (T16) and return it; only its hash is kept.

    The session that the browser held until now ends with it, whosever it was.
    """
    token = secrets.token_urlsafe(32)
    if browser.held:
        session.execute(
            sa.update(LoginSession)
            .where(LoginSession.token_hash == browser.held, LoginSession.ended_at.is_(None))
            .values(ended_at=now)
        )
    session.add(
        LoginSession(
            token_hash=sha256_hex(token.encode()),
            person_id=person_id,
            made_at=now,
            seen_at=now,
            factors=factors,
            strong_at=now,
            browser=browser.family[:32],
        )
    )
    session.get_one(Person, person_id).signed_in_at = now
    return token


def strengthen(desk: Desk, person_id: int, token_hash: str, shown: str) -> SignedIn:
    """Give a session a new token, with what was shown just now beside what it had (T16).

    Raises:
        NotFound: The session has ended meanwhile.
    """
    now, token = desk.clock(), secrets.token_urlsafe(32)
    with writing(desk.engine) as session:
        old = session.get(LoginSession, token_hash, with_for_update=True)
        if old is None or old.person_id != person_id or old.ended_at is not None:
            raise NotFound
        old.ended_at = now
        held = together(old.factors, shown)
        session.add(
            LoginSession(
                token_hash=sha256_hex(token.encode()),
                person_id=person_id,
                made_at=old.made_at,  # twelve hours count from the sign-in
                seen_at=now,
                factors=held,
                strong_at=now,
                browser=old.browser,
            )
        )
        return SignedIn(token, session.get_one(Person, person_id).opaque, held, "")


def end_of(desk: Desk, actor: Actor, opaque: str, token_hash: str | None) -> None:
    """End one session of anyone, or all: an administrator's act (T18).

    Args:
        token_hash: Of the session; None for all of the person.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is no such person, or no such session.
    """
    if Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed(roles=[Role.ADMINISTRATOR.value])
    with writing(desk.engine) as session:
        person_id = session.scalar(sa.select(Person.id).where(Person.opaque == opaque))
        if person_id is None:
            raise NotFound
        if token_hash is None:
            end_all(session, person_id, desk.clock())
            return
        found = session.get(LoginSession, token_hash)
        if found is None or found.person_id != person_id:
            raise NotFound
        found.ended_at = found.ended_at or desk.clock()


def end(desk: Desk, person_id: int, token_hash: str) -> None:
    """End one of one's own sessions, at once.

    Raises:
        NotFound: There is no such session of this person.
    """
    with writing(desk.engine) as session:
        found = session.scalar(
            sa.select(LoginSession).where(
                LoginSession.token_hash == token_hash, LoginSession.person_id == person_id
            )
        )
        if found is None:
            raise NotFound
        found.ended_at = found.ended_at or desk.clock()


def end_others(desk: Desk, person_id: int, but: str) -> None:
    """End every session of a person but one."""
    with writing(desk.engine) as session:
        end_all(session, person_id, desk.clock(), but=but)


def end_all(session: Session, person_id: int, now: datetime, but: str = "") -> None:
    """End the sessions of a person, at its next request (T18)."""
    session.execute(
        sa.update(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.ended_at.is_(None),
            LoginSession.token_hash != but,
        )
        .values(ended_at=now)
    )


def touch(desk: Desk, token_hash: str) -> None:
    """Note that a session was seen."""
    with writing(desk.engine) as session:
        session.execute(
            sa.update(LoginSession)
            .where(LoginSession.token_hash == token_hash)
            .values(seen_at=desk.clock())
        )
