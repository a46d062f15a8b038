"""Whatever is sent where a file is asked for, it is refused beside its field, and nothing is kept.

What was typed beside it is still there; no answer is a defect, on either database.
"""

import io
import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.core.sheet import write_sheet
from consult.tables import Calendar, Consultation, Document, LedgerEntry, reading
from tests.cli.test_hostile_files import FILES as TEXTS
from tests.core.test_upload import docx, jpeg, png
from tests.damage import damaged, packed
from tests.forms import form_with
from tests.ledgers import certified, record_of
from tests.office import Office, office_of, page

HEAD = "a" * 64


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 3)
    made.draft()
    return made


def sent(
    client: FlaskClient, address: str, fields: dict[str, Any], data: bytes, name: str
) -> TestResponse:
    field = "scan" if "/member/" in address else "file"
    file = FileStorage(io.BytesIO(data), name, None, "application/octet-stream")
    boundary, body = encode_multipart({**fields, field: file})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind)


def stored(office: Office) -> list[int]:
    with reading(office.desk.engine) as session:
        counted = [
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Consultation, Document, Calendar, LedgerEntry)
        ]
    return [*counted, sum(one.is_file() for one in office.desk.files.rglob("*"))]


def hostile() -> Iterator[tuple[bytes, str]]:
    """Yield files with a name under which each might be taken."""
    for data, name in zip(
        TEXTS.values(), cycle(("a.yaml", "a.csv", "a.ics", "a.xlsx")), strict=False
    ):
        yield data, name
    for whole, name in ((docx(), "a.docx"), (png(9, 9), "a.png"), (jpeg(9, 9), "a.jpg")):
        yield from ((data[: len(whole) // 2], name) for data in damaged(whole, 3))
    yield from ((data[:300], "a.xlsx") for data in damaged(write_sheet([["kind"], ["x"]]), 3))
    yield docx(**{"../outside": b"x"}), "a.docx"
    yield docx(**{"word/a.docx": packed({"a": b"b"})}), "a.docx"
    yield png(2**31, 2**31), "a.png"
    yield b"<html>%PDF-1.7", "a.pdf"
    yield b"%PDF-1.7\n<script>", "a.html"
    yield b"GIF89a", "\u202egnp.a"
    yield b"x", "\0"


@pytest.mark.parametrize(
    ("door", "button", "typed"),
    [
        ("/en/office/CONS-2020-1/draft/documents", "purpose", {"title": "Typed before."}),
        ("/en/office/CONS-2020-1/draft/2/table", "shown", {"paste": "Typed before."}),
        ("/en/office/calendars", "slug", {"slug": "typed-before"}),
        ("/en/member/ARG", "role", {"name": "Typed Before", "address": "t@b.example"}),
    ],
    ids=["documents", "table", "calendars", "mandates"],
)
def test_what_the_secretariat_sends_is_refused_beside_its_field(
    office: Office, door: str, button: str, typed: dict[str, str]
) -> None:
    """T93, T95, T96."""
    officer = office.browser("officer")
    before = stored(office)
    fields = {**form_with(page(officer, door), button).fields, **typed}
    for data, name in hostile():
        answer = sent(officer, door, fields, data, name)
        assert answer.status_code == 422, (name, data[:40], answer.status_code)
        # A table of the file stands in the place of what was pasted, to be mended there.
        if "table" not in door:
            assert all(words in answer.text for words in typed.values()), name
    assert stored(office) == before


def test_a_draft_begun_from_a_file_is_refused_beside_its_field(office: Office) -> None:  # T96
    officer = office.browser("officer")
    before = stored(office)
    opened = page(officer, "/en/office/drafts/new")
    fields = {**form_with(opened, "how").fields, "how": "file", "reference": "TYPED-1"}
    for data, name in hostile():
        answer = sent(officer, "/en/office/drafts", fields, data, name)
        assert answer.status_code == 422, (name, data[:40], answer.status_code)
        assert "TYPED-1" in answer.text
    assert stored(office) == before


def test_whatever_anybody_gives_to_be_checked_is_answered(office: Office) -> None:
    """T92, T96: also a record that names half of a sign, or bytes that steer a terminal."""
    client = office.app.test_client()
    fields = form_with(page(client, "/en/verify"), "line").fields
    record = record_of(certified())
    for name in ("\ud800", "\0", "\x1b[2J", "\u202e", "x" * 3000):
        whole = {**record, name: {"a": name}}
        whole["case"] = {**whole["case"], name: 1}
        answer = sent(client, "/en/verify", fields, json.dumps(whole).encode(), "a.json")
        assert answer.status_code == 200
        assert not {"\0", "\x1b", "\u202e"} & set(answer.text)
    for data, name in hostile():
        answer = sent(client, "/en/verify", {**fields, "line": ""}, data, name)
        assert answer.status_code in {200, 422}
    for line in (f"\0 #1 {HEAD}", f"\ud800 #1 {HEAD}", f"{'9' * 64} #999999999 {HEAD}"):
        answer = client.post("/en/verify", data={**fields, "line": line.encode("utf-8", "replace")})
        assert answer.status_code in {200, 422}
