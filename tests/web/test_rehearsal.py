"""A rehearsal goes the whole way, says everywhere that it is one, and counts for nothing."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import drafting
from consult.actions.change import Desk
from consult.core.canonical import canonical
from consult.core.ledger import chain
from consult.core.verify import verify, verify_receipt
from consult.queries.exporting import ledger_text
from consult.queries.memory import of_body, of_member
from consult.queries.verifying import verify_database
from consult.tables import Consultation, Notice, Record, Reply, reading
from tests import build, office, published, replies
from tests.forms import form_with, send

NEW = "/en/office/drafts/new"
SAYS = "This is a rehearsal: it counts for nothing."


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def rehearsed(bureau: office.Office, slug: str) -> bool:
    with reading(bureau.desk.engine) as session:
        return session.scalars(
            select(Consultation.rehearsal).where(Consultation.slug == slug)
        ).one()


def begin(bureau: office.Office, field: str, **typed: str) -> str:
    client = bureau.browser("officer")
    form = form_with(office.page(client, NEW), field)
    answer = send(client, NEW, form, **typed)
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[3]


def test_an_officer_begins_a_rehearsal_and_copies_it_into_a_letter_that_counts(
    bureau: office.Office,
) -> None:
    slug = begin(bureau, "kind", reference="TRY-1", body=build.BODY, rehearsal="y")
    assert rehearsed(bureau, slug)
    step = office.page(bureau.browser("officer"), f"/en/office/{slug}/draft/1")
    replies.valid(step)
    assert SAYS in step
    real = begin(bureau, "earlier", earlier=slug, reference="REAL-1")
    assert not rehearsed(bureau, real)
    assert SAYS not in office.page(bureau.browser("officer"), f"/en/office/{real}/draft/1")
    again = begin(bureau, "earlier", earlier=slug, reference="TRY-2", rehearsal="y")
    assert rehearsed(bureau, again)


def test_no_save_turns_a_rehearsal_into_a_decision(bureau: office.Office) -> None:
    slug = bureau.draft(rehearsal=True)
    officer = bureau.people["officer"]
    drafting.save(bureau.desk, slug, officer, {"rehearsal": False, "public": False}, seen=1)
    assert rehearsed(bureau, slug)


def test_every_page_mail_and_receipt_says_so(bureau: office.Office) -> None:
    bureau.open(rehearsal=True)
    member, officer = bureau.browser("ARG"), bureau.browser("officer")
    assert replies.reply(member, **replies.ALL_APPROVE).status_code == 303
    for client, address in (
        (member, replies.LETTER),
        (member, f"{replies.LETTER}/receipts/1"),
        (officer, office.HERE),
        (officer, f"{office.HERE}/ready"),
        (officer, f"{office.HERE}/history"),
    ):
        page = office.page(client, address)
        replies.valid(page)
        assert SAYS in page, address
    for client, address in ((member, "/en/desk"), (officer, "/en/office")):
        assert 'class="tag">Rehearsal<' in office.page(client, address)
    with reading(bureau.desk.engine) as session:
        notices = session.scalars(select(Notice).where(Notice.member.is_not(None))).all()
        receipt = session.scalars(select(Reply.receipt)).one()
    assert notices
    assert all(notice.data["rehearsal"] is True for notice in notices)
    assert json.loads(receipt)["consultation"]["rehearsal"] is True
    assert verify(receipt.encode()).facts["rehearsal"] is True


def test_its_record_is_no_decision_and_stands_nowhere(app: Flask, desk: Desk) -> None:
    """T33: it is told to its members alone."""
    of = published.office(desk)
    slug = published.publish(desk, of, rehearsal=True)
    stranger = app.test_client()
    assert stranger.get(f"/en/decisions/{slug}").status_code == 404
    client = app.test_client()
    build.sign_in(client, desk, of.heads["ARG"])
    page = office.page(client, f"/en/decisions/{slug}")
    replies.valid(page)
    assert SAYS in page
    assert "Decision record" not in page.split("<main")[1].split("<h2")[0]
    office_client = app.test_client()
    build.sign_in(office_client, desk, of.officer)
    for reader in (stranger, client, office_client):
        assert "CONS-2020/1" not in office.page(reader, "/en/decisions")
    assert "stands in no register" in office.page(office_client, f"/en/office/{slug}")
    now = desk.clock()
    assert not of_body(desk.engine, build.BODY, now, "en").letters
    assert not of_member(desk.engine, "ARG", now, "en", own=True).letters
    with reading(desk.engine) as session:
        record = session.scalars(select(Record)).one()
    told = json.loads(record.content)["consultation"]
    assert (record.rehearsal, record.public) == (True, False)
    assert (told["rehearsal"], told["number"]) == (True, None)


def test_the_numbers_of_decisions_pass_a_rehearsal_by(desk: Desk) -> None:
    of = published.office(desk)
    published.publish(desk, of, rehearsal=True, reference="TRY/1")
    published.publish(desk, of, reference="CONS-2020/2")
    with reading(desk.engine) as session:
        rows = session.scalars(select(Record).order_by(Record.id)).all()
    assert [json.loads(row.content)["consultation"]["number"] for row in rows] == [None, "2020/1"]


def test_the_ledger_says_so_and_no_file_may_say_otherwise(desk: Desk) -> None:
    """T41, T47."""
    of = published.office(desk)
    slug = published.publish(desk, of, rehearsal=True)
    with reading(desk.engine) as session:
        content = session.scalars(select(Record.content)).one()
        receipt = session.scalars(select(Reply.receipt).order_by(Reply.id)).first()
    assert verify(content.encode()).holds
    assert verify(ledger_text(desk.engine, desk.keys, slug).encode()).facts["rehearsal"] is True
    assert verify_receipt(receipt.encode(), content.encode()).holds
    assert all(found.holds for _reference, found in verify_database(desk.engine))

    record = json.loads(content)
    record["consultation"]["number"] = "2020/7"
    assert "consultation.number" in [f.where for f in verify(canonical(record)).faults]
    del record["consultation"]["rehearsal"]
    assert "consultation.rehearsal" in [f.where for f in verify(canonical(record)).faults]
    claims = json.loads(receipt)
    del claims["consultation"]["rehearsal"]
    assert not verify_receipt(canonical(claims), content.encode()).holds
    record = json.loads(content)
    entries = [link["entry"] for link in record["ledger"]["entries"]]
    entries[0]["facts"]["rehearsal"] = False
    record["ledger"]["entries"] = chain(entries)
    assert any("must be true" in str(fault) for fault in verify(canonical(record)).faults)
