"""A key is lost: who may confirm is told, and the newer key stands for what was published."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from consult.actions import countersigning
from consult.actions.change import Desk
from consult.cli.verify import verify
from consult.core.ledger import sha256_hex
from consult.core.life import Role
from consult.core.schedule import NoticeKind
from consult.core.signing import fingerprint_of
from consult.core.verify import verify_countersignature
from consult.documents.record_facts import grouped
from consult.queries.keys import key_file
from consult.tables import Notice, Person, reading
from tests import build, office, published, replies
from tests.forms import form_with, send
from tests.office import SLUG
from tests.statements import statements

CHANGE = "/en/keys/change"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def publish(bureau: office.Office, **more: object) -> str:
    heads = {code: bureau.people[code] for code in bureau.codes}
    of = published.Office(bureau.people["officer"], bureau.people["approver"], heads)
    return published.publish(bureau.desk, of, **more)


def ask(bureau: office.Office, who: str, **typed: str) -> str:
    """Ask on the page for a new key; return its name."""
    made = bureau.desk.keys.make()
    client = bureau.browser(who)
    form = form_with(client.get(CHANGE).text, "kid")
    answer = send(client, CHANGE, form, button="ask", kid=made.kid, **typed)
    assert answer.status_code == 303, answer.text
    return made.kid


def lose(bureau: office.Office) -> str:
    """Say on the page that the key was lost yesterday, and confirm it there."""
    build.later(bureau.desk, days=2)
    lost_at = bureau.desk.clock()
    build.later(bureau.desk, days=1)
    since = {
        "since-day": str(lost_at.day),
        "since-month": str(lost_at.month),
        "since-year": str(lost_at.year),
        "since-time": "08:00",
    }
    return ask_and_confirm(bureau, reason="compromised", **since)


def ask_and_confirm(bureau: office.Office, **typed: str) -> str:
    kid = ask(bureau, "officer", **typed)
    approver = bureau.browser("approver")
    form = form_with(approver.get(CHANGE).text, "waits")
    assert send(approver, CHANGE, form, button="confirm").status_code == 303
    return kid


def told(bureau: office.Office) -> list[tuple[str, dict[str, object]]]:
    with reading(bureau.desk.engine) as session:
        rows = session.execute(
            select(Person.name, Notice.data)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.kind == NoticeKind.KEY_CHANGE)
            .order_by(Person.name)
        )
        return [(row.name, row.data) for row in rows]


def test_a_lost_key_is_followed_by_a_countersignature_that_anybody_can_check(  # T54
    bureau: office.Office, tmp_path: Path
) -> None:
    slug = publish(bureau)
    stranger = bureau.app.test_client()
    address = f"/en/decisions/{slug}"
    before = stranger.get(f"{address}.json").data
    assert stranger.get(f"{address}/countersignature").status_code == 404
    kid = lose(bureau)
    countersigning.countersign_published(bureau.desk)
    assert stranger.get(f"{address}.json").data == before
    page = stranger.get(address).text
    replies.valid(page)
    assert f"{address}/countersignature" in page
    answer = stranger.get(f"{address}/countersignature")
    assert f"{slug}-countersignature.json" in answer.headers["Content-Disposition"]
    said = json.loads(answer.data)
    assert (said["kid"], said["record"]) == (kid, sha256_hex(before))
    (tmp_path / "record.json").write_bytes(before)
    (tmp_path / "countersignature.json").write_bytes(answer.data)
    old, new = (fingerprint_of(one["public_key"]) for one in said["keys"])
    files = [str(tmp_path / name) for name in ("record.json", "countersignature.json")]
    checked = CliRunner().invoke(verify, [*files, "--key", new])
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "may be in other hands since" in checked.stdout
    assert "It is the record beside it" in checked.stdout
    assert "signed with the key that was given" in checked.stdout
    by_the_old = CliRunner().invoke(verify, [*files, "--key", old])
    assert by_the_old.exit_code == 1
    assert "cannot speak" in by_the_old.stderr


def test_the_countersignature_is_for_those_alone_who_may_read_the_record(  # T31
    bureau: office.Office,
) -> None:
    slug = publish(bureau, public=False)
    lose(bureau)
    countersigning.countersign_published(bureau.desk)
    address = f"/en/decisions/{slug}/countersignature"
    assert bureau.app.test_client().get(address).status_code == 404
    answer = bureau.browser("ARG").get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_countersignature_is_checked_on_the_page_too(bureau: office.Office) -> None:
    slug = publish(bureau)
    lose(bureau)
    countersigning.countersign_published(bureau.desk)
    client = bureau.app.test_client()
    raw = client.get(f"/en/decisions/{slug}/countersignature").data
    form = form_with(client.get("/en/verify").text, "line")
    for content, words in (
        (raw, "stands for record 2020/1"),
        (raw.replace(b'"record":"', b'"record":"0', 1), "record"),
    ):
        file = (io.BytesIO(content), "countersignature.json")
        page = client.post("/en/verify", data={**form.fields, "file": file}).text
        replies.valid(page)
        assert words in page
    assert "does not hold" in page


def test_a_decision_page_costs_no_statement_more_for_it(bureau: office.Office) -> None:
    slug = publish(bureau)
    client = bureau.app.test_client()
    counts = []
    for _ in range(2):
        with statements(bureau.desk.engine) as seen:
            client.get(f"/en/decisions/{slug}")
        counts.append(len(seen))
        if len(counts) == 1:
            lose(bureau)
            countersigning.countersign_published(bureau.desk)
    assert counts[0] == counts[1]


def test_the_dossier_holds_the_countersignature(bureau: office.Office) -> None:
    slug = publish(bureau)
    kid = lose(bureau)
    countersigning.countersign_published(bureau.desk)
    packed = bureau.browser("officer").get(f"/en/office/{slug}/dossier.zip").data
    with zipfile.ZipFile(io.BytesIO(packed)) as dossier:
        record = dossier.read(f"{slug}/record/record.json")
        raw = dossier.read(f"{slug}/record/record-countersigned-{kid}.json")
    assert verify_countersignature(raw, [record]).faults == []


def test_the_letter_in_the_file_bears_the_fingerprint_of_the_key(  # T53
    bureau: office.Office, tmp_path: Path
) -> None:
    bureau.open()
    made = tmp_path / "letter.pdf"
    for _ in range(2):  # the second time with another key
        made.write_bytes(bureau.browser("officer").get(f"/en/office/{SLUG}/letter.pdf").data)
        said = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, check=True)
        key = key_file(bureau.desk.engine)["keys"][-1]["public_key"]
        assert grouped(fingerprint_of(key)) in " ".join(said.stdout.decode().split())
        if key == key_file(bureau.desk.engine)["keys"][0]["public_key"]:
            ask_and_confirm(bureau, reason="planned")


def test_who_may_confirm_a_new_key_is_told_and_nobody_else(bureau: office.Office) -> None:  # T35
    bureau.draft()
    kid = ask(bureau, "administrator", reason="planned")
    found = told(bureau)
    assert [name for name, _data in found] == ["B. Approver", "E. Approver", "F. Both"]
    (fingerprint,) = {str(data["key"]) for _name, data in found}
    assert fingerprint.startswith(kid)
    assert all(data["asked_by"] == "G. Administrator" for _name, data in found)
    private = bureau.desk.keys.path(kid).read_text().splitlines()[1]
    assert private not in json.dumps([data for _name, data in found])


def test_an_administrator_who_did_not_ask_may_confirm_and_is_told(  # T35, T54
    bureau: office.Office,
) -> None:
    bureau.draft()
    build.person(bureau.desk, "H. Administrator", Role.ADMINISTRATOR)
    ask(bureau, "both", reason="planned")
    names = [name for name, _data in told(bureau)]
    assert names == ["B. Approver", "E. Approver", "G. Administrator", "H. Administrator"]
    assert len(key_file(bureau.desk.engine)["keys"]) == 1
