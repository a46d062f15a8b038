"""Whether the database answers, has this version's tables, keeps our time, and mail goes out."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.schedule import NoticeState
from consult.tables import Notice, database_clock, reading
from consult.tables.migrating import at_head

MOST_APART = 1.0  # seconds between our clock and the database's (T72)
_OLDEST_WAITING = 900  # seconds that a mail may wait before somebody should look
_WAITING = (NoticeState.QUEUED, NoticeState.DEFERRED, NoticeState.SENDING)


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is.

    Args:
        outbox_age: Seconds since the oldest waiting mail could have gone; 0 for none.
        apart: Seconds by which the database's clock is before ours.
    """

    at_head: bool
    outbox_age: int
    apart: float

    @property
    def outbox_moves(self) -> bool:
        return self.outbox_age <= _OLDEST_WAITING

    @property
    def one_time(self) -> bool:
        return abs(self.apart) <= MOST_APART

    @property
    def ready(self) -> bool:
        """Whether people can be served, given a key; waiting mail is shown, and stops nobody."""
        return self.at_head and self.one_time


def health(engine: sa.Engine, now: datetime) -> Health:
    """Ask the database how things stand.

    Raises:
        Unavailable: It does not answer.
    """
    with reading(engine) as session:
        apart = (database_clock(session) - now).total_seconds()
    if not at_head(engine):
        return Health(at_head=False, outbox_age=0, apart=apart)
    with reading(engine) as session:
        oldest = session.scalar(
            sa.select(sa.func.min(Notice.not_before)).where(
                Notice.state.in_(_WAITING), Notice.not_before <= now
            )
        )
    age = int((now - oldest).total_seconds()) if oldest else 0
    return Health(at_head=True, outbox_age=age, apart=apart)
