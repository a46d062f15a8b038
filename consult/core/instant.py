"""Instants as texts: ISO 8601 with an offset, to the microsecond."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from consult.core import fields

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - its offset is added
_EDGES = (1, 9999)
_SPELLING = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
).fullmatch


def read_instant(value: object, path: str) -> datetime:
    """Read an instant; its offset is kept.

    Raises:
        BadInput: It is no instant, or says no offset, or is finer than a microsecond.
    """
    spelled = _SPELLING(value) if isinstance(value, str) else None
    if spelled is None:
        fields.fit(value, path)
        fields.refuse(path, "must be an instant such as 2020-12-21T23:59:59+01:00")
    local, offset = spelled.groups()
    if offset is None:
        fields.refuse(path, "must say its offset from UTC, such as Z or +01:00")
    try:
        # Instants that share an offset object are compared six times as fast.
        found = _epoch(offset) + (datetime.fromisoformat(local) - _EPOCH)
        if found.year in _EDGES:
            found.astimezone(UTC)
    except (ValueError, OverflowError):
        fields.refuse(path, "is no instant of the calendar")
    return found


@lru_cache(maxsize=1024)
def _epoch(offset: str) -> datetime:
    return datetime.fromisoformat(f"1970-01-01T00:00:00{offset}")


def instant_text(instant: datetime) -> str:
    """Write *instant* with its own offset; that of UTC is Z."""
    spelled = instant.isoformat()
    return f"{spelled[:-6]}Z" if spelled.endswith("+00:00") else spelled
