"""With a scanner set, no file is kept before it was found clean; what was typed is (T93)."""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions import documents, scanning
from consult.actions.change import Desk
from consult.errors import BadInput, Unscanned
from consult.tables import Document, LedgerEntry, reading
from tests import build
from tests.forms import form_with
from tests.office import HERE, PDF, SLUG, Office, office_of, page, paper_form

EICAR = b"%PDF-1.7\nHARMFUL\n"
READS = "! grep -q HARMFUL"
FAILS = "exit 3"
REFUSED = "The scanner of this service refuses it"
HARD = "file could not be checked"


def program(words: str) -> tuple[str, ...]:
    return "sh", "-c", words, "scanner"


def with_scanner(desk: Desk, *command: str) -> Desk:
    return replace(desk, scanner=command)


def on_disk(desk: Desk) -> list[Path]:
    return [one for one in desk.files.rglob("*") if one.is_file()]


def kept(desk: Desk, data: bytes = PDF) -> documents.Kept:
    return documents.keep(desk, data, "note.pdf", "application/pdf")


@pytest.fixture
def shelf(tmp_path: Path) -> Desk:
    """A desk that keeps files, and needs no database for it."""
    nowhere: Any = None
    return Desk(nowhere, lambda: build.CLOSES_AT, b"", tmp_path / "files", nowhere)


def test_a_clean_file_is_kept_and_a_harmful_one_is_not(shelf: Desk) -> None:
    watched = with_scanner(shelf, *program(READS))
    with pytest.raises(BadInput) as refused:
        kept(watched, EICAR)
    assert refused.value.faults == {"file": "file-infected"}
    assert on_disk(shelf) == []
    assert documents.read_stored(shelf, kept(watched).sha256) == PDF


def test_a_file_that_was_kept_before_is_looked_through_again(shelf: Desk) -> None:
    kept(shelf, EICAR)
    with pytest.raises(BadInput):
        kept(with_scanner(shelf, *program(READS)), EICAR)


@pytest.mark.parametrize(
    "command",
    [
        program("exit 2"),
        program("kill -9 $$"),
        ("consult-has-no-such-scanner",),
        ("/dev/null",),
        (*program(READS), "\0"),
    ],
    ids=["ends with 2", "is killed", "is not there", "is no program", "has no such argument"],
)
def test_without_a_verdict_nothing_is_kept(shelf: Desk, command: Sequence[str]) -> None:
    with pytest.raises(Unscanned):
        kept(with_scanner(shelf, *command))
    assert on_disk(shelf) == []


def test_a_scanner_that_takes_too_long_is_stopped(
    shelf: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs(*_command: Any, timeout: int, **_more: Any) -> None:
        raise subprocess.TimeoutExpired("scanner", timeout)

    monkeypatch.setattr(scanning.subprocess, "run", runs)
    with pytest.raises(Unscanned, match="more than 60 seconds"):
        kept(with_scanner(shelf, *program(READS)))
    assert on_disk(shelf) == []


def test_a_scanner_learns_no_secret_and_needs_no_shell(
    shelf: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T99, T106."""
    monkeypatch.setenv("CONSULT_SECRET_KEY", "secret")
    words = 'test -z "$CONSULT_SECRET_KEY" && test $# -eq 1 || exit 2'
    assert kept(with_scanner(shelf, *program(words), "a; exit 2"))


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 5)
    made.open(notes=True)
    desk.clock.set(build.CLOSES_AT - timedelta(hours=1))  # type: ignore[attr-defined]
    return made


def scanned_by(office: Office, words: str) -> None:
    """Set a scanner for the pages."""
    extensions = office.app.extensions
    extensions["consult"] = with_scanner(extensions["consult"], *program(words))


def sent(client: FlaskClient, address: str, fields: dict[str, Any], name: str) -> TestResponse:
    file = FileStorage(io.BytesIO(EICAR), "note.pdf", None, "application/pdf")
    boundary, body = encode_multipart({**fields, name: file})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind)


def stored(office: Office) -> list[int]:
    with reading(office.desk.engine) as session:
        counted = [
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (LedgerEntry, Document)
        ]
    return [*counted, len(on_disk(office.desk))]


def test_a_paper_is_not_recorded_and_what_was_typed_is_kept(office: Office) -> None:
    before = stored(office)
    officer = office.browser("officer")
    for words, status, said in ((READS, 422, REFUSED), (FAILS, 503, HARD)):
        scanned_by(office, words)
        answer = sent(officer, f"{HERE}/record-reply", paper_form(officer), "file")
        assert answer.status_code == status
        assert said in answer.text
        assert "The mission had no access." in answer.text
        assert stored(office) == before


def test_a_note_is_not_taken_and_the_reply_that_was_typed_is_kept(office: Office) -> None:
    before = stored(office)
    member = office.browser("ARG")
    form = form_with(page(member, f"/en/c/{SLUG}/ARG"), "review")
    fields = {**form.fields, "c-1": "Typed before.", "do": "review"}
    for words, said in ((READS, REFUSED), (FAILS, HARD)):
        scanned_by(office, words)
        answer = sent(member, form.action, fields, "note-file")
        assert answer.status_code == 422
        assert said in answer.text
        assert 'id="note-e"' in answer.text
        assert "Typed before." in answer.text
        assert stored(office) == before


def test_no_transaction_is_open_while_a_file_is_looked_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner may take a minute: nobody waits for it at a lock."""
    scanned_by(office, READS)
    run, held = subprocess.run, list[int]()

    def looks(*command: Any, **more: Any) -> Any:
        held.append(office.app.extensions["consult"].engine.pool.checkedout())
        return run(*command, **more)

    monkeypatch.setattr(scanning.subprocess, "run", looks)
    officer, member = office.browser("officer"), office.browser("ARG")
    sent(officer, f"{HERE}/record-reply", paper_form(officer), "file")
    form = form_with(page(member, f"/en/c/{SLUG}/ARG"), "review")
    sent(member, form.action, {**form.fields, "do": "review"}, "note-file")
    letter = build.draft(office.desk, office.people["officer"], reference="CONS-2020/2")
    address = f"/en/office/{letter}/draft/documents"
    opened = form_with(page(officer, address), "purpose")
    assert REFUSED in sent(officer, address, opened.fields, "file").text
    assert held == [0, 0, 0]
