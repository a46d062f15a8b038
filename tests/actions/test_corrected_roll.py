"""The roll of an open letter is corrected by two persons, one member at a time."""

from typing import Any

import pytest

from consult.actions import corrected_roll, replying
from consult.actions.change import Desk
from consult.actions.corrected_roll import Correction
from consult.core.life import NotNow, Revising
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, Changed, NotAllowed, NotFound, Waiting
from consult.queries.roll import frozen
from consult.tables import Member, reading, writing
from tests import build
from tests import revising as these
from tests.actions.test_revising import Council, council, holds, notices
from tests.meanwhile import once_read
from tests.revising import SLUG, correct_roll, line, on_roll


def without_vote(desk: Desk, member: str) -> dict[str, Any]:
    return {**on_roll(desk, member), "entitled": False, "no_vote_under": "No. 169"}


def correct(here: Council, member: str, wanted: dict[str, Any] | None) -> None:
    correct_roll(here.desk, here.asks, here.confirms, member, wanted)


def newcomer(desk: Desk) -> dict[str, Any]:
    """Make a member that is not on the roll; return what the roll shall say of it."""
    with writing(desk.engine) as session:
        session.add(Member(code="XYZ", name=build.in_all("Newland")))
    build.person(desk, "Head of XYZ", member="XYZ")
    return {
        "name": build.in_all("Newland"),
        "groups": ["A"],
        "weights": {},
        "entitled": True,
        "no_vote_under": None,
    }


def test_who_loses_the_right_keeps_its_reply_on_the_register_uncounted(desk: Desk) -> None:
    here = council(desk)
    here.reply("ARG")
    correct(here, "ARG", without_vote(desk, "ARG"))
    assert not line(desk, "ARG").entitled
    assert len(these.replies(desk)) == 1
    found = here.count()["1"]
    assert found["counts"]["entitled"] == 3
    assert [(one["member"], one["reason"]) for one in found["not_counted"]] == [
        ("ARG", "not_entitled")
    ]
    holds(desk)


def test_a_reply_read_before_its_member_lost_the_right_is_refused(desk: Desk) -> None:
    """T64: the right to vote is that which stands under the lock."""
    here = council(desk)
    said = build.answer("ARG", "approve", "approve", "approve")
    with (
        once_read(desk.engine, lambda: correct(here, "ARG", without_vote(desk, "ARG"))),
        pytest.raises(Changed) as refused,
    ):
        replying.reply(desk, these.SLUG, here.heads["ARG"], build.sent(desk, said))
    assert refused.value.facts["what"] == "letter"
    assert these.replies(desk) == []
    holds(desk)


def test_the_correction_is_entered_with_the_new_roll_and_kept(desk: Desk) -> None:
    here = council(desk)
    before = these.letter(desk)
    correct(here, "ARG", without_vote(desk, "ARG"))
    after = these.letter(desk)
    assert (before.revision, after.revision) == (0, 1)
    assert before.roll_hash != after.roll_hash
    assert before.texts == after.texts
    kept = these.kept(desk)[1]
    assert kept.kind == Revising.ROLL
    assert [one["member"] for one in kept.roll] == ["ARG"]
    holds(desk)


def test_a_member_is_put_on_the_roll_invited_and_counted(desk: Desk) -> None:
    here = council(desk)
    correct(here, "XYZ", newcomer(desk))
    with reading(desk.engine) as session:
        assert [one.member for one in frozen(session, these.letter(desk).id)][-1] == "XYZ"
    invited = [one.member for one in notices(desk, NoticeKind.INVITATION) if "-1" in one.occasion]
    assert invited == ["XYZ"]
    told = notices(desk, NoticeKind.CORRIGENDUM)
    assert {one.member for one in told} == set(here.heads)
    assert {one.data["roll_told"] for one in told} == {"added"}
    assert here.count()["1"]["counts"]["entitled"] == 5
    holds(desk)


def test_a_member_that_has_not_replied_is_taken_off(desk: Desk) -> None:
    here = council(desk)
    correct(here, "BRA", None)
    concerned = {
        one.member: bool(one.data.get("concerned")) for one in notices(desk, NoticeKind.CORRIGENDUM)
    }
    assert concerned == {"ARG": False, "BHS": False, "BRA": True, "CAN": False}
    assert here.count()["1"]["counts"]["entitled"] == 3
    holds(desk)


def test_one_that_has_replied_stays_on_it(desk: Desk) -> None:
    here = council(desk)
    here.reply("ARG")
    with pytest.raises(BadInput) as refused:
        correct(here, "ARG", None)
    assert refused.value.faults == {"member": "has-replied"}


def test_what_would_not_change_or_could_not_be_counted_is_refused(desk: Desk) -> None:
    here = council(desk, members=1)
    for wanted, code in (
        (on_roll(desk, "ARG"), "nothing-changed"),
        (without_vote(desk, "ARG"), "roll-empty"),
    ):
        with pytest.raises(BadInput) as refused:
            correct(here, "ARG", wanted)
        assert refused.value.faults == {"member": code}
    with pytest.raises(NotFound):
        correct(here, "NOP", on_roll(desk, "ARG"))
    nothing_said = Correction("ARG", without_vote(desk, "ARG"), "")
    with pytest.raises(BadInput) as refused:
        corrected_roll.submit(desk, SLUG, here.asks, nothing_said)
    assert refused.value.faults["reason"] == "missing"


def test_officers_ask_while_it_is_open_and_one_correction_waits_at_a_time(desk: Desk) -> None:
    here = council(desk)
    wanted = Correction("ARG", without_vote(desk, "ARG"), "Arrears.")
    with pytest.raises(NotAllowed):
        corrected_roll.submit(desk, SLUG, here.confirms, wanted)
    corrected_roll.submit(desk, SLUG, here.asks, wanted)
    with pytest.raises(Waiting):
        corrected_roll.submit(desk, SLUG, here.asks, wanted)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    with pytest.raises(NotNow):
        corrected_roll.submit(desk, SLUG, here.asks, wanted)


def test_a_revision_written_meanwhile_can_still_be_submitted(desk: Desk) -> None:
    here = council(desk)
    correct(here, "ARG", without_vote(desk, "ARG"))
    here.revise(Revising.CORRIGENDUM, these.redated(desk))
    assert [one.kind for one in these.kept(desk)] == ["opening", "roll", "corrigendum"]
    holds(desk)
