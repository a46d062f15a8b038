"""A receipt is given in the browser, its readmission confirmed by another, and shown everywhere."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.actions.readmitting import readmit
from consult.core.life import Act
from consult.core.readmitting import LARGEST
from consult.core.schedule import NoticeKind
from consult.tables import Notice, Reply, reading
from tests import build
from tests.contests import certify, publish, state, state_post, whats
from tests.contests import receipt as receipt_page
from tests.forms import form_with
from tests.losing import lost
from tests.office import HERE, SLUG, Office, decide, office_of, page, request_page
from tests.replies import valid
from tests.stored import faults

READMIT = f"{HERE}/readmit"
WORDS = "The reasons of the mission, in confidence."


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open()
    return made


def kept(office: Office, member: str, version: int = 1) -> bytes:
    with reading(office.desk.engine) as session:
        found = select(Reply.receipt).where(Reply.member == member, Reply.version == version)
        return session.scalars(found).one().encode()


def loses(office: Office, member: str, *choices: str, **comments: str) -> bytes:
    """Let a member reply, and the database lose it; return the receipt."""
    with lost(office.desk.engine):
        office.reply(member, *choices, **comments)
        return kept(office, member)


def give(client: FlaskClient, data: bytes | None, **more: Any) -> TestResponse:
    """Send the form of the page with a receipt, as one body of bytes."""
    opened = form_with(page(client, READMIT), "csrf_token")
    fields: dict[str, Any] = {**opened.fields, **more}
    if data is not None:
        fields["file"] = FileStorage(io.BytesIO(data), "receipt.json", None, "application/json")
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(READMIT, data=body, content_type=kind)


def test_a_lost_reply_is_given_confirmed_and_shown(office: Office) -> None:
    """T57, T98: the officer gives the file, another confirms, the member reads it."""
    raw = loses(office, "CAN", "object", "object", "object", c1=WORDS)
    officer = office.browser("officer")
    valid(page(officer, READMIT))
    assert READMIT in page(officer, HERE)
    given = give(officer, raw)
    asked = office.waits(Act.READMIT)
    assert (given.status_code, given.location) == (303, request_page(asked))
    assert "The receipt holds." in page(officer, request_page(asked))
    approver = office.browser("approver")
    assert "Confirm that a reply of Canada is readmitted" in page(approver, "/en/office")
    shown = page(approver, request_page(asked))
    valid(shown)
    assert "had been acknowledged" in shown
    assert decide(approver, asked).status_code == 303
    assert faults(office.desk) == []

    member = office.browser("CAN")
    mine = page(member, receipt_page("CAN"))
    valid(mine)
    assert "The database had lost this reply" in mine
    assert WORDS in mine
    assert member.get(f"{receipt_page('CAN')}.json").data == raw
    assert "readmitted from its receipt" in page(officer, f"{HERE}/history")


def test_nobody_of_the_secretariat_reads_a_position_from_it(office: Office) -> None:
    """T33: the signature speaks for what it says; no page shows it before disclosure."""
    raw = loses(office, "CAN", "object", "object", "object", c1=WORDS)
    assert give(office.browser("officer"), raw).status_code == 303
    asked = office.waits(Act.READMIT)
    for who in ("officer", "approver", "auditor", "both"):
        shown = page(office.browser(who), request_page(asked))
        assert WORDS not in shown
        assert "bject" not in shown.replace("Subject", "").replace("Objections", "")


def test_what_is_wrong_stands_beside_the_field(office: Office) -> None:
    """T98: each reason in words, and nothing is asked for."""
    raw = loses(office, "CAN")
    office.reply("ARG")
    here = kept(office, "ARG")
    client = office.browser("officer")
    made = json.loads(raw)
    for data, words in (
        (None, "Choose the receipt, as a file"),
        (b"", "It cannot be read"),
        (b"%PDF-1.7", "It cannot be read"),
        (b"{}", "It is no receipt of a reply."),
        (b"{" + b" " * LARGEST, "It cannot be read"),
        (json.dumps({**made, "version": 9}).encode(), "something in it was altered"),
        (json.dumps({**made, "kid": "0" * 16}).encode(), "not among the keys of this service"),
        (json.dumps({**made, "signature": None}).encode(), "It is not signed"),
        (here, "Nothing is lost: the reply is in the ledger"),
    ):
        refused = give(client, data)
        assert refused.status_code == 422, words
        assert words in refused.text
        assert 'href="#file"' in refused.text
        valid(refused.text)
    assert "approval-asked" not in whats(office)[3:]
    assert give(client, raw).status_code == 303
    assert "was asked for before" in give(office.browser("both"), raw).text


def test_a_receipt_of_another_consultation_is_refused_there(office: Office) -> None:
    raw = loses(office, "CAN")
    other = office.open(reference="CONS-2020/2")
    client = office.browser("officer")
    opened = form_with(page(client, f"/en/office/{other}/readmit"), "csrf_token")
    fields = {**opened.fields, "file": FileStorage(io.BytesIO(raw), "r.json")}
    boundary, body = encode_multipart(fields)
    refused = client.post(
        f"/en/office/{other}/readmit",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert refused.status_code == 422
    assert "It is of another consultation: CONS-2020/1." in refused.text


def test_only_officers_and_approvers_give_receipts(office: Office, app: Flask) -> None:  # T35, T37
    raw = loses(office, "CAN")
    for who in ("auditor", "administrator", "CAN"):
        assert office.browser(who).get(READMIT).status_code == 403
    assert app.test_client().get(READMIT).status_code == 303
    given = give(office.browser("both"), raw)
    assert given.status_code == 303
    own = office.browser("both")
    assert "Waiting for a second officer." in page(own, request_page(office.waits(Act.READMIT)))


def test_the_post_waits_for_a_reply_that_is_to_be_readmitted(office: Office) -> None:
    """T35, T98: after the deadline the page says what to settle first."""
    raw = loses(office, "CAN")
    office.close()
    assert give(office.browser("officer"), raw).status_code == 303
    shown = page(office.browser("approver"), HERE)
    valid(shown)
    assert "Confirm that a reply of Canada is readmitted" in shown
    assert "waits for its second person first" in page(office.browser("second"), "/en/office")


def test_a_published_record_is_corrected_and_says_what_was_readmitted(office: Office) -> None:
    """T60, T98: with its effect on the count before it is confirmed."""
    office.reply("ARG")
    office.reply("BHS")
    raw = loses(office, "CAN", "approve", "object", "approve")
    state_post(office)
    certify(office)
    publish(office)
    assert give(office.browser("officer"), raw).status_code == 303
    approver, asked = office.browser("approver"), office.waits(Act.READMIT)
    assert "Yes: 2 or 3 approve, 3 needed" in page(approver, request_page(asked))
    assert decide(approver, asked).status_code == 303
    assert state(office) == "counted"
    certify(office)
    publish(office)
    assert faults(office.desk) == []
    record = page(office.app.test_client(), f"/en/decisions/{SLUG}")
    valid(record)
    assert "Readmitted from receipts" in record
    assert "had been acknowledged and was lost by the database" in record
    assert "what was ruled or readmitted since" in record


def test_a_number_that_was_taken_is_shown_before_and_after(office: Office) -> None:  # T98
    raw = loses(office, "CAN", "object", "object", "object")
    build.later(office.desk, hours=1)
    office.reply("CAN")
    assert give(office.browser("officer"), raw).status_code == 303
    approver, asked = office.browser("approver"), office.waits(Act.READMIT)
    assert "another reply took the number 1" in page(approver, request_page(asked))
    assert decide(approver, asked).status_code == 303
    shown = page(office.browser("CAN"), receipt_page("CAN", 2))
    assert "this one is kept as version 2" in shown
    assert "Version 1 counts instead." in shown


def test_what_changed_since_is_not_confirmed(office: Office) -> None:  # T35
    raw = loses(office, "CAN")
    assert give(office.browser("officer"), raw).status_code == 303
    office.reply("CAN", "object", "object", "object")
    approver, asked = office.browser("approver"), office.waits(Act.READMIT)
    shown = page(approver, request_page(asked))
    assert "was otherwise when it was asked for" in shown
    assert decide(approver, asked).status_code == 409


def test_the_mail_says_that_it_stands_again(office: Office) -> None:
    """T86, T98: to the member's people, with the receipt; late is called late."""
    with lost(office.desk.engine):
        office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
        office.reply("CAN")
        raw = kept(office, "CAN")
    build.set_clock(office.desk, build.CLOSES_AT + timedelta(minutes=1))
    found = readmit(office.desk, office.people["officer"], raw)
    build.confirm(office.desk, found.number, office.people["approver"])
    with reading(office.desk.engine) as session:
        (notice,) = session.scalars(select(Notice).where(Notice.kind == NoticeKind.READMITTED))
    assert notice.member == "CAN"
    assert notice.data["late"] is True
