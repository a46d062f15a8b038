"""The deadline as people write it: fields, working days, hours in the capitals."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.deadline import (
    Warn,
    Written,
    hours,
    nearest,
    read,
    read_day,
    warnings,
    write,
)
from consult.errors import BadInput

GENEVA = ZoneInfo("Europe/Zurich")
NATIONAL_DAY = date(2020, 8, 1)
OPENS = datetime(2020, 7, 1, 7, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def no_holiday(_on: date) -> bool:
    return False


def national_day(on: date) -> bool:
    return on == NATIONAL_DAY


def test_the_time_written_is_that_of_the_seat() -> None:
    assert read(Written("17", "7", "2020", "16:00"), GENEVA) == at("2020-07-17T14:00+00:00")
    assert read(Written("17", "1", "2020", "16:00"), GENEVA) == at("2020-01-17T15:00+00:00")


@pytest.mark.parametrize("time", ["16:00", "16.00", "16h00", " 16:00 "])
def test_the_hour_is_read_as_people_write_it(time: str) -> None:
    assert read(Written("17", "7", "2020", time), GENEVA) == at("2020-07-17T14:00+00:00")


def test_no_day_is_no_deadline() -> None:
    assert read(Written("", "", "", ""), GENEVA) is None
    assert read(Written("", "8", "", "16:00"), GENEVA) is None


@pytest.mark.parametrize(
    ("written", "field", "code"),
    [
        (Written("32", "7", "2020", "16:00"), "day", "day"),
        (Written("x", "7", "2020", "16:00"), "day", "day"),
        (Written("٣", "7", "2020", "16:00"), "day", "day"),
        (Written("1", "", "2020", "16:00"), "month", "month"),
        (Written("1", "7", "20", "16:00"), "year", "year"),
        (Written("1", "7", "2020", "24:00"), "time", "time"),
        (Written("1", "7", "2020", "16"), "time", "time"),
        (Written("1", "7", "2020", "16:0"), "time", "time"),
        (Written("31", "6", "2020", "16:00"), "day", "no-such-day"),
        (Written("29", "3", "2020", "02:30"), "time", "clock-forward"),
    ],
)
def test_what_is_no_instant_is_refused_at_its_field(
    written: Written, field: str, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(written, GENEVA)
    assert refused.value.faults == {field: code}


def test_every_part_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        read_day(Written("", "13", "2020", ""))
    assert refused.value.faults == {"day": "day", "month": "month"}


def test_an_hour_that_happens_twice_is_the_first_of_the_two_and_is_warned_of() -> None:
    found = read(Written("25", "10", "2020", "02:30"), GENEVA)
    assert found == at("2020-10-25T00:30+00:00")
    warned = warnings(found, GENEVA, no_holiday, begins_at=OPENS, least_days=None)
    assert warned == [Warn.WEEKEND, Warn.CLOCK_BACK]


@given(
    st.integers(0, 50_000_000).map(
        lambda minutes: datetime(2001, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    )
)
def test_what_is_written_is_read_as_the_same_instant(instant: datetime) -> None:
    read_again = read(write(instant, GENEVA), GENEVA)
    assert read_again is not None
    # of an hour that happens twice the first is meant
    assert instant - read_again in {timedelta(0), timedelta(hours=1)}


def test_a_holiday_on_a_saturday_is_both_and_tuesday_is_proposed() -> None:
    deadline = at("2020-08-01T16:00+02:00")
    warned = warnings(deadline, GENEVA, national_day, begins_at=OPENS, least_days=20)
    assert warned == [Warn.WEEKEND, Warn.HOLIDAY]
    proposed = nearest(deadline, GENEVA, national_day, begins_at=OPENS, least_days=20)
    assert proposed == at("2020-08-04T16:00+02:00")


@pytest.mark.parametrize(
    ("days", "short"), [(19, True), (20, False)], ids=["a day less", "exactly as many"]
)
def test_a_deadline_shorter_than_the_body_asks_is_warned_of(days: int, short: bool) -> None:
    deadline = OPENS + timedelta(days=days)
    warned = warnings(deadline, GENEVA, no_holiday, begins_at=OPENS, least_days=20)
    assert (Warn.SHORT in warned) is short


def test_the_proposal_leaves_the_days_that_the_body_asks_for() -> None:
    deadline = at("2020-07-03T16:00+02:00")
    proposed = nearest(deadline, GENEVA, no_holiday, begins_at=OPENS, least_days=20)
    assert proposed == at("2020-07-21T16:00+02:00")


def test_a_deadline_that_has_passed_gets_a_proposal_at_the_same_hour() -> None:
    deadline = at("2020-05-01T16:00+02:00")
    assert Warn.PAST in warnings(deadline, GENEVA, no_holiday, begins_at=OPENS, least_days=None)
    proposed = nearest(deadline, GENEVA, no_holiday, begins_at=OPENS, least_days=None)
    assert proposed == at("2020-07-01T16:00+02:00")


@given(st.integers(0, 400))
def test_a_proposal_is_a_working_day_after_a_working_day(ahead: int) -> None:
    deadline = OPENS + timedelta(days=ahead)
    proposed = nearest(deadline, GENEVA, national_day, begins_at=OPENS, least_days=5)
    assert proposed is not None
    local = proposed.astimezone(GENEVA).date()
    before = local - timedelta(days=1)
    assert local.weekday() < 5
    assert before.weekday() < 5
    assert NATIONAL_DAY not in {local, before}


def test_hours_in_the_capitals_go_from_west_to_east_and_say_another_day() -> None:
    found = hours(
        at("2020-07-17T16:00+02:00"),
        GENEVA,
        [
            ("JPN", ZoneInfo("Asia/Tokyo")),
            ("MEX", ZoneInfo("America/Mexico_City")),
            ("KEN", ZoneInfo("Africa/Nairobi")),
            ("TZA", ZoneInfo("Africa/Dar_es_Salaam")),
            ("NZL", ZoneInfo("Pacific/Auckland")),
        ],
    )
    assert [(f"{one.local:%H:%M}", one.days, one.members) for one in found] == [
        ("09:00", 0, ("MEX",)),
        ("17:00", 0, ("KEN", "TZA")),
        ("23:00", 0, ("JPN",)),
        ("02:00", 1, ("NZL",)),
    ]
