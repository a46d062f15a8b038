"""Proposed days are held against days to avoid; both ends of a span are days of it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consult.core.clashes import Event, Span, clashes, overlap

DAYS = st.dates(date(2020, 1, 1), date(2022, 12, 31))


def span(id_: str, first: str, last: str) -> Span:
    return Span(id_, date.fromisoformat(first), date.fromisoformat(last))


def event(name: str, first: str, last: str) -> Event:
    return Event({"en": name}, date.fromisoformat(first), date.fromisoformat(last), {})


RAMADAN = event("Ramadan 2021", "2021-04-13", "2021-05-12")


def test_an_item_is_told_what_it_meets_and_for_how_many_days() -> None:
    (found,) = clashes([span("1", "2021-05-10", "2021-05-20")], [RAMADAN])
    assert (found.item, found.event, found.days) == ("1", RAMADAN, 3)
    assert (found.first, found.last) == (date(2021, 5, 10), date(2021, 5, 12))


def test_days_that_follow_one_another_do_not_clash() -> None:
    assert clashes([span("1", "2021-05-13", "2021-05-20")], [RAMADAN]) == []
    (found,) = clashes([span("1", "2021-05-12", "2021-05-20")], [RAMADAN])
    assert found.days == 1


def test_two_items_of_one_letter_clash_once() -> None:
    found = clashes(
        [span("1", "2021-06-08", "2021-06-18"), span("2", "2021-06-18", "2021-06-25")], []
    )
    assert [(one.item, one.other, one.days) for one in found] == [("2", "1", 1)]


@given(DAYS, DAYS, DAYS, DAYS)
def test_common_days_are_those_that_both_have(a: date, b: date, c: date, d: date) -> None:
    (first, last), (start, end) = sorted([a, b]), sorted([c, d])
    both = {first + timedelta(days=n) for n in range((last - first).days + 1)} & {
        start + timedelta(days=n) for n in range((end - start).days + 1)
    }
    found = overlap(first, last, start, end)
    assert found == ((min(both), max(both)) if both else None)
    assert overlap(start, end, first, last) == found
