"""An adviser of a member reads and writes its draft; a focal point sends (T6, T68)."""

import json

import pytest
from sqlalchemy import select

from consult.actions import contesting, mandates, replying
from consult.actions.change import Desk
from consult.actions.contesting import Contention
from consult.actions.naming import Naming
from consult.core.life import Actor
from consult.core.schedule import NoticeKind
from consult.errors import NotAllowed, NotFound
from consult.queries.sessions import actor_of
from consult.tables import FocalPoint, LedgerEntry, Member, Notice, Person, reading, writing
from tests import build
from tests.stored import faults

SLUG = "CONS-2020-1"


def adviser_of(member: str = "ARG") -> Naming:
    return Naming(
        member=member,
        head=False,
        name="Ada Adviser",
        address="ada@mission.example",
        language="en",
        telephone=None,
        paper=None,
        adviser=True,
    )


@pytest.fixture
def ana(desk: Desk) -> Actor:
    build.open_consultation(desk, members=3)
    return build.person(desk, "Ana Focal", member="ARG")


@pytest.fixture
def ada(desk: Desk, ana: Actor) -> Actor:
    return build.person(desk, "Ada Adviser", member="ARG", adviser=True)


def test_the_head_invites_an_adviser_and_a_second_person_confirms(desk: Desk, ana: Actor) -> None:
    (request,) = mandates.name(desk, ana, adviser_of())
    build.confirm(desk, request, build.approver(desk, "E. Approver"))
    with reading(desk.engine) as session:
        mandate = session.scalars(select(FocalPoint).where(FocalPoint.adviser)).one()
        person = session.get_one(Person, mandate.person_id)
        entry = session.scalars(
            select(LedgerEntry.entry).where(LedgerEntry.what == "mandate")
        ).one()
        sent = session.scalars(select(Notice).where(Notice.person_id == person.id)).all()
    assert json.loads(entry)["facts"]["role"] == "adviser"
    assert json.loads(entry)["facts"]["approved"] is not None
    assert (person.name, mandate.head) == ("Ada Adviser", False)
    invitation = next(one for one in sent if one.kind is NoticeKind.INVITATION)
    assert invitation.data["adviser"] is True
    with reading(desk.engine) as session:
        named = actor_of(session, person.id, desk.clock())
    assert named.members == named.advises == {"ARG"}


def test_an_alternate_names_no_adviser_and_an_adviser_nobody(desk: Desk, ada: Actor) -> None:
    other = build.person(desk, "Bea Alternate", member="ARG", head=False)
    for who in (other, ada):
        with pytest.raises(NotAllowed):
            mandates.name(desk, who, adviser_of())


def test_the_head_ends_an_adviser(desk: Desk, ana: Actor, ada: Actor) -> None:
    with reading(desk.engine) as session:
        number = session.scalars(select(FocalPoint.id).where(FocalPoint.adviser)).one()
    (request,) = mandates.end(desk, ana, "ARG", number)
    build.confirm(desk, request, build.approver(desk, "E. Approver"))
    with reading(desk.engine) as session:
        assert session.get_one(FocalPoint, number).until_at == desk.clock()


def test_an_adviser_saves_the_draft_and_cannot_send_it(desk: Desk, ana: Actor, ada: Actor) -> None:
    said = build.answer("ARG", "approve", "object", "abstain", c2="It is too early.")
    replying.save_draft(desk, SLUG, ada, said, expected_hash=None)
    with pytest.raises(NotAllowed):
        replying.reply(desk, SLUG, ada, build.sent(desk, said))
    assert replying.reply(desk, SLUG, ana, build.sent(desk, said)) == 1


def test_an_adviser_is_told_what_was_replied_as_an_adviser(
    desk: Desk, ana: Actor, ada: Actor
) -> None:
    said = build.answer("ARG", "approve", "approve", "approve")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    with reading(desk.engine) as session:
        told = {
            notice.person_id: notice.data.get("adviser", False)
            for notice in session.scalars(
                select(Notice).where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT)
            )
        }
    assert told == {ana.person_id: False, ada.person_id: True}


def test_who_is_both_sends_and_is_told_once(desk: Desk, ana: Actor) -> None:
    build.also_for(desk, ana, "ARG", adviser=True)
    with reading(desk.engine) as session:
        both = actor_of(session, int(ana.person_id or 0), desk.clock())
    assert not both.advises
    said = build.answer("ARG", "approve", "approve", "approve")
    assert replying.reply(desk, SLUG, both, build.sent(desk, said)) == 1
    with reading(desk.engine) as session:
        told = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT)
        ).all()
    assert [notice.data.get("adviser") for notice in told] == [None]


def test_what_goes_by_a_mandate_goes_by_that_of_a_focal_point(desk: Desk, ana: Actor) -> None:
    """T47: an adviser contests nothing; who is both contests as a focal point."""
    build.set_clock(desk, build.CLOSES_AT)
    said = build.answer("ARG", "approve", "approve", "approve")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    held = Contention("ARG", 1, "It was sent in time.")
    with pytest.raises(NotFound):
        contesting.contest(desk, SLUG, build.person(desk, "Ida", member="ARG", adviser=True), held)
    build.also_for(desk, ana, "ARG", adviser=True)
    contesting.contest(desk, SLUG, ana, held)
    with reading(desk.engine) as session:
        mandates_ = session.scalars(
            select(FocalPoint.id).where(
                FocalPoint.person_id == ana.person_id, FocalPoint.adviser.is_(False)
            )
        ).all()
        entries = session.scalars(select(LedgerEntry.entry).where(LedgerEntry.what == "contest"))
        assert [json.loads(entry)["facts"]["mandate"] for entry in entries] == mandates_
    assert faults(desk) == []


@pytest.mark.parametrize("changed", ["adviser", "member"])
def test_verify_finds_what_was_sent_under_a_mandate_that_does_not_allow_it(
    desk: Desk, ana: Actor, changed: str
) -> None:
    """T47: also where the mandate is older than the letter, so that its ledger does not name it."""
    said = build.answer("ARG", "approve", "approve", "approve")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    assert faults(desk) == []
    with writing(desk.engine) as session:
        mandate = session.scalars(
            select(FocalPoint).where(FocalPoint.person_id == ana.person_id)
        ).one()
        if changed == "adviser":
            mandate.head, mandate.adviser = False, True
        else:
            mandate.member_id = session.scalars(select(Member.id).where(Member.code == "BRA")).one()
    [found] = faults(desk)
    assert "mandate" in found
