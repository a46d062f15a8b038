"""Counts what was tried, so that guessing grows slow and nobody is locked out (T13, T97)."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.ledger import sha256_hex
from consult.core.throttle import FORGOTTEN, PASSWORD_FAILURES, Limit, delay, window_of
from consult.errors import TooOften
from consult.tables import Counter, SpentChallenge, reading, writing

_FREE_FOR_A_NETWORK = 30  # failures, before a whole conference behind one address waits


def admit(desk: Desk, who: str, network: str) -> None:
    """Let an attempt at *who* from *network* be made now.

    Args:
        who: The address as it is compared, whether anybody has it or not (T3).
        network: The prefix from which it comes.

    Raises:
        TooOften: The delay after the last failures has not passed.
    """
    now = desk.clock()
    pair, alone = _key(desk, "failed", who, network), _key(desk, "failed-from", network)
    with reading(desk.engine) as session:
        rows = session.scalars(
            sa.select(Counter).where(Counter.key.in_([pair, alone]), Counter.expires_at > now)
        ).all()
    for row in rows:
        free = _FREE_FOR_A_NETWORK if row.key == alone else 0
        _wait_until(row.last_at + delay(row.count, free), now)


def failed(desk: Desk, who: str, network: str) -> None:
    """Count a failure: for the person from this network, for the network, for the person."""
    now = desk.clock()
    with writing(desk.engine) as session:
        for key in _keys(desk, who, network):
            _count(session, key, now, now + FORGOTTEN)


def needs_link(desk: Desk, who: str) -> bool:
    """Say whether a password for *who* is taken beside a mailed link alone (T13)."""
    with reading(desk.engine) as session:
        found = session.scalar(
            sa.select(Counter.count).where(
                Counter.key == _key(desk, "failed-for", who), Counter.expires_at > desk.clock()
            )
        )
    return (found or 0) >= PASSWORD_FAILURES


def clear(desk: Desk, session: Session, who: str, network: str) -> None:
    """Forget the failures of a person who is signed in now; those of the network stay."""
    keys = [_key(desk, "failed", who, network), _key(desk, "failed-for", who)]
    session.execute(sa.delete(Counter).where(Counter.key.in_(keys)))


def take(desk: Desk, limit: Limit, of: str) -> None:
    """Count one more of what is limited.

    Raises:
        TooOften: There were as many as are allowed in this window.
    """
    if not desk.limits:
        return
    now = desk.clock()
    number, ends_at = window_of(limit, now)
    key = _key(desk, limit.name, of, str(number))
    with writing(desk.engine) as session:
        taken = _count(session, key, now, ends_at)
    if taken > limit.most:
        _wait_until(ends_at, now)


def forget(session: Session, now: datetime) -> None:
    """Drop what no longer counts."""
    session.execute(sa.delete(Counter).where(Counter.expires_at <= now))
    session.execute(sa.delete(SpentChallenge).where(SpentChallenge.expires_at <= now))


def _count(session: Session, key: str, now: datetime, expires_at: datetime) -> int:
    """Add one in a single statement: two at once must not count as one."""
    sqlite_ = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if sqlite_ else postgresql.insert
    new: sqlite.Insert | postgresql.Insert = insert(Counter).values(
        key=key, count=1, last_at=now, expires_at=expires_at
    )
    counted: int = session.execute(
        new.on_conflict_do_update(
            index_elements=[Counter.key],
            set_={
                "count": sa.case((Counter.expires_at <= now, 1), else_=Counter.count + 1),
                "last_at": now,
                "expires_at": expires_at,
            },
        ).returning(Counter.count)
    ).scalar_one()
    return counted


def _wait_until(at: datetime, now: datetime) -> None:
    if now < at:
        raise TooOften(seconds=-((now - at) // timedelta(seconds=1)))


def _keys(desk: Desk, who: str, network: str) -> tuple[str, ...]:
    return (
        _key(desk, "failed", who, network),
        _key(desk, "failed-from", network),
        _key(desk, "failed-for", who),
    )


def _key(desk: Desk, *parts: str) -> str:
    """Return a hash that tells nobody without the secret whose attempts these are."""
    return sha256_hex(b"consult/counter/1\n" + desk.secret + "\n".join(parts).encode())
