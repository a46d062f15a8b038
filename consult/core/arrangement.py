"""Items under their headings: their order, moving one up or down, and numbering them anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """The items under one heading; *heading* is None for those that stand under none."""

    heading: Mapping[str, Any] | None
    items: tuple[Item, ...]

    @property
    def id(self) -> str | None:
        return None if self.heading is None else str(self.heading["id"])


def groups(headings: Sequence[Mapping[str, Any]], items: Sequence[Item]) -> list[Group]:
    """Return the items as they are read: first those under no heading, then heading by heading."""
    known = {heading["id"] for heading in headings}
    free = tuple(item for item in items if item["heading"] not in known)
    return [Group(None, free)] + [
        Group(heading, tuple(item for item in items if item["heading"] == heading["id"]))
        for heading in headings
    ]


def in_order(found: Sequence[Group]) -> list[dict[str, Any]]:
    """Return the items of *found* one after the other, each under the heading where it stands."""
    return [{**item, "heading": group.id} for group in found for item in group.items]


def move(found: Sequence[Group], code: str, *, up: bool) -> list[Group]:
    """Move an item one place; from the edge of its heading it goes to the next heading.

    At the very first or last place nothing is moved; nor is an item that is not there.
    """
    rows = [list(group.items) for group in found]
    at = next(
        (
            (row, place)
            for row, items in enumerate(rows)
            for place, item in enumerate(items)
            if item["id"] == code
        ),
        None,
    )
    if at is None:
        return list(found)
    row, place = at
    beside = place + (-1 if up else 1)
    other = row + (-1 if up else 1)
    if 0 <= beside < len(rows[row]):
        rows[row][place], rows[row][beside] = rows[row][beside], rows[row][place]
    elif 0 <= other < len(rows):
        moved = rows[row].pop(place)
        rows[other].insert(len(rows[other]) if up else 0, moved)
    return [Group(group.heading, tuple(items)) for group, items in zip(found, rows, strict=True)]


def shift(things: Sequence[Mapping[str, Any]], id_: str, *, up: bool) -> list[Mapping[str, Any]]:
    """Move a heading or a section one place; at the edge nothing is moved."""
    row = list(things)
    place = next((n for n, thing in enumerate(row) if thing["id"] == id_), None)
    if place is None:
        return row
    beside = place + (-1 if up else 1)
    if 0 <= beside < len(row):
        row[place], row[beside] = row[beside], row[place]
    return row


def numbers(found: Sequence[Group]) -> dict[str, str]:
    """Return for each item the number of its place: 1, 2, 3, or 1.1, 1.2 under headings."""
    if len(found) == 1:
        return {str(item["id"]): str(n) for n, item in enumerate(found[0].items, start=1)}
    new = {str(item["id"]): str(n) for n, item in enumerate(found[0].items, start=1)}
    first = len(new)
    for n, group in enumerate(found[1:], start=first + 1):
        for place, item in enumerate(group.items, start=1):
            new[str(item["id"])] = f"{n}.{place}"
    return new


def free_id(taken: Sequence[str], prefix: str = "") -> str:
    """Return the lowest number that is not taken, after *prefix*."""
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
