"""What came late is registered, contested, ruled upon and, where it changes, counted again."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_record
from consult.queries.verifying import verify_database
from consult.tables import Contest, Notice, Record, reading
from tests import contests as told
from tests.contests import GROUNDS, REASONS, certify, contest, late_reply, publish, receipt, rule
from tests.office import HERE, PDF, SLUG, Office, decide, office_of, page, request_page
from tests.replies import valid


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    """Five members: two approve in time, one comes late; three of five are needed."""
    made = office_of(app, desk, 5)
    made.open()
    made.reply("ARG")
    made.reply("BHS")
    late_reply(made, "CAN", "approve", "object", "approve")
    return made


def notices(office: Office, kind: NoticeKind) -> list[Notice]:
    with reading(office.desk.engine) as session:
        return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def records(office: Office) -> list[Record]:
    with reading(office.desk.engine) as session:
        return list(session.scalars(select(Record).order_by(Record.revision)))


def holds(office: Office) -> None:
    """Check the live database against its ledger."""
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_a_late_reply_is_contested_from_its_receipt_and_the_secretariat_told(
    office: Office,
) -> None:  # T76
    client = office.browser("CAN")
    before = page(client, receipt("CAN"))
    valid(before)
    assert "came after the deadline" in before
    assert contest(client, "CAN", proof=PDF).status_code == 303
    after = page(client, receipt("CAN"))
    valid(after)
    assert GROUNDS in after
    assert "waits for the presiding officer" in after
    assert 'name="grounds"' not in after
    assert client.get(f"{receipt('CAN')}/proof", buffered=True).data == PDF
    told_to = {notice.member for notice in notices(office, NoticeKind.CONTEST)}
    assert told_to == {None}
    assert len(notices(office, NoticeKind.CONTEST)) == 5  # two officers, two approvers, one both
    assert told.whats(office).count("contest") == 1


def test_a_contest_needs_grounds_and_takes_a_pdf_alone(office: Office) -> None:
    client = office.browser("CAN")
    empty = contest(client, "CAN", grounds=" ")
    assert empty.status_code == 422
    assert "Say what you hold, and why" in empty.text
    valid(empty.text)
    wrong = contest(client, "CAN", proof=b"MZ no pdf", grounds="Typed before.")
    assert wrong.status_code == 422
    assert "Typed before." in wrong.text
    assert "contest" not in told.whats(office)


def test_a_contest_stands_once(office: Office) -> None:
    client = office.browser("CAN")
    form = told.form_with(page(client, receipt("CAN")), "grounds")
    for expected, words in ((303, GROUNDS), (303, GROUNDS), (409, "Other grounds.")):
        sent = client.post(form.action, data={**form.fields, "grounds": words})
        assert sent.status_code == expected
    assert told.whats(office).count("contest") == 1


def test_what_counts_needs_no_contest_and_nobody_contests_for_another(office: Office) -> None:
    told.state_post(office)
    client = office.browser("ARG")
    assert 'name="grounds"' not in page(client, receipt("ARG"))
    form = told.form_with(page(office.browser("CAN"), receipt("CAN")), "grounds")
    token = told.form_with(page(client, "/en/desk"), "csrf_token").fields["csrf_token"]
    data = {"grounds": GROUNDS, "csrf_token": token}
    assert client.post(form.action, data=data).status_code == 404
    own = client.post(f"{receipt('ARG')}/contest", data=data)
    assert own.status_code == 409
    assert office.browser("officer").post(form.action, data=data).status_code in {400, 404}


def test_the_late_register_shows_no_position_before_the_count(office: Office) -> None:  # T33
    contest(office.browser("CAN"), "CAN", proof=PDF)
    for name in ("officer", "approver", "auditor"):
        shown = page(office.browser(name), f"{HERE}/late")
        valid(shown)
        assert "Canada" in shown
        assert "less than a second after the deadline" in shown
        assert GROUNDS in shown
        assert "Would it change the outcome" not in shown
        assert "bject" not in shown  # neither object nor Object
    assert office.browser("CAN").get(f"{HERE}/late").status_code == 403
    told.state_post(office)
    after = page(office.browser("auditor"), f"{HERE}/late")
    valid(after)
    assert "Yes: 2 or 3 approve, 3 needed" in after
    assert "No: 2 approve either way, 3 needed" in after
    assert "Enter the ruling" not in after  # an auditor changes nothing


def test_the_proof_is_seen_by_officers_and_approvers_before_disclosure(office: Office) -> None:
    contest(office.browser("CAN"), "CAN", proof=PDF)
    shown = page(office.browser("officer"), f"{HERE}/late")
    link = shown.split(f"{HERE}/documents/")[1].split('"')[0]
    assert office.browser("approver").get(f"{HERE}/documents/{link}", buffered=True).data == PDF
    assert office.browser("auditor").get(f"{HERE}/documents/{link}").status_code == 404


def test_a_ruling_needs_reasons_authority_and_two_persons(office: Office) -> None:  # T35
    told.state_post(office)
    client = office.browser("both")
    address = f"{HERE}/late/{told.entry_of(office, 'CAN')}/rule"
    form = told.form_with(page(client, address), "reasons")
    wrong = told.send(client, address, form, reasons="Half.")
    assert wrong.status_code == 422
    assert "Say whether the reply counts" in wrong.text
    assert "Name the letter or message of the presiding officer" in wrong.text
    assert "Half." in wrong.text
    valid(wrong.text)
    assert told.ask_ruling(client, office, "CAN", counts=True).status_code == 303
    again = told.ask_ruling(client, office, "CAN", counts=True)
    assert again.status_code == 409  # one waits
    number = office.waits(Act.RULE)
    own = page(client, request_page(number))
    valid(own)
    assert "Waiting for a second officer" in own
    shown = page(office.browser("approver"), request_page(number))
    valid(shown)
    assert REASONS in shown
    assert "Yes: 2 or 3 approve, 3 needed" in shown
    assert decide(office.browser("approver"), number).status_code == 303
    assert told.whats(office)[-4:-1] == ["ruling", "tally", "notices-queued"] or (
        "ruling" in told.whats(office)
    )
    holds(office)


def test_a_ruling_is_entered_by_officers_alone(office: Office) -> None:
    told.state_post(office)
    address = f"{HERE}/late/{told.entry_of(office, 'CAN')}/rule"
    assert office.browser("approver").get(address).status_code == 403
    assert office.browser("officer").get(f"{HERE}/late/999/rule").status_code == 404
    assert office.browser("officer").get(f"{HERE}/late/5/rule").status_code == 404


def test_a_ruling_before_the_count_waits_on_no_disclosure(office: Office) -> None:
    contest(office.browser("CAN"), "CAN")
    office.close()
    rule(office, "CAN", counts=True)
    assert told.state(office) == "closed"
    told.state_post(office)
    record = page(office.browser("officer"), f"{HERE}/record")
    assert "Contests and rulings" in record
    assert "3 of 5" in record
    holds(office)


def test_a_ruling_that_changes_the_count_ends_the_certification(office: Office) -> None:  # T76
    told.state_post(office)
    certify(office)
    rule(office, "CAN", counts=True)
    assert told.state(office) == "counted"
    holds(office)
    late = page(office.browser("BRA"), f"/en/c/{SLUG}/BRA")  # once certified, nothing comes in
    assert 'name="p-1"' not in late
    everyone = {notice.member for notice in notices(office, NoticeKind.RULING)}
    assert everyone == set(office.codes)
    certify(office)
    assert publish(office) == "2020/1"
    (record,) = records(office)
    assert verify_record(record.content.encode()).faults == []
    holds(office)


def test_a_ruling_that_changes_nothing_leaves_the_certification(office: Office) -> None:
    told.state_post(office)
    certify(office)
    rule(office, "CAN", counts=False)
    assert told.state(office) == "certified"
    assert {notice.member for notice in notices(office, NoticeKind.RULING)} == {"CAN"}
    publish(office)
    (record,) = records(office)
    assert verify_record(record.content.encode()).faults == []
    assert json.loads(record.content)["result"]["questions"]["1"]["not_counted"][0]["reason"] == (
        "not_admitted"
    )
    holds(office)


def test_a_ruling_after_publication_leads_to_a_revision(office: Office) -> None:  # T60
    told.state_post(office)
    certify(office)
    publish(office)
    assert contest(office.browser("CAN"), "CAN").status_code == 303
    rule(office, "CAN", counts=False)
    officer = office.browser("officer")
    assert told.state(office) == "published"
    shown = page(officer, f"{HERE}/record")
    assert "Publish the correction" in shown
    form = told.form_with(shown, "csrf_token")
    assert officer.post(f"/en/office/{SLUG}/publish", data=form.fields).status_code == 303
    assert officer.post(f"/en/office/{SLUG}/publish", data=form.fields).status_code == 409
    first, second = records(office)
    assert json.loads(second.content)["consultation"]["corrects"] == {
        "revision": 0,
        "sha256": first.sha256,
    }
    assert (second.year, second.serial, second.revision) == (first.year, first.serial, 1)
    assert verify_record(second.content.encode()).faults == []
    holds(office)


def test_a_ruling_after_publication_that_changes_the_outcome_is_certified_anew(
    office: Office,
) -> None:
    told.state_post(office)
    certify(office)
    publish(office)
    rule(office, "CAN", counts=True)
    assert told.state(office) == "counted"
    reader = office.app.test_client()
    assert "Not approved" in page(reader, f"/en/decisions/{SLUG}")  # the record still stands
    certify(office)
    publish(office)
    holds(office)
    now = page(reader, f"/en/decisions/{SLUG}")
    valid(now)
    assert "This is Rev.1" in now
    assert REASONS in now
    former = page(reader, f"/en/decisions/{SLUG}?rev=0")
    valid(former)
    assert "Corrected by Rev.1" in former
    assert REASONS not in former
    assert reader.get(f"/en/decisions/{SLUG}?rev=2").status_code == 404
    assert reader.get(f"/en/decisions/{SLUG}?rev=x").status_code == 404
    assert "Corrected by Rev.1" in page(reader, "/en/decisions")
    old = reader.get(f"/en/decisions/{SLUG}.json?rev=0").data
    assert verify_record(old).faults == []
    assert old != reader.get(f"/en/decisions/{SLUG}.json").data
    for form in ("pdf", "docx", "csv"):
        assert reader.get(f"/en/decisions/{SLUG}.{form}").status_code == 200
    assert "counts" in reader.get(f"/en/decisions/{SLUG}.csv").text


def test_the_receipt_of_an_admitted_reply_says_that_it_counts(office: Office) -> None:
    told.state_post(office)
    rule(office, "CAN", counts=True)
    shown = page(office.browser("CAN"), receipt("CAN"))
    valid(shown)
    assert "It counts" in shown
    assert REASONS in shown
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Contest)).all() == []  # a ruling needs no contest


def test_certification_waits_for_a_ruling_that_was_asked_for(office: Office) -> None:
    told.state_post(office)
    told.ask_ruling(office.browser("officer"), office, "CAN", counts=True)
    with pytest.raises(Exception, match="waiting"):
        certify(office)


def test_what_is_recorded_after_the_statement_counts_only_by_a_ruling(office: Office) -> None:
    """T69, T75: it stands in the late register, and the result notice names it."""
    told.state_post(office)
    number = office.record("CUB")
    assert decide(office.browser("approver"), number).status_code == 303
    shown = page(office.browser("officer"), f"{HERE}/late")
    assert "after the post-room statement" in shown
    assert "Cuba" in shown
    record = page(office.browser("officer"), f"{HERE}/record")
    assert "counts only by a ruling" in record
    certify(office)
    publish(office)
    said = notices(office, NoticeKind.RESULT)
    assert {tuple(notice.data["recorded_late"]) for notice in said} == {("Cuba",)}
    holds(office)
