"""The stream of security events: who, by which way, with what outcome (T37, T100).

An event is a fixed phrase with codes and opaque names: never an address, a token, a code that
somebody typed, a link or a position.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, request
from flask_login import current_user

from consult.core.factors import FactorChanged
from consult.errors import BadInput

_log = logging.getLogger("consult.security")


def happened(event: str, *, person: str | None = None, **facts: str | None) -> None:
    """Note what was done.

    Args:
        person: Who did it, by its opaque name; whoever is signed in, if it is not said.
        facts: Codes alone.
    """
    _log.info(event, extra=_facts(person, facts))


def refused(event: str, reason: str, *, person: str | None = None, **facts: str | None) -> None:
    """Note what was not done, and why, as a code."""
    _log.warning(event, extra=_facts(person, {**facts, "reason": reason}))


def changed(what: FactorChanged, *, of: str | None = None) -> None:
    """Note a change of how somebody signs in: of whoever is signed in, or *of* another."""
    happened("factors changed", what=what.value, of=of)


@contextmanager
def judging_a_file() -> Iterator[None]:
    """Note it when the file that was sent is refused in the block."""
    try:
        yield
    except BadInput as wrong:
        refused("file refused", next(iter(wrong.faults.values()), wrong.code))
        raise


def _facts(person: str | None, facts: dict[str, str | None]) -> dict[str, str | None]:
    said = {"person": person or _who(), "route": request.endpoint, **facts}
    return {name: value for name, value in said.items() if value is not None}


def _who() -> str | None:
    if g.get("standing") == "alone" or not current_user.is_authenticated:
        return None
    opaque: str = current_user.actor.opaque
    return opaque
