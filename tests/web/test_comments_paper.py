"""Comments of a round that come by letter, the receipt of comments, and a later deadline."""

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.core.verify import verify, verify_receipt
from consult.queries.verifying import verify_database
from consult.tables import Comment, Notice, reading
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, PDF, SLUG, Office, decide, office_of, page, request_page
from tests.replies import valid
from tests.web.test_comments import MINE, comment, opened, stated

PAPER = f"{HERE}/record-comments"
SAID = "The second paragraph is unclear."


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 3)
    opened(made)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    desk.clock.forward(days=-5)  # type: ignore[attr-defined]
    return made


def typed(client: FlaskClient, **more: str) -> dict[str, Any]:
    form = form_with(page(client, PAPER), "key")
    return {
        **form.fields,
        "member": "BHS",
        "channel": "letter",
        "received-day": "10",
        "received-month": "7",
        "received-year": "2020",
        "received-time": "09:40",
        "reason": "The mission had no access.",
        "t-1:2": SAID,
        "p-1:2": "The session is held in Nassau.",
        **more,
    }


def post(client: FlaskClient, fields: dict[str, Any], data: bytes = PDF) -> TestResponse:
    scan = FileStorage(io.BytesIO(data), "letter.pdf", None, "application/pdf")
    boundary, body = encode_multipart({**fields, **({"file": scan} if data else {})})
    return client.post(PAPER, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def recorded(office: Office, **more: str) -> int:
    client = office.browser("officer")
    answer = post(client, typed(client, **more))
    assert answer.status_code == 303, answer.text
    return office.waits(Act.RECORD)


def holds(office: Office) -> None:
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_a_letter_is_recorded_by_one_and_confirmed_by_another(office: Office) -> None:  # T35, T69
    client = office.browser("officer")
    valid(page(client, PAPER))
    number = recorded(office)
    assert client.post(request_page(number), data={}).status_code in {400, 403}
    approver = office.browser("approver")
    shown = page(approver, request_page(number))
    valid(shown)
    for words in (SAID, "The session is held in Nassau.", "letter.pdf", "no access"):
        assert words in shown
    assert decide(approver, number).status_code == 303
    with reading(office.desk.engine) as session:
        kept = session.scalars(select(Comment)).one()
        told = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT)
        ).one()
    assert (kept.member, kept.channel, kept.late, kept.person_id) == ("BHS", "letter", False, None)
    assert (told.member, told.data["asked_by"]) == ("BHS", "A. Officer")
    assert "recorded on its behalf" in page(client, f"{HERE}/history")
    mine = page(office.browser("BHS"), f"/en/c/{SLUG}/BHS/comments/1")
    valid(mine)
    assert SAID in mine
    assert "By letter" in mine
    stated(office, "some")
    table = page(office.browser("officer"), f"{HERE}/comments")
    assert SAID in table
    assert "Recorded on behalf" in table
    holds(office)


def test_only_the_two_officers_see_it_before_the_post_is_stated(office: Office) -> None:  # T33
    number = recorded(office)
    assert decide(office.browser("approver"), number).status_code == 303
    for name in ("second", "other", "auditor"):
        assert SAID not in page(office.browser(name), request_page(number))
    assert office.browser("ARG").get(PAPER).status_code == 403
    assert office.browser("auditor").get(PAPER).status_code == 403


def test_what_a_letter_says_late_does_not_stand_and_after_the_post_nothing_is_taken(
    office: Office,
) -> None:  # T75
    office.close()
    office.desk.clock.forward(days=1)  # type: ignore[attr-defined]
    number = recorded(office, **{"received-day": "17", "received-time": "16:00"})
    shown = page(office.browser("approver"), request_page(number))
    assert "do not stand in the table" in shown
    officer = office.browser("officer")
    early = send(officer, HERE, form_with(page(officer, HERE), "recorded"), post="none")
    assert early.status_code == 409
    assert decide(office.browser("approver"), number).status_code == 303
    form = form_with(page(officer, HERE), "recorded")
    assert send(officer, HERE, form, post="some").status_code == 303
    statement = office.waits(Act.STATE_POST)
    assert "Bahamas" in page(office.browser("approver"), request_page(statement))
    decide(office.browser("approver"), statement)
    assert "Received late" in page(officer, f"{HERE}/comments")
    assert officer.get(PAPER).status_code == 409
    holds(office)


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(office: Office) -> None:
    client = office.browser("officer")
    for wrong, words in (
        ({"member": ""}, "Choose the Member State"),
        ({"t-1:2": ""}, "Write the comment that goes with the proposed text"),
        ({"t-1:2": "", "p-1:2": ""}, "Write at least one comment"),
        ({"reason": ""}, "Say why, such as"),
        ({"received-year": "2031"}, "Must not be later than now"),
    ):
        refused = post(client, {**typed(client), "c": "", **wrong})
        assert refused.status_code == 422
        assert words in refused.text
        assert 'value="10"' in refused.text
        valid(refused.text)
    assert post(client, typed(client), b"").status_code == 422


def test_the_later_received_stands_whoever_recorded_it(office: Office) -> None:
    number = recorded(office)
    comment(office.browser("BHS"), "BHS", **{"1_1": "By the form, later."})
    assert decide(office.browser("approver"), number).status_code == 303
    stated(office, "some")
    shown = page(office.browser("officer"), f"{HERE}/comments")
    assert "By the form, later." in shown
    assert SAID not in shown
    holds(office)


def test_a_receipt_is_checked_without_us_and_looked_up(office: Office) -> None:  # T55
    client = office.browser("ARG")
    address = comment(client, "ARG", **{"1_2": "Say which hall.", "2_": "Agreed."})
    assert f"{MINE}/1.json" in page(client, address)
    raw = client.get(f"{MINE}/1.json").data
    findings = verify(raw)
    assert findings.faults == []
    assert (findings.facts["member"], findings.facts["version"]) == ("ARG", 1)
    assert verify(raw.replace(b"Say which hall.", b"Say which bar.")).faults
    assert client.get(f"{MINE}/2.json").status_code == 404
    assert office.browser("BHS").get(f"{MINE}/1.json").status_code == 404
    reader = office.app.test_client()
    fields = form_with(page(reader, "/en/verify"), "line").fields
    given = FileStorage(io.BytesIO(raw), "receipt.json", None, "application/json")
    boundary, body = encode_multipart({**fields, "file": given})
    checked = reader.post(
        "/en/verify", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert checked.status_code == 200
    assert "Its entry is in the ledger of this service." in checked.text
    comment(office.browser("ARG"), "ARG", **{"1_2": "On second thought."})
    stated(office)
    table = published(office)
    assert verify_receipt(raw, table).facts["verdict"] == "superseded"
    newest = office.browser("ARG").get(f"{MINE}/2.json").data
    assert verify_receipt(newest, table).facts["verdict"] == "counted"


def published(office: Office) -> bytes:
    from consult.actions import certifying, disposing, publishing  # noqa: PLC0415
    from consult.core.round import Disposed  # noqa: PLC0415

    desk, officer = office.desk, office.people["officer"]
    with reading(desk.engine) as session:
        newest = session.scalars(select(Comment).order_by(Comment.version.desc())).first()
    assert newest is not None
    for one in newest.remarks:
        disposing.dispose(desk, SLUG, officer, one["id"], Disposed.NOTED, {})
    said = certifying.Conclusion(texts=build.in_all("Noted."), adopted={})
    request = certifying.conclude(desk, SLUG, officer, said)
    build.confirm(desk, request, office.people["approver"])
    publishing.publish(desk, SLUG, officer)
    return office.app.test_client().get(f"/en/decisions/{SLUG}.json").data


def test_the_dossier_of_a_round_holds_its_receipts(office: Office) -> None:  # T55
    for words in ("Say which hall.", "On second thought."):
        comment(office.browser("ARG"), "ARG", **{"1_2": words})
    stated(office)
    table = published(office)
    made = office.browser("officer").get(f"{HERE}/dossier.zip").data
    packed = zipfile.ZipFile(io.BytesIO(made))
    files = {name.removeprefix(f"{SLUG}/"): packed.read(name) for name in packed.namelist()}
    assert files["record/record.json"] == table
    said = {name: raw for name, raw in files.items() if "1.json" in name or "2.json" in name}
    assert said.keys() == {"comments/ARG-1.json", "comments/ARG-2.json"}
    client = office.browser("ARG")
    for version, verdict in ((1, "superseded"), (2, "counted")):
        raw = said[f"comments/ARG-{version}.json"]
        assert raw == client.get(f"{MINE}/{version}.json").data
        assert verify_receipt(raw, table).facts["verdict"] == verdict
    index = files["INDEX.txt"].decode()
    assert "comments/ (2 files): the receipt of every version of the comments" in index
    assert "a receipt of the folder comments" in index


@pytest.mark.usefixtures("strict_typst")
@pytest.mark.parametrize("language", build.LANGUAGES)
def test_the_table_is_printed(office: Office, tmp_path: Path, language: str) -> None:
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    stated(office)
    answer = office.browser("officer").get(f"/{language}/office/{SLUG}/comments.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    path = tmp_path / "table.pdf"
    path.write_bytes(answer.data)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    assert "Say which hall." in run.stdout.decode()


def test_the_deadline_of_a_round_is_extended_by_two_persons(office: Office) -> None:  # T35
    officer = office.browser("officer")
    address = f"{HERE}/extend"
    form = form_with(page(officer, address), "to-day")
    asked = send(
        officer,
        address,
        form,
        to_day="24",
        asked_for_by="ARG",
        reason="More time to comment.",
        authority="Letter of the Chair",
    )
    assert asked.status_code == 303, asked.text
    before = page(office.browser("ARG"), MINE)
    assert "24 July" not in before
    assert decide(office.browser("approver"), office.waits(Act.EXTEND)).status_code == 303
    shown = page(office.browser("ARG"), MINE)
    valid(shown)
    assert "24 July" in shown
    assert "More time to comment." in shown
    with reading(office.desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.EXTENSION)).all()
    assert {one.member for one in told} == {None, *office.codes}  # staff too
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    comment(office.browser("BHS"), "BHS", **{"1_2": "In time now."})
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Comment.late)).one() is False
    holds(office)
