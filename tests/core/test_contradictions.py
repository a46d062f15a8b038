"""A rule that contradicts itself or the roll is found out, each way it can, and no sound one is."""

from typing import Any

import pytest

from consult import rules
from consult.core.contradictions import Contradiction, Found, contradictions
from consult.core.roll import RollLine, Weight
from consult.core.rule import Rule, parse

C = Contradiction


def roll(members: int = 48, **more: Any) -> list[RollLine]:
    return [RollLine(f"M{n}", f"Member {n}", groups=("A",), **more) for n in range(members)]


def rule(adopted_if: dict[str, Any], **more: Any) -> Rule:
    return parse(
        {
            "choices": ["approve", "object", "abstain"],
            "silence": "absent",
            "adopted_if": adopted_if,
            **more,
        }
    )


MAJORITY = {"count": "approve", "more_than": "1/2", "over": "entitled"}
ANY_REPLY = {"count": "replied", "at_least": 1}


def test_a_plain_majority_is_sound() -> None:
    assert contradictions(rule(MAJORITY), roll()) == ()


@pytest.mark.parametrize(
    ("found", "data", "more"),
    [
        (Found(C.GROUP_UNKNOWN, 0, "P"), {**MAJORITY, "among": "P"}, {}),
        (Found(C.WEIGHT_MISSING, 0, "population"), {**MAJORITY, "by": "population"}, {}),
        (Found(C.POSITION_NOT_OFFERED, 0, "approve"), MAJORITY, {"choices": ["object"]}),
        (
            Found(C.POSITION_NOT_OFFERED, 0, "voting"),
            {"count": "voting", "at_least": 1},
            {"choices": ["abstain"]},
        ),
        (Found(C.NEVER_HOLDS), {"count": "approve", "more_than": "1/1", "over": "entitled"}, {}),
        (Found(C.NEVER_HOLDS), {"count": "approve", "at_least": 49}, {}),
        (
            Found(C.NEVER_HOLDS),
            {"all": [{"count": "approve", "at_least": 30}, {"count": "approve", "at_most": 20}]},
            {},
        ),
        (Found(C.NEVER_QUORATE), MAJORITY, {"quorum": {"count": "replied", "at_least": 49}}),
    ],
)
def test_what_cannot_be_is_refused(
    found: Found, data: dict[str, Any], more: dict[str, Any]
) -> None:
    assert contradictions(rule(data, **more), roll()) == (found,)
    assert found.refused


@pytest.mark.parametrize(
    ("code", "data", "more"),
    [
        (C.ALWAYS_HOLDS, {"count": "approve", "at_least": 0}, {}),
        (
            C.TACIT_WITH_QUORUM,
            {"count": "object", "at_most": 0},
            {"silence": "approve", "quorum": ANY_REPLY},
        ),
        (C.SILENCE_PREVENTS, {"count": "object", "at_most": 0}, {"silence": "object"}),
        (
            C.SILENCE_PREVENTS,
            {"count": "approve", "at_least": "1/1", "over": "voting"},
            {"silence": "object"},
        ),
        (C.NOBODY_APPROVES, {"count": "object", "at_most": "1/4", "over": "entitled"}, {}),
        (
            C.LINE_NEVER_HOLDS,
            {"any": [MAJORITY, {"count": "approve", "at_least": 60}]},
            {},
        ),
    ],
)
def test_what_is_odd_is_only_warned_of(
    code: Contradiction, data: dict[str, Any], more: dict[str, Any]
) -> None:
    found = contradictions(rule(data, **more), roll())
    assert code in {one.code for one in found}
    assert not [one for one in found if one.refused]


def test_the_line_that_never_holds_is_named_after_the_quorum() -> None:
    branched = rule({"any": [MAJORITY, {"count": "approve", "at_least": 60}]}, quorum=ANY_REPLY)
    assert [one.line for one in contradictions(branched, roll())] == [2]


def test_silence_supplies_a_position_that_is_not_offered() -> None:
    tacit = rule({"count": "approve", "at_least": 1}, choices=["object"], silence="approve")
    assert contradictions(tacit, roll()) == ()


def test_a_weight_is_asked_only_of_those_who_are_looked_at() -> None:
    mixed = [
        RollLine("A", "A", groups=("P",), weights={"units": Weight("2")}),
        RollLine("B", "B", groups=("P",), entitled=False),
        RollLine("C", "C", groups=("O",)),
    ]
    assert contradictions(rule({**MAJORITY, "by": "units", "among": "P"}), mixed) == ()


def test_with_nobody_on_the_roll_only_the_rule_itself_is_judged() -> None:
    assert contradictions(rule({"count": "approve", "at_least": 49}), []) == ()
    assert contradictions(rule(MAJORITY, choices=["object"]), [])[0].refused


@pytest.mark.parametrize("id_", rules.all_ids())
def test_no_rule_of_the_library_contradicts_itself(id_: str) -> None:
    found = contradictions(rules.load(id_), [])
    assert not [one for one in found if one.refused]


def test_of_the_library_only_what_its_source_says_is_odd() -> None:
    """With no reply at all, the consultation of ITU-T Resolution 1 approves."""
    odd = {
        id_: {one.code for one in contradictions(rules.load(id_), roll()) if not one.refused}
        for id_ in rules.all_ids()
    }
    assert {id_: codes for id_, codes in odd.items() if codes} == {
        "itu-t-tap-consultation": {C.NOBODY_APPROVES}
    }
