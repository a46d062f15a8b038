"""The desk of a focal point: what is required, what was sent, what closes soon, what closed."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.ledger import instant
from tests import build
from tests.published import Office, office, publish
from tests.replies import ALL_APPROVE, LETTER, reply, valid, write
from tests.statements import statements


@pytest.fixture
def of(client: FlaskClient, desk: Desk) -> Office:
    found = office(desk, members=3)
    build.sign_in(client, desk, found.heads["ARG"])
    return found


def opened(desk: Desk, of: Office, reference: str, **content: object) -> str:
    slug = build.draft(desk, of.officer, reference=reference, **content)
    build.open_it(desk, slug, of.officer, of.approver)
    return slug


def test_an_empty_desk_says_why_and_what_fills_it(client: FlaskClient, of: Office) -> None:
    page = client.get("/en/desk").text
    assert "Required of you (0)" in page
    assert "Nothing needs your reply" in page
    assert "you and your colleagues are told by e-mail" in page
    valid(page)
    assert "Nothing closes soon" in client.get("/en/desk/closing").text
    assert "Nothing is closed yet" in client.get("/en/desk/closed").text


def test_what_is_required_moves_to_what_was_sent(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    opened(desk, of, "CONS-2020/1")
    page = client.get("/en/desk").text
    assert "Required of you (1)" in page
    assert "1 consultation needs your reply." in page
    assert "Friday 17 July 2020, 16:00 Geneva" in page
    assert "Head of ARG (head focal point)" in page
    valid(page)
    write(client, "save", **{"p-1": "approve"})
    assert "Draft saved by you: 1 of 3 items answered." in client.get("/en/desk").text
    reply(client, **{"p-2": "approve"})
    assert "A reply was sent; 1 item has no position." in client.get("/en/desk").text
    reply(client, **ALL_APPROVE)
    page = client.get("/en/desk").text
    assert "Required of you (0)" in page
    assert "Sent, and still open to change" in page
    assert "Approve, on all 3 items" in page
    assert f'href="{LETTER}/receipts/2"' in page
    valid(page)


def test_a_colleague_sees_whose_draft_waits(
    app: Flask, client: FlaskClient, desk: Desk, of: Office
) -> None:
    opened(desk, of, "CONS-2020/1")
    write(client, "save", **{"p-1": "approve"})
    other = app.test_client()
    build.sign_in(other, desk, build.person(desk, "Bruno", member="ARG", head=False))
    assert "Draft saved by Head of ARG: 1 of 3 items answered." in other.get("/en/desk").text
    stranger = app.test_client()
    build.sign_in(stranger, desk, of.heads["BRA"])
    assert "Draft saved" not in stranger.get("/en/desk").text


def test_what_closes_within_a_week_stands_under_closing_soon(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    soon = instant(desk.clock() + timedelta(days=7))
    opened(desk, of, "CONS-2020/1")
    opened(desk, of, "CONS-2020/2", closes_at=soon, reminders=[60])
    page = client.get("/en/desk/closing").text
    assert "Closing soon (1)" in page
    assert "CONS-2020/2" in page
    assert "CONS-2020/1" not in page
    valid(page)


def test_closed_letters_say_what_one_s_own_position_was(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    slug = publish(desk, of)
    build.sign_in(client, desk, of.heads["ARG"])
    page = client.get("/en/desk/closed").text
    assert "Closed (1)" in page
    assert "2 approve, 1 object, 0 abstain, 0 without a position" in page
    assert f"/en/decisions/{slug}" in page
    valid(page)
    build.sign_in(client, desk, of.heads["BRA"])
    silent = client.get("/en/desk/closed").text
    assert "No reply" in silent
    assert "1 object" not in silent
    assert "Closed lately" in client.get("/en/desk").text


def test_who_serves_several_members_sees_for_whom(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    """T34."""
    build.also_for(desk, of.heads["ARG"], "BRA")
    opened(desk, of, "CONS-2020/1")
    page = client.get("/en/desk").text
    assert "Consultations for Argentina and Brazil" in page
    assert "Required of you (2)" in page
    assert "<b>Argentina</b>" in page
    assert "<b>Brazil</b>" in page
    valid(page)


def test_who_serves_nobody_is_told_so(client: FlaskClient, desk: Desk) -> None:
    build.council(desk, 2)
    build.sign_in(client, desk, build.person(desk, "Kim"))
    page = client.get("/en/desk").text
    assert "You may not reply for any Member State at present" in page
    valid(page)


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_the_desk_is_in_other_languages(
    client: FlaskClient, desk: Desk, of: Office, language: str
) -> None:
    opened(desk, of, "CONS-2020/1")
    page = client.get(f"/{language}/desk").text
    assert f"Dates and chairs ({language})" in page
    valid(page)


def test_more_letters_cost_no_statement_more(client: FlaskClient, desk: Desk, of: Office) -> None:
    def cost() -> int:
        with statements(desk.engine) as seen:
            assert client.get("/en/desk").status_code == 200
        return len(seen)

    before = cost()
    for number in range(1, 5):
        opened(desk, of, f"CONS-2020/{number}")
    reply(client, **ALL_APPROVE)
    assert cost() == before == 5
