"""An officer asks to withdraw a letter or an item; members read what became of it."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions import posting, withdrawing
from consult.actions.change import Desk
from consult.actions.withdrawing import NewWithdrawal
from consult.core.life import Act, State
from consult.core.schedule import NoticeKind
from consult.queries.verifying import verify_database
from consult.tables import Consultation, Notice, Reply, reading
from tests import build
from tests.forms import form_with, send
from tests.meanwhile import once_read
from tests.office import HERE, SLUG, Office, decide, office_of, page, request_page
from tests.replies import confirm as confirm_reply
from tests.replies import valid, write

ADDRESS = f"{HERE}/withdraw"
LETTER = f"/en/c/{SLUG}/CAN"
WHY, ON = "The matter is settled <soon>.", "Chair, letter of 1 July 2020"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    return made


def ask(office: Office, **more: object) -> TestResponse:
    client = office.browser("officer")
    typed = {"what": "whole", "reason": WHY, "authority": ON, **more}
    return send(client, ADDRESS, form_with(page(client, ADDRESS), "reason"), "ask", **typed)


def confirmed(office: Office, **more: object) -> str:
    """Ask for a withdrawal and confirm it; return what the approver was shown."""
    assert ask(office, **more).status_code == 303
    number = office.waits(Act.WITHDRAW)
    client = office.browser("approver")
    shown = page(client, request_page(number))
    assert decide(client, number).status_code == 303
    return shown


def withdrawn_by_two(office: Office, item: str) -> None:
    """Withdraw an item without the pages: within one request there is no other."""
    new = NewWithdrawal([item], WHY, ON)
    asked = withdrawing.withdraw(office.desk, SLUG, office.people["officer"], new)
    build.confirm(office.desk, asked, office.people["approver"])


def test_a_whole_letter_is_withdrawn_and_says_so_everywhere(office: Office, desk: Desk) -> None:
    office.reply("ARG")
    shown = confirmed(office)
    assert "The whole consultation ends without a result" in shown
    assert "The matter is settled &lt;soon&gt;." in shown

    member = office.browser("CAN")
    letter = page(member, LETTER)
    assert "The consultation is withdrawn" in letter
    assert "The matter is settled &lt;soon&gt;." in letter
    assert 'name="p-1"' not in letter
    assert "Withdrawn" in page(member, "/en/desk/closed")
    officer = office.browser("officer")
    assert "Withdrawn (1)" in page(officer, "/en/office")
    assert SLUG in page(officer, "/en/office/withdrawn")
    assert "positions stay closed" in page(officer, HERE)
    assert "The consultation was withdrawn" in page(officer, f"{HERE}/history")
    assert SLUG not in page(office.app.test_client(), "/en/decisions")
    with reading(desk.engine) as session:
        assert session.scalars(select(Consultation.state)).one() is State.WITHDRAWN


def test_a_withdrawn_letter_takes_no_reply_and_no_draft(office: Office, desk: Desk) -> None:
    member = office.browser("CAN")
    opened = page(member, LETTER)
    typed = {"csrf_token": form_with(opened, "base").fields["csrf_token"], "base": "0", "seen": ""}
    confirmed(office)
    answer = member.post(f"{LETTER}/draft", data={**typed, "p-1": "approve", "do": "save"})
    assert answer.status_code == 410
    assert "The consultation is withdrawn" in answer.text
    with reading(desk.engine) as session:
        assert session.scalars(select(Reply)).all() == []


def test_an_item_that_is_withdrawn_stands_without_controls(office: Office) -> None:
    member = office.browser("CAN")
    before = page(member, LETTER)
    assert 'name="p-2"' in before
    shown = confirmed(office, what="some", items=["2"])
    assert "Nothing is decided on these items any more" in shown
    after = page(member, LETTER)
    assert 'name="p-2"' not in after
    assert 'name="p-1"' in after
    assert "The matter is settled &lt;soon&gt;." in after
    assert "0 of 2 items answered" in after

    form = form_with(after, "base")
    checked = send(
        member, f"{LETTER}/draft", form, "", **{"p-1": "approve", "p-3": "object", "do": "review"}
    )
    assert checked.status_code == 303
    review = page(member, checked.location)
    assert "without a position" not in review
    sent = send(member, f"{LETTER}/send", form_with(review, "key"))
    assert sent.status_code == 303
    assert page(member, sent.location)
    assert "Item 2 was withdrawn" in page(office.browser("officer"), f"{HERE}/history")


@pytest.mark.parametrize("chosen", ["object", ""], ids=["with a position on it", "without"])
def test_what_an_item_withdrawn_meanwhile_keeps_from_being_sent_says_so(
    office: Office, chosen: str
) -> None:
    member = office.browser("CAN")
    typed = {"p-1": "approve", "p-2": chosen, "p-3": "object", "c-1": "Typed before."}
    assert write(member, "review", LETTER, **typed).status_code == 303
    check = form_with(page(member, f"{LETTER}/check"), "key")
    with once_read(office.desk.engine, partial(withdrawn_by_two, office, "2")):
        sent = send(member, f"{LETTER}/send", check)
    assert sent.status_code == 409
    valid(sent.text)
    assert "An item was withdrawn while you wrote. Nothing was sent" in sent.text
    assert "Typed before." in sent.text
    assert 'name="p-2"' not in sent.text
    again = send(member, f"{LETTER}/draft", form_with(sent.text, "base"), "review")
    assert again.status_code == 303
    assert confirm_reply(member, LETTER).status_code == 303


def test_a_position_on_an_item_withdrawn_since_stands_beside_its_fault(office: Office) -> None:
    member = office.browser("CAN")
    write(member, "review", LETTER, **{"p-1": "approve", "p-2": "object"})
    check = form_with(page(member, f"{LETTER}/check"), "key")
    confirmed(office, what="some", items=["2"])
    sent = send(member, f"{LETTER}/send", check)
    assert sent.status_code == 422
    valid(sent.text)
    assert "Item 2: It was withdrawn meanwhile: nothing is said on it any more" in sent.text
    assert 'href="#t2"' in sent.text


def test_only_an_officer_comes_to_the_page_and_only_while_it_is_open(office: Office) -> None:
    for name in ("approver", "auditor", "CAN"):
        assert office.browser(name).get(ADDRESS).status_code == 403, name
    office.close()
    assert office.browser("officer").get(ADDRESS).status_code == 409


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"what": ""}, "what", "Choose what is withdrawn"),
        ({"what": "some"}, "items", "Tick at least one item"),
        ({"what": "some", "items": ["1", "2", "3"]}, "items", "Leave one item, or withdraw"),
        ({"reason": ""}, "reason", "Fill this in"),
        ({"authority": ""}, "authority", "Fill this in"),
    ],
)
def test_a_fault_stands_beside_its_field(
    office: Office, more: dict[str, object], field: str, words: str
) -> None:
    answer = ask(office, **more)
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert words in answer.text


def test_a_draft_declares_what_follows_from_an_outage(app: Flask, desk: Desk) -> None:
    made = office_of(app, desk, 5)
    slug = made.draft()
    client, step = made.browser("officer"), f"/en/office/{slug}/draft/4"
    form = form_with(page(client, step), "outage-minutes")
    wrong = send(client, step, form, "save", outage_minutes="30", outage_hours="0")
    assert wrong.status_code == 422
    assert 'id="outage-hours-e"' in wrong.text
    kept = send(
        client, step, form, "save", outage_minutes="30", outage_hours="2", outage_extension="60"
    )
    assert kept.status_code == 303
    with reading(desk.engine) as session:
        outage = session.scalars(select(Consultation.outage)).one()
    assert outage == {"minutes": 30, "hours": 2, "extension_minutes": 60}
    build.open_it(desk, slug, made.people["officer"], made.people["approver"])
    letter = page(made.browser("CAN"), LETTER)
    assert "away for longer than 30 minutes in the last 2 hours before" in letter
    assert "extended once by 1 hour" in letter


def test_a_member_asks_that_an_item_go_to_the_next_session(office: Office, desk: Desk) -> None:
    going = {"what": "some", "items": ["2"], "refer": "y"}
    nowhere = ask(office, **going, asked_for_by="ZZZ")
    assert nowhere.status_code == 422
    assert 'id="meeting-e"' in nowhere.text
    assert 'id="asked_for_by-e"' in nowhere.text
    where = {"meeting": "Council, 2021 session", "asked_for_by": "CAN"}
    shown = confirmed(office, **going, **where)
    assert "Council, 2021 session" in shown
    assert "Canada" in shown
    office.close()
    statement = posting.state_post(desk, "CONS-2020-1", office.people["officer"])
    build.confirm(desk, statement, office.people["approver"])
    record = page(office.browser("officer"), f"{HERE}/record")
    assert "To Council, 2021 session, at the request of Canada" in record
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.WITHDRAWAL)).all()
        assert {notice.data["meeting"] for notice in told} == {"Council, 2021 session"}
    assert all(found.holds for _reference, found in verify_database(desk.engine))
