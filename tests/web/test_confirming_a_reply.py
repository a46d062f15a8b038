"""What was recorded on behalf of a member is confirmed by it, or contested."""

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.schedule import NoticeKind
from consult.queries.verifying import verify_database
from consult.tables import Notice, reading
from tests.contests import GROUNDS, contest, receipt, state_post, whats
from tests.forms import forms_of
from tests.office import HERE, Office, decide, office_of, page
from tests.replies import valid


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    """Canada's note verbale is recorded on its behalf and confirmed by a second officer."""
    made = office_of(app, desk, 5)
    made.open()
    made.reply("ARG")
    assert decide(made.browser("approver"), made.record("CAN")).status_code == 303
    return made


def button(html: str) -> tuple[str, dict[str, str]]:
    form = next(one for one in forms_of(html) if one.action.endswith("/confirm"))
    return form.action, form.fields


def test_the_member_confirms_it_once_from_its_receipt(office: Office) -> None:
    client = office.browser("CAN")
    shown = page(client, receipt("CAN"))
    valid(shown)
    action, fields = button(shown)
    for _twice in range(2):
        assert client.post(action, data=fields).status_code == 303
    assert whats(office).count("reply-confirmed") == 1
    after = page(client, receipt("CAN"))
    valid(after)
    assert "Confirmed by Canada" in after
    assert "This is our reply" not in after
    assert "confirmed by the Member State" in page(office.browser("officer"), f"{HERE}/replies")
    state_post(office)
    assert "the Member State confirmed it" in page(office.browser("officer"), f"{HERE}/record")
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_it_contests_it_instead_while_the_letter_is_open(office: Office) -> None:  # T76
    client = office.browser("CAN")
    action, fields = button(page(client, receipt("CAN")))
    assert contest(client, "CAN").status_code == 303
    after = page(client, receipt("CAN"))
    assert GROUNDS in after
    assert "This is our reply" not in after
    assert client.post(action, data=fields).status_code == 409
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_nobody_confirms_for_another_nor_what_came_on_the_website(office: Office) -> None:
    action, fields = button(page(office.browser("CAN"), receipt("CAN")))
    client = office.browser("ARG")
    assert "This is our reply" not in page(client, receipt("ARG"))
    token = forms_of(page(client, "/en/desk"))[0].fields
    assert client.post(action, data={**fields, **token}).status_code == 404
    own = action.replace("/CAN/", "/ARG/")
    assert client.post(own, data={**fields, **token}).status_code == 404


def test_the_acknowledgement_says_who_recorded_it(office: Office) -> None:
    with reading(office.desk.engine) as session:
        told = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT, Notice.member == "CAN")
        ).one()
    assert told.data["asked_by"] == "A. Officer"
