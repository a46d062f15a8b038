"""Items come from a table, all of them or none, and go out as one that comes in again."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult import rules
from consult.actions import drafting
from consult.actions.change import Desk
from consult.core.sheet import write_sheet
from consult.queries.drafting import draft_of
from tests import build
from tests.forms import form_with, forms_of, send
from tests.office import SLUG, Office, office_of, page
from tests.statements import statements

TABLE = f"/en/office/{SLUG}/draft/2/table"
ROWS = """number\theading\tkind\ttitle_en\ttitle_fr\tfrom\tto\tzone\tnominated_by\tregion\tseats
\tMeetings\tdates\tCluster of meetings\tGrappe\t2021-09-06\t2021-09-10\tAsia/Dubai\t\t\t
9\t\tappointment\tChair of EG-X\t\t\t\t\tBRA\tA\t2
"""


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    found = office_of(app, desk, 3)
    found.draft()
    return found


def browser(of: Office) -> FlaskClient:
    """The one browser of the officer: a form belongs to the session that it was shown in."""
    return of.__dict__.setdefault("own", of.browser("officer"))


def post(of: Office, do: str = "check", file: tuple[bytes, str] | None = None, **more: Any) -> Any:
    officer = browser(of)
    form = form_with(page(officer, TABLE), "paste")
    data = {**form.fields, "do": do, **more}
    if file:
        data["file"] = FileStorage(io.BytesIO(file[0]), file[1])
    boundary, body = encode_multipart(data)
    return officer.post(TABLE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def add(of: Office, shown: TestResponse, **typed: str) -> TestResponse:
    return send(browser(of), TABLE, form_with(shown.text, "paste"), "add", **typed)


def items(of: Office) -> list[dict[str, Any]]:
    return list(draft_of(of.desk.engine, SLUG).content["items"])


def test_what_is_pasted_is_shown_and_added_whole(of: Office) -> None:
    assert TABLE in page(of.browser("officer"), f"/en/office/{SLUG}/draft/2")
    shown = post(of, paste=ROWS)
    assert shown.status_code == 200
    assert "Cluster of meetings: 6 to 10 September 2021" in shown.text
    assert "Time zone: Dubai (UTC+04:00)." in shown.text
    assert "Nominated by Brazil." in shown.text
    assert len(items(of)) == 3
    added = add(of, shown)
    assert added.status_code == 303
    assert "2 items are added." in page(browser(of), added.location)
    assert [(one["id"], one["heading"]) for one in items(of)[3:]] == [("9", None), ("1.1", "1")]
    assert (items(of)[3]["nominated_by"], items(of)[3]["seats"]) == ("BRA", 2)


def test_what_was_not_looked_at_is_shown_first(of: Office) -> None:
    assert post(of, "add", paste=ROWS).status_code == 200
    shown = post(of, paste=ROWS)
    assert add(of, shown, paste=ROWS.replace("Cluster", "Other")).status_code == 200
    assert len(items(of)) == 3


def test_one_fault_keeps_all_out_and_names_row_and_column(of: Office) -> None:
    shown = post(of, paste=ROWS.replace("2021-09-10", "2021-09-01").replace("BRA", "XXX"))
    assert shown.status_code == 422
    assert "Row 2, to: It must not come before the first day." in shown.text
    assert "Row 3, nominated_by: Use the codes of members of the body." in shown.text
    assert ("do", "add") not in [one for form in forms_of(shown.text) for one in form.buttons]
    assert "Cluster of meetings" in form_with(shown.text, "paste").fields["paste"]
    assert len(items(of)) == 3


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_is_read_as_what_is_pasted(of: Office, name: str) -> None:
    rows = [line.split("\t") for line in ROWS.splitlines()]
    text = "\r\n".join(";".join(row) for row in rows).encode("utf-8-sig")
    data = write_sheet(rows) if name == "a.xlsx" else text
    shown = post(of, file=(data, name))
    assert shown.status_code == 200, shown.text
    assert add(of, shown).status_code == 303
    assert len(items(of)) == 5


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"kind;title\ntext;\xe9", "a.csv", "Save it as CSV in UTF-8, or as XLSX, and try again."),
        (b"PK\x03\x04", "a.xlsx", "It cannot be read. Save it anew and try again."),
        (b"x" * (2 * 1024 * 1024 + 1), "a.csv", "Choose a file of at most 2 MB."),
        (b"\xd0\xcf\x11\xe0", "a.xls", "Choose a CSV file in UTF-8 or an XLSX file."),
    ],
)
def test_a_file_that_is_no_table_has_its_fault_beside_it(
    of: Office, data: bytes, name: str, words: str
) -> None:
    shown = post(of, file=(data, name), paste="kept")
    assert shown.status_code == 422
    assert words in shown.text
    assert 'href="#file"' in shown.text
    assert form_with(shown.text, "paste").fields["paste"] == "kept"


@pytest.mark.parametrize(
    "paste", ["", "kind", 'a"b\n"', "\x00", "=1\t'=2", "kind,title\ntext,\x01"]
)
def test_whatever_is_pasted_is_answered(of: Office, paste: str) -> None:
    assert post(of, paste=paste).status_code in {200, 422}
    assert len(items(of)) == 3


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(of: Office) -> None:
    shown = post(of, paste=ROWS)
    mine = [{**one, "symbols": ["C20/9"]} for one in items(of)]
    drafting.save(of.desk, SLUG, of.people["second"], {"items": mine}, seen=1)
    again = add(of, shown)
    assert again.status_code == 409
    assert "A colleague saved the draft meanwhile." in again.text
    assert len(items(of)) == 3
    assert add(of, again).status_code == 303
    assert [one["symbols"] for one in items(of)[:3]] == [["C20/9"]] * 3


def test_an_item_is_given_a_rule_of_its_own_and_an_annex(of: Office) -> None:
    head = "kind\ttitle\trule\tannex\n"
    shown = post(of, paste=f"{head}text\tA draft Decision\tunanimity\t2\n")
    assert "Rule: <bdi>Unanimity" in shown.text
    assert add(of, shown).status_code == 303
    assert items(of)[3]["rule"] == rules.load_data("unanimity")
    assert items(of)[3]["annex"] == "2"
    wrong = post(of, paste=f"{head}text\tAnother\tby-lot\t\n")
    assert wrong.status_code == 422
    assert "Row 2, rule: Write the short name of a rule" in wrong.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_items_go_out_and_come_in_again(of: Office, form: str) -> None:
    own = {"rule": rules.load_data("silence-un-74-544"), "annex": "3"}
    with_own = [items(of)[0] | own, *items(of)[1:]]
    drafting.save(of.desk, SLUG, of.people["officer"], {"items": with_own}, seen=1)
    before = items(of)
    assert before[0]["rule"] == own["rule"]
    officer = of.browser("officer")
    sent = officer.get(f"/en/office/{SLUG}/draft/2/items.{form}")
    assert "attachment" in sent.headers["Content-Disposition"]
    drafting.save(of.desk, SLUG, of.people["officer"], {"items": []}, seen=2)
    shown = post(of, file=(sent.data, f"items.{form}"))
    assert add(of, shown).status_code == 303
    assert items(of) == before


def test_only_officers_come_and_more_rows_cost_no_more_statements(of: Office) -> None:
    assert of.browser("approver").get(TABLE).status_code == 403
    assert of.browser("auditor").get(f"/en/office/{SLUG}/draft/2/items.csv").status_code == 403
    counts = []
    for many in (1, 60):
        with statements(of.desk.engine) as seen:
            post(of, paste="kind,title\n" + "text,A\n" * many)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_page_stands_in_every_language(of: Office) -> None:
    officer = of.browser("officer")
    for language in build.LANGUAGES:
        assert officer.get(TABLE.replace("/en/", f"/{language}/")).status_code == 200
