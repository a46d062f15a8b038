"""Counters of what was tried, in Redis: where many processes would wait for one table (T97)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from consult.actions.counters import Count, Counters

_log = logging.getLogger("consult.limits")

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PATIENCE = 1.0  # seconds: somebody sits before the page
_PREFIX = "consult:counter:"
# One script is one act. An entry ends by the clock that asks; the server's only clears it away.
_ADD = """
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or '0')
if ends <= tonumber(ARGV[1]) then redis.call('DEL', KEYS[1]) end
local number = redis.call('HINCRBY', KEYS[1], 'count', 1)
redis.call('HSET', KEYS[1], 'last', ARGV[1], 'ends', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return number
"""


@dataclass(frozen=True, slots=True)
class InRedis:
    """Counted in Redis; while it cannot be reached, in *instead*, and the log says so each time.

    Nobody is refused a sign-in or a reply because a counter is away, and nothing goes uncounted.
    """

    url: str
    instead: Counters
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        """Make the client; it connects when it is asked first.

        Raises:
            ImportError: The extra is not installed.
            ValueError: The address is none of Redis.
        """
        import redis  # noqa: PLC0415 - an extra

        made = redis.Redis.from_url(
            self.url,
            decode_responses=True,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
        )
        object.__setattr__(self, "client", made)

    def add(self, keys: Sequence[str], now: datetime, expires_at: datetime) -> list[int]:
        """See `Counters.add`."""
        lasts = max(1, (expires_at - now) // timedelta(milliseconds=1))
        given = (_number(now), _number(expires_at), lasts)

        def count() -> list[int]:
            return [int(self.client.eval(_ADD, 1, _PREFIX + key, *given)) for key in keys]

        return self._or(count, lambda: self.instead.add(keys, now, expires_at))

    def read(self, keys: Sequence[str], now: datetime) -> dict[str, Count]:
        """See `Counters.read`."""

        def look() -> dict[str, Count]:
            found = {key: self.client.hgetall(_PREFIX + key) for key in keys}
            return {
                key: Count(int(row["count"]), _EPOCH + int(row["last"]) * _MICROSECOND)
                for key, row in found.items()
                if row and int(row["ends"]) > _number(now)
            }

        return self._or(look, lambda: self.instead.read(keys, now))

    def drop(self, keys: Sequence[str]) -> None:
        """See `Counters.drop`: in both, for one may have stood in for the other."""
        self._or(lambda: self.client.delete(*(_PREFIX + key for key in keys)), lambda: None)
        self.instead.drop(keys)

    def answers(self) -> bool:
        """Say whether it can be reached."""
        return bool(self._or(self.client.ping, lambda: False))

    def _or(self, do: Callable[[], T], otherwise: Callable[[], T]) -> T:
        import redis  # noqa: PLC0415

        try:
            return do()
        except redis.RedisError as away:
            _log.error(
                "redis not reached, limits are counted in the database",
                extra={"reason": type(away).__name__},
            )
            return otherwise()


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
