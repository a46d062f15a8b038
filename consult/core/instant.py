"""Instants as texts: ISO 8601 with an offset, to the microsecond."""

import re
from datetime import UTC, datetime

from consult.core import fields

_EDGES = (1, 9999)
_SPELLING = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def read_instant(value: object, path: str) -> datetime:
    """Read an instant; its offset is kept.

    Raises:
        BadInput: It is no instant, or says no offset, or is finer than a microsecond.
    """
    given = fields.fit(value, path)
    spelled = _SPELLING.fullmatch(given) if isinstance(given, str) else None
    if spelled is None:
        fields.refuse(path, "must be an instant such as 2020-12-21T23:59:59+01:00")
    if spelled[1] is None:
        fields.refuse(path, "must say its offset from UTC, such as Z or +01:00")
    try:
        found = datetime.fromisoformat(spelled[0])
        if found.year in _EDGES:
            found.astimezone(UTC)
    except (ValueError, OverflowError):
        fields.refuse(path, "is no instant of the calendar")
    return found


def instant_text(instant: datetime) -> str:
    """Write *instant* with its own offset; that of UTC is Z."""
    spelled = instant.isoformat()
    return f"{spelled[:-6]}Z" if spelled.endswith("+00:00") else spelled
