"""After the count: a second round, a referral, an erratum, the results letter, the dossier."""

import io
import json
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, correcting, posting, publishing
from consult.actions.change import Desk
from consult.actions.referring import NewReferral, refer
from consult.core.life import Act, Revising
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_ledger, verify_receipt, verify_record
from consult.queries.verifying import verify_database
from consult.tables import Notice, reading
from tests import build
from tests import revising as these
from tests.forms import form_with, send
from tests.mail.test_revised import mail, plain
from tests.office import HERE, SLUG, Office, decide, office_of, page

RULE = {
    "id": "half",
    "title": build.in_all("Half must reply"),
    "source": "Convention No. 47",
    "choices": ["approve", "object", "abstain"],
    "silence": "absent",
    "quorum": {"count": "replied", "more_than": "1/2", "over": "entitled"},
    "adopted_if": {"count": "approve", "more_than": "1/2", "over": "voting"},
}
SECOND = "/en/office/CONS-2020-2"


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def count(of: Office, *, replies: int = 2) -> None:
    """Open a letter whose quorum is three of five, let some reply, and count."""
    of.open(rule=RULE)
    for code in of.codes[:replies]:
        of.reply(code)
    of.close()
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)


def publish(of: Office, **more: int) -> None:
    count(of, **more)
    conclude(of)


def mailed(of: Office, kind: NoticeKind, member: str) -> str:
    """Return the text of the one mail of *kind* to *member*."""
    return plain(mail(of.desk, of.app, member, kind).text)


def conclude(of: Office) -> None:
    """Certify and publish what was counted."""
    officer, approver = of.people["officer"], of.people["approver"]
    said = certifying.Conclusion(texts=build.in_all("It is noted."), adopted={})
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, officer, said), approver)
    publishing.publish(of.desk, SLUG, officer)


def holds(of: Office) -> bool:
    return all(found.holds for _reference, found in verify_database(of.desk.engine))


def test_what_was_not_decided_is_taken_up_in_one_step(of: Office) -> None:
    count(of)
    officer = of.browser("officer")
    opened = page(officer, f"{HERE}/second-round")
    assert opened.count("No decision: quorum not met") == 3
    answer = send(
        officer,
        f"{HERE}/second-round",
        form_with(opened, "reference"),
        reference="CONS-2020/2",
        items=["2", "3"],
        decisive="y",
        closes_day="20",
        closes_month="9",
        closes_year="2020",
        closes_time="16:00",
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/office/CONS-2020-2/draft/7")
    draft = page(officer, f"{SECOND}/draft/1")
    assert "Dates and chairs" in draft
    letter = page(officer, f"{SECOND}/draft/2")
    assert "2021 session" not in letter
    assert "Chair of CWG-COP" in letter
    assert "CONS-2020/2" in page(officer, f"{HERE}/history")
    assert "CONS-2020/2" in page(officer, f"{HERE}/second-round")
    assert holds(of)


def test_a_decisive_second_round_asks_for_no_quorum(of: Office) -> None:
    count(of)
    officer = of.browser("officer")
    form = form_with(page(officer, f"{HERE}/second-round"), "reference")
    typed = {
        "reference": "CONS-2020/2",
        "items": ["1", "2", "3"],
        "decisive": "y",
        "closes_day": "20",
        "closes_month": "9",
        "closes_year": "2020",
        "closes_time": "16:00",
    }
    assert send(officer, f"{HERE}/second-round", form, **typed).status_code == 303
    build.open_it(of.desk, "CONS-2020-2", of.people["officer"], of.people["approver"])
    shown = page(of.browser(of.codes[0]), f"/en/c/CONS-2020-2/{of.codes[0]}")
    assert "takes up items on which consultation CONS-2020/1 came to no decision" in shown
    assert "Its result stands whatever the number of replies." in shown
    assert "quorum" not in shown


def test_a_second_round_may_ask_fewer_of_those_that_were_asked(of: Office) -> None:
    count(of)
    officer, address = of.browser("officer"), f"{HERE}/second-round"
    form = form_with(page(officer, address), "reference")
    assert form.fields["asked"] == sorted(of.codes)
    typed = {"reference": "CONS-2020/2", "items": ["1"], "closes_day": "20"}
    typed |= {"closes_month": "9", "closes_year": "2020", "closes_time": "16:00"}
    nobody = send(officer, address, form, **typed, asked=[])
    assert nobody.status_code == 422
    assert 'id="asked-e"' in nobody.text
    strange = send(officer, address, form, **typed, asked=["ZZZ"])
    assert strange.status_code == 422
    fewer = sorted(of.codes)[:2]
    assert send(officer, address, form, **typed, asked=fewer).status_code == 303
    build.open_it(of.desk, "CONS-2020-2", of.people["officer"], of.people["approver"])
    left_out = sorted(of.codes)[2]
    assert of.browser(fewer[0]).get(f"/en/c/CONS-2020-2/{fewer[0]}").status_code == 200
    assert of.browser(left_out).get(f"/en/c/CONS-2020-2/{left_out}").status_code == 404
    assert holds(of)


def test_what_was_decided_is_not_taken_up_again(of: Office) -> None:
    count(of, replies=4)
    officer, address = of.browser("officer"), f"{HERE}/second-round"
    form = form_with(page(officer, address), "reference")
    assert form.fields.get("items", []) == []
    again = send(officer, address, form, reference="CONS-2020/2", items=["1"])
    assert again.status_code == 422
    assert "One of these items was decided: it is not taken up again" in again.text


def test_each_fault_of_a_second_round_stands_beside_its_field(of: Office) -> None:
    count(of)
    officer = of.browser("officer")
    form = form_with(page(officer, f"{HERE}/second-round"), "reference")
    again = send(
        officer, f"{HERE}/second-round", form, reference="CONS-2020/1", items=[], closes_day="40"
    )
    assert again.status_code == 422
    assert 'id="closes-day-e"' in again.text
    again = send(officer, f"{HERE}/second-round", form, reference="CONS-2020/1", items=["1"])
    assert again.status_code == 422
    assert 'id="reference-e"' in again.text
    assert "Choose another: a consultation with this reference exists." in again.text
    assert 'value="CONS-2020/1"' in again.text


def test_before_the_count_there_is_no_second_round_and_no_dossier(of: Office) -> None:
    of.open(rule=RULE)
    of.reply(of.codes[0])
    officer = of.browser("officer")
    for part in ("second-round", "referral", "erratum", "dossier.zip", "results-letter.pdf"):
        assert officer.get(f"{HERE}/{part}").status_code == 404
    of.close()
    officer = of.browser("officer")
    assert officer.get(f"{HERE}/dossier.zip").status_code == 404


def test_an_item_is_referred_to_a_meeting_by_two_persons(of: Office) -> None:
    publish(of)
    officer = of.browser("officer")
    form = form_with(page(officer, f"{HERE}/referral"), "meeting")
    answer = send(
        officer,
        f"{HERE}/referral",
        form,
        items=["2"],
        meeting="Council, 2021 session",
        asked_for_by=of.codes[1],
        reason="Too few replied.",
    )
    assert answer.status_code == 303
    record = f"/en/decisions/{SLUG}"
    assert "Council, 2021 session" not in page(officer, record)
    number = of.waits(Act.REFER)
    assert decide(of.browser("approver"), number).status_code == 303
    assert "Referred to Council, 2021 session" in page(officer, record)
    for code in of.codes:
        said = mailed(of, NoticeKind.REFERRAL, code)
        assert "Council, 2021 session" in said
        assert "2. Chair of CWG-COP" in said
        assert "Too few replied." in said
    again = send(officer, f"{HERE}/referral", form, items=["2"], meeting="", reason="")
    assert again.status_code == 422
    assert "was referred before" in again.text
    assert holds(of)


def test_a_referral_before_the_publication_is_told_with_the_result(of: Office) -> None:  # T33
    count(of)
    new = NewReferral(frozenset({"2", "3"}), "Council, 2021 session", of.codes[1], "Too few.")
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, refer(of.desk, SLUG, officer, new), approver)
    with reading(of.desk.engine) as session:
        assert session.scalars(select(Notice).where(Notice.kind == NoticeKind.REFERRAL)).all() == []
    conclude(of)
    assert "Council, 2021 session: 2 and 3" in mailed(of, NoticeKind.RESULT, of.codes[0])


def test_a_decided_item_cannot_be_referred(of: Office) -> None:
    count(of, replies=4)
    officer = of.browser("officer")
    form = form_with(page(officer, f"{HERE}/referral"), "meeting")
    again = send(
        officer, f"{HERE}/referral", form, items=["1"], meeting="Council 2021", reason="Why"
    )
    assert again.status_code == 422
    assert "was decided" in again.text


def test_an_erratum_stands_beside_the_record_which_stays(of: Office) -> None:
    publish(of)
    officer, reader = of.browser("officer"), of.app.test_client()
    before = reader.get(f"/en/decisions/{SLUG}.json").data
    form = form_with(page(officer, f"{HERE}/erratum"), "words-en")
    assert send(officer, f"{HERE}/erratum", form).status_code == 422
    answer = send(officer, f"{HERE}/erratum", form, words_en="In item 1 read 9 June.")
    assert answer.status_code == 303
    assert "read 9 June" not in page(reader, f"/en/decisions/{SLUG}")
    assert decide(of.browser("approver"), of.waits(Act.ERRATUM)).status_code == 303
    shown = page(reader, f"/fr/decisions/{SLUG}")
    assert "In item 1 read 9 June." in shown
    assert reader.get(f"/en/decisions/{SLUG}.json").data == before
    assert "Erratum 1" in page(officer, f"{HERE}/history")
    assert all(
        "In item 1 read 9 June." in mailed(of, NoticeKind.ERRATUM, code) for code in of.codes
    )
    assert holds(of)


def test_the_dossier_holds_everything_and_each_part_checks(of: Office) -> None:
    publish(of, replies=3)
    officer = of.browser("officer")
    answer = officer.get(f"{HERE}/dossier.zip")
    assert answer.status_code == 200
    assert officer.get(f"{HERE}/dossier.zip").data == answer.data
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    files = {name.removeprefix(f"{SLUG}/"): packed.read(name) for name in packed.namelist()}
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ", 1)
        assert sha256(files[name]).hexdigest() == digest
    assert files.keys() >= {
        "INDEX.txt",
        "ledger.json",
        "notices.csv",
        "mandates.csv",
        "requests.csv",
        "record/record.json",
        *(f"letter/letter-{code}.pdf" for code in build.LANGUAGES),
        *(f"replies/{code}-1.json" for code in of.codes[:3]),
    }
    record = files["record/record.json"]
    assert verify_record(record).holds
    assert verify_ledger(files["ledger.json"]).holds
    for code in of.codes[:3]:
        found = verify_receipt(files[f"replies/{code}-1.json"], record)
        assert found.facts["verdict"] == "counted"
    index = files["INDEX.txt"].decode()
    assert "replies/ (3 files)" in index
    sent = files["notices.csv"].decode("utf-8-sig")
    assert "invitation" in sent
    assert "@" not in sent
    assert f"Head of {of.codes[4]}" in files["mandates.csv"].decode("utf-8-sig")
    assert json.loads(record)["consultation"]["content"]["follows"] is None


def printed(pdf: bytes, folder: Path) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_the_dossier_holds_every_version_and_what_stands_beside_the_record(
    of: Office, tmp_path: Path
) -> None:
    of.open(rule=RULE)
    officer, approver = of.people["officer"], of.people["approver"]
    these.revise(of.desk, officer, approver, Revising.CORRIGENDUM, these.redated(of.desk))
    of.close()
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)
    conclude(of)
    new = NewReferral(frozenset({"2"}), "Council, 2021 session", "secretariat", "Too few.")
    build.confirm(of.desk, refer(of.desk, SLUG, officer, new), approver)
    words = {"en": "In item 1 read 9 June.", "fr": "Au point 1, lire 9 juin."}
    build.confirm(of.desk, correcting.correct(of.desk, SLUG, officer, words), approver)
    packed = zipfile.ZipFile(io.BytesIO(of.browser("officer").get(f"{HERE}/dossier.zip").data))
    files = {name.removeprefix(f"{SLUG}/"): packed.read(name) for name in packed.namelist()}
    now = printed(files["letter/letter-en.pdf"], tmp_path)
    then = printed(files["letter/letter-en-as-opened.pdf"], tmp_path)
    assert "8 to 20 June 2021" in now
    assert "8 to 18 June 2021" in then
    assert "Rev.1" in now
    assert "Rev.1" not in then
    assert "Au point 1, lire 9 juin." in files["errata.csv"].decode("utf-8-sig")
    assert '2,"Council, 2021 session",secretariat' in files["referrals.csv"].decode("utf-8-sig")
    index = files["INDEX.txt"].decode()
    assert "errata.csv: every erratum beside the record, in its languages" in index
    assert (
        "letter/ (12 files): the letter in each of its languages, as it stands, as it was" in index
    )


def test_the_results_letter_tells_every_outcome(of: Office) -> None:
    count(of, replies=4)
    officer = of.browser("officer")
    assert officer.get(f"{HERE}/results-letter.pdf").data.startswith(b"%PDF-")
    made = officer.get(f"{HERE}/results-letter.docx").data
    text = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert "2021 session of the Council" in text
    assert "Adopted" in text
    assert "Appointed" in text


def test_focal_points_and_strangers_do_not_come_to_these_pages(of: Office) -> None:
    publish(of)
    for part in ("second-round", "referral", "erratum"):
        assert of.browser(of.codes[0]).get(f"{HERE}/{part}").status_code == 403
        assert of.browser("auditor").get(f"{HERE}/{part}").status_code == 403
    assert of.browser(of.codes[0]).get(f"{HERE}/dossier.zip").status_code == 403
    assert of.browser("auditor").get(f"{HERE}/dossier.zip").status_code == 200


def test_while_open_the_page_warns_of_a_short_quorum(of: Office) -> None:
    of.open(rule=RULE)
    of.reply(of.codes[0])
    officer = of.browser("officer")
    assert "1 replied; 3 must. Without 2 more there is no decision." in page(officer, HERE)
    of.reply(of.codes[1])
    of.reply(of.codes[2])
    assert "The quorum is not reached yet" not in page(officer, HERE)


def test_so_it_does_of_the_quorum_of_an_item_with_a_rule_of_its_own(of: Office) -> None:
    items = [one | ({"rule": RULE} if one["id"] == "2" else {}) for one in build.three_items()]
    of.open(items=items)
    of.reply(of.codes[0])
    said = "Item 2: 1 replied; 3 must. Without 2 more there is no decision."
    assert said in page(of.browser("officer"), HERE)
    of.reply(of.codes[1])
    of.reply(of.codes[2])
    assert "The quorum is not reached yet" not in page(of.browser("officer"), HERE)
