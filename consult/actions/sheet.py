"""Reads a table that people wrote as CSV: its header checked, each cell with its place."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from consult.actions.given import Faults, read_day

LONGEST_CELL = 1000  # characters
MOST_ROWS = 100_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Args:
        line: Its number in the file, from 1; the header is before it.
    """

    line: int
    cells: dict[str, str]
    faults: Faults

    def fault(self, column: str, what: str) -> None:
        self.faults.add(f"line {self.line}, {column}", what)

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        if not self.get(column):
            self.fault(column, "is missing")
        return self.get(column)

    def day(self, column: str) -> str | None:
        """Read a day, written 2020-06-22; an empty cell is none."""
        value = self.get(column)
        found = read_day(value) if value else None
        if value and found is None:
            self.fault(column, "must be a day, such as 2020-06-22")
        return found.isoformat() if found else None

    def columns(self, start: str) -> dict[str, str]:
        """Return the cells that are not empty, of the columns named ``start…``, by the rest."""
        return {
            name.removeprefix(start): value
            for name, value in self.cells.items()
            if name.startswith(start) and value
        }


def read(
    text: str, required: Collection[str], optional: Collection[str], faults: Faults
) -> Iterator[Row]:
    """Give the rows of a CSV *text*; lines without any content are passed over.

    Args:
        optional: Names of columns, or beginnings of names written ``weight_*``.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if len(header) > MOST_COLUMNS:
            faults.add("line 1", f"has more than {MOST_COLUMNS} columns")
            return
        _check_header(header, required, optional, faults)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS:
                faults.add("file", f"has more than {MOST_ROWS} lines")
                return
            yield _row(reader.line_num, header, cells, faults)
    except csv.Error as fault:
        faults.add(f"line {reader.line_num}", f"is not CSV: {fault}")


def _row(line: int, header: list[str], cells: list[str], faults: Faults) -> Row:
    row = Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)), faults)
    if len(cells) != len(header):
        faults.add(f"line {line}", f"has {len(cells)} cells; the header has {len(header)}")
    for name, value in row.cells.items():
        if len(value) > LONGEST_CELL or not value.isprintable():
            row.fault(name, f"must be printable, at most {LONGEST_CELL} characters")
    return row


def _check_header(
    header: list[str], required: Collection[str], optional: Collection[str], faults: Faults
) -> None:
    starts = [re.escape(name[:-1]) + "." for name in optional if name.endswith("*")]
    for name in required:
        if name not in header:
            faults.add(f"line 1, {name}", "this column is missing")
    for name in header:
        fits = name in required or name in optional or any(re.match(s, name) for s in starts)
        if not fits:
            faults.add(f"line 1, {name or 'a column'}", "this column has no place here")
        elif header.count(name) > 1:
            faults.add(f"line 1, {name}", "this column is there twice")
