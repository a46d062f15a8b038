"""A corrigendum by which objections lapse, or stand again: the silence is as they make it (T47)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import posting, replying
from consult.actions.change import Desk
from consult.core.life import Actor, Revising
from consult.core.schedule import NoticeKind
from consult.queries.silence import objections
from consult.tables import Consultation, Item, LedgerEntry, Notice, reading
from tests import build, revising
from tests.stored import faults

SLUG = revising.SLUG
WHY = "The dates collide with the Assembly."


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor]:
    build.council(desk, 3)
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in ("ARG", "BHS")},
    }


def opened(desk: Desk, people: dict[str, Actor], **more: Any) -> None:
    silence = rules.load_data("silence-un-74-544")
    slug = build.draft(desk, people["officer"], rule=silence, reminders=[], **more)
    build.open_it(desk, slug, people["officer"], people["approver"])


def object_(desk: Desk, people: dict[str, Actor], member: str, **more: Any) -> None:
    said = build.answer(member, "object", None, None, c1=WHY)
    replying.reply(desk, SLUG, people[member], build.sent(desk, said, **more))


def entitle(desk: Desk, people: dict[str, Actor], *, entitled: bool) -> None:
    under = None if entitled else "Article 169"
    line = {**revising.on_roll(desk, "ARG"), "entitled": entitled, "no_vote_under": under}
    revising.correct_roll(desk, people["officer"], people["approver"], "ARG", line)


def broken(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Item.code).where(Item.broken_at.is_not(None))))


def entered(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        wanted = select(LedgerEntry.what).order_by(LedgerEntry.number)
        return [what for what in session.scalars(wanted) if what in {"broken", "mended"}]


def outcome(desk: Desk, people: dict[str, Actor]) -> str:
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))
    asked = posting.state_post(desk, SLUG, people["officer"])
    build.confirm(desk, asked, people["approver"])
    with reading(desk.engine) as session:
        result = session.scalars(select(Consultation.result)).one()
    assert result is not None
    assert faults(desk) == []
    return str(result["questions"]["1"]["outcome"])


def test_an_objection_that_lapses_with_the_words_breaks_nothing_any_more(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people, unconfirmed="lapses")
    object_(desk, people, "ARG")
    two = people["officer"], people["approver"]
    revising.revise(desk, *two, Revising.CORRIGENDUM, revising.redated(desk))
    assert (broken(desk), entered(desk)) == ([], ["broken", "mended"])
    assert faults(desk) == []
    assert outcome(desk, people) == "adopted"


def test_it_may_be_made_again_to_the_new_words(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people, unconfirmed="lapses")
    object_(desk, people, "ARG")
    two = people["officer"], people["approver"]
    revising.revise(desk, *two, Revising.CORRIGENDUM, revising.redated(desk))
    object_(desk, people, "BHS", revision=1)
    assert (broken(desk), entered(desk)) == (["1"], ["broken", "mended", "broken"])
    with reading(desk.engine) as session:
        assert [one.member for one in objections(session, 1)] == ["BHS"]
        told = session.scalars(select(Notice).order_by(Notice.id.desc())).all()
    newest = next(one for one in told if one.kind is NoticeKind.OBJECTION)
    assert [one["objector"] for one in newest.data["objections"]] == ["Bahamas"]
    assert outcome(desk, people) == "not_adopted"


def test_an_objection_stands_where_positions_stand(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people, unconfirmed="stands")
    object_(desk, people, "ARG")
    two = people["officer"], people["approver"]
    revising.revise(desk, *two, Revising.CORRIGENDUM, revising.redated(desk))
    assert (broken(desk), entered(desk)) == (["1"], ["broken"])
    assert outcome(desk, people) == "not_adopted"


def test_an_objection_goes_and_comes_with_the_right_to_vote(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    object_(desk, people, "ARG")
    entitle(desk, people, entitled=False)
    assert (broken(desk), entered(desk)) == ([], ["broken", "mended"])
    entitle(desk, people, entitled=True)
    assert (broken(desk), entered(desk)) == (["1"], ["broken", "mended", "broken"])
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.OBJECTION)).all()
        assert [one.member for one in objections(session, 1)] == ["ARG"]
    assert len(told) == 2 * len(people)
    assert outcome(desk, people) == "not_adopted"
