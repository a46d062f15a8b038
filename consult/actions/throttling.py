"""Counts what was tried, so that guessing grows slow and nobody is locked out (T13, T97)."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.actions.counters import Counters, InDatabase
from consult.core.ledger import sha256_hex
from consult.core.throttle import FORGOTTEN, PASSWORD_FAILURES, Limit, delay, window_of
from consult.errors import TooOften
from consult.queries.deadlines import closes_soon
from consult.tables import Counter, SpentChallenge

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
    for key, count in _counters(desk).read([pair, alone], now).items():
        free = _FREE_FOR_A_NETWORK if key == alone else 0
        _wait_until(count.last_at + delay(count.number, free), now)


def failed(desk: Desk, who: str, network: str) -> None:
    """Count a failure: for the person from this network, for the network, for the person."""
    now = desk.clock()
    keys = (
        _key(desk, "failed", who, network),
        _key(desk, "failed-from", network),
        _key(desk, "failed-for", who),
    )
    _counters(desk).add(keys, now, now + FORGOTTEN)


def needs_link(desk: Desk, who: str) -> bool:
    """Say whether a password for *who* is taken beside a mailed link alone (T13)."""
    key = _key(desk, "failed-for", who)
    found = _counters(desk).read([key], desk.clock()).get(key)
    return found is not None and found.number >= PASSWORD_FAILURES


def clear(desk: Desk, who: str, network: str) -> None:
    """Forget the failures of a person who is signed in now; those of the network stay."""
    keys = [_key(desk, "failed", who, network), _key(desk, "failed-for", who)]
    if _counters(desk).read(keys, desk.clock()):
        _counters(desk).drop(keys)


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
    (taken,) = _counters(desk).add([key], now, ends_at)
    if taken > desk.limit_numbers.get(limit.name, limit.most):
        _wait_until(ends_at, now)


def take_early(desk: Desk, limit: Limit, of: str) -> None:
    """Count one more, but refuse nothing in the last hour before a deadline.

    Raises:
        TooOften: See `take`.
    """
    if desk.limits and not closes_soon(desk.engine, desk.clock()):
        take(desk, limit, of)


def forget(session: Session, now: datetime) -> None:
    """Drop what no longer counts."""
    session.execute(sa.delete(Counter).where(Counter.expires_at <= now))
    session.execute(sa.delete(SpentChallenge).where(SpentChallenge.expires_at <= now))


def _wait_until(at: datetime, now: datetime) -> None:
    if now < at:
        raise TooOften(seconds=-((now - at) // timedelta(seconds=1)))


def _counters(desk: Desk) -> Counters:
    return desk.counters or InDatabase(desk.engine)


def _key(desk: Desk, *parts: str) -> str:
    """Return a hash that tells nobody without the secret whose attempts these are."""
    return sha256_hex(b"consult/counter/1\n" + desk.secret + "\n".join(parts).encode())
