"""Comments, reservations and explanations of position are told apart, up to the record."""

import io

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.verify import verify_receipt, verify_record
from consult.documents.record_csv import read
from consult.queries.verifying import verify_database
from consult.tables import Record, Reply, reading
from tests.contests import certify, publish, receipt, state_post
from tests.forms import form_with, send
from tests.office import SLUG, Office, decide, office_of, page, paper_form, send_paper
from tests.replies import ALL_APPROVE, valid, write

LETTER = f"/en/c/{SLUG}/ARG"
TYPED = {
    **ALL_APPROVE,
    "c-1": "We reserve our rights.",
    "k-1": "reservation",
    "c-2": "A plain word.",
    "c-general": "Why we approve.",
    "k-general": "explanation",
}


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    return made


def sent(office: Office) -> None:
    client = office.browser("ARG")
    assert write(client, "review", LETTER, **TYPED).status_code == 303
    assert (
        send(client, LETTER, form_with(page(client, f"{LETTER}/check"), "key")).status_code == 303
    )


def test_the_kind_goes_from_the_form_to_the_receipt(office: Office) -> None:
    client = office.browser("ARG")
    assert write(client, "review", LETTER, **TYPED).status_code == 303
    again = form_with(page(client, LETTER), "review").fields
    assert (again["k-1"], again["k-2"], again["k-general"]) == (
        "reservation",
        "comment",
        "explanation",
    )
    checked = page(client, f"{LETTER}/check")
    valid(checked)
    assert "Reservation: " in checked
    assert "Explanation of position" in checked
    assert send(client, LETTER, form_with(checked, "key")).status_code == 303
    shown = page(client, receipt("ARG"))
    valid(shown)
    assert "Reservation: " in shown
    assert "Explanation of position" in shown
    assert verify_receipt(client.get(f"{receipt('ARG')}.json").data).faults == []
    with reading(office.desk.engine) as session:
        stored = session.scalars(select(Reply)).one()
    assert stored.kinds == {"1": "reservation", "general": "explanation"}
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_the_record_tells_them_apart_in_every_form(office: Office) -> None:
    sent(office)
    state_post(office)
    certify(office)
    publish(office)
    client = office.browser("ARG")
    shown = page(client, f"/en/decisions/{SLUG}")
    valid(shown)
    assert shown.index("Reservation") < shown.index("We reserve our rights.")
    assert "Explanation of position" in shown
    word = Document(io.BytesIO(client.get(f"/en/decisions/{SLUG}.docx").data))
    assert any("(Reservation; English)" in one.text for one in word.paragraphs)
    assert client.get(f"/en/decisions/{SLUG}.pdf").status_code == 200
    rows = read(client.get(f"/en/decisions/{SLUG}.csv").data)
    line = dict(zip(rows[0], next(row for row in rows if row[0] == "ARG"), strict=True))
    assert (line["reservations"], line["explanations"]) == ("1", "general")
    with reading(office.desk.engine) as session:
        record = session.scalars(select(Record.content)).one()
    assert verify_record(record.encode()).faults == []
    assert verify_record(record.replace('"1":"reservation"', '"1":"explanation"').encode()).faults


def test_a_change_of_kind_is_a_change_of_the_draft(office: Office) -> None:  # T68
    client = office.browser("ARG")
    opened = form_with(page(client, LETTER), "review")
    assert write(client, "save", LETTER, **TYPED).status_code == 303
    refused = send(client, LETTER, opened, "save", **{**TYPED, "k-1": "comment"})
    assert refused.status_code == 409
    assert '<span class="small soft">Reservation</span>' in refused.text
    valid(refused.text)


def test_an_officer_records_them_too(office: Office) -> None:
    office.desk.clock.forward(days=25)  # type: ignore[attr-defined]
    client = office.browser("officer")
    fields = {**paper_form(client), "c-1": "With a reservation.", "k-1": "reservation"}
    assert send_paper(client, fields).status_code == 303
    number = office.waits(Act.RECORD)
    shown = page(office.browser("approver"), f"/en/office/requests/{number}")
    valid(shown)
    assert "Reservation" in shown
    assert decide(office.browser("approver"), number).status_code == 303
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Reply.kinds)).one() == {"1": "reservation"}


def test_no_form_sends_another_kind(office: Office) -> None:
    client = office.browser("ARG")
    assert write(client, "save", LETTER, **{**TYPED, "k-1": "verdict"}).status_code == 400
