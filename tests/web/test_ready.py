"""Who can be reached while a letter is open, and inviting a member again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.schedule import NoticeKind, NoticeState
from consult.documents.record_csv import read
from consult.tables import Invitation, LedgerEntry, Notice, Person, reading, writing
from tests import build, office, replies
from tests.forms import form_with
from tests.statements import statements

READY = f"{office.HERE}/ready"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def fail(desk: Desk, member: str) -> None:
    with writing(desk.engine) as session:
        for notice in session.scalars(select(Notice).where(Notice.member == member)):
            notice.state, notice.cause = NoticeState.FAILED, "550 no such user"


def invitations(desk: Desk, member: str) -> list[str]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(
                select(Notice.occasion)
                .where(Notice.member == member, Notice.kind == NoticeKind.INVITATION)
                .order_by(Notice.id)
            )
        )


def invite(bureau: office.Office, who: str, member: str) -> int:
    client = bureau.browser(who)
    token = form_with(office.page(client, "/en/me"), "csrf_token").fields["csrf_token"]
    answer = client.post(f"{READY}/{member}/invite", data={"csrf_token": token})
    return answer.status_code


@pytest.mark.parametrize("address", [READY, f"{READY}.csv"])
def test_the_secretariat_alone_comes_here(bureau: office.Office, address: str) -> None:
    bureau.open()
    assert bureau.browser("auditor").get(address).status_code == 200
    assert bureau.browser("ARG").get(address).status_code == 403


def test_a_draft_has_no_board(bureau: office.Office) -> None:
    bureau.draft()
    assert bureau.browser("officer").get(READY).status_code == 404


def test_a_member_that_no_notice_reached_is_red_everywhere(bureau: office.Office) -> None:
    """T84."""
    bureau.open()
    client = bureau.browser("officer")
    said = "No notice has reached 1 Member State"
    assert said not in office.page(client, office.HERE)
    assert f'href="{READY}"' in office.page(client, office.HERE)
    fail(bureau.desk, "BRA")
    for page in (office.page(client, office.HERE), office.page(client, "/en/office")):
        replies.valid(page)
        assert said in page
    page = office.page(client, READY)
    replies.valid(page)
    assert "1 was reached by no notice" in page
    assert "not delivered to 1 person" in page
    assert "550 no such user" in page


def test_a_member_whom_nobody_acts_for_is_red_too(bureau: office.Office) -> None:
    """T84."""
    with writing(bureau.desk.engine) as session:
        person = session.get_one(Person, bureau.people["BRA"].person_id)
        person.disabled_at = bureau.desk.clock()
    bureau.open()
    page = office.page(bureau.browser("officer"), READY)
    assert "1 member has nobody named" in page
    assert f"{READY}/BRA/invite" not in page
    assert "/en/member/BRA" in page


def test_the_board_says_who_replied_and_never_what(bureau: office.Office) -> None:
    """T33."""
    bureau.open()
    bureau.reply("ARG")
    bureau.reply("BHS", "object", None, None)
    rows = read(bureau.browser("officer").get(f"{READY}.csv").data)
    replied = rows[0].index("replied")
    assert [(row[0], row[replied]) for row in rows[1:]] == [
        ("ARG", "yes"),
        ("BHS", "gaps"),
        ("BRA", "no"),
    ]
    page = office.page(bureau.browser("officer"), READY)
    assert "replied with gaps" in page
    assert "Object" not in page


def test_inviting_again_queues_one_notice_with_its_entry_and_a_new_link(
    bureau: office.Office,
) -> None:
    """T6, T41."""
    with writing(bureau.desk.engine) as session:
        session.get_one(Person, bureau.people["BRA"].person_id).set_up_at = None
    bureau.open()
    fail(bureau.desk, "BRA")
    build.later(bureau.desk, seconds=3600)
    for _twice in range(2):
        assert invite(bureau, "officer", "BRA") == 303
    first, again = invitations(bureau.desk, "BRA")
    assert again.startswith("BRA-invitation-0-again-")
    with reading(bureau.desk.engine) as session:
        entries = session.scalars(
            select(LedgerEntry.entry).where(LedgerEntry.what == "notices-queued")
        ).all()
        links = session.scalars(
            select(Invitation.id).where(Invitation.person_id == bureau.people["BRA"].person_id)
        ).all()
    assert sum("-again-" in entry for entry in entries) == 1
    assert len(links) == 1
    assert first == "BRA-invitation-0"


def test_whom_an_invitation_waits_for_is_not_invited_twice(bureau: office.Office) -> None:
    bureau.open()
    assert invite(bureau, "officer", "ARG") == 303
    assert len(invitations(bureau.desk, "ARG")) == 1


def test_only_an_officer_invites_and_only_while_it_is_open(bureau: office.Office) -> None:
    bureau.open()
    assert invite(bureau, "auditor", "ARG") == 403
    assert invite(bureau, "approver", "ARG") == 403
    assert invite(bureau, "officer", "XXX") == 404
    bureau.desk.clock.set(build.CLOSES_AT + timedelta(hours=1))  # type: ignore[attr-defined]
    assert invite(bureau, "officer", "ARG") == 409
    assert f"{READY}/ARG/invite" not in office.page(bureau.browser("officer"), READY)


def test_the_board_costs_the_same_however_many_members_there_are(app: Flask, desk: Desk) -> None:
    full = office.office_of(app, desk, members=48)
    full.open()
    client = full.browser("officer")
    office.page(client, READY)
    with statements(desk.engine) as ran:
        office.page(client, READY)
    assert len(ran) <= 6, ran


def listed(page: str) -> list[str]:
    return [code for code in ("ARG", "BHS", "BRA") if f'<tr id="{code}">' in page]


def test_those_who_need_attention_come_first_and_all_are_one_link_away(
    bureau: office.Office,
) -> None:
    bureau.open()
    client = bureau.browser("officer")
    page = office.page(client, READY)
    assert listed(page) == ["ARG", "BHS", "BRA"]
    assert "Need attention (0)" in page
    fail(bureau.desk, "BRA")
    page = office.page(client, READY)
    replies.valid(page)
    assert listed(page) == ["BRA"]
    assert "Need attention (1)" in page
    assert "All (3)" in page
    assert listed(office.page(client, f"{READY}?show=all")) == ["ARG", "BHS", "BRA"]
    assert "1 was reached by no notice" in office.page(client, f"{READY}?show=all")


def test_a_board_on_which_nobody_needs_attention_says_so(bureau: office.Office) -> None:
    bureau.open()
    for address in (READY, "/en/office/bodies/itu-council/ready"):
        page = office.page(bureau.browser("officer"), f"{address}?show=attention")
        replies.valid(page)
        assert "Everybody can be reached." in page


def test_who_is_invited_again_from_a_list_comes_back_to_that_list(bureau: office.Office) -> None:
    bureau.open()
    fail(bureau.desk, "BRA")
    client = bureau.browser("officer")
    form = form_with(office.page(client, f"{READY}?show=all"), "show")
    answer = client.post(f"{READY}/BRA/invite", data=form.fields)
    assert answer.location == f"{READY}?show=all#BRA"


def test_the_board_of_a_body_begins_with_those_who_cannot_answer(bureau: office.Office) -> None:
    address = "/en/office/bodies/itu-council/ready"
    with writing(bureau.desk.engine) as session:
        head = session.scalars(select(Person).where(Person.name == "Head of BHS")).one()
        head.set_up_at = None
    client = bureau.browser("officer")
    page = office.page(client, address)
    assert "Bahamas" in page
    assert "Argentina" not in page
    assert "Argentina" in office.page(client, f"{address}?show=all")
