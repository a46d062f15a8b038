"""When what a member sends reached us: in time, late, or not to be acknowledged."""

from datetime import datetime, timedelta

from consult.actions.change import Change
from consult.core.life import State
from consult.core.reply import in_time
from consult.errors import NotOpenYet, Overtaken

LONGEST_WAIT = timedelta(seconds=60)


def came_late(this: Change, received_at: datetime) -> bool:
    """Judge, under the lock, what was received at that instant (T64).

    Raises:
        NotOpenYet: It came before the opening.
        Overtaken: It came in time and waited too long; it is not acknowledged.
    """
    letter = this.consultation
    assert letter.opens_at is not None and letter.closes_at is not None  # noqa: S101, PT018
    if received_at < letter.opens_at:
        raise NotOpenYet(opens_at=letter.opens_at)
    if not in_time(received_at, letter.opens_at, letter.closes_at):
        return True
    if letter.state is not State.OPEN or this.now - received_at > LONGEST_WAIT:
        raise Overtaken
    return False
