"""One PDF goes with a reply where the letter allows it, and is shown with the positions."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.core.ledger import sha256_hex
from consult.core.verify import verify_receipt
from consult.documents.record_csv import read
from consult.queries.verifying import verify_database
from consult.tables import LoginSession, Reply, ReplyDraft, reading, writing
from tests import build
from tests.contests import certify, publish, receipt, state_post
from tests.forms import Form, form_with, send
from tests.office import HERE, PDF, SLUG, Office, office_of, page
from tests.replies import ALL_APPROVE, valid

LETTER = f"/en/c/{SLUG}/ARG"
SHA = sha256_hex(PDF)
OTHER = b"%PDF-1.7\nanother note\n"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open(notes=True)
    return made


def given(
    client: FlaskClient,
    form: Form,
    button: str,
    data: bytes = PDF,
    name: str = "note.pdf",
    **more: Any,
) -> TestResponse:
    """Press a button of the form with a file chosen."""
    file = FileStorage(io.BytesIO(data), name, None, "application/pdf")
    fields = {**form.fields, **ALL_APPROVE, "do": button, "note-file": file, **more}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(form.action, data=body, content_type=kind)


def opened(client: FlaskClient) -> Form:
    return form_with(page(client, LETTER), "review")


def drafted(office: Office) -> str | None:
    with reading(office.desk.engine) as session:
        return session.scalar(select(ReplyDraft.note))


def sent(office: Office) -> FlaskClient:
    client = office.browser("ARG")
    assert given(client, opened(client), "review").status_code == 303
    form = form_with(page(client, f"{LETTER}/check"), "key")
    assert send(client, LETTER, form).status_code == 303
    return client


def test_it_is_kept_from_the_draft_to_the_receipt(office: Office) -> None:  # T93
    client = office.browser("ARG")
    valid(page(client, LETTER))
    assert given(client, opened(client), "save").status_code == 303
    shown = page(client, LETTER)
    valid(shown)
    assert "note.pdf" in shown
    assert client.get(f"{LETTER}/notes/{SHA}", buffered=True).data == PDF
    assert send(client, LETTER, opened(client), "review").status_code == 303  # not chosen again
    checked = page(client, f"{LETTER}/check")
    valid(checked)
    assert SHA in checked
    assert send(client, LETTER, form_with(checked, "key")).status_code == 303
    mine = page(client, receipt("ARG"))
    valid(mine)
    assert "Note with the reply" in mine
    assert verify_receipt(client.get(f"{receipt('ARG')}.json").data).faults == []
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Reply.note)).one() == SHA
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_it_is_shown_with_the_positions_and_not_before(office: Office) -> None:  # T31, T33
    sent(office)
    addresses = (f"{HERE}/notes/{SHA}", f"/en/decisions/{SLUG}/notes/{SHA}")
    for name in ("officer", "approver", "auditor"):
        assert [office.browser(name).get(one).status_code for one in addresses] == [404, 404]
    assert office.browser("BRA").get(f"{LETTER}/notes/{SHA}").status_code == 404
    assert office.browser("BRA").get(f"/en/c/{SLUG}/BRA/notes/{SHA}").status_code == 404
    state_post(office)
    assert office.browser("officer").get(addresses[0], buffered=True).data == PDF
    assert office.browser("BRA").get(addresses[0]).status_code == 403
    assert office.browser("BRA").get(addresses[1]).status_code == 404
    certify(office)
    publish(office)
    reader = office.app.test_client()
    shown = page(reader, f"/en/decisions/{SLUG}")
    valid(shown)
    assert addresses[1] in shown
    answer = reader.get(addresses[1], buffered=True)
    assert answer.data == PDF
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reader.get(f"/en/decisions/{SLUG}/notes/{'0' * 64}").status_code == 404
    rows = read(reader.get(f"/en/decisions/{SLUG}.csv").data)
    assert next(row for row in rows if row[0] == "ARG")[rows[0].index("note")] == SHA
    for form in ("pdf", "docx"):
        assert reader.get(f"/en/decisions/{SLUG}.{form}").status_code == 200


def test_a_draft_s_note_is_never_shown_to_others(office: Office) -> None:  # T33
    client = office.browser("ARG")
    assert given(client, opened(client), "save").status_code == 303
    state_post(office)
    assert office.browser("officer").get(f"{HERE}/notes/{SHA}").status_code == 404


def test_only_a_pdf_is_taken_and_what_was_typed_is_kept(office: Office) -> None:  # T93
    client = office.browser("ARG")
    for data, name in ((b"MZ no pdf", "note.pdf"), (b"GIF89a", "note.gif"), (b"", "note.pdf")):
        typed = {"c-1": "Typed before."}
        refused = given(client, opened(client), "review", data, name, **typed)
        assert refused.status_code == 422
        assert 'id="note-e"' in refused.text
        assert "Typed before." in refused.text
        valid(refused.text)
    assert drafted(office) is None


def test_a_conflict_loses_no_note(office: Office) -> None:  # T68
    client = office.browser("ARG")
    stale = opened(client)
    assert given(client, opened(client), "save", OTHER, "theirs.pdf").status_code == 303
    refused = given(client, stale, "save", PDF, "mine.pdf")
    assert refused.status_code == 409
    valid(refused.text)
    assert "A colleague gave another note meanwhile" in refused.text
    assert "mine.pdf" in refused.text
    assert "theirs.pdf" in refused.text
    again = form_with(refused.text, "review")
    assert again.fields["note"] == SHA
    assert send(client, LETTER, again, "save").status_code == 303
    assert drafted(office) == SHA


def test_a_faulty_form_loses_no_note(office: Office) -> None:
    client = office.browser("ARG")
    refused = given(client, opened(client), "save", **{"c-1": "x" * 10_001})
    assert refused.status_code == 422
    valid(refused.text)
    assert form_with(refused.text, "review").fields["note"] == SHA


def test_it_survives_an_ended_session_on_the_draft(office: Office) -> None:
    client = office.browser("ARG")
    assert given(client, opened(client), "save").status_code == 303
    form = opened(client)
    with writing(office.desk.engine) as session:
        for row in session.scalars(select(LoginSession)):
            session.delete(row)
    gone = client.post(form.action, data={**form.fields, "do": "save", "c-1": "Typed."})
    assert "Typed." in gone.text
    build.sign_in(client, office.desk, office.people["ARG"])
    fields = {**opened(client).fields, "c-1": "Typed.", "do": "restored"}
    back = client.post(form.action, data=fields)
    assert back.status_code == 200
    for kept in ("note.pdf", "Typed."):
        assert kept in back.text


def test_it_is_taken_away_again(office: Office) -> None:
    client = office.browser("ARG")
    assert given(client, opened(client), "save").status_code == 303
    assert send(client, LETTER, opened(client), "save", **{"note-off": "1"}).status_code == 303
    assert drafted(office) is None


def test_no_note_of_another_can_be_named(office: Office) -> None:  # T31
    sent(office)
    client = office.browser("BRA")
    there = f"/en/c/{SLUG}/BRA"
    form = form_with(page(client, there), "review")
    typed = {**ALL_APPROVE, "note": SHA}
    assert send(client, there, form, "review", **typed).status_code == 303
    check = form_with(page(client, f"{there}/check"), "key")
    assert "note" not in check.fields
    refused = send(client, there, check, note=SHA)
    assert refused.status_code in {409, 422}
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Reply.member)).all() == ["ARG"]


def test_a_letter_that_allows_none_takes_none(app: Flask, desk: Desk) -> None:
    office = office_of(app, desk, 3)
    office.open()
    client = office.browser("ARG")
    assert "note-file" not in page(client, LETTER)
    assert given(client, opened(client), "save").status_code == 303
    assert drafted(office) is None
