"""The silence procedure: one objection in time breaks it, told to all; the rest is tacit consent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import closing, drafting, posting, replying
from consult.actions.change import Desk
from consult.core.life import Actor, State
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, SilenceBroken
from consult.queries.silence import objections
from consult.queries.verifying import verify_database
from consult.tables import Consultation, Item, LedgerEntry, Notice, reading
from tests import build

SILENCE = rules.load_data("silence-un-74-544")
SLUG = "CONS-2020-1"
WHY = "The dates collide with the Assembly."


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor]:
    build.council(desk, 4)
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in _CODES},
    }


_CODES = ("ARG", "BHS", "BRA", "CAN")


def opened(desk: Desk, people: dict[str, Actor], **more: Any) -> None:
    slug = build.draft(desk, people["officer"], rule=SILENCE, reminders=[], **more)
    build.open_it(desk, slug, people["officer"], people["approver"])


def say(desk: Desk, people: dict[str, Actor], member: str, *choices: str | None, **more: Any) -> int:
    said = build.answer(member, *choices, **more)
    return replying.reply(desk, SLUG, people[member], build.sent(desk, said))


def broken(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(
                select(Item.code).where(Item.broken_at.is_not(None)).order_by(Item.place)
            )
        )


def state(desk: Desk) -> State:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.state)).one()


def entered(desk: Desk, *what: str) -> list[str]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(
                select(LedgerEntry.what)
                .where(LedgerEntry.what.in_(what))
                .order_by(LedgerEntry.number)
            )
        )


def told(desk: Desk) -> list[Notice]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(
                select(Notice).where(Notice.kind == NoticeKind.OBJECTION).order_by(Notice.id)
            )
        )


def holds(desk: Desk) -> None:
    assert [findings.faults for _ref, findings in verify_database(desk.engine)] == [[]]


def test_an_objection_breaks_its_item_and_no_other(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)

    assert broken(desk) == ["2"]
    assert state(desk) is State.OPEN
    assert entered(desk, "broken") == ["broken"]
    holds(desk)


def test_everybody_is_told_who_objects_and_why(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)

    notices = told(desk)
    assert {notice.member for notice in notices} == {*_CODES, None}
    assert {notice.person_id for notice in notices} == {a.person_id for a in people.values()}
    for notice in notices:
        [one] = notice.data["objections"]
        assert (one["item"], one["objector"], one["reasons"]) == ("2", "Argentina", WHY)


def test_an_objection_gives_its_reasons(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people, comments="optional")
    with pytest.raises(BadInput):
        say(desk, people, "ARG", None, "object", None)
    assert broken(desk) == []
