"""What a paper says unclearly is put to the member; no officer reads a position into it."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_receipt, verify_record
from consult.documents.record_csv import read
from consult.mail.render import preview
from consult.queries.verifying import verify_database
from consult.tables import LedgerEntry, Notice, Record, Reply, reading
from tests import contests as told
from tests.contests import certify, publish, receipt
from tests.office import HERE, SLUG, Office, decide, office_of, page, paper_form, send_paper
from tests.replies import ALL_APPROVE, valid, write

WORDS = "We could go along with it if the dates were moved."
QUESTION = "Do you approve item 2 as it stands?"
LETTER = f"/en/c/{SLUG}/CAN"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    made.desk.clock.forward(days=25)  # type: ignore[attr-defined]
    return made


def unclear_paper(client: FlaskClient) -> dict[str, Any]:
    fields = paper_form(client)
    del fields["p-2"]
    return {**fields, "uw-2": WORDS, "uq-2": QUESTION}


def recorded(office: Office) -> int:
    client = office.browser("officer")
    answer = send_paper(client, unclear_paper(client))
    assert answer.status_code == 303, answer.text
    return office.waits(Act.RECORD)


def holds(office: Office) -> None:
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def entry(office: Office) -> dict[str, Any]:
    with reading(office.desk.engine) as session:
        found: dict[str, Any] = json.loads(
            session.scalars(
                select(LedgerEntry.entry).where(LedgerEntry.what == "reply-on-behalf")
            ).one()
        )
    return found


def published(office: Office) -> str:
    told.state_post(office)
    certify(office)
    publish(office)
    with reading(office.desk.engine) as session:
        return session.scalars(select(Record.content)).one()


def test_an_unclear_item_stays_open_and_its_member_is_asked(office: Office) -> None:  # T69, T86
    number = recorded(office)
    seen = page(office.browser("approver"), f"/en/office/requests/{number}")
    valid(seen)
    assert WORDS in seen
    assert QUESTION in seen
    assert "no position is recorded" in seen
    assert decide(office.browser("approver"), number).status_code == 303
    facts = entry(office)["facts"]
    assert facts["choices"] == {"1": "approve", "2": None, "3": "abstain"}
    assert facts["unclear"].keys() == {"2"}
    with reading(office.desk.engine) as session:
        asked = session.scalars(select(Notice).where(Notice.kind == NoticeKind.CLARIFICATION)).one()
    assert asked.member == "CAN"
    with office.app.app_context():
        mail = preview(NoticeKind.CLARIFICATION, asked.data, "en", "CAN", "https://x.example")
    text = " ".join(mail.text.split())
    for words in (WORDS, QUESTION, "Answer on the form before the deadline", "c/CONS-2020-1/CAN"):
        assert words in text
    holds(office)


def test_the_member_answers_on_the_form(office: Office) -> None:
    assert decide(office.browser("approver"), recorded(office)).status_code == 303
    client = office.browser("CAN")
    shown = page(client, LETTER)
    valid(shown)
    assert "Unclear in the reply that was recorded on your behalf" in shown
    assert WORDS in shown
    assert QUESTION in shown
    mine = page(client, receipt("CAN"))
    valid(mine)
    assert QUESTION in mine
    raw = client.get(f"{receipt('CAN')}.json").data
    assert verify_receipt(raw).faults == []
    assert write(client, "review", LETTER, **{"p-2": "object", "c-2": "No."}).status_code == 303
    form = told.form_with(page(client, f"{LETTER}/check"), "key")
    assert told.send(client, LETTER, form).status_code == 303
    assert "Unclear in the reply" not in page(client, LETTER)
    record = published(office)
    assert "counts instead" in page(office.browser("officer"), f"/en/decisions/{SLUG}")
    assert verify_record(record.encode()).faults == []
    holds(office)


def test_without_an_answer_the_record_says_that_none_came(office: Office) -> None:
    assert decide(office.browser("approver"), recorded(office)).status_code == 303
    record = published(office)
    shown = page(office.browser("officer"), f"/en/decisions/{SLUG}")
    valid(shown)
    assert "the item stays without a position" in shown
    assert WORDS in shown
    findings = verify_record(record.encode())
    assert findings.faults == []
    rows = read(office.browser("officer").get(f"/en/decisions/{SLUG}.csv").data)
    canada = next(row for row in rows if row[0] == "CAN")
    assert canada[rows[0].index("unclear")] == "2"
    changed = record.replace('"unclear":{"2":', '"unclear":{"1":')
    assert verify_record(changed.encode()).faults


def test_an_open_item_has_words_and_a_question_and_no_position(office: Office) -> None:
    client = office.browser("officer")
    for typed, words in (
        ({"p-2": "approve"}, "Take no position on an item that is unclear"),
        ({"uq-2": " "}, "Write the words of the paper, and what you ask"),
    ):
        refused = send_paper(client, {**unclear_paper(client), **typed})
        assert refused.status_code == 422
        assert words in refused.text
        assert WORDS in refused.text
        valid(refused.text)
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Reply)).all() == []


def test_a_paper_may_be_unclear_throughout(office: Office) -> None:
    client = office.browser("officer")
    fields = unclear_paper(client)
    for item in ("1", "3"):
        del fields[f"p-{item}"]
    assert send_paper(client, fields).status_code == 303
    number = office.waits(Act.RECORD)
    assert decide(office.browser("approver"), number).status_code == 303
    holds(office)


def test_nobody_but_the_two_officers_and_the_member_sees_it(office: Office) -> None:  # T33
    number = recorded(office)
    assert decide(office.browser("approver"), number).status_code == 303
    other = office.browser("other")
    for address in (f"/en/office/requests/{number}", f"{HERE}/replies", f"{HERE}/history"):
        shown = page(other, address)
        assert WORDS not in shown
        assert QUESTION not in shown
    assert office.browser("ARG").get(LETTER).status_code == 404


def test_a_reply_of_the_member_s_own_is_not_asked_about(office: Office) -> None:
    """The paper came first and is recorded later: what counts is clear."""
    number = recorded(office)
    client = office.browser("CAN")
    write(client, "review", LETTER, **ALL_APPROVE)
    form = told.form_with(page(client, f"{LETTER}/check"), "key")
    assert told.send(client, LETTER, form).status_code == 303
    assert decide(office.browser("approver"), number).status_code == 303
    assert "Unclear in the reply" not in page(client, LETTER)
    holds(office)
