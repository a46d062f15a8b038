"""Long lists in pages that have addresses, and long enumerations cut short in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request
from flask_babel import ngettext

from consult.wording import kinds

PAGE = 200  # members
_NAMED = 8
_DIGITS = 6

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Slice(Generic[One]):
    """One page of a list."""

    lines: Sequence[One]
    page: int
    pages: int


def sliced(lines: Sequence[One]) -> Slice[One]:
    """Return the page of *lines* that the address asks for."""
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(1, page_asked()), pages)
    return Slice(lines[(page - 1) * PAGE : page * PAGE], page, pages)


def page_asked() -> int:
    """Return the page that the address asks for; what is not understood is the first."""
    given = request.args.get("page", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _DIGITS else 1


def some(names: Sequence[str]) -> str:
    """Return names as one list; of many only the first, and how many more."""
    if len(names) <= _NAMED + 1:
        return kinds.listed(names)
    more = len(names) - _NAMED
    return kinds.listed([*names[:_NAMED], ngettext("%(num)d more", "%(num)d more", more)])
