"""The one clock: everything that needs the present instant is given this, or a test's own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
