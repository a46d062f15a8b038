"""A member without the right to vote: what it sees, what it may file, what nobody else reads."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, posting, publishing
from consult.actions.change import Desk
from consult.core.answer import Draft
from consult.documents.forms import FORMS
from consult.queries.record import published
from consult.tables import Member, Notice, Reply, RollEntry, Seat, reading, writing
from tests import build, office, replies
from tests.forms import form_with, send

GROUND = "arrears of two years"
PROVISION = "No. 169 of the Constitution"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    """Three members, of which Argentina has no right to vote."""
    found = office.office_of(app, desk, members=3)
    suspend(desk, "ARG")
    return found


def suspend(desk: Desk, code: str, **more: object) -> None:
    with writing(desk.engine) as session:
        seat = session.scalars(
            select(Seat).join(Member, Member.id == Seat.member_id).where(Member.code == code)
        ).one()
        said = {"vote_to_on": build.CLOSES_AT.date().replace(month=1), "no_vote_under": PROVISION}
        for name, value in {**said, "no_vote_ground": GROUND, **more}.items():
            setattr(seat, name, value)


def comment(bureau: office.Office, words: str = "We are with you.") -> None:
    client = bureau.browser("ARG")
    page = client.get(replies.LETTER)
    answer = send(client, replies.LETTER, form_with(page.text, "review"), "review", c_general=words)
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.location)
    assert "comments without the right to vote" in shown.text
    replies.valid(shown.text)
    sent = send(client, answer.location, form_with(shown.text, "key"))
    assert sent.status_code == 303, sent.text


def test_it_reads_the_letter_and_files_a_comment_alone(bureau: office.Office) -> None:
    bureau.open()
    page = office.page(bureau.browser("ARG"), replies.LETTER)
    replies.valid(page)
    assert f"Argentina is not entitled to vote ({PROVISION})" in page
    assert "p-1" not in form_with(page, "review").fields
    comment(bureau)
    with reading(bureau.desk.engine) as session:
        kept = session.scalars(select(Reply)).one()
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert set(kept.choices.values()) == {None}
    assert set(kept.comments) == {"general"}
    assert (line.versions, line.replied_at, line.complete) == (1, None, False)


def test_an_empty_comment_is_a_fault_beside_its_field(bureau: office.Office) -> None:
    bureau.open()
    client = bureau.browser("ARG")
    page = client.get(replies.LETTER)
    answer = send(client, replies.LETTER, form_with(page.text, "review"), "review", c_general=" ")
    assert answer.status_code == 422
    assert 'id="e-general"' in answer.text
    replies.valid(answer.text)


def test_a_position_without_the_right_to_vote_is_refused(bureau: office.Office) -> None:
    bureau.open()
    said = build.answer("ARG", "approve", "approve", "approve")
    with pytest.raises(Exception, match="no-right-to-vote"):
        office.replying.reply(
            bureau.desk, office.SLUG, bureau.people["ARG"], build.sent(bureau.desk, said)
        )


def test_an_observer_reads_and_files_nothing(bureau: office.Office) -> None:
    suspend(bureau.desk, "ARG", observer=True, vote_to_on=None, no_vote_under=None)
    bureau.open()
    client = bureau.browser("ARG")
    page = office.page(client, replies.LETTER)
    assert "It reads this letter and files nothing." in page
    empty = Draft("ARG", dict.fromkeys("123"), {}, 0)
    with pytest.raises(Exception, match="not-entitled"):
        office.replying.reply(
            bureau.desk, office.SLUG, bureau.people["ARG"], build.sent(bureau.desk, empty)
        )


def test_the_comment_counts_nowhere_and_stands_in_the_record(bureau: office.Office) -> None:
    bureau.open()
    comment(bureau)
    bureau.reply("BHS")
    board = office.page(bureau.browser("officer"), office.HERE)
    assert "1 of 2" in board
    record = publish(bureau)
    decision = record["result"]["questions"]["1"]
    assert decision["counts"]["replied"] == 1
    assert [one["reason"] for one in decision["not_counted"]] == ["not_entitled"]
    page = office.page(bureau.app.test_client(), f"/en/decisions/{office.SLUG}")
    assert "Argentina, without the right to vote" in page
    assert "We are with you." in page
    assert PROVISION in page


def test_the_ground_is_in_no_page_mail_or_file_that_is_not_the_staffs(
    bureau: office.Office,
) -> None:
    bureau.open()
    comment(bureau)
    own = office.page(bureau.browser("ARG"), replies.LETTER)
    publish(bureau)
    content = published(bureau.desk.engine, office.SLUG)
    assert content is not None
    told = [own, content.content, office.page(bureau.browser("ARG"), "/en/desk")]
    told += [office.page(bureau.app.test_client(), f"/en/decisions/{office.SLUG}")]
    with bureau.app.app_context():
        told += [str(FORMS["csv"].make(content.content, "en"))]
    with reading(bureau.desk.engine) as session:
        told += [str(data) for data in session.scalars(select(Notice.data))]
        provisions = [data for data in told if PROVISION in data]
    assert provisions
    assert not [text for text in told if GROUND in text]


def publish(bureau: office.Office) -> dict[str, Any]:
    desk, people = bureau.desk, bureau.people
    bureau.close()
    build.confirm(
        desk, posting.state_post(desk, office.SLUG, people["officer"]), people["approver"]
    )
    said = certifying.Conclusion(texts=build.in_all("So be it."), adopted={})
    asked = certifying.conclude(desk, office.SLUG, people["officer"], said)
    build.confirm(desk, asked, people["approver"])
    publishing.publish(desk, office.SLUG, people["officer"])
    found = published(desk.engine, office.SLUG)
    assert found is not None
    record: dict[str, Any] = json.loads(found.content)
    return record
