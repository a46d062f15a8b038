"""Items as the rows of a table, read with every fault by row and column."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.core.arrangement import free_id
from consult.core.items import EMPTY_ITEM, fields_of, number_fits
from consult.core.life import CommentPolicy, ItemKind
from consult.core.rule import parse, rule_data
from consult.core.strictjson import read_json
from consult.core.tablefile import Line
from consult.errors import BadInput

MOST_ITEMS = 500
LINE, WORDS, GROUP, ANNEX = 1000, 20_000, 200, 64
# What a column is called, by the field that it fills; texts have one column for each language.
TEXTS: Mapping[str, str] = {
    "title": "title",
    "text": "text",
    "place": "where",
    "post": "post",
    "candidate": "candidate",
    "cv": "cv",
}
BEFORE = ("number", "heading", "kind")
AFTER = (
    "from",
    "to",
    "zone",
    "group",
    "nominated_by",
    "region",
    "seats",
    "term_from",
    "term_to",
    "symbols",
    "comments",
    "rule",
    "annex",
    "cv_document",
)
_PLAIN = frozenset((*BEFORE, *AFTER))
WRITTEN_OUT = "{"  # begins a rule that has no name here
_LONG = frozenset({"text", "cv"})
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS = (("from", "to"), ("term_from", "term_to"))
_DAY_COLUMNS = frozenset(name for pair in _DAYS for name in pair)
_EVERY_KIND = frozenset({*BEFORE, "title", "symbols", "comments", "rule", "annex"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a table may name.

    Args:
        languages: Of the letter; a column of texts without one is in *first*.
        headings: Of the draft, which a row names by its title or its id; another is a new one.
        taken: Numbers that items of the draft bear.
        members, regions: Codes.
        is_zone: Says whether a name is that of a time zone.
        rules: Those that an item may have of its own, by the names that a row gives them.
        documents: Of the letter, by their symbols; each is named by its SHA-256.
    """

    languages: Sequence[str]
    first: str
    headings: Sequence[Mapping[str, Any]]
    taken: Sequence[str]
    members: frozenset[str]
    regions: frozenset[str]
    is_zone: Callable[[str], bool]
    rules: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell; the row is numbered as a spreadsheet does, its head is row 1."""

    row: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a table says, as far as it can be read.

    Args:
        rows: Of each item its row and what it would be.
        headings: Those of the draft, and those that the table adds.
    """

    rows: tuple[tuple[int, dict[str, Any]], ...]
    headings: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]

    @property
    def items(self) -> list[dict[str, Any]]:
        return [item for _row, item in self.rows]


def read_items(lines: Sequence[Line], known: Known) -> Read:
    """Return the items of a table, the first of whose lines names the columns."""
    if len(lines) < 2:  # noqa: PLR2004 - a head and one row
        return Read((), tuple(known.headings), (Fault(1, "", "no-rows"),))
    head, *body = lines
    if len(body) > MOST_ITEMS:
        return Read((), tuple(known.headings), (Fault(body[MOST_ITEMS].number, "", "rows-many"),))
    return _Reader(head, known).read(body)


class _Reader:
    """Reads a table row by row and gathers what is wrong."""

    def __init__(self, head: Line, known: Known) -> None:
        self._known = known
        self._head = head
        self._faults: list[Fault] = []
        self._headings = list(known.headings)
        names = [" ".join(cell.casefold().split()).replace(" ", "_") for cell in head.cells]
        self._columns = [self._column(name) for name in names]
        self._read: Mapping[str, Callable[[int, str], Any]] = {
            "heading": self._heading,
            "seats": self._seats,
            "symbols": self._symbols,
            "rule": self._rule,
            "cv_document": self._document,
        }
        self._judged: Mapping[str, tuple[Callable[[str], bool], str]] = {
            "number": (number_fits, "number-shape"),
            "zone": (known.is_zone, "zone-unknown"),
            "nominated_by": (known.members.__contains__, "member-unknown"),
            "region": (known.regions.__contains__, "group-unknown"),
            "comments": (set(CommentPolicy).__contains__, "comments-unknown"),
            "group": (lambda cell: len(cell) <= GROUP, f"longer:{GROUP}"),
            "annex": (lambda cell: len(cell) <= ANNEX, f"longer:{ANNEX}"),
        }
        for column, times in Counter(filter(None, self._columns)).items():
            if times > 1:
                self._fault(head.number, _spelled(column), "column-twice")
        fields = {field for field, _language in filter(None, self._columns)}
        for name in ("kind", "title"):
            if name not in fields:
                self._fault(head.number, name, "column-missing")

    def read(self, body: Sequence[Line]) -> Read:
        rows = [(line.number, self._item(line)) for line in body]
        self._number(rows)
        return Read(tuple(rows), tuple(self._headings), tuple(self._faults))

    def _column(self, name: str) -> tuple[str, str] | None:
        """Return field and language of a column; no language where it has none."""
        if name in _PLAIN:
            return name, ""
        stem, _, language = name.rpartition("_")
        if name in TEXTS:
            return TEXTS[name], self._known.first
        if stem in TEXTS and language in self._known.languages:
            return TEXTS[stem], language
        self._fault(self._head.number, name, "column-unknown" if name else "column-unnamed")
        return None

    def _item(self, line: Line) -> dict[str, Any]:
        cells: dict[tuple[str, str], str] = {}
        for place, cell in enumerate(line.cells):
            if cell and place >= len(self._columns):
                self._fault(line.number, "", "column-unnamed")
            elif cell and (column := self._columns[place]):
                cells[column] = cell
        kind = self._kind(line.number, cells.get(("kind", ""), ""))
        item: dict[str, Any] = {**EMPTY_ITEM, "id": "", "heading": None}
        for (field, language), cell in cells.items():
            if kind and field not in _EVERY_KIND | fields_of(kind):
                self._fault(line.number, _spelled((field, language)), "not-of-kind")
            elif language:
                self._long(line.number, _spelled((field, language)), cell, _longest(field))
                item[field] = {**item[field], language: cell}
            elif field != "kind":
                item["id" if field == "number" else field] = self._value(line.number, field, cell)
        self._order(line.number, item)
        return {**item, "kind": (kind or ItemKind.QUESTION).value}

    def _kind(self, row: int, cell: str) -> ItemKind | None:
        try:
            return ItemKind(cell.casefold())
        except ValueError:
            if any(column == ("kind", "") for column in self._columns):
                self._fault(row, "kind", "kind-unknown" if cell else "missing")
            return None

    def _value(self, row: int, field: str, cell: str) -> Any:
        if field in self._read:
            return self._read[field](row, cell)
        if field in _DAY_COLUMNS:
            return self._day(row, field, cell)
        fits, code = self._judged[field]
        if not fits(cell):
            self._fault(row, field, code)
        return cell

    def _heading(self, row: int, cell: str) -> str:
        self._long(row, "heading", cell, LINE)
        by_title = [one for one in self._headings if cell in one["title"].values()]
        for one in by_title or [one for one in self._headings if one["id"] == cell]:
            return str(one["id"])
        new = {
            "id": free_id([one["id"] for one in self._headings]),
            "title": {self._known.first: cell},
        }
        self._headings.append(new)
        return str(new["id"])

    def _day(self, row: int, column: str, cell: str) -> str | None:
        if not _ISO.fullmatch(cell):
            self._fault(row, column, "day-shape")
            return None
        try:
            return date.fromisoformat(cell).isoformat()
        except ValueError:
            self._fault(row, column, "no-such-day")
            return None

    def _seats(self, row: int, cell: str) -> int | None:
        if cell.isascii() and cell.isdecimal() and len(cell) < 3 and int(cell):  # noqa: PLR2004 - 1 to 99
            return int(cell)
        self._fault(row, "seats", "seats-shape")
        return None

    def _symbols(self, row: int, cell: str) -> list[str]:
        self._long(row, "symbols", cell, LINE)
        return cell.split()

    def _rule(self, row: int, cell: str) -> dict[str, Any] | None:
        """Return the rule of a name, or one that is written out as it stands."""
        if named := self._known.rules.get(cell):
            return dict(named)
        try:
            if self._known.rules and cell.startswith(WRITTEN_OUT):
                return rule_data(parse(read_json(cell.encode())))
        except BadInput:
            pass
        self._fault(row, "rule", "rule-unknown")
        return None

    def _document(self, row: int, cell: str) -> str | None:
        documents = self._known.documents
        if found := documents.get(cell) or (cell if cell in documents.values() else None):
            return found
        self._fault(row, "cv_document", "document-unknown")
        return None

    def _order(self, row: int, item: Mapping[str, Any]) -> None:
        for first, last in _DAYS:
            if item[first] and item[last] and item[last] < item[first]:
                self._fault(row, last, "ends-before")

    def _number(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Refuse numbers that come twice; give each item without one that which is free."""
        taken = set(self._known.taken)
        for row, item in rows:
            if item["id"] in taken:
                self._fault(row, "number", "number-taken")
            taken |= {item["id"]} - {""}
        for _row, item in rows:
            if not item["id"]:
                prefix = f"{item['heading']}." if item["heading"] else ""
                item["id"] = free_id(list(taken), prefix)
                taken.add(item["id"])

    def _long(self, row: int, column: str, cell: str, most: int) -> None:
        if len(cell) > most:
            self._fault(row, column, f"longer:{most}")

    def _fault(self, row: int, column: str, code: str) -> None:
        self._faults.append(Fault(row, column, code))


def _longest(field: str) -> int:
    return WORDS if field in _LONG else LINE


def _spelled(column: tuple[str, str]) -> str:
    field, language = column
    stem = next((name for name, of in TEXTS.items() if of == field), field)
    return f"{stem}_{language}" if language else field
