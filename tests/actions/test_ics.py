"""A calendar file that is damaged, floods or lies is refused with its event and line."""

from datetime import date, timedelta

import pytest

from consult.actions.ics import MOST_EVENTS, days_of_ics
from consult.errors import BadInput
from consult.wording.faults import _FAULTS
from tests.damage import damaged, ends

TODAY = date(2021, 3, 1)
DAY = "DTSTART;VALUE=DATE:20210607"
ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)


def ics(*lines: str, before: str = "") -> bytes:
    event = "\r\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\r\nX-WR-CALNAME:Meetings\r\n{before}BEGIN:VEVENT\r\n{event}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


GOOD = ics(DAY, "DTEND;VALUE=DATE:20210610", "SUMMARY:Council", before=ZONE)


def faults(data: bytes) -> dict[str, str]:
    try:
        days_of_ics(data, "a.ics", TODAY)
    except BadInput as refused:
        return refused.faults
    return {}


def days(data: bytes) -> tuple[date, date]:
    (event,) = days_of_ics(data, "a.ics", TODAY).events
    return event["from_on"], event["to_on"]


def test_a_damaged_calendar_is_read_or_refused_in_words() -> None:  # T96
    for data in [*damaged(GOOD, 600), *ends(GOOD)]:
        for place, what in faults(data).items():
            assert (place + what).isprintable()
            assert len(place + what) < 400


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (ics(DAY, DAY), "events[0].DTSTART"),
        (ics(DAY, "DTEND:20210608", "DTEND:20210609"), "events[0].DTEND"),
        (ics("SUMMARY:no day"), "events[0].DTSTART"),
        (ics("DTSTART:banana"), "events[0].DTSTART"),
        (ics("DTSTART:"), "events[0].DTSTART"),
        (ics("DTSTART;VALUE=TIME:100000"), "events[0].DTSTART"),
        (ics("DTSTART;VALUE=PERIOD:20200101T000000Z/PT1H"), "events[0].DTSTART"),
        (ics("DTSTART;ENCODING=BASE64;VALUE=BINARY:AAAA"), "events[0].DTSTART"),
        (ics("DTSTART;VALUE=DATE:00000101"), "events[0].DTSTART"),
        (ics(DAY, "DTEND:banana"), "events[0].DTEND"),
        (ics(DAY, "DTEND;VALUE=DATE:20210606"), "events[0].DTEND"),
        (ics(DAY, "SUMMARY:a\0b"), "events[0].SUMMARY"),
        (ics(DAY).replace(b"Meetings", b"a\0b"), "X-WR-CALNAME"),
        (ics(DAY) + ics(DAY), "file"),
        (ics(DAY).decode().encode("utf-16"), "file"),
        (ics(DAY, "SUMMARY:caf\xe9").decode().encode("latin-1"), "file"),
        (b"BEGIN:VCALENDAR\r\n" * 20_000, "file"),
        (b"END:VCALENDAR\r\n", "file"),
        (b"", "file"),
    ],
)
def test_a_calendar_that_lies_is_refused_with_its_place(data: bytes, place: str) -> None:
    assert list(faults(data)) == [place]  # T96


def test_zones_and_repetitions_cost_nothing() -> None:
    """T96: neither a zone that changes every second nor an event that recurs is followed."""
    flood = ics(DAY, "RRULE:FREQ=SECONDLY;COUNT=999999999", before=ZONE)
    assert days(flood) == (date(2021, 6, 7), date(2021, 6, 7))
    assert days_of_ics(flood, "a.ics", TODAY).once == ("?",)
    of_old = ics("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY", "SUMMARY:Old")
    assert len(days_of_ics(of_old, "a.ics", TODAY).events) == 1 + 7 * 365 + 1 + 1
    many = ics(*["END:VEVENT", "BEGIN:VEVENT", DAY, "RRULE:FREQ=DAILY"] * 9_000, DAY)
    many = many.replace(b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"", 1)
    assert len(days_of_ics(many, "a.ics", TODAY).events) == MOST_EVENTS + 1
    of_zone = ics("DTSTART;TZID=X:20210607T100000", before=ZONE)
    assert days(of_zone) == (date(2021, 6, 7), date(2021, 6, 7))
    outside = ics("DTSTART;TZID=../../etc/passwd:20210607T100000")
    assert days(outside) == (date(2021, 6, 7), date(2021, 6, 7))


def test_the_first_and_the_last_day_there_are() -> None:
    first = ics("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010101")
    assert days(first) == (date.min, date.min)
    assert days(ics("DTSTART;VALUE=DATE:99991231")) == (date.max, date.max)


def test_a_long_line_is_a_long_title_that_is_cut() -> None:
    folded = "SUMMARY:a" + "\r\n b" * 100_000
    (event,) = days_of_ics(ics(DAY, folded), "a.ics", TODAY).events
    assert event["title"] == {"en": "a" + "b" * 499}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY;COUNT=2", ["2021-06-07", "2022-06-07"]),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=7;UNTIL=20230101", ["2021-06-07", "2022-06-07"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;WKST=MO;UNTIL=20210609T235959Z", ["2021-06-07", "2021-06-09"]),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=2", ["2021-06-07", "2021-08-07"]),
        ("FREQ=DAILY;COUNT=2\r\nEXDATE;VALUE=DATE:20210608,20210609", ["2021-06-07"]),
    ],
)
def test_a_plain_rule_is_followed(rule: str, found: list[str]) -> None:
    lines = (DAY, "DTEND;VALUE=DATE:20210609", "SUMMARY:Council", f"RRULE:{rule}")
    read = days_of_ics(ics(*lines), "a.ics", TODAY)
    assert [event["from_on"].isoformat() for event in read.events] == found
    assert {event["to_on"] - event["from_on"] for event in read.events} == {timedelta(1)}
    assert read.once == ()


def test_a_yearly_day_of_long_ago_is_taken_in_for_the_years_around_today() -> None:
    lines = ("DTSTART;VALUE=DATE:19700501", "RRULE:FREQ=YEARLY", "SUMMARY:Labour Day")
    read = days_of_ics(ics(*lines), "a.ics", TODAY)
    years = [event["from_on"].year for event in read.events]
    assert years == [1970, 2020, 2021, 2022, 2023, 2024, 2025, 2026]


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=MONTHLY;BYDAY=2TU",
        "RRULE:FREQ=YEARLY;BYMONTHDAY=7",
        "RRULE:FREQ=YEARLY;BYMONTH=7",
        "RRULE:FREQ=YEARLY;BYWEEKNO=20",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=BANANA;COUNT=x",
        "RRULE:COUNT=2",
        "RRULE:",
        "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY",
        "RRULE:FREQ=DAILY\r\nEXDATE:banana",
        "RDATE;VALUE=DATE:20210701",
    ],
)
def test_a_rule_that_is_not_followed_is_named(rule: str) -> None:
    read = days_of_ics(ics(DAY, rule, "SUMMARY:Council"), "a.ics", TODAY)
    assert [event["from_on"] for event in read.events] == [date(2021, 6, 7)]
    assert read.once == ("Council",)


def test_what_is_broken_is_said_in_our_own_words() -> None:
    assert faults(GOOD + GOOD) == {"file": "calendar-broken"}
    assert faults(b"banana") == {"file": "calendar-broken"}
    assert all(
        said in _FAULTS
        for data in [*damaged(GOOD, 200), *ends(GOOD)]
        for place, said in faults(data).items()
        if not place.endswith(("SUMMARY", "CALNAME"))
    )
