"""A rule is chosen by what it takes on the present roll; a deadline is judged before it is set."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from consult.actions import drafting
from consult.actions.change import Desk
from consult.queries.drafting import Draft, draft_of
from consult.tables import Member, writing
from tests import build
from tests.forms import Form, form_with, send

CLOSES = {"closes_day": "1", "closes_month": "8", "closes_year": "2020", "closes_time": "16:00"}


@pytest.fixture
def slug(desk: Desk, client: FlaskClient) -> str:
    build.council(desk, 48)
    who = build.officer(desk)
    build.sign_in(client, desk, who)
    return build.draft(desk, who)


def address(slug: str, step: int = 4) -> str:
    return f"/en/office/{slug}/draft/{step}"


def form(client: FlaskClient, slug: str, step: int = 4, name: str = "seen") -> Form:
    return form_with(client.get(address(slug, step)).get_data(as_text=True), name)


def draft(desk: Desk, slug: str) -> Draft:
    return draft_of(desk.engine, slug)


def test_rules_are_explained_on_the_present_roll_the_bodys_own_first(
    slug: str, client: FlaskClient
) -> None:
    html = client.get(address(slug)).get_data(as_text=True)
    assert html.index('value="itu-council"') < html.index('value="eu-qualified-majority"')
    assert "25 of 48" in html
    assert "The body's own rule." in html
    assert "It cannot be used on this roll" in html  # population is a weight that nobody has here


def test_a_rule_of_the_library_is_chosen(desk: Desk, slug: str, client: FlaskClient) -> None:
    response = send(
        client,
        address(slug),
        form(client, slug),
        rule="silence-un-74-544",
        comments="required",
        disclosure="after_closing",
        public="members",
    )
    assert response.location == address(slug, 5)
    content = draft(desk, slug).content
    assert content["rule"]["id"] == "silence-un-74-544"
    assert (content["comments"], content["disclosure"]) == ("required", "after_closing")
    assert content["public"] is False


def test_a_rule_that_no_library_has_stays_as_it_stands(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    own = {
        "title": {"en": "Three must approve"},
        "choices": ["approve", "object"],
        "silence": "absent",
        "adopted_if": {"count": "approve", "at_least": 3},
    }
    drafting.save(desk, slug, build.officer(desk, "C. Officer"), {"rule": own}, seen=1)
    assert "Three must approve" in client.get(address(slug)).get_data(as_text=True)
    assert send(client, address(slug), form(client, slug), "save").status_code == 303
    assert draft(desk, slug).content["rule"] == own


def test_checking_a_date_warns_and_proposes_and_saves_nothing(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    response = send(client, address(slug), form(client, slug), "check", **CLOSES)
    html = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "Saturday 1 August 2020, 16:00 Geneva" in html
    assert "It falls on a weekend in Geneva." in html
    assert "It falls on a public holiday in Geneva." in html
    assert "Use Tuesday 4 August 2020, 16:00 Geneva" in html
    assert draft(desk, slug).version == 1


def test_the_proposal_is_taken_by_its_button(desk: Desk, slug: str, client: FlaskClient) -> None:
    response = send(client, address(slug), form(client, slug), "take", **CLOSES)
    assert response.status_code == 303
    assert draft(desk, slug).content["closes_at"] == "2020-08-04T14:00:00.000000Z"


def test_a_deadline_shorter_than_the_body_asks_is_warned_of_and_can_be_saved(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    typed = {**CLOSES, "closes_day": "1", "closes_month": "7"}
    html = send(client, address(slug), form(client, slug), "check", **typed).get_data(as_text=True)
    assert "The body asks for at least 20 days from opening." in html
    assert send(client, address(slug), form(client, slug), "save", **typed).status_code == 303
    assert draft(desk, slug).content["closes_at"] == "2020-07-01T14:00:00.000000Z"


def test_the_hours_in_the_capitals_are_said(desk: Desk, slug: str, client: FlaskClient) -> None:
    with writing(desk.engine) as session:
        for code, zone, capital in (
            ("JPN", "Asia/Tokyo", "Tokyo"),
            ("KEN", "Africa/Nairobi", "Nairobi"),
        ):
            session.execute(
                update(Member)
                .where(Member.code == code)
                .values(zone=zone, capital=build.in_all(capital))
            )
    html = client.get(address(slug)).get_data(as_text=True)
    assert html.index("17:00") < html.index("Nairobi") < html.index("23:00") < html.index("Tokyo")


@pytest.mark.parametrize(
    ("typed", "words", "at"),
    [
        ({"closes_day": "31", "closes_month": "6"}, "That month has no such day.", "closes-day"),
        ({"closes_time": "late"}, "Write the time as hours and minutes", "closes-time"),
        ({"closes_month": ""}, "Choose the month.", "closes-month"),
        (
            {"opens_day": "28", "opens_month": "3", "opens_year": "2021", "opens_time": "02:30"},
            "the clocks are put forward over this hour",
            "opens-time",
        ),
    ],
)
def test_what_is_no_instant_is_refused_beside_its_field(
    slug: str, client: FlaskClient, typed: dict[str, str], words: str, at: str
) -> None:
    for button in ("", "save", "check", "take"):
        response = send(client, address(slug), form(client, slug), button, **typed)
        html = response.get_data(as_text=True)
        assert response.status_code == 422
        assert words in html
        assert f'href="#{at}"' in html


def test_every_field_that_is_wrong_is_named_at_once(slug: str, client: FlaskClient) -> None:
    typed = {"closes_day": "x", "closes_time": "", "opens_day": "31"}
    html = send(client, address(slug), form(client, slug), **typed).get_data(as_text=True)
    for at in ("closes-day", "opens-month", "opens-year"):
        assert f'href="#{at}"' in html


def test_a_deadline_may_be_left_open_and_an_opening_stated(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    typed = {
        "closes_day": "",
        "closes_year": "",
        "opens_day": "22",
        "opens_month": "6",
        "opens_year": "2020",
        "opens_time": "09:00",
    }
    assert send(client, address(slug), form(client, slug), "save", **typed).status_code == 303
    content = draft(desk, slug).content
    assert content["closes_at"] is None
    assert datetime.fromisoformat(content["opens_at"]) == datetime(2020, 6, 22, 7, tzinfo=UTC)


def test_reminders_are_changed_added_and_removed(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, 5)
    html = client.get(where).get_data(as_text=True)
    assert "Friday 10 July 2020, 16:00 Geneva" in html
    opened = form(client, slug, 5, "before-0")
    assert [opened.fields[f"before-{n}"] for n in range(4)] == ["7", "2", "4", ""]
    response = send(client, where, opened, "add", before_0="10", before_3="1")
    assert response.location.endswith("#reminders")
    assert draft(desk, slug).content["reminders"] == [14400, 2880, 1440, 240]
    send(client, where, form(client, slug, 5, "before-0"), "remove:1")
    assert draft(desk, slug).content["reminders"] == [14400, 1440, 240]
    refused = send(client, where, form(client, slug, 5, "before-0"), before_0="soon")
    assert refused.status_code == 422
    assert "Write a whole number of days or hours" in refused.get_data(as_text=True)


def test_a_reminder_before_the_opening_is_said_not_to_go_out(
    slug: str, client: FlaskClient
) -> None:
    send(client, address(slug, 5), form(client, slug, 5, "before-0"), "save", before_0="60")
    html = client.get(address(slug, 5)).get_data(as_text=True)
    assert "It falls before the opening and will not be sent." in html
