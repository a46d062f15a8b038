"""The files of a record: PDF, Word, CSV and JSON, each opened again."""

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typst
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from consult.core.cells import guarded, unguarded
from consult.core.signing import fingerprint_of
from consult.documents import record_csv
from consult.documents.forms import FORMS
from consult.documents.letter_pdf import letter_pdf
from consult.documents.record import published_view, view
from consult.documents.record_facts import grouped
from consult.documents.record_pdf import record_pdf
from consult.documents.results_letter import results_docx, results_letter
from consult.wording import LANGUAGES
from tests.documents.conftest import Scene

pytestmark = pytest.mark.usefixtures("words")


@pytest.fixture
def strict_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a warning of typst, such as a font that is not there, fail the test."""

    def compile_strictly(*args: Any, **options: Any) -> bytes:
        made, warnings = typst.compile_with_warnings(*args, **options)
        assert [warning.message for warning in warnings] == []
        return made

    monkeypatch.setattr(typst, "compile", compile_strictly)


def text_of(made: bytes, folder: Path) -> str:
    path = folder / "made.pdf"
    path.write_bytes(made)
    found = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    )
    return found.stdout.decode()


@pytest.mark.usefixtures("strict_typst")
def test_the_pdf_says_every_outcome_and_every_member(scene: Scene, tmp_path: Path) -> None:
    made = FORMS["pdf"].make(scene.text, "en")
    said = text_of(made, tmp_path)
    for line in ("Not appointed", "Decision 620 (C20), in force on publication", "30 of 48"):
        assert line in said
    for member in scene.record["consultation"]["members"].values():
        assert member["name"]["en"] in said
    assert b"pdfuaid" in made
    assert b"pdfaid" in made


@pytest.mark.usefixtures("strict_typst")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_set_without_a_warning(scene: Scene, language: str) -> None:
    assert FORMS["pdf"].make(scene.text, language).startswith(b"%PDF-")


def test_the_foot_repeats_reference_page_and_fingerprint(scene: Scene, tmp_path: Path) -> None:
    said = text_of(FORMS["pdf"].make(scene.text, "en"), tmp_path)
    foot = published_view(scene.text, "en").seal.fingerprint[:19]
    assert "Page 1 of " in said
    assert said.count(foot) >= said.count("\f")


@pytest.mark.usefixtures("strict_typst")
def test_the_fingerprint_of_the_key_stands_in_every_file_that_is_read(  # T53
    scene: Scene, tmp_path: Path
) -> None:
    (key,) = scene.record["keys"]
    printed = grouped(fingerprint_of(key["public_key"]))
    assert printed in " ".join(text_of(FORMS["pdf"].make(scene.text, "en"), tmp_path).split())
    assert printed in words_in(FORMS["docx"].make(scene.text, "en"))
    result = results_letter(scene.text, "en")
    assert printed in " ".join(text_of(letter_pdf(result), tmp_path).split())
    assert printed in words_in(results_docx(result))


def words_in(made: bytes) -> str:
    """Return all that a Word file says, its tables too."""
    return " ".join("".join(Document(io.BytesIO(made)).element.body.itertext()).split())


def test_the_same_record_gives_the_same_bytes(scene: Scene) -> None:
    for kind in ("pdf", "docx", "csv", "json"):
        make = FORMS[kind].make
        assert make(scene.text, "en") == make(scene.text, "en"), kind


def test_what_a_state_wrote_is_text_and_never_markup(scene: Scene, tmp_path: Path) -> None:
    record = scene.record
    for text in record["texts"].values():
        text["text"] = '#panic("x") #read("/etc/passwd") $x$ <b>'
    said = text_of(record_pdf(view(record, "en")), tmp_path)
    assert '#panic("x") #read("/etc/passwd") $x$ <b>' in said


def test_a_rare_character_is_printed_and_the_missing_mark_is_said(
    scene: Scene, tmp_path: Path
) -> None:
    record = scene.record
    for text in record["texts"].values():
        text["text"] = "The name is 𠮷."
    made = record_pdf(view(record, "en"))
    assert b"pdfaid" not in made
    assert "This file has no archival mark" in text_of(made, tmp_path)


def test_word_opens_the_file_again(scene: Scene) -> None:
    file = Document(io.BytesIO(FORMS["docx"].make(scene.text, "en")))
    headings = [p.text for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == ["Dates and chairs", "Key facts", "Item by item"]
    glance, roll = file.tables
    assert [cell.text for cell in glance.rows[2].cells][3] == "Not appointed"
    assert len(roll.rows) == 49
    assert {row.cells[0].text for row in roll.rows[1:]} >= {"Kenya", "Argentina"}


def test_arabic_in_word_runs_from_right_to_left(scene: Scene) -> None:
    file = Document(io.BytesIO(FORMS["docx"].make(scene.text, "ar")))
    written = [p for p in file.paragraphs if p.text]
    assert all(p._p.pPr.find(qn("w:bidi")) is not None for p in written)
    assert all(run.font.rtl for p in written for run in p.runs)
    assert all(table.table_direction is not None for table in file.tables)


def test_csv_has_one_row_for_each_member(scene: Scene) -> None:
    rows = record_csv.read(FORMS["csv"].make(scene.text, "en"))
    head, first = rows[0], rows[1]
    assert head == [
        "code",
        "name",
        "1",
        "2",
        "3",
        "received_at",
        "channel",
        "counted",
        "left_out",
        "contested",
        "ruling",
        "reservations",
        "explanations",
        "unclear",
        "note",
    ]
    assert first[:5] == ["ARG", "Argentina", "approve", "approve", "object"]
    assert first[6:] == ["web", "yes", "", "", "", "", "", "", ""]
    assert [row[7] for row in rows[1:]].count("no") == 18


def test_json_is_the_stored_file_to_the_letter(scene: Scene) -> None:
    made = FORMS["json"].make(scene.text, "ar")
    assert made.decode() == scene.text
    assert json.loads(made)["format"] == "consult-record/1"


@given(st.text())
def test_a_cell_comes_back_as_it_was(cell: str) -> None:
    """T95."""
    assert unguarded(guarded(cell)) == cell


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), min_size=1)
)
def test_a_table_comes_back_as_it_was(rows: list[list[str]]) -> None:
    """T95."""
    rows = [["x", *row] for row in rows]
    assert record_csv.read(record_csv.write(rows)) == rows


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """T95."""
    (row,) = csv.reader(
        io.StringIO(record_csv.write([[cell, "b"]]).decode("utf-8-sig"), newline="")
    )
    assert row[0] == "'" + cell
