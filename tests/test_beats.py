"""Every process that serves pages leaves signs of life, whichever server runs it."""

from sqlalchemy import func, select

from consult import beats
from consult.actions.change import Desk
from consult.tables import Heartbeat, reading


def signs(desk: Desk) -> int:
    with reading(desk.engine) as session:
        return session.scalars(select(func.count()).select_from(Heartbeat)).one()


def test_a_sign_of_life_is_written_at_once_and_the_thread_ends_when_told(desk: Desk) -> None:
    stop, thread = beats.start(desk)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert signs(desk) == 1
