"""Dates are held against calendars, for the officer, and for members if the officer wishes."""

import html
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar as ICalendar
from werkzeug.test import TestResponse

from consult.actions import certifying, drafting, posting, publishing
from consult.actions.calendars import import_calendar
from consult.actions.change import Desk
from consult.core.life import SYSTEM, Revising
from consult.queries.drafting import draft_of
from consult.queries.verifying import verify_database
from tests import build
from tests import revising as these
from tests.forms import form_with, send
from tests.office import SLUG, Office, office_of, page

CHECK = f"/en/office/{SLUG}/draft/2/clashes"
YAML = """
calendar: religious
title: {en: Religious periods}
languages: [en]
events:
  - id: x
    kind: religious
    name: {en: A time of fasting}
    from: 2021-06-10
    to: 2021-06-11
    certainty: estimate
"""
ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//y//EN\r
X-WR-CALNAME:UPU sessions\r
BEGIN:VEVENT\r
UID:1\r
DTSTAMP:20200101T000000Z\r
DTSTART;VALUE=DATE:20210618\r
DTEND;VALUE=DATE:20210621\r
SUMMARY:Council of Administration\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def load(
    of: Office, data: bytes, name: str, by: FlaskClient | None = None, language: str = "en"
) -> TestResponse:
    officer = by or of.browser("officer")
    address = f"/{language}/office/calendars"
    form = form_with(page(officer, address), "slug")
    return officer.post(
        address,
        data={**form.fields, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def choose(of: Office, *calendars: str, members: bool = False) -> None:
    officer = of.browser("officer")
    form = form_with(page(officer, CHECK), "seen")
    typed = {"calendars": list(calendars)} | ({"to_members": "y"} if members else {})
    assert send(officer, CHECK, form, "save", **typed).status_code == 303


def test_an_officer_loads_calendars_from_files(of: Office) -> None:
    assert load(of, YAML.encode(), "religious.yaml").status_code == 303
    assert load(of, ICS, "upu.ics").status_code == 303
    shown = page(of.browser("officer"), "/en/office/calendars")
    assert "Religious periods" in shown
    assert "upu-sessions" in shown
    assert (
        load(of, YAML.replace("to: 2021-06-11", "to: 2021-06-09").encode(), "a.yaml").status_code
        == 422
    )


def test_the_officer_is_told_which_events_repeat_otherwise(of: Office) -> None:
    other = ICS.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\nRRULE:FREQ=MONTHLY;BYDAY=2TU\r\n")
    assert other != ICS
    officer = of.browser("officer")
    assert load(of, other, "upu.ics", officer).status_code == 303
    shown = page(officer, "/en/office/calendars")
    assert "only the first time of each is taken in: Council of Administration." in shown
    broken = load(of, ICS + ICS, "upu.ics")
    assert broken.status_code == 422
    assert "It is not an iCalendar file, or is damaged: save it anew and try again" in broken.text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.ics"),
        (b"\xff\xfe", "a.yaml"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "a.ics"),
        (b"[]", "a.yaml"),
    ],
)
def test_what_is_no_calendar_is_refused_beside_the_field(
    of: Office, data: bytes, name: str
) -> None:
    refused = load(of, data, name)
    assert refused.status_code == 422
    assert "Nothing was taken in" in refused.text


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("calendar: religious", "", "calendar: Fill this in"),
        ("calendar: religious", "calendar: a b", "Use letters, digits and . _ - &"),
        ("calendar: religious", "calendar: A", "Use small letters, digits and - alone"),
        ("calendar: religious", "calendar: [1]", "calendar: It must be a text"),
        ("calendar: religious", "calender: x", "calender: The file has no such field"),
        ("languages: [en]", "languages: en", "languages: It must be a list"),
        ("languages: [en]", "languages: [de]", "languages[0]: Choose one of: "),
        ("{en: A time of fasting}", "Fasting", "events[0].name: Give the text of each language"),
        ("{en: A time of fasting}", "{en: ''}", "events[0].name.en: Fill this in"),
        ("kind: religious", "kind: " + "x" * 65, "events[0].kind: Shorten it to 64 characters"),
        ("from: 2021-06-10", "from: June", "events[0].from: Write a day such as 2020-06-22"),
        ("to: 2021-06-11", "to: 2021-06-09", "events[0].to: It must not be before the first day"),
        ("events:", "events: [1]\nothers:", "events[0]: It must have named fields"),
        ("title:", "languages:", "A field is there twice"),
        ("languages: [en]", "languages: &a [en]\nx: *a", "no aliases and no tags"),
        ("languages: [en]", "languages: !x [en]", "no aliases and no tags"),
        ("title:", "x: !!bool 7\ntitle:", "Write true or false"),
        ("title:", "x: !!int 0x1\ntitle:", "Write a whole number of at most 30 digits"),
        ("languages: [en]", "1: [en]", "The name of a field must be a text"),
        ("languages: [en]", "languages: [en", "Line 5: It cannot be read: "),
        ("languages: [en]", "languages: " + "[" * 2000, "It is nested too deeply"),
    ],
)
def test_each_fault_of_a_calendar_in_yaml_is_said_in_the_language_of_the_page(
    of: Office, wrong: str, right: str, said: str
) -> None:
    data = YAML.replace(wrong, right, 1).encode()
    refused = load(of, data, "a.yaml")
    assert refused.status_code == 422
    assert said in html.unescape(refused.text)
    phrase = said.rpartition(": ")[2]
    if phrase and "64" not in phrase:
        assert phrase not in html.unescape(load(of, data, "a.yaml", language="ru").text)


def test_the_officer_is_told_what_the_dates_meet(of: Office) -> None:
    of.draft()
    load(of, YAML.encode(), "religious.yaml")
    load(of, ICS, "upu.ics")
    choose(of, "religious", "upu-sessions")
    shown = page(of.browser("officer"), CHECK)
    assert "2 days in common with A time of fasting (10 to 11 June 2021)." in shown
    assert "These days are computed: an estimate." in shown
    assert "1 day in common with Council of Administration (18 to 20 June 2021)." in shown
    assert 'class="strip-year"' in shown


def test_the_holidays_of_the_seat_are_computed_and_say_so(of: Office) -> None:
    days = {"from": "2021-09-06", "to": "2021-09-10"}
    of.draft(items=[build.item("1", "Cluster", kind="dates", where=build.in_all("Geneva"), **days)])
    choose(of, "seat")
    shown = page(of.browser("officer"), CHECK)
    assert "Holidays of Geneva (computed, an estimate)" in shown
    assert "(9 September 2021)" in shown


def test_the_page_of_an_item_says_what_its_days_meet(of: Office) -> None:
    days = {"from": "2021-06-11", "to": "2021-06-12"}
    other = build.item("4", "Meeting", kind="dates", **days)
    of.draft(items=[*build.three_items(), other])
    load(of, YAML.encode(), "religious.yaml")
    choose(of, "religious")
    address = CHECK.replace("clashes", "items/1")
    officer = of.browser("officer")
    shown = page(officer, address)
    assert "2 days in common with A time of fasting (10 to 11 June 2021)." in shown
    assert "2 days in common with item 4." in shown
    assert "2 days in common with item 1." in page(officer, address.replace("/1", "/4"))
    checked = send(officer, address, form_with(shown, "title"), "clashes", to_day="10")
    assert checked.status_code == 200
    assert "1 day in common with A time of fasting" in checked.text
    assert "in common with item 4" not in checked.text
    assert form_with(checked.text, "title").fields["to-day"] == "10"
    assert "2 days in common with A time of fasting" in page(officer, address)


def test_the_choice_of_calendars_is_kept_after_a_colleague_saved(of: Office) -> None:
    of.draft()
    load(of, YAML.encode(), "religious.yaml")
    officer = of.browser("officer")
    form = form_with(page(officer, CHECK), "seen")
    drafting.save(of.desk, SLUG, of.people["second"], {"legal_basis": {}}, seen=1)
    again = send(officer, CHECK, form, "save", calendars=["religious"])
    assert again.status_code == 409
    form = form_with(again.text, "seen")
    assert send(officer, CHECK, form, "save", calendars=["religious"]).status_code == 303


def test_members_see_the_clashes_only_if_the_officer_wishes(of: Office) -> None:
    load(of, YAML.encode(), "religious.yaml")
    of.open(clashes={"calendars": ["religious"], "to_members": False})
    letter = f"/en/c/{SLUG}/{of.codes[0]}"
    assert "A time of fasting" not in page(of.browser(of.codes[0]), letter)


def test_what_members_see_stays_as_it_was_at_the_opening(of: Office) -> None:
    load(of, YAML.encode(), "religious.yaml")
    of.open(clashes={"calendars": ["religious"], "to_members": True})
    letter = f"/en/c/{SLUG}/{of.codes[0]}"
    assert "2 days in common with A time of fasting" in page(of.browser(of.codes[0]), letter)
    changed = YAML.replace("A time of fasting", "Another time")
    import_calendar(of.desk, SYSTEM, changed.encode(), "religious.yaml")
    assert "2 days in common with A time of fasting" in page(of.browser(of.codes[0]), letter)
    assert all(found.holds for _reference, found in verify_database(of.desk.engine))


def test_days_that_a_corrigendum_moves_are_held_against_the_calendars_anew(of: Office) -> None:
    load(of, YAML.encode(), "religious.yaml")
    of.open(clashes={"calendars": ["religious"], "to_members": True})
    moved = these.parts(of.desk)
    moved["items"][0] |= {"from": "2021-06-11", "to": "2021-06-21"}
    officer, approver = of.people["officer"], of.people["approver"]
    these.revise(of.desk, officer, approver, Revising.CORRIGENDUM, moved)
    letter = page(of.browser(of.codes[0]), f"/en/c/{SLUG}/{of.codes[0]}")
    assert "1 day in common with A time of fasting" in letter
    assert "2 days in common" not in letter
    copied = drafting.copy_of(of.desk, officer, SLUG, "CONS-2020/9")
    kept = draft_of(of.desk.engine, copied).content["clashes"]
    assert kept == {"calendars": ["religious"], "to_members": True}
    assert all(found.holds for _reference, found in verify_database(of.desk.engine))


def test_the_approved_dates_go_into_calendars(of: Office) -> None:
    of.open()
    for code in of.codes:
        of.reply(code)
    of.close()
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)
    adopted = {"3": certifying.Adoption("Decision 1", None)}
    said = certifying.Conclusion(texts=build.in_all("So it is."), adopted=adopted)
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, officer, said), approver)
    publishing.publish(of.desk, SLUG, officer)
    reader = of.app.test_client()
    assert f"/en/decisions/{SLUG}.ics" in page(reader, f"/en/decisions/{SLUG}")
    (event,) = ICalendar.from_ical(reader.get(f"/en/decisions/{SLUG}.ics").data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "2021 session of the Council"
    assert (event["DTSTART"].dt.isoformat(), event["DTEND"].dt.isoformat()) == (
        "2021-06-08",
        "2021-06-19",
    )
