"""Signs of life of the service: about one a minute, by which its absences are measured."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from consult.actions import throttling
from consult.actions.change import Desk
from consult.tables import Heartbeat, reading, writing

EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)


def beat(desk: Desk) -> bool:
    """Write a sign of life unless there is one of this minute; say whether one was written.

    It stands in no ledger until an outage is entered, with the absences that were measured.
    """
    now = desk.clock()
    with reading(desk.engine) as session:
        last = session.scalar(select(func.max(Heartbeat.at)))
    if last is not None and timedelta(0) <= now - last < EVERY:
        return False
    with writing(desk.engine) as session:
        session.add(Heartbeat(at=now))
        session.execute(delete(Heartbeat).where(Heartbeat.at < now - KEPT))
        throttling.forget(session, now)
    return True
