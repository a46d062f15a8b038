"""The first sheet of an XLSX workbook as rows of text, and rows as such a workbook.

Read with bounds and without any entity of its own; the archive has been checked before (T93).
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Context
from typing import Any
from xml.etree import ElementTree as ET  # nosec B405
from xml.sax.saxutils import escape  # nosec B406

from consult.core.canonical import normal
from consult.errors import BadInput

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_PART = 16 * 1024 * 1024
_LARGEST_TEXT = 4 * 1024 * 1024  # characters of all cells: one text can stand in each of them
_LONGEST_CELL = 131_072  # as the reader of CSV has it
_LONGEST_FORMAT = 255
_PIECE = 64 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.ASCII)
_BROKEN = (zipfile.BadZipFile, ET.ParseError, LookupError, ValueError, ArithmeticError)
_ROW = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})  # formats that days have
_NOT_SIGNS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # of a format: words, escapes, colours
_LAST_DAY = 2_958_465  # 31 December 9999
_EXACTLY = Context(prec=15)  # digits that a spreadsheet knows of a number
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read_sheet(data: bytes, most_rows: int, most_columns: int) -> list[list[str]]:
    """Return the first sheet: text as it stands, numbers plainly, days as ISO text.

    A row that is left out in the file is an empty one here, so that rows keep their numbers.

    Raises:
        BadInput: At ``table``, with a code: file-broken, file-unpacks, table-large, rows-many,
            columns-many.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Book(archive).rows(most_rows, most_columns)
    except _BROKEN:
        raise BadInput({"table": "file-broken"}) from None


class _Book:
    """An opened workbook: its texts that cells share, and which formats are of days."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        book = self._tree("xl/workbook.xml")
        about = book.find(f"{_MAIN}workbookPr")
        from_1904 = about is not None and about.get("date1904") in {"1", "true"}
        self._day_zero = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        self._sheet = self._first(book)
        names = set(archive.namelist())
        self._shared = list(self._texts()) if "xl/sharedStrings.xml" in names else []
        self._days = self._day_styles() if "xl/styles.xml" in names else frozenset[int]()

    def rows(self, most_rows: int, most_columns: int) -> list[list[str]]:
        found: list[list[str]] = []
        size = 0
        for element in self._elements(self._sheet, "row"):
            number = _number(_ROW, element.get("r") or str(len(found) + 1))
            cells = self._cells(element, most_columns)
            if cells and number > most_rows:
                raise BadInput({"table": "rows-many"})
            if cells and number <= len(found):
                raise ValueError("rows that are not in order")
            size += sum(map(len, cells))
            if size > _LARGEST_TEXT:
                raise BadInput({"table": "table-large"})
            if cells:
                found += [[] for _ in range(number - 1 - len(found))] + [cells]
        return found

    def _first(self, book: ET.Element) -> str:
        """Return the name of the part that holds the first sheet."""
        sheet = next(book.iter(f"{_MAIN}sheet"), None)
        if sheet is None:
            raise KeyError("sheet")
        for link in self._tree("xl/_rels/workbook.xml.rels"):
            if link.get("Id") == sheet.attrib[_LINK]:
                target = link.attrib["Target"]
                return target[1:] if target.startswith("/") else f"xl/{target}"
        raise KeyError(sheet.attrib[_LINK])

    def _texts(self) -> Iterator[str]:
        for element in self._elements("xl/sharedStrings.xml", "si"):
            yield _said(element)

    def _day_styles(self) -> frozenset[int]:
        styles = self._tree("xl/styles.xml")
        own = {
            int(one.attrib["numFmtId"]): _signs(one.attrib["formatCode"])
            for one in styles.iter(f"{_MAIN}numFmt")
        }
        of_days = _DATES | {number for number, code in own.items() if "y" in code or "d" in code}
        used = styles.find(f"{_MAIN}cellXfs")
        return frozenset(
            place
            for place, one in enumerate(used if used is not None else ())
            if int(one.get("numFmtId") or 0) in of_days
        )

    def _cells(self, row: ET.Element, most: int) -> list[str]:
        cells: list[str] = []
        column = -1
        for cell in row.iter(f"{_MAIN}c"):
            place = _PLACE.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else column + 1
            words = self._words(cell)
            if len(words) > _LONGEST_CELL:
                raise BadInput({"table": "table-large"})
            words = normal(words).strip()
            if words and column >= most:
                raise BadInput({"table": "columns-many"})
            if words:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = words
        return cells

    def _words(self, cell: ET.Element) -> str:
        kind, value = cell.get("t") or "n", cell.findtext(f"{_MAIN}v") or ""
        if kind == "inlineStr":
            inline = cell.find(f"{_MAIN}is")
            return _said(inline) if inline is not None else ""
        if kind == "s":
            return self._shared[_number(_WHOLE, value)] if value else ""
        if kind != "n" or not value:
            return value
        number = _EXACTLY.create_decimal(value).normalize()
        if int(cell.get("s") or 0) in self._days and 0 < number <= _LAST_DAY:
            return (self._day_zero + timedelta(days=int(number))).isoformat()
        return f"{number:f}" if abs(number.adjusted()) < _EXACTLY.prec else value

    def _tree(self, part: str) -> ET.Element:
        return ET.fromstring(self._text(part))  # noqa: S314 - without entities, see `_text`  # nosec B314

    def _elements(self, part: str, name: str) -> Iterator[ET.Element]:
        """Yield the elements of a name one by one; each is forgotten after it was looked at."""
        parser: Any = ET.XMLPullParser(["end"])
        text = self._text(part)
        for at in range(0, len(text), _PIECE):
            parser.feed(text[at : at + _PIECE])
            for _event, element in parser.read_events():
                if element.tag == f"{_MAIN}{name}":
                    yield element
                    element.clear()
        parser.close()

    def _text(self, part: str) -> str:
        """Return a part as text; given as text, no encoding that it names can hide an entity."""
        with self._archive.open(part) as stream:
            raw = stream.read(_LARGEST_PART + 1)
        if len(raw) > _LARGEST_PART:
            raise BadInput({"table": "file-unpacks"})
        text = raw.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise BadInput({"table": "file-broken"})
        return text


def _said(element: ET.Element) -> str:
    """Return the words of a text, without the reading aids that East Asian text may have."""
    parts = element.findall(f"{_MAIN}t") + element.findall(f"{_MAIN}r/{_MAIN}t")
    return "".join(part.text or "" for part in parts)


def _signs(code: str) -> str:
    """Return what a format says beside words, escapes and colours; its length is bounded."""
    return _NOT_SIGNS.sub("", code[:_LONGEST_FORMAT]).lower()


def _number(pattern: re.Pattern[str], digits: str) -> int:
    """Return a number that only digits write: no sign, no other alphabet."""
    if pattern.fullmatch(digits) is None:
        raise ValueError(digits)
    return int(digits)


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="items" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # The second format is text: a number such as 1.10 and a day stay what was written.
    "xl/styles.xml": f'<styleSheet xmlns="{_SHEETS}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def write_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook whose cells are all text; the same rows give the same bytes."""
    out = io.BytesIO()
    sheet = "".join(f"<row>{''.join(_cell(words) for words in row)}</row>" for row in rows)
    whole = f'<worksheet xmlns="{_SHEETS}"><sheetData>{sheet}</sheetData></worksheet>'
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": whole}.items():
            part = zipfile.ZipInfo(name)  # of 1980, as every ZipInfo is at first
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, _HEAD + content)
    return out.getvalue()


def _cell(words: str) -> str:
    if not words:
        return '<c s="1"/>'
    said = escape(_NOT_XML.sub("", normal(words)))
    return f'<c t="inlineStr" s="1"><is><t xml:space="preserve">{said}</t></is></c>'
