"""Where proposed days meet days to avoid: which, with what, for how many days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are proposed, both ends included, by the id of their item."""

    id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Event:
    """Days to avoid, both ends included.

    Args:
        title: In each language.
        calendar: What the calendar they stand in is called, in each language.
        estimate: They are computed, or may be a day off: to be read as an estimate.
    """

    title: Mapping[str, str]
    first: date
    last: date
    calendar: Mapping[str, str]
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """An item whose days meet an event, or the days of another item.

    Args:
        other: The id of the other item; None where it is an event.
        event: None where it is another item.
    """

    item: str
    first: date
    last: date
    event: Event | None
    other: str | None = None

    @property
    def days(self) -> int:
        """How many days they have in common."""
        return (self.last - self.first) // _DAY + 1


def clashes(spans: Sequence[Span], events: Iterable[Event]) -> list[Clash]:
    """Return every clash, item by item and in the order of days; of two items each names one."""
    known = sorted(events, key=lambda event: (event.first, event.last))
    found = []
    for place, span in enumerate(spans):
        own = [
            Clash(span.id, *common, event)
            for event in known
            if (common := overlap(span.first, span.last, event.first, event.last))
        ]
        own += [
            Clash(span.id, *common, None, earlier.id)
            for earlier in spans[:place]
            if (common := overlap(span.first, span.last, earlier.first, earlier.last))
        ]
        found += sorted(own, key=lambda clash: (clash.first, clash.last))
    return found


def clashes_of_one(found: Iterable[Clash], code: str) -> list[Clash]:
    """Return the clashes of one item; what a later one has in common with it is its own too."""
    own = [clash for clash in found if code in {clash.item, clash.other}]
    turned = [
        clash if clash.item == code else replace(clash, item=code, other=clash.item)
        for clash in own
    ]
    return sorted(turned, key=lambda clash: (clash.first, clash.last))


def overlap(first: date, last: date, start: date, end: date) -> tuple[date, date] | None:
    """Return the days that two spans have in common, both ends included; None if none."""
    common = max(first, start), min(last, end)
    return common if common[0] <= common[1] else None
