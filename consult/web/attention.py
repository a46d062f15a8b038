"""A board of members: those that need somebody's attention, or all; the address says which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request, url_for
from flask_babel import gettext as _

ALL, ATTENTION = "all", "attention"


class Line(Protocol):
    """A member on a board."""

    @property
    def needs_attention(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Board:
    """What a board shows.

    Args:
        regions: Name of the region and its lines; regions without a line are left out.
        show: `ALL` or `ATTENTION`.
        tabs: Address, words and whether it is where one is, of both.
    """

    regions: Sequence[tuple[str, Sequence[Any]]]
    show: str
    tabs: Sequence[tuple[str, str, bool]]


def board(regions: Iterable[tuple[str, Sequence[Line]]], endpoint: str, **values: Any) -> Board:
    """Return the lines asked for: without a wish those that need attention, if there are any."""
    every = list(regions)
    needing = [(name, [one for one in lines if one.needs_attention]) for name, lines in every]
    counts = {ATTENTION: _size(needing), ALL: _size(every)}
    show = request.args.get("show", "")
    if show not in counts:
        show = ATTENTION if counts[ATTENTION] else ALL
    words = {
        ATTENTION: _("Need attention (%(count)s)", count=counts[ATTENTION]),
        ALL: _("All (%(count)s)", count=counts[ALL]),
    }
    shown = every if show == ALL else needing
    return Board(
        regions=[(name, lines) for name, lines in shown if lines],
        show=show,
        tabs=[
            (url_for(endpoint, show=which, **values), words[which], which == show)
            for which in (ATTENTION, ALL)
        ],
    )


def _size(regions: Iterable[tuple[str, Sequence[Line]]]) -> int:
    return sum(len(lines) for _name, lines in regions)
