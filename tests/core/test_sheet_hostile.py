"""A workbook that lies, floods or is damaged is refused with a code, and never half read."""

from collections.abc import Callable

import pytest

from consult.core import sheet
from consult.core.sheet import write_sheet
from consult.core.tablefile import from_text, text_of
from consult.errors import BadInput
from tests.damage import damaged, ends, packed, unpacked

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
GOOD = write_sheet([["kind", "title"], ["question", "Hello"]])
SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
SHARED, LINKS = "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
CODES = {
    "file-empty",
    "table-large",
    "table-kind",
    "table-broken",
    "file-not-text",
    "rows-many",
    "columns-many",
    "file-disagrees",
    "file-unpacks",
    "file-nested",
    "file-broken",
}


def with_parts(**parts: str | bytes) -> bytes:
    """Return the workbook with other parts, named by the constants above."""
    given = {"SHEET": SHEET, "BOOK": BOOK, "STYLES": STYLES, "SHARED": SHARED, "LINKS": LINKS}
    made = {
        given[name]: content.encode() if isinstance(content, str) else content
        for name, content in parts.items()
    }
    return packed({**unpacked(GOOD), **made})


def rows(xml: str, **parts: str | bytes) -> bytes:
    return with_parts(SHEET=f"<worksheet {MAIN}><sheetData>{xml}</sheetData></worksheet>", **parts)


def styled(code: str) -> bytes:
    formats = f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
    return with_parts(STYLES=f"<styleSheet {MAIN}>{formats}<cellXfs/></styleSheet>")


def verdict(data: bytes) -> str:
    """Return the code with which a table is refused; empty if it is read."""
    try:
        from_text(text_of(data, "a.xlsx"))
    except BadInput as refused:
        return refused.faults.pop("table")
    return ""


def test_a_damaged_workbook_is_read_or_refused_in_words() -> None:  # T93, T96
    for data in [*damaged(GOOD, 1500), *ends(GOOD)]:
        assert verdict(data) in CODES | {""}


@pytest.mark.parametrize("part", [SHEET, BOOK, STYLES, LINKS])
def test_a_damaged_part_is_read_or_refused_in_words(part: str) -> None:  # T96, T106
    parts = unpacked(GOOD)
    for content in [*damaged(parts[part], 300), *ends(parts[part], 100)]:
        assert verdict(packed({**parts, part: content})) in CODES | {""}


CELL = '<c t="str"><v>a</v></c>'
BILLION = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_parts(BOOK=f"<workbook {MAIN}><sheets/></workbook>"), "file-broken"),
        (with_parts(SHARED=f"{BILLION}<sst>&c;</sst>"), "file-broken"),
        (with_parts(SHARED=f"{OUTSIDE}<sst>&b;</sst>"), "file-broken"),
        (with_parts(SHARED=f"{BILLION}<sst>&c;</sst>".encode("utf-16")), "file-broken"),
        (
            with_parts(LINKS=unpacked(GOOD)[LINKS].replace(b"worksheets/", b"../../../etc/")),
            "file-broken",
        ),
        (rows(f'<row r="0">{CELL}</row>'), "file-broken"),
        (rows(f'<row r="-3">{CELL}</row>'), "file-broken"),
        (rows(f'<row r="1_0">{CELL}</row>'), "file-broken"),
        (rows(f'<row r="2">{CELL}</row><row r="1">{CELL}</row>'), "file-broken"),
        (rows(f'<row r="1048576">{CELL}</row>'), "rows-many"),
        (rows(f'<row r="{"9" * 5000}">{CELL}</row>'), "file-broken"),
        (rows('<row><c r="ZZZ1" t="str"><v>a</v></c></row>'), "columns-many"),
        (rows(f"<row>{CELL * 101}</row>"), "columns-many"),
        (
            rows(
                '<row><c t="s"><v>-1</v></c></row>', SHARED=f"<sst {MAIN}><si><t>a</t></si></sst>"
            ),
            "file-broken",
        ),
        (rows("<row><c><v>1e999999999</v></c></row>"), "file-broken"),
        (rows('<row><c t="str"><v>&#0;</v></c></row>'), "file-broken"),
        (rows('<row><c t="str"><v>&#xD800;</v></c></row>'), "file-broken"),
        (rows("<a>" * 30_000 + "</a>" * 30_000), "file-unpacks"),
        (rows(f'<row><c t="str"><v>{"0123456789abcdef" * 9000}</v></c></row>'), "table-large"),
    ],
)
def test_a_workbook_that_lies_is_refused(data: bytes, code: str) -> None:  # T93, T96, T106
    assert verdict(data) == code


def test_one_long_text_in_every_cell_does_not_fill_the_memory() -> None:
    """T96: it stands in the file once, and would be two hundred thousand times in the table."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    words = "".join(f"{number} " for number in range(20_000))
    data = rows(row * 2000, SHARED=f"<sst {MAIN}><si><t> {words}</t></si></sst>")
    assert verdict(data) == "table-large"


def test_a_format_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """T96: so many open brackets took time that grew with the square of their number."""
    looked: list[int] = []

    class Signs:
        def sub(self, _by: str, code: str) -> str:
            looked.append(len(code))
            return code

    monkeypatch.setattr(sheet, "_NOT_SIGNS", Signs())
    assert verdict(styled("[a" * 3000)) == ""
    assert looked == [255]


READERS: dict[str, Callable[[str], bytes]] = {
    "UTF-16": lambda text: text.encode("utf-16"),
    "Latin-1": lambda text: f"{text}\xe9".encode("latin-1"),
    "UTF-32": lambda text: text.encode("utf-32"),
}


@pytest.mark.parametrize("encoding", READERS)
def test_a_table_in_another_encoding_is_refused(encoding: str) -> None:  # T95, T96
    data = READERS[encoding]("kind,title\nquestion,Hello\n")
    with pytest.raises(BadInput) as refused:
        text_of(data, "a.csv")
    assert refused.value.faults == {"table": "file-not-text"}


def test_a_mark_before_the_text_and_nothing_that_hides_in_it() -> None:  # T92, T95
    lines = from_text(text_of("\ufeffkind,ti\0tle\n'=1+1,+ADw-\n".encode(), "a.csv"))
    assert [line.cells for line in lines] == [("kind", "title"), ("=1+1", "+ADw-")]
