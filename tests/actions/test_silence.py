"""The silence procedure: one objection in time breaks it, told to all; else silence consents."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import closing, documents, posting, recording, replying, withdrawing
from consult.actions.change import Desk
from consult.core.answer import OnBehalf
from consult.core.life import Actor, Channel, NotNow, State
from consult.core.schedule import NoticeKind
from consult.core.upload import EVIDENCE
from consult.errors import BadInput, SilenceBroken
from consult.queries.silence import objections
from consult.queries.verifying import verify_database
from consult.tables import (
    Consultation,
    Item,
    LedgerEntry,
    Notice,
    RollEntry,
    reading,
    writing,
)
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


def say(
    desk: Desk, people: dict[str, Actor], member: str, *choices: str | None, **more: Any
) -> int:
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


def test_the_other_items_are_adopted_without_a_word(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)
    closed_and_counted(desk, people)

    with reading(desk.engine) as session:
        result = session.scalars(select(Consultation.result)).one()
    outcomes = {code: said["outcome"] for code, said in result["questions"].items()}
    assert outcomes == {"1": "adopted", "2": "not_adopted", "3": "adopted"}
    assert result["questions"]["1"]["counts"]["tacit"] == 4
    holds(desk)


def test_an_objection_breaks_the_whole_where_the_letter_says_so(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people, breaks="whole")
    say(desk, people, "ARG", None, "object", None, c2=WHY)

    assert broken(desk) == ["1", "2", "3"]
    assert state(desk) is State.BROKEN
    with pytest.raises(SilenceBroken):
        say(desk, people, "BRA", "object", None, None, c1=WHY)
    with pytest.raises(SilenceBroken):  # nor is it lifted
        say(desk, people, "ARG", None, None, None, base=1)
    with reading(desk.engine) as session:
        [one] = objections(session, 1)
    assert (one.item, one.member) == ("2", "ARG")
    holds(desk)


@pytest.mark.parametrize("breaks", ["item", "whole"])
def test_an_objection_sent_again_is_that_same_objection(
    desk: Desk, people: dict[str, Actor], breaks: str
) -> None:
    """T67: also when it was the one that ended the letter."""
    opened(desk, people, breaks=breaks)
    new = build.sent(desk, build.answer("ARG", None, "object", None, c2=WHY))
    for _again in range(2):
        assert replying.reply(desk, SLUG, people["ARG"], new) == 1
    assert entered(desk, "reply", "broken") == ["reply", "broken"]


def test_an_objection_lifted_before_the_deadline_mends_its_item(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    say(desk, people, "ARG", "object", "object", None, c1=WHY, c2=WHY)
    say(desk, people, "ARG", None, "object", None, base=1, c2=WHY)

    assert broken(desk) == ["2"]
    assert entered(desk, "broken", "mended") == ["broken", "mended"]
    lifted = [notice.data["lifted"] for notice in told(desk) if "lifted" in notice.data]
    assert len(lifted) == len(_CODES) + 2
    assert lifted[0] == [{"item": "1", "title": "2021 session of the Council", "mended": True}]
    holds(desk)


def test_every_item_broken_by_itself_leaves_the_letter_open(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    say(desk, people, "ARG", "object", "object", "object", c1=WHY, c2=WHY, c3=WHY)
    assert state(desk) is State.OPEN
    say(desk, people, "ARG", None, None, None, base=1)
    assert broken(desk) == []
    holds(desk)


def test_an_item_stays_broken_while_another_objection_stands(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    say(desk, people, "ARG", "object", None, None, c1=WHY)
    say(desk, people, "BRA", "object", None, None, c1="Brazil too.")
    assert entered(desk, "broken") == ["broken"]
    assert [n.data["objections"][0]["objector"] for n in told(desk) if n.member == "CAN"] == [
        "Argentina",
        "Brazil",
    ]

    say(desk, people, "ARG", None, None, None, base=1)
    assert broken(desk) == ["1"]
    assert entered(desk, "mended") == []
    with reading(desk.engine) as session:
        assert [one.member for one in objections(session, 1)] == ["BRA"]
    say(desk, people, "BRA", None, None, None, base=1)
    assert broken(desk) == []
    holds(desk)


def test_a_broken_item_that_is_withdrawn_stays_as_it_was(
    desk: Desk, people: dict[str, Actor]
) -> None:
    """T47: nothing mends it, and nobody misses that."""
    opened(desk, people)
    say(desk, people, "ARG", None, "object", None, c2=WHY)
    new = withdrawing.NewWithdrawal(["2"], "It is settled.", "Chair, 1 July")
    asked = withdrawing.withdraw(desk, SLUG, people["officer"], new)
    build.confirm(desk, asked, people["approver"])
    say(desk, people, "BRA", "object", None, None, c1=WHY)
    say(desk, people, "ARG", None, None, None, base=1)

    assert broken(desk) == ["1", "2"]
    assert entered(desk, "broken", "mended") == ["broken", "broken"]
    closed_and_counted(desk, people)
    holds(desk)


def test_two_objections_at_once_break_an_item_once(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda code: say(desk, people, code, "object", None, None, c1=WHY), ("ARG", "BRA")
            )
        )
    assert entered(desk, "broken") == ["broken"]
    assert {notice.data["objections"][0]["objector"] for notice in told(desk)} == {
        "Argentina",
        "Brazil",
    }
    holds(desk)


def test_two_objections_at_once_to_the_whole_end_it_once(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people, breaks="whole")

    def object_(code: str) -> bool:
        try:
            return bool(say(desk, people, code, "object", None, None, c1=WHY))
        except SilenceBroken:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(object_, ("ARG", "BRA"))) == [False, True]
    assert entered(desk, "broken") == ["broken"]
    holds(desk)


def test_an_objection_by_letter_in_time_breaks_after_the_deadline(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people)
    came = build.CLOSES_AT - timedelta(minutes=5)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, seconds=200)
    closing.close(desk, SLUG)
    on_behalf(desk, people, came)

    assert broken(desk) == ["2"]
    assert entered(desk, "closing", "broken") == ["closing", "broken"]
    assert {notice.member for notice in told(desk)} == {*_CODES, None}
    counted(desk, people)
    holds(desk)


def test_a_letter_that_an_objection_by_post_breaks_whole_is_never_counted(
    desk: Desk, people: dict[str, Actor]
) -> None:
    opened(desk, people, breaks="whole")
    came = build.CLOSES_AT - timedelta(minutes=5)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, seconds=200)
    on_behalf(desk, people, came)
    assert state(desk) is State.BROKEN
    with pytest.raises(NotNow):
        posting.state_post(desk, SLUG, people["officer"])
    holds(desk)


def test_a_late_objection_breaks_nothing(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    say(desk, people, "ARG", "object", None, None, c1=WHY)
    assert (broken(desk), told(desk)) == ([], [])


def test_an_objection_tells_nothing_else_of_its_reply(desk: Desk, people: dict[str, Actor]) -> None:
    """Item 1 is put to an ordinary vote in the same letter: what is said of it stays hidden."""
    items = build.three_items()
    items[0]["rule"] = rules.load_data("itu-council")
    opened(desk, people, items=items)
    say(
        desk,
        people,
        "ARG",
        "object",
        "object",
        None,
        c1="canary-one",
        c2=WHY,
        cgeneral="canary-all",
    )

    with reading(desk.engine) as session:
        [one] = objections(session, 1)
    assert (one.item, one.reasons and one.reasons.text) == ("2", WHY)
    assert "canary" not in str([notice.data for notice in told(desk)])
    holds(desk)


def test_where_the_whole_breaks_an_ordinary_vote_stays_hidden(
    desk: Desk, people: dict[str, Actor]
) -> None:
    items = build.three_items()
    items[0]["rule"] = rules.load_data("itu-council")
    opened(desk, people, items=items, breaks="whole")
    say(desk, people, "BRA", "object", None, None, c1="canary-one")
    say(desk, people, "ARG", None, "object", None, c2=WHY)

    assert broken(desk) == ["1", "2", "3"]
    with reading(desk.engine) as session:
        assert [(one.item, one.member) for one in objections(session, 1)] == [("2", "ARG")]
    assert "canary" not in str([notice.data for notice in told(desk)])
    holds(desk)


def test_a_broken_item_is_no_gap(desk: Desk, people: dict[str, Actor]) -> None:
    """Approve, object and abstain are offered: who answers all but what is broken is complete."""
    rule = {**SILENCE, "choices": ["approve", "object", "abstain"]}
    build_open = build.draft(desk, people["officer"], rule=rule)
    build.open_it(desk, build_open, people["officer"], people["approver"])
    say(desk, people, "BRA", "approve", None, "approve")
    assert not complete(desk, "BRA")
    say(desk, people, "ARG", "approve", "object", "approve", c2=WHY)
    assert complete(desk, "BRA")
    say(desk, people, "ARG", "approve", "approve", "approve", base=1)
    assert not complete(desk, "BRA")


def test_a_tampered_item_is_found(desk: Desk, people: dict[str, Actor]) -> None:
    opened(desk, people)
    say(desk, people, "ARG", "object", None, None, c1=WHY)
    with writing(desk.engine) as session:
        session.scalars(select(Item).where(Item.code == "1")).one().broken_at = None
    [(_ref, findings)] = list(verify_database(desk.engine))
    assert not findings.holds


def complete(desk: Desk, member: str) -> bool:
    with reading(desk.engine) as session:
        return session.scalars(select(RollEntry.complete).where(RollEntry.member == member)).one()


def on_behalf(desk: Desk, people: dict[str, Actor], came: datetime) -> None:
    kept = documents.keep(desk, b"%PDF-1.7\nno\n", "note.pdf", "application/pdf", EVIDENCE)
    paper = OnBehalf(
        draft=build.answer("CAN", None, "object", None, c2=WHY),
        key="paper",
        channel=Channel.NOTE_VERBALE,
        received_at=came,
        scan=kept.sha256,
        reason="It came by post.",
        language="en",
    )
    asked = recording.record(desk, SLUG, people["officer"], paper, kept)
    build.confirm(desk, asked, people["approver"])


def closed_and_counted(desk: Desk, people: dict[str, Actor]) -> None:
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, seconds=200)
    counted(desk, people)


def counted(desk: Desk, people: dict[str, Actor]) -> None:
    build.confirm(desk, posting.state_post(desk, SLUG, people["officer"]), people["approver"])
