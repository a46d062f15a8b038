"""An event that repeats falls on the days that its plain rule says, and costs next to nothing."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from consult.core.repeating import Every, Repeats, days, is_plain

FIRST = date(2021, 6, 7)  # a Monday
MIDWEEK = frozenset({0, 2})
YEAR = (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("first", "repeats", "found"),
    [
        (FIRST, Repeats(Every.DAY, count=2), [FIRST, date(2021, 6, 8)]),
        (FIRST, Repeats(Every.WEEK, 2, until=date(2021, 7, 5)), [7, 21, 35]),
        (FIRST, Repeats(Every.WEEK, 1, None, date(2021, 6, 15), MIDWEEK), [7, 9, 14]),
        (date(2021, 1, 31), Repeats(Every.MONTH, until=date(2021, 5, 30)), [31, 90]),
        (date(1904, 2, 29), Repeats(Every.YEAR), []),
        (date(1601, 12, 25), Repeats(Every.YEAR, 8), []),
        (date(1601, 12, 25), Repeats(Every.YEAR), [date(2021, 12, 25)]),
        (FIRST, Repeats(Every.YEAR, count=1), [FIRST]),
        (date(2022, 1, 1), Repeats(Every.DAY), []),
    ],
)  # fmt: skip
def test_the_days_of_a_year(first: date, repeats: Repeats, found: list[date | int]) -> None:
    begins = date(first.year, first.month, 1)
    wanted = [one if isinstance(one, date) else begins + timedelta(one - 1) for one in found]
    assert sorted(days(first, repeats, *YEAR)) == wanted


@given(
    first=st.dates(date(1999, 1, 1), date(2030, 1, 1)),
    every=st.sampled_from(Every),
    interval=st.integers(1, 5),
    count=st.none() | st.integers(1, 40),
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
)
def test_it_says_what_another_reader_of_the_format_says(
    first: date, every: Every, interval: int, count: int | None, weekdays: frozenset[int]
) -> None:
    named = weekdays | {first.weekday()} if every is Every.WEEK else frozenset()
    repeats = Repeats(every, interval, count, None, named)
    if not is_plain(first, repeats):
        return
    rule = f"FREQ={every};INTERVAL={interval}" + (f";COUNT={count}" if count else "")
    if named:
        rule += ";BYDAY=" + ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[n] for n in named)
    start, end = date(2020, 3, 1), date(2026, 2, 28)
    said = rrulestr(f"DTSTART:{first:%Y%m%d}T000000Z\nRRULE:{rule}")
    told = (one.date() for one in said.xafter(datetime(2020, 2, 29, 12, tzinfo=UTC)))
    assert sorted(days(first, repeats, start, end)) == list(takewhile(lambda day: day <= end, told))


def test_the_ends_of_the_calendar_are_not_passed() -> None:
    last = date(9999, 12, 31)
    for every in Every:
        repeats = Repeats(every, weekdays=frozenset({0, 6}) if every is Every.WEEK else frozenset())
        assert set(days(last, repeats, last, last)) <= {last}
        assert next(days(date.min, repeats, date.min, last)) == date.min


def test_a_rule_whose_days_must_be_counted_one_by_one_is_not_plain() -> None:
    assert not is_plain(FIRST, Repeats(Every.WEEK, 2, weekdays=MIDWEEK))
    assert not is_plain(FIRST, Repeats(Every.WEEK, count=9, weekdays=MIDWEEK))
    assert not is_plain(date(2021, 1, 31), Repeats(Every.MONTH, count=9))
    assert is_plain(date(2021, 1, 31), Repeats(Every.MONTH))
