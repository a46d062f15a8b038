"""Items keep their order under their headings, and move one place at a time."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.core.arrangement import free_id, groups, in_order, move, numbers, shift

HEADINGS = [{"id": "1"}, {"id": "2"}]


def item(code: str, heading: str | None) -> dict[str, Any]:
    return {"id": code, "heading": heading}


ITEMS = [item("a", None), item("b", "1"), item("c", "1"), item("d", "2")]


def places(items: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(one["id"], one["heading"]) for one in items]


def moved(code: str, *, up: bool) -> list[tuple[str, str | None]]:
    return places(in_order(move(groups(HEADINGS, ITEMS), code, up=up)))


def test_items_are_read_heading_by_heading_those_under_none_first() -> None:
    mixed = [item("d", "2"), item("b", "1"), item("a", None), item("lost", "9")]
    assert places(in_order(groups(HEADINGS, mixed))) == [
        ("a", None),
        ("lost", None),
        ("b", "1"),
        ("d", "2"),
    ]


def test_an_item_moves_within_its_heading() -> None:
    assert moved("c", up=True) == [("a", None), ("c", "1"), ("b", "1"), ("d", "2")]


def test_from_the_edge_of_its_heading_an_item_goes_to_the_next() -> None:
    assert moved("c", up=False) == [("a", None), ("b", "1"), ("c", "2"), ("d", "2")]
    assert moved("b", up=True) == [("a", None), ("b", None), ("c", "1"), ("d", "2")]


def test_at_the_very_edge_nothing_moves() -> None:
    unmoved = places(ITEMS)
    assert moved("a", up=True) == unmoved
    assert moved("d", up=False) == unmoved
    assert moved("nobody", up=True) == unmoved


@given(st.sampled_from("abcd"), st.booleans())
def test_moving_there_and_back_changes_nothing(code: str, up: bool) -> None:
    there = move(groups(HEADINGS, ITEMS), code, up=up)
    if there != groups(HEADINGS, ITEMS):
        assert places(in_order(move(there, code, up=not up))) == places(ITEMS)


def test_headings_move_and_stop_at_the_edge() -> None:
    assert shift(HEADINGS, "2", up=True) == [{"id": "2"}, {"id": "1"}]
    assert shift(HEADINGS, "1", up=True) == HEADINGS
    assert shift(HEADINGS, "9", up=True) == HEADINGS


def test_numbers_follow_the_place() -> None:
    assert numbers(groups([], [item("x", None), item("y", None)])) == {"x": "1", "y": "2"}
    assert numbers(groups(HEADINGS, ITEMS)) == {"a": "1", "b": "2.1", "c": "2.2", "d": "3.1"}
    assert numbers(groups(HEADINGS, ITEMS[1:])) == {"b": "1.1", "c": "1.2", "d": "2.1"}


def test_a_new_number_is_the_lowest_that_is_free() -> None:
    assert free_id([]) == "1"
    assert free_id(["1", "3"]) == "2"
    assert free_id(["2.1"], "2.") == "2.2"
