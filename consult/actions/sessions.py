"""Sessions of signed-in browsers: begun, seen, ended (T16, T18)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.ledger import sha256_hex
from consult.errors import NotFound
from consult.tables import LoginSession, Person, writing


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun."""

    token: str
    opaque: str
    factors: str
    back_to: str


def begin(session: Session, person_id: int, factors: str, family: str, now: datetime) -> str:
    """Begin a session with a new token (T16) and return it; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=sha256_hex(token.encode()),
            person_id=person_id,
            made_at=now,
            seen_at=now,
            factors=factors,
            strong_at=now,
            browser=family[:32],
        )
    )
    session.get_one(Person, person_id).signed_in_at = now
    return token


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
