"""Tables that people bring and take: pasted, as CSV in UTF-8, or as the first sheet of an XLSX."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from consult.core.canonical import normal
from consult.core.cells import guarded, unguarded
from consult.core.sheet import read_sheet
from consult.core.upload import TABLES, sniff
from consult.errors import BadInput

LARGEST = 2 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2000, 100
_LONGEST = 131_072  # of one cell, as the reader of CSV has it
_SEPARATORS = "\t;,"


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its number, as a spreadsheet counts it from 1."""

    number: int
    cells: tuple[str, ...]


def from_text(text: str) -> list[Line]:
    """Return the rows of a text, blank ones left out; tab, semicolon or comma part its cells.

    Which of them it is, the first line says: that of which it has most.

    Raises:
        BadInput: At ``table``, with a code: table-broken, rows-many, columns-many.
    """
    text = normal(text).replace("\0", "")
    head = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(_SEPARATORS, key=head.count)
    lines = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if number > MOST_ROWS:
                _refuse("rows-many")
            cells = tuple(unguarded(cell.strip()) for cell in row)
            if any(cells):
                lines.append(Line(number, _narrow(cells)))
    except csv.Error:
        _refuse("table-broken")
    return lines


def text_of(data: bytes, filename: str) -> str:
    """Return the table of a file as text that `from_text` reads.

    Raises:
        BadInput: At ``table``, with a code: file-empty, table-large, table-kind, file-not-text,
            rows-many, columns-many or one of `core.upload.sniff`.
    """
    if not data:
        _refuse("file-empty")
    if len(data) > LARGEST:
        _refuse("table-large")
    if filename.lower().endswith(".xlsx"):
        try:
            sniff(data, filename, "", TABLES)
            return as_text(read_sheet(data, MOST_ROWS, MOST_COLUMNS))
        except BadInput as wrong:
            raise BadInput({"table": next(iter(wrong.faults.values()))}) from None
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        _refuse("table-kind")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("file-not-text")
    raise AssertionError


def as_text(rows: Sequence[Sequence[str]], separator: str = "\t") -> str:
    """Return *rows* as text, no cell a formula (T95)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _narrow(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the empty cells at the end."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        _refuse("columns-many")
    return cells


def _refuse(code: str) -> None:
    raise BadInput({"table": code})
