"""An officer asks for a later deadline on a page; an approver confirms what it shows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.tables import Body, Consultation, Notice, reading, writing
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, Office, decide, office_of, page, request_page

ADDRESS = f"{HERE}/extend"
LATER = build.CLOSES_AT + timedelta(days=10)
TYPED = {
    "to-day": "27",
    "to-month": "7",
    "to-year": "2020",
    "to-time": "16:00",
    "asked_for_by": "BRA",
    "reason": "A national holiday of five days.",
    "authority": "Chair, e-mail of 10 July 2020",
}


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    return made


def typed(**more: str) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in {**TYPED, **more}.items()}


def ask(office: Office, button: str = "ask", **more: str):
    client = office.browser("officer")
    return send(
        client, ADDRESS, form_with(page(client, ADDRESS), "reason"), button, **typed(**more)
    )


def closes_at(desk: Desk):
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.closes_at)).one()


def test_an_extension_is_asked_for_confirmed_and_told(office: Office, desk: Desk) -> None:
    assert ADDRESS in page(office.browser("officer"), HERE)
    assert ask(office).status_code == 303
    number = office.waits(Act.EXTEND)
    shown = page(office.browser("approver"), request_page(number))
    for words in (
        "from Friday 17 July 2020, 16:00 Geneva (14:00 UTC) to Monday 27 July 2020, 16:00",
        "10 days",
        "Brazil",
        TYPED["reason"],
        TYPED["authority"],
    ):
        assert words in shown
    assert decide(office.browser("approver"), number).status_code == 303

    assert closes_at(desk) == LATER
    assert "extended to Monday 27 July 2020" in page(office.browser("officer"), f"{HERE}/history")
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.EXTENSION)).all()
    assert {row.member for row in told} == {*office.codes, None}


def test_only_an_officer_comes_to_the_page_and_only_while_it_is_open(office: Office) -> None:
    for name, status in (("approver", 403), ("auditor", 403), ("CAN", 403)):
        assert office.browser(name).get(ADDRESS).status_code == status, name
    office.close()
    client = office.browser("officer")
    assert client.get(ADDRESS).status_code == 409
    assert ADDRESS not in page(client, HERE)


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"to-day": "17"}, "to-day", "Must be after the deadline as it stands"),
        ({"to-day": "x"}, "to-day", "Write a day of that month, such as 17"),
        ({"asked_for_by": ""}, "asked_for_by", "Choose a Member State on the roll"),
        ({"reason": ""}, "reason", "Fill this in"),
        ({"authority": ""}, "authority", "Fill this in"),
        ({"reason": "x" * 1001}, "reason", "Shorten it to"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    office: Office, more: dict[str, str], field: str, words: str
) -> None:
    answer = ask(office, **more)
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert words in answer.text
    assert form_with(answer.text, "reason").fields["authority"] == {**TYPED, **more}["authority"]


def test_what_exceeds_the_limits_of_the_body_is_refused_beside_its_field(
    office: Office, desk: Desk
) -> None:
    with writing(desk.engine) as session:
        session.scalars(select(Body)).one().most_extension_days = 7
    answer = ask(office)
    assert answer.status_code == 422
    assert "The body allows 7 days at a time: choose an earlier one" in answer.text
    assert "at most 7 days at a time" in answer.text


def test_the_date_is_checked_before_it_is_asked_for(office: Office) -> None:
    client = office.browser("officer")
    opened = form_with(page(client, ADDRESS), "reason")
    answer = send(client, ADDRESS, opened, "check", to_day="1", to_month="8")
    assert answer.status_code == 200
    assert "It falls on a weekend in Geneva." in answer.text
    assert "Use Tuesday 4 August 2020" in answer.text
    taken = send(client, ADDRESS, form_with(answer.text, "reason"), "take")
    assert form_with(taken.text, "reason").fields["to-day"] == "4"


def test_a_request_whose_deadline_has_moved_shows_both_and_is_not_confirmed(
    office: Office, desk: Desk
) -> None:
    ask(office)
    number = office.waits(Act.EXTEND)
    client = office.browser("approver")
    form = form_with(page(client, request_page(number)), "reason")
    with writing(desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        letter.closes_at = LATER - timedelta(days=1)
    answer = send(client, request_page(number), form, "confirm")
    assert answer.status_code == 409
    assert "it has moved since" in answer.text
