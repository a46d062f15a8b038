"""How long a guesser waits, and after how much guessing a password alone is not taken (T13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PASSWORD_FAILURES = 10  # for one person, from anywhere
FORGOTTEN = timedelta(hours=24)
_LONGEST = timedelta(minutes=15)
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in a window of time.

    Args:
        name: Of what is counted, beside its key.
    """

    name: str
    most: int
    window: timedelta


LINKS = Limit("links", 5, timedelta(hours=1))
SIGN_IN = Limit("sign-in", 10, timedelta(minutes=1))
SIGN_IN_NETWORK = Limit("sign-in-network", 300, timedelta(minutes=1))
EXPORTS = Limit("exports", 30, timedelta(hours=1))
VERIFY = Limit("verify", 60, timedelta(hours=1))
REPLIES = Limit("replies", 30, timedelta(hours=1))


USUAL = {
    limit.name: limit.most for limit in (LINKS, SIGN_IN, SIGN_IN_NETWORK, EXPORTS, VERIFY, REPLIES)
}


def delay(failures: int, free: int = 0) -> timedelta:
    """Return how long to wait after so many failures: 1, 2, 4 … seconds, 15 minutes at most.

    Args:
        free: How many of them cost nothing: a whole conference sits behind one address.
    """
    counted = failures - free
    if counted <= 0:
        return timedelta(0)
    return min(_LONGEST, timedelta(seconds=1 << min(counted - 1, _MOST_DOUBLINGS)))


def window_of(limit: Limit, now: datetime) -> tuple[int, datetime]:
    """Return the number of the window in which *now* lies, and when it ends."""
    seconds = int(limit.window.total_seconds())
    number = int(now.timestamp()) // seconds
    return number, datetime.fromtimestamp((number + 1) * seconds, now.tzinfo)
