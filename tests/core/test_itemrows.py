"""Items as rows: pasted, in CSV and in XLSX; every fault has its row and its column."""

import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest

from consult import rules
from consult.core.itemrows import Known, Read, read_items
from consult.core.itemswritten import written_items
from consult.core.sheet import write_sheet
from consult.core.tablefile import LARGEST, as_text, from_text, text_of
from consult.errors import BadInput
from tests.build import item

LANGUAGES = ("en", "fr")
RULES = {"silence": rules.load_data("silence-un-74-544")}
DOCUMENTS = {"C20/21": "ab" * 32, "cd" * 32: "cd" * 32}


def known(*taken: str, **more: Any) -> Known:
    return Known(
        languages=LANGUAGES,
        first="en",
        headings=more.get("headings", ()),
        taken=taken,
        members=frozenset({"BRA", "KEN"}),
        regions=frozenset({"A", "D"}),
        is_zone={"Europe/Zurich", "Asia/Dubai"}.__contains__,
        rules=RULES,
        documents=DOCUMENTS,
    )


def read(text: str, *taken: str, **more: Any) -> Read:
    return read_items(from_text(text), known(*taken, **more))


def faults(text: str, *taken: str) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in read(text, *taken).faults]


def test_a_table_that_is_pasted_becomes_items() -> None:
    found = read(
        "kind\tTitle\ttitle_fr\tfrom\tto\tplace\tzone\n"
        "dates\tSession\tSession (fr)\t2021-06-08\t2021-06-18\tDubai\tAsia/Dubai\n"
    )
    assert found.faults == ()
    assert found.items == [
        {
            **item("1", "", kind="dates", zone="Asia/Dubai"),
            "title": {"en": "Session", "fr": "Session (fr)"},
            "where": {"en": "Dubai"},
            "from": "2021-06-08",
            "to": "2021-06-18",
        }
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_parts_the_cells_is_seen_from_the_head(separator: str) -> None:
    text = as_text([["kind", "title", "text"], ["text", "One; two, three", "A\nB"]], separator)
    found = read(text)
    assert found.items[0]["title"] == {"en": "One; two, three"}
    assert found.items[0]["text"] == {"en": "A\nB"}


def test_numbers_that_are_not_given_are_found_and_new_headings_made() -> None:
    found = read(
        "kind,title,number,heading\ntext,a,,\ntext,b,1,\ntext,c,,New\ntext,d,,Old\n",
        headings=[{"id": "1", "title": {"en": "Old"}}],
    )
    assert [(one["id"], one["heading"]) for one in found.items] == [
        ("2", None),
        ("1", None),
        ("2.1", "2"),
        ("1.1", "1"),
    ]
    assert found.headings[1] == {"id": "2", "title": {"en": "New"}}


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("kind", "vote", "kind-unknown"),
        ("kind", "", "missing"),
        ("number", "a b", "number-shape"),
        ("number", "general", "number-shape"),
        ("number", "7", "number-taken"),
        ("from", "8.6.2021", "day-shape"),
        ("from", "2021-02-30", "no-such-day"),
        ("from", "0000-01-01", "no-such-day"),
        ("to", "2021-06-01", "ends-before"),
        ("zone", "../etc/passwd", "zone-unknown"),
        ("post_en", "Chair", "not-of-kind"),
        ("seats", "2", "not-of-kind"),
        ("comments", "perhaps", "comments-unknown"),
        ("title_en", "x" * 1001, "longer:1000"),
        ("text_fr", "x" * 20_001, "longer:20000"),
        ("rule", "no-such-rule", "rule-unknown"),
        ("rule", "{}", "rule-unknown"),
        ("rule", '{"adopted_if":[', "rule-unknown"),
        ("annex", "x" * 65, "longer:64"),
        ("cv_document", "C20/21", "not-of-kind"),
    ],
)
def test_a_fault_has_its_row_and_its_column(column: str, cell: str, code: str) -> None:
    whole = {"kind": "dates", "title_en": "S", "from": "2021-06-08", "to": "2021-06-18"}
    rows = {**whole, column: cell}
    assert faults(as_text([list(rows), [], list(rows.values())]), "7") == [(3, column, code)]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("nominated_by", "XXX", "member-unknown"),
        ("region", "Z", "group-unknown"),
        ("seats", "0", "seats-shape"),
        ("seats", "١", "seats-shape"),
        ("seats", "100", "seats-shape"),
        ("group", "x" * 201, "longer:200"),
        ("term_to", "2019-01-01", "ends-before"),
        ("cv_document", "C20/99", "document-unknown"),
        ("from", "2021-06-08", "not-of-kind"),
    ],
)
def test_so_has_one_of_an_appointment(column: str, cell: str, code: str) -> None:
    rows = {"kind": "appointment", "title": "C", "term_from": "2020-01-01", column: cell}
    assert faults(as_text([list(rows), list(rows.values())])) == [(2, column, code)]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("kind,title,colour", [(1, "colour", "column-unknown")]),
        ("kind,title,title_es", [(1, "title_es", "column-unknown")]),
        ("kind,title,title_en", [(1, "title_en", "column-twice")]),
        ("title,text", [(1, "kind", "column-missing")]),
        ("kind,text", [(1, "title", "column-missing")]),
    ],
)
def test_a_head_that_cannot_be_read_is_refused(head: str, found: list[Any]) -> None:
    assert faults(f"{head}\ntext,x\n") == found


def test_the_same_number_twice_and_cells_without_a_head_are_refused() -> None:
    assert faults("kind,title,number\ntext,a,5\ntext,b,5,more\n") == [
        (3, "", "column-unnamed"),
        (3, "number", "number-taken"),
    ]
    assert faults("kind,title") == [(1, "", "no-rows")]
    assert faults("kind,title\n" + "text,a\n" * 501) == [(502, "", "rows-many")]


def several() -> list[dict[str, Any]]:
    return [
        item("1", "A title", kind="text", text={"en": "=SUM(A1)\n\n- a; b", "fr": "'+x"}),
        item(
            "2.10",
            "-5 days",
            kind="dates",
            heading="2",
            where={"en": "@home", "fr": 'chez "nous", ici'},
            zone="Asia/Dubai",
            comments="required",
            symbols=["C20/2", "C20/3"],
            rule=RULES["silence"],
            annex="2",
            **{"from": "2021-06-08", "to": "2021-06-18"},
        ),
        item(
            "3",
            "Chair",
            kind="appointment",
            group="CWG-COP",
            post={"en": "Chair"},
            candidate={"en": "A <b> & c"},
            nominated_by="BRA",
            region="A",
            seats=2,
            term_from="2020-01-01",
            cv={"en": "Ten years"},
            cv_document="ab" * 32,
            rule=rules.load_data("unanimity") | {"source": "As it stood, before it was changed."},
        ),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_taken_out_comes_in_again_as_it_was(form: str) -> None:
    items = [{**one, "title": {k: one["title"][k] for k in LANGUAGES}} for one in several()]
    headings = [{"id": "2", "title": {"en": "To adopt"}}]
    rows = written_items(items, headings, LANGUAGES, RULES, DOCUMENTS)
    data = write_sheet(rows) if form == "xlsx" else as_text(rows, ",").encode("utf-8-sig")
    found = read(text_of(data, f"items.{form}"), headings=headings)
    assert found.faults == ()
    assert found.items == items


def book(sheet: str, **parts: str) -> bytes:
    """A workbook as other programs write it: shared texts, days as numbers with a format."""
    out = io.BytesIO()
    made = {
        name.filename: zipfile.ZipFile(io.BytesIO(write_sheet([]))).read(name).decode()
        for name in zipfile.ZipFile(io.BytesIO(write_sheet([]))).infolist()
    }
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    made["xl/worksheets/sheet1.xml"] = (
        f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"
    )
    made["xl/sharedStrings.xml"] = (
        f"<sst {main}><si><t>kind</t></si><si><r><t>ti</t></r><r><t>tle</t></r></si>"
        "<si><t>from</t></si><si><t>number</t></si><si><t>dates</t></si></sst>"
    )
    made["xl/styles.xml"] = (
        f'<styleSheet {main}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**made, **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


HEAD = "".join(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCD"))
ROW = (
    '<c r="A4" t="s"><v>4</v></c><c r="B4" t="inlineStr"><is><t>S</t></is></c>'
    '<c r="C4" s="1"><v>44355</v></c><c r="D4"><v>1.1000000000000001</v></c>'
)


def test_days_and_numbers_of_a_spreadsheet_are_read_as_they_look() -> None:
    text = text_of(book(f'<row r="1">{HEAD}</row><row r="4">{ROW}</row>'), "a.XLSX")
    found = read(text)
    assert found.faults == ()
    assert [row for row, _item in found.rows] == [4]
    assert (found.items[0]["from"], found.items[0]["id"]) == ("2021-06-08", "1.1")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("5", "5"),
        ("5.0", "5"),
        ("100", "100"),
        ("0", "0"),
        ("-2.50", "-2.5"),
        ("1e99999", "1e99999"),
    ],
)
def test_a_number_is_written_plainly(value: str, words: str) -> None:
    sheet = f'<row r="1"><c r="A1"><v>{value}</v></c></row>'
    assert from_text(text_of(book(sheet), "a.xlsx"))[0].cells == (words,)


@pytest.mark.parametrize("value", ["NaN", "x", "-Infinity", "9" * 400, "1e9999999999999999999999"])
def test_what_is_no_number_is_refused_or_stands_as_it_is(value: str) -> None:
    sheet = f'<row r="1"><c r="A1" s="1"><v>{value}</v></c></row>'
    with suppress(BadInput):
        assert len(text_of(book(sheet), "a.xlsx")) < 500


ENTITY = '<!DOCTYPE a [<!ENTITY x "y">]>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "file-empty"),
        (b"x" * (LARGEST + 1), "a.csv", "table-large"),
        ("kind;title\ntext;é".encode("latin-1"), "a.csv", "file-not-text"),
        ("kind".encode("utf-16"), "a.csv", "file-not-text"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "table-kind"),
        (write_sheet([]), "a.ods", "table-kind"),
        (b"kind,title", "a.xlsx", "file-disagrees"),
        (b"PK\x03\x04broken", "a.xlsx", "file-broken"),
        (book("<row><c"), "a.xlsx", "file-broken"),
        (book(f"{ENTITY}"), "a.xlsx", "file-broken"),
        (book('<row r="1"><c t="s"><v>99</v></c></row>'), "a.xlsx", "file-broken"),
        (book('<row r="2001"><c><v>1</v></c></row>'), "a.xlsx", "rows-many"),
        (book('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "a.xlsx", "columns-many"),
        (book("<row>" + "<c/>" * 5_000_000 + "</row>"), "a.xlsx", "file-unpacks"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, name: str, code: str) -> None:
    """T93, T96, T106: entities are not read, nor more rows, columns and bytes than are allowed."""
    with pytest.raises(BadInput) as refused:
        text_of(data, name)
    assert refused.value.faults == {"table": code}


def test_a_text_with_too_much_in_it_is_refused() -> None:
    for text, code in (
        ("a\n" * 2001, "rows-many"),
        ("\t".join("a" * 101), "columns-many"),
        ("a" * 200_000, "table-broken"),
    ):
        with pytest.raises(BadInput) as refused:
            from_text(text)
        assert refused.value.faults == {"table": code}
