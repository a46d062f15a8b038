"""After the deadline in the browser: the statement, the conclusion, publication."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions import posting
from consult.actions.change import Desk
from consult.core.life import Act
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, SLUG, Office, decide, office_of, page
from tests.replies import valid


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    for code in ("ARG", "BHS", "BRA"):
        made.reply(code)
    return made


def counted(office: Office) -> FlaskClient:
    """State the post; return an officer's browser."""
    office.close()
    stated = posting.state_post(office.desk, SLUG, office.people["officer"])
    build.confirm(office.desk, stated, office.people["approver"])
    return office.browser("officer")


def test_before_it_has_settled_nothing_can_be_stated(office: Office) -> None:
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    client = office.browser("officer")
    html = page(client, HERE)
    valid(html)
    assert "until then a reply may be on its way" in html
    assert "2 minutes left" in html
    refused = send(client, HERE, form_with(html, "recorded"), post="none")
    assert refused.status_code == 409
    assert "may still be on its way" in refused.text


def test_while_it_is_open_nothing_can_be_stated(office: Office) -> None:
    client = office.browser("officer")
    token = form_with(page(client, HERE), "csrf_token").fields
    assert client.post(f"{HERE}/post", data={**token, "post": "none"}).status_code == 409


def test_it_must_be_said_what_is_recorded(office: Office) -> None:
    number = office.record("CAN")
    build.confirm(office.desk, number, office.people["approver"])
    office.close()
    client = office.browser("officer")
    form = form_with(page(client, HERE), "recorded")
    unsaid = send(client, HERE, form)
    assert unsaid.status_code == 422
    assert "Say what is recorded" in unsaid.text
    valid(unsaid.text)
    wrong = send(client, HERE, form, post="none")
    assert "1 reply is recorded: say that" in wrong.text
    stale = send(client, HERE, form, post="some", recorded="0")
    assert "Another reply was recorded since you saw this" in stale.text
    assert send(client, HERE, form, post="some").status_code == 303
    waiting = page(client, HERE)
    assert "Stated by A. Officer" in waiting
    assert "Waiting for a second officer." in waiting


def test_an_approver_may_state_and_another_person_confirms(office: Office) -> None:
    office.close()
    client = office.browser("approver")
    form = form_with(page(client, HERE), "recorded")
    assert send(client, HERE, form, post="none").status_code == 303
    assert decide(office.browser("other"), office.waits(Act.STATE_POST)).status_code == 303


def test_the_record_opens_with_the_count(office: Office) -> None:
    assert "The record opens later" in page(office.browser("officer"), f"{HERE}/record")
    client = counted(office)
    html = page(client, f"{HERE}/record")
    valid(html)
    assert "3 of 5" in html
    assert "Write the conclusion" in html
    assert "Write the conclusion" not in page(office.browser("auditor"), f"{HERE}/record")


def test_the_conclusion_needs_words_and_the_number_of_an_adopted_text(office: Office) -> None:
    client = counted(office)
    address = f"{HERE}/conclusion"
    form = form_with(page(client, address), "texts-en")
    refused = send(client, address, form, texts_fr="Les dates restent.", force_3_day="40")
    assert refused.status_code == 422
    valid(refused.text)
    assert "Write what follows from the count" in refused.text
    assert "Give the number under which the text is adopted" in refused.text
    assert "Write a day of that month" in refused.text
    assert "Les dates restent." in refused.text


def test_an_adopted_text_may_enter_into_force_on_a_day(office: Office) -> None:
    client = counted(office)
    address = f"{HERE}/conclusion"
    form = form_with(page(client, address), "texts-en")
    typed = {
        "texts_en": "It stands.",
        "number_3": "Decision 620 (C20)",
        "force_3_day": "1",
        "force_3_month": "8",
        "force_3_year": "2020",
        "authority": "Chair, letter of 20 July 2020",
    }
    assert send(client, address, form, **typed).status_code == 303
    assert "waits for an approver" in page(client, f"{HERE}/record")
    assert send(client, address, form, **typed).status_code == 409
    assert decide(office.browser("approver"), office.waits(Act.CERTIFY)).status_code == 303
    assert "Decision 620 (C20), in force from 1 August 2020" in page(client, f"{HERE}/record")
    assert client.get(address).status_code == 409


def test_nothing_is_published_before_it_is_certified(office: Office) -> None:
    client = counted(office)
    token = form_with(page(client, f"{HERE}/record"), "csrf_token").fields
    assert client.post(f"{HERE}/publish", data=token).status_code == 409


def test_what_was_typed_comes_back_after_signing_in(office: Office) -> None:
    """T17."""
    client = counted(office)
    address = f"{HERE}/conclusion"
    form = form_with(page(client, address), "texts-en")
    shown = send(client, address, form, "restored", texts_en="It stands.")
    assert shown.status_code == 200
    assert "It stands." in shown.text
    assert "Write the conclusion" in page(client, f"{HERE}/record")
