"""A head focal point is replaced two days before the deadline, with a letter open."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.queries.sessions import actor_of
from consult.tables import Notice, Person, reading
from tests import build, office, replies
from tests.forms import form_with, send

REGISTER = "/en/member/ARG"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    found = office.office_of(app, desk, members=3)
    found.open(comments="optional")
    return found


def name(bureau: office.Office, who: str, **typed: str) -> int:
    """Name a person in the register; return the request that waits for an approver."""
    client = bureau.browser(who)
    form = form_with(office.page(client, REGISTER), "address")
    said = {"name": "Nadia New", "address": "nadia@mission.example", **typed}
    assert send(client, REGISTER, form, **said).status_code == 303
    return bureau.waits(Act.MANDATE)


def newcomer(bureau: office.Office) -> Person:
    with reading(bureau.desk.engine) as session:
        return session.scalars(select(Person).where(Person.name == "Nadia New")).one()


def test_the_new_head_finds_all_that_is_the_members_and_the_old_one_nothing(
    bureau: office.Office,
) -> None:
    old = bureau.browser("ARG")
    assert replies.reply(old, **replies.ALL_APPROVE).status_code == 303
    bureau.desk.clock.set(build.CLOSES_AT - timedelta(days=2))  # type: ignore[attr-defined]
    bureau.people["old"] = bureau.people["ARG"]
    old = bureau.browser("old")
    replies.write(old, "save", p_1="object")
    request = name(bureau, "officer", role="head", paper="Note verbale 12/2020")
    assert office.page(old, replies.LETTER)  # nothing has changed before it is confirmed
    assert office.decide(bureau.browser("approver"), request).status_code == 303
    assert old.get(replies.LETTER).status_code == 303  # signed out at once

    person, desk = newcomer(bureau), bureau.desk
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice.kind).where(Notice.person_id == person.id)).all()
        bureau.people["new"] = actor_of(session, person.id, desk.clock())
    assert {NoticeKind.INVITATION, NoticeKind.ACCOUNT} <= set(told)
    new = bureau.browser("new")
    page = office.page(new, replies.LETTER)
    assert "Draft, not sent" in page
    assert "Version 1 of the reply" in page
    assert form_with(page, "review").fields["p-1"] == "object"
    assert new.get(f"{replies.LETTER}/receipts/1").status_code == 200


def test_an_alternate_whom_the_head_names_waits_for_an_approver(bureau: office.Office) -> None:
    request = name(bureau, "ARG")
    with reading(bureau.desk.engine) as session:
        assert session.scalar(select(Person.id).where(Person.name == "Nadia New")) is None
    waits = office.page(bureau.browser("officer"), office.request_page(request))
    assert 'value="confirm"' not in waits
    assert office.decide(bureau.browser("approver"), request).status_code == 303
    assert newcomer(bureau).address == "nadia@mission.example"


def test_a_mailbox_of_another_member_is_refused_beside_its_field(bureau: office.Office) -> None:
    """T5: and what was typed is kept."""
    client = bureau.browser("officer")
    form = form_with(office.page(client, REGISTER), "address")
    with reading(bureau.desk.engine) as session:
        other = session.get_one(Person, bureau.people["BHS"].person_id)
    answer = send(client, REGISTER, form, name="Nadia New", address=other.address)
    assert answer.status_code == 422
    assert 'id="address-e"' in answer.text
    assert f'value="{other.address}"' in answer.text
    assert other.name not in answer.text
