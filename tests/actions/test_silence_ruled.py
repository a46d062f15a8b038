"""A ruling lets an objection in, or keeps one out: the silence breaks or is whole again (T76)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult import rules
from consult.actions import (
    certifying,
    posting,
    publishing,
    referring,
    replying,
    ruling,
    voting,
)
from consult.actions.change import Desk
from consult.core.life import Actor, State
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_record
from consult.errors import Changed
from consult.mail.render import preview
from consult.queries.silence import objections
from consult.tables import Consultation, Item, Notice, Record, Reply, Request, reading
from tests import build
from tests.stored import faults, kinds, letter

SILENCE = rules.load_data("silence-un-74-544")
SLUG = "CONS-2020-1"
CODES = ("ARG", "BHS", "BRA", "CAN")
WHY = "The dates collide with the Assembly."


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor]:
    build.council(desk, len(CODES))
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in CODES},
    }


def opened(desk: Desk, people: dict[str, Actor], **more: Any) -> None:
    slug = build.draft(desk, people["officer"], rule=SILENCE, reminders=[], **more)
    build.open_it(desk, slug, people["officer"], people["approver"])


def say(
    desk: Desk, people: dict[str, Actor], member: str, *choices: str | None, **more: Any
) -> None:
    said = build.answer(member, *choices, **more)
    replying.reply(desk, SLUG, people[member], build.sent(desk, said))


def late_objection(desk: Desk, people: dict[str, Actor]) -> None:
    build.set_clock(desk, build.CLOSES_AT)
    say(desk, people, "ARG", None, "object", None, c2=WHY)
    build.later(desk, seconds=120)


def rule(desk: Desk, people: dict[str, Actor], member: str, *, counts: bool) -> None:
    with reading(desk.engine) as session:
        theirs = select(Reply.number).where(Reply.member == member).order_by(Reply.number)
        about = session.scalars(theirs).all()[-1]
    said = ruling.Ruling(about, counts, "The log shows it.", "Chair, 20 July")
    build.confirm(desk, ruling.rule(desk, SLUG, people["officer"], said), people["approver"])


def state_post(desk: Desk, people: dict[str, Actor]) -> None:
    build.confirm(desk, posting.state_post(desk, SLUG, people["officer"]), people["approver"])


def publish(desk: Desk, people: dict[str, Actor]) -> None:
    words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    asked = certifying.conclude(desk, SLUG, people["officer"], words)
    build.confirm(desk, asked, people["approver"])
    publishing.publish(desk, SLUG, people["officer"])


def broken(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        wanted = select(Item.code).where(Item.broken_at.is_not(None)).order_by(Item.place)
        return list(session.scalars(wanted))


def told(desk: Desk) -> list[Notice]:
    with reading(desk.engine) as session:
        wanted = select(Notice).where(Notice.kind == NoticeKind.OBJECTION).order_by(Notice.id)
        return list(session.scalars(wanted))


def mailed(app: Flask, notice: Notice) -> str:
    with app.app_context():
        mail = preview(notice.kind, notice.data, "en", notice.member, "https://x.example")
    return " ".join(f"{mail.subject} {mail.text}".split())


def outcomes(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        result = session.scalars(select(Consultation.result)).one()
    assert result is not None
    return [one["outcome"] for one in result["questions"].values()]


def test_a_late_objection_that_is_let_in_before_the_count_breaks_its_item(
    app: Flask, desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    late_objection(desk, people)
    assert broken(desk) == []
    rule(desk, people, "ARG", counts=True)
    assert broken(desk) == ["2"]
    assert kinds(desk).index("ruling") < kinds(desk).index("broken")
    assert {notice.member for notice in told(desk)} == {*CODES, None}
    mail = mailed(app, told(desk)[0])
    assert "Argentina objects to item 2 The presiding officer ruled that it counts." in mail
    assert WHY in mail
    assert "until the deadline" not in mail
    with reading(desk.engine) as session:
        assert [(one.item, one.member) for one in objections(session, 1)] == [("2", "ARG")]
    state_post(desk, people)
    assert outcomes(desk) == ["adopted", "not_adopted", "adopted"]
    assert faults(desk) == []


def test_an_objection_that_is_kept_out_breaks_nothing_any_more(
    app: Flask, desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))
    rule(desk, people, "ARG", counts=False)
    assert broken(desk) == []
    mail = mailed(app, told(desk)[-1])
    assert "the objection of Argentina to item 2 does not count" in mail
    assert "No objection breaks the silence on item 2 any more." in mail
    state_post(desk, people)
    assert outcomes(desk) == ["adopted"] * 3
    assert faults(desk) == []


def test_a_later_word_that_is_kept_out_lets_the_objection_before_it_stand(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)
    say(desk, people, "ARG", None, None, None, base=1)
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))
    rule(desk, people, "ARG", counts=False)
    assert broken(desk) == ["2"]
    with reading(desk.engine) as session:
        assert [one.member for one in objections(session, 1)] == ["ARG"]
    assert faults(desk) == []


def test_an_objection_let_in_after_publication_breaks_its_item_and_corrects_the_record(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    late_objection(desk, people)
    state_post(desk, people)
    publish(desk, people)
    rule(desk, people, "ARG", counts=True)
    assert (broken(desk), letter(desk).state) == (["2"], State.COUNTED)
    publish(desk, people)
    with reading(desk.engine) as session:
        records = session.scalars(select(Record.content).order_by(Record.id)).all()
    assert len(records) == 2
    for content in records:
        assert verify_record(content.encode()).faults == []
    assert outcomes(desk) == ["adopted", "not_adopted", "adopted"]
    assert faults(desk) == []
    again = voting.put_to_vote(
        desk,
        SLUG,
        people["officer"],
        "CONS-2020/2",
        rules.load_data("itu-council"),
        {"id": "objections", "heading": build.in_all("Objections"), "text": build.in_all(WHY)},
    )
    with reading(desk.engine) as session:
        items = session.scalars(select(Item).order_by(Item.id))
        assert [item.title["en"] for item in items][3:] == ["Chair of CWG-COP"]
    assert again == "CONS-2020-2"


@pytest.mark.parametrize("stage", ["closed", "counted", "published"])
def test_an_objection_let_in_ends_a_letter_that_breaks_as_a_whole(
    desk: Desk, people: dict[str, Actor], stage: str
) -> None:
    opened(desk, people, breaks="whole")
    late_objection(desk, people)
    if stage != "closed":
        state_post(desk, people)
    if stage == "published":
        publish(desk, people)
    elif stage == "counted":
        words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
        certifying.conclude(desk, SLUG, people["officer"], words)
    rule(desk, people, "ARG", counts=True)
    assert (broken(desk), letter(desk).state) == (["1", "2", "3"], State.BROKEN)
    with reading(desk.engine) as session:
        assert [(one.item, one.member) for one in objections(session, 1)] == [("2", "ARG")]
        assert session.scalars(select(Request).where(Request.decided_at.is_(None))).all() == []
    assert faults(desk) == []


def test_a_referral_is_not_confirmed_once_a_ruling_has_adopted_its_item(
    desk: Desk, people: dict[str, Actor]
) -> None:
    """Else the record would say that what was adopted goes on to a meeting."""
    opened(desk, people)
    late_objection(desk, people)
    rule(desk, people, "ARG", counts=True)
    state_post(desk, people)
    assert outcomes(desk) == ["adopted", "not_adopted", "adopted"]
    new = referring.NewReferral(frozenset({"2"}), "Council 2021", "secretariat", "It is open.")
    asked = referring.refer(desk, SLUG, people["officer"], new)
    rule(desk, people, "ARG", counts=False)
    assert outcomes(desk) == ["adopted"] * 3
    with pytest.raises(Changed):
        build.confirm(desk, asked, people["approver"])
    publish(desk, people)
    with reading(desk.engine) as session:
        content = session.scalars(select(Record.content)).one()
    assert verify_record(content.encode()).faults == []
    assert faults(desk) == []
