"""The register of mandates: who reads it, on what paper a naming rests, where it is entered."""

import io
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.core.life import Act
from consult.documents.record_csv import read
from consult.tables import Evidence, FocalPoint, LedgerEntry, reading
from tests import office, replies
from tests.forms import form_with
from tests.statements import statements

REGISTER = "/en/office/mandates"
ARG = "/en/member/ARG"
HASH = sha256(office.PDF).hexdigest()


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def name(client: FlaskClient, data: bytes, filename: str = "note.pdf", **more: str) -> TestResponse:
    form = form_with(office.page(client, ARG), "address")
    scan = FileStorage(io.BytesIO(data), filename, None, "application/pdf")
    typed = {"name": "Nadia New", "address": "nadia@mission.example", **more}
    boundary, body = encode_multipart({**form.fields, **typed, "scan": scan})
    return client.post(ARG, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize("address", [REGISTER, f"{REGISTER}.csv"])
def test_the_secretariat_alone_reads_the_register(bureau: office.Office, address: str) -> None:
    """T6, T30."""
    for who in ("officer", "approver", "auditor"):
        assert bureau.browser(who).get(address).status_code == 200
    assert bureau.browser("ARG").get(address).status_code == 403
    assert bureau.browser("administrator").get(address).status_code == 403
    assert bureau.app.test_client().get(address).status_code == 303


def test_an_auditor_reads_and_is_offered_no_change(bureau: office.Office) -> None:
    """T6."""
    page = office.page(bureau.browser("auditor"), REGISTER)
    replies.valid(page)
    assert "Head of ARG" in page
    assert ARG not in page
    assert ARG in office.page(bureau.browser("officer"), REGISTER)


def test_a_paper_lies_with_its_naming_for_the_secretariat(bureau: office.Office) -> None:
    """T6, T93: with no letter open a naming holds at once, on its paper."""
    client = bureau.browser("officer")
    assert name(client, office.PDF, paper="Note verbale 12/2020").status_code == 303
    page = office.page(bureau.browser("auditor"), f"{REGISTER}?member=ARG")
    replies.valid(page)
    assert "Note verbale 12/2020" in page
    assert "A. Officer" in page
    paper = f"{REGISTER}/papers/{HASH}"
    assert paper in page
    with bureau.browser("auditor").get(paper) as sent:
        assert (sent.status_code, sent.data) == (200, office.PDF)
    assert bureau.browser("ARG").get(paper).status_code == 403
    assert client.get(f"{REGISTER}/papers/{'0' * 64}").status_code == 404
    assert paper not in office.page(bureau.browser("ARG"), ARG)


def test_while_a_letter_is_open_a_second_person_sees_the_paper_and_the_ledger_names_it(
    bureau: office.Office,
) -> None:
    """T6, T35, T41."""
    bureau.open()
    assert name(bureau.browser("officer"), office.PDF, role="head").status_code == 303
    request = bureau.waits(Act.MANDATE)
    second = bureau.browser("approver")
    shown = office.page(second, office.request_page(request))
    assert HASH in shown
    with second.get(f"{REGISTER}/papers/{HASH}") as sent:
        assert sent.data == office.PDF
    assert office.decide(second, request).status_code == 303
    with reading(bureau.desk.engine) as session:
        entries = session.scalars(
            select(LedgerEntry.entry).where(LedgerEntry.what == "mandate")
        ).all()
        number = session.scalar(select(FocalPoint.id).where(FocalPoint.paper_sha256 == HASH))
        assert session.scalar(select(func.count()).select_from(Evidence)) == 1
    assert any(f'"paper":"{HASH}"' in entry for entry in entries)
    rows = read(bureau.browser("auditor").get(f"{REGISTER}.csv?body=itu-council&member=ARG").data)
    line = dict(zip(rows[0], next(row for row in rows if row[0] == str(number)), strict=True))
    assert line["paper_sha256"] == HASH
    assert line["role"] == "head"
    assert line["entries"].startswith("CONS-2020/1 ")


@pytest.mark.parametrize(
    ("data", "filename"), [(b"MZ not a pdf", "note.pdf"), (office.PDF, "note.exe")]
)
def test_a_paper_that_cannot_be_kept_stands_beside_its_field(
    bureau: office.Office, data: bytes, filename: str
) -> None:
    answer = name(bureau.browser("officer"), data, filename)
    assert answer.status_code == 422
    assert 'id="scan-e"' in answer.text
    assert 'value="Nadia New"' in answer.text
    replies.valid(answer.text)


def test_a_head_names_its_alternates_without_a_paper_of_the_secretariat(
    bureau: office.Office,
) -> None:
    client = bureau.browser("ARG")
    assert 'name="scan"' not in office.page(client, ARG)
    assert name(client, office.PDF).status_code == 303
    with reading(bureau.desk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_the_register_is_narrowed_and_names_who_is_missing(bureau: office.Office) -> None:
    client = bureau.browser("officer")
    page = office.page(client, f"{REGISTER}?body=itu-council&member=BRA")
    assert "Head of BRA" in page
    assert "Head of ARG" not in page
    assert client.get(f"{REGISTER}?body=no-such").status_code == 404
    assert client.get(f"{REGISTER}?member=XXX").status_code == 404
    assert "Nobody is named" not in page
    with reading(bureau.desk.engine) as session:
        mandate = session.scalars(select(FocalPoint.id).order_by(FocalPoint.id)).first()
    token = form_with(office.page(client, ARG), "csrf_token").fields["csrf_token"]
    client.post(f"{ARG}/mandates/{mandate}/end", data={"csrf_token": token})
    assert "Nobody is named" in office.page(client, f"{REGISTER}?member=ARG")


def test_the_register_costs_the_same_however_many_members_there_are(app: Flask, desk: Desk) -> None:
    full = office.office_of(app, desk, members=48)
    client = full.browser("officer")
    office.page(client, REGISTER)
    with statements(desk.engine) as ran:
        office.page(client, REGISTER)
    assert len(ran) <= 7, ran
