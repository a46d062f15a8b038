"""A comment round over HTTP: from its draft to the published table, and who may see what when."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions import opening
from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.verify import verify
from consult.documents.record_csv import read as read_csv
from consult.queries.verifying import verify_database
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, SLUG, Office, decide, office_of, page

TEXT = "The dates of the session are 8 to 18 June 2021.\n\nThe session is held in Geneva."
MINE = f"/en/c/{SLUG}/ARG/comments"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def documents() -> list[dict[str, object]]:
    text = build.in_all("Document VC/DT/1(Rev.3)")
    dates = build.item("1", "Dates", kind="text", text=build.in_all(TEXT), symbols=["VC/DT/1"])
    return [dates | {"title": text}, build.item("2", "Premises")]


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 3)


def begun(office: Office, **more: object) -> str:
    return office.draft(kind="comments", rule=None, items=documents(), **more)


def opened(office: Office, **more: object) -> str:
    slug = begun(office, **more)
    build.open_it(office.desk, slug, office.people["officer"], office.people["approver"])
    return slug


def comment(client: FlaskClient, member: str, **typed: str) -> str:
    """Write, check and send comments as a browser does; return the receipt's address."""
    here = f"/en/c/{SLUG}/{member}/comments"
    form = form_with(page(client, here), "seen")
    fields = {name.replace("_", ":", 1): said for name, said in typed.items()}
    answer = client.post(
        here, data={**form.fields, **{f"t-{k}": v for k, v in fields.items()}, "do": "check"}
    )
    assert answer.location == f"{here}/check", answer.text
    check = page(client, f"{here}/check")
    answer = send(client, here, form_with(check, "shown"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def stated(office: Office) -> None:
    """Close, and state the post with two persons: the comments are compiled."""
    office.close()
    officer, approver = office.browser("officer"), office.browser("approver")
    answer = send(officer, HERE, form_with(page(officer, HERE), "recorded"), post="none")
    assert answer.location == HERE
    decide(approver, office.waits(Act.STATE_POST))


def test_from_the_draft_to_the_published_table(office: Office) -> None:
    desk = office.desk
    number = opening.submit(desk, begun(office), office.people["officer"])
    assert decide(office.browser("approver"), number).location == HERE
    receipt = comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall.", "2_": "Agreed."})
    assert receipt == f"{MINE}/1"
    comment(office.browser("BHS"), "BHS", **{"1_2": "=Nassau would be better."})
    stated(office)
    officer, approver = office.browser("officer"), office.browser("approver")
    table = page(officer, f"{HERE}/comments")
    assert "2 of 3 Member States commented. 3 comments." in table
    assert "3 wait for their disposition." in table
    for said in ("accepted", "noted", "not_accepted"):
        form = form_with(page(officer, f"{HERE}/comments"), "disposed")
        undone = next(f for f in _forms(officer) if not f.fields["disposed"])
        reasons = "It is in the host agreement." if said == "not_accepted" else ""
        answer = send(officer, "", undone, disposed=said, reasons_en=reasons)
        assert answer.status_code == 303, (form, answer.text)
    form = form_with(page(officer, f"{HERE}/conclusion"), "texts-en")
    answer = send(officer, f"{HERE}/conclusion", form, texts_en="A further revision is issued.")
    assert answer.location == f"{HERE}/record"
    assert decide(approver, office.waits(Act.CERTIFY)).location == f"{HERE}/record"
    form = form_with(page(officer, f"{HERE}/record"), "csrf_token")
    assert officer.post(f"{HERE}/publish", data=form.fields).status_code == 303

    stranger = office.app.test_client()
    shown = page(stranger, f"/en/decisions/{SLUG}")
    for words in ("Say which hall.", "Not accepted", "A further revision is issued.", "Argentina"):
        assert words in shown
    assert "Table of comments" in page(stranger, "/en/decisions")
    assert stranger.get(f"/en/decisions/{SLUG}.pdf").status_code == 404
    rows = read_csv(stranger.get(f"/en/decisions/{SLUG}.csv").data)
    assert rows[1][:5] == ["1", "VC/DT/1", "2", "ARG", "Argentina"]
    assert rows[2][6] == "=Nassau would be better."
    word = stranger.get(f"/en/decisions/{SLUG}.docx")
    assert word.content_type == WORD
    raw = stranger.get(f"/en/decisions/{SLUG}.json").data
    found = verify(raw)
    assert found.holds, found.faults
    assert [one for one in verify_database(desk.engine) if not one[1].holds] == []


def _forms(client: FlaskClient) -> list:
    from tests.forms import forms_of

    return [f for f in forms_of(page(client, f"{HERE}/comments")) if "disposed" in f.fields]
