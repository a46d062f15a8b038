"""A request as its second person is shown it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as its page prints it.

    Args:
        hash: Of exactly what is shown; confirming names it.
        sentence: What will happen, in one sentence.
        facts: Terms and what they are.
        before: What was asked for, where it has changed since.
        parts: What the template of the act prints besides.
    """

    hash: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)
