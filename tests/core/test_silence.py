"""When objections break a silence procedure: as soon as nothing can lead to adoption any more."""

from typing import Any

import pytest

from consult import rules
from consult.core.casefile import case_from_data
from consult.core.silence import asks_positions, broken, under_silence

OPENS_AT, CLOSES_AT = "2020-07-01T08:00:00Z", "2020-07-17T14:00:00Z"
IN_TIME, LATE = "2020-07-02T08:00:00Z", "2020-07-17T14:00:00Z"
SILENCE = rules.load_data("silence-un-74-544")
MAJORITY = {
    "choices": ["approve", "object"],
    "silence": "approve",
    "adopted_if": {"count": "approve", "more_than": "1/2", "over": "entitled"},
}


def found(rule: dict[str, Any], *replies: tuple[str, str | None, str]) -> dict[str, Any]:
    """What is broken on a roll of four, of which D has not the right to vote."""
    return broken(
        case_from_data(
            {
                "rule": rule,
                "opens_at": OPENS_AT,
                "closes_at": CLOSES_AT,
                "questions": [{"id": "1"}],
                "roll": [{"code": code, "entitled": code != "D"} for code in "ABCD"],
                "replies": [
                    {"member": member, "question": "1", "choice": choice, "at": at}
                    for member, choice, at in replies
                ],
            }
        )
    )


def test_one_objection_in_time_breaks_and_is_named() -> None:
    assert found(SILENCE, ("A", "object", IN_TIME)) == {"1": ("A",)}


@pytest.mark.parametrize(
    "reply",
    [("A", "object", LATE), ("D", "object", IN_TIME), ("A", None, IN_TIME)],
    ids=["a late one", "one without the right to vote", "a confirmation"],
)
def test_what_does_not_count_breaks_nothing(reply: tuple[str, str | None, str]) -> None:
    assert found(SILENCE, reply) == {}


def test_an_objection_taken_back_breaks_no_more() -> None:
    later = "2020-07-03T08:00:00Z"
    assert found(SILENCE, ("A", "object", IN_TIME), ("A", None, later)) == {}


def test_under_a_majority_the_objection_that_is_one_too_many_breaks() -> None:
    """Three may vote and two must approve: one objection leaves that possible, two do not."""
    assert found(MAJORITY, ("A", "object", IN_TIME)) == {}
    both = found(MAJORITY, ("A", "object", IN_TIME), ("B", "object", IN_TIME))
    assert both == {"1": ("A", "B")}


def test_a_quorum_is_not_for_those_that_object_to_fail() -> None:
    quorum = {"count": "replied", "at_least": "2/3", "over": "entitled"}
    assert found({**MAJORITY, "quorum": quorum}, ("A", "object", IN_TIME)) == {}


def test_an_ordinary_vote_is_never_broken() -> None:
    rule = rules.load_data("unanimity")
    assert not under_silence(rules.load("unanimity"))
    assert found(rule, ("A", "object", IN_TIME)) == {}


def test_a_position_is_missed_where_one_item_asks_for_more_than_objections() -> None:
    assert not asks_positions(SILENCE, [{"rule": None}])
    assert asks_positions(SILENCE, [{"rule": None}, {"rule": MAJORITY}])
    assert asks_positions(None, [])
