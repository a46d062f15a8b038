"""How replies are counted: which stand, what silence does, and how the arithmetic is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.case import Case, Question
from consult.core.figure import number
from consult.core.instant import instant_text, read_instant
from consult.core.reply import CastReply, in_time
from consult.core.roll import RollLine, Weight
from consult.core.rule import Choice, Rule, parse
from consult.core.tally import Decision, Outcome, result_data, tally

OPENS = datetime(2020, 11, 27, tzinfo=UTC)
CLOSES = datetime(2020, 12, 21, tzinfo=UTC)
TICK = timedelta(microseconds=1)
APPROVE, OBJECT, ABSTAIN = Choice
MAJORITY = {"count": "approve", "more_than": "1/2", "over": "entitled"}


def rule(adopted_if: object = MAJORITY, **more: object) -> Rule:
    data = {"choices": ["approve", "object", "abstain"], "silence": "absent"} | more
    return parse(data | {"adopted_if": adopted_if})


def members(number: int) -> list[RollLine]:
    return [RollLine(f"M{n}", f"Member {n}") for n in range(number)]


def reply(
    member: str, choice: Choice | None, hours: int = 1, admitted: bool | None = None
) -> CastReply:
    return CastReply(member, "1", choice, OPENS + timedelta(hours=hours), admitted)


def decide(
    replies: Sequence[CastReply], roll: Sequence[RollLine] = (), by: Rule | None = None
) -> Decision:
    used = by or rule()
    case = Case(used, OPENS, CLOSES, [Question("1", used)], roll or members(3), replies)
    return tally(case).questions["1"]


def left_out(decision: Decision) -> list[tuple[str, str]]:
    return [(one.member, one.reason) for one in decision.not_counted]


@pytest.mark.parametrize(
    ("at", "counts"),
    [(OPENS - TICK, False), (OPENS, True), (CLOSES - TICK, True), (CLOSES, False)],
)
def test_a_reply_counts_from_the_opening_until_just_before_the_deadline(
    at: datetime, counts: bool
) -> None:
    assert in_time(at, OPENS, CLOSES) is counts
    decision = decide([CastReply("M0", "1", APPROVE, at)])
    assert decision.positions["M0"] == ("approve" if counts else "silent")


def test_an_instant_is_the_same_in_every_zone() -> None:
    there = timezone(timedelta(hours=14))
    decision = decide([CastReply("M0", "1", APPROVE, CLOSES.astimezone(there))])
    assert left_out(decision) == [("M0", "late")]


def test_the_latest_reply_of_a_member_counts_alone() -> None:
    decision = decide([reply("M0", OBJECT, 2), reply("M0", APPROVE, 3), reply("M0", ABSTAIN, 1)])
    assert decision.positions["M0"] == "approve"
    assert left_out(decision) == [("M0", "superseded"), ("M0", "superseded")]


def test_of_two_replies_at_one_instant_the_later_in_the_file_counts() -> None:
    assert decide([reply("M0", OBJECT), reply("M0", APPROVE)]).positions["M0"] == "approve"
    assert decide([reply("M0", APPROVE), reply("M0", OBJECT)]).positions["M0"] == "object"


def test_a_position_taken_back_leaves_the_member_silent() -> None:
    decision = decide([reply("M0", APPROVE, 1), reply("M0", None, 2)])
    assert decision.positions["M0"] == "silent"
    assert decision.counts["replied"] == 0
    assert left_out(decision) == [("M0", "superseded")]


def test_what_is_not_counted_supersedes_nothing() -> None:
    decision = decide(
        [
            reply("M0", APPROVE, 1),
            reply("M0", OBJECT, 2, admitted=False),
            CastReply("M0", "1", OBJECT, CLOSES),
        ]
    )
    assert decision.positions["M0"] == "approve"
    assert left_out(decision) == [("M0", "not_admitted"), ("M0", "late")]


def test_a_ruling_lets_in_what_came_late_or_early() -> None:
    decision = decide(
        [
            CastReply("M0", "1", APPROVE, CLOSES, admitted=True),
            CastReply("M1", "1", OBJECT, OPENS - TICK, admitted=True),
        ]
    )
    assert (decision.positions["M0"], decision.positions["M1"]) == ("approve", "object")
    assert decision.not_counted == ()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (CastReply("X", "1", ABSTAIN, CLOSES, admitted=False), "not_on_roll"),
        (CastReply("N", "1", ABSTAIN, CLOSES, admitted=False), "not_entitled"),
        (CastReply("N", "1", ABSTAIN, OPENS, admitted=True), "not_entitled"),
        (CastReply("E", "1", ABSTAIN, CLOSES, admitted=False), "not_admitted"),
        (CastReply("E", "1", ABSTAIN, CLOSES), "late"),
        (CastReply("E", "1", ABSTAIN, OPENS - TICK), "early"),
        (CastReply("E", "1", ABSTAIN, CLOSES, admitted=True), "choice_not_offered"),
        (CastReply("E", "1", ABSTAIN, OPENS), "choice_not_offered"),
    ],
)
def test_the_first_reason_that_fits_is_given(given: CastReply, reason: str) -> None:
    roll = [RollLine("E", "E"), RollLine("N", "N", entitled=False)]
    decision = decide([given], roll, rule(choices=["approve", "object"]))
    assert left_out(decision) == [(given.member, reason)]
    assert decision.positions == {"E": "silent"}


@pytest.mark.parametrize(
    ("silence", "position", "tacit"),
    [
        ("absent", None, None),
        ("abstain", "abstain", 2),
        ("approve", "approve", 2),
        ("object", "object", 2),
    ],
)
def test_silence_is_given_the_meaning_that_the_rule_declares(
    silence: str, position: str | None, tacit: int | None
) -> None:
    decision = decide([reply("M0", OBJECT)], by=rule(silence=silence))
    expected = {"entitled": 3, "replied": 1, "approve": 0, "object": 1, "abstain": 0, "silent": 2}
    if position:
        expected[position] += 2
    assert decision.counts == expected
    assert decision.tacit == tacit
    assert decision.positions["M2"] == "silent"


def test_without_a_quorum_met_there_is_no_decision() -> None:
    by = rule(quorum={"count": "replied", "at_least": "2/3", "over": "entitled"})
    assert decide([reply("M0", APPROVE)], by=by).outcome is Outcome.INQUORATE
    assert decide([reply("M0", APPROVE), reply("M1", OBJECT)], by=by).outcome is (
        Outcome.NOT_ADOPTED
    )


def test_a_question_is_decided_by_its_own_rule() -> None:
    own = rule({"count": "approve", "at_least": 1})
    case = Case(
        rule(),
        OPENS,
        CLOSES,
        [Question("1", rule()), Question("2", own)],
        members(3),
        [reply("M0", APPROVE), reply("M0", APPROVE)._replace(question="2")],
    )
    outcomes = {name: one.outcome for name, one in tally(case).questions.items()}
    assert outcomes == {"1": Outcome.NOT_ADOPTED, "2": Outcome.ADOPTED}


WEIGHED = [
    RollLine("M0", "M0", ("A",), {"population": Weight("45.8")}),
    RollLine("M1", "M1", ("A", "B"), {"population": Weight("1/3")}),
    RollLine("M2", "M2", ("B",), {"population": Weight("10")}),
    RollLine("M3", "M3", ("A",), {"population": Weight("99")}, entitled=False),
]


@pytest.mark.parametrize(
    ("test", "text", "holds"),
    [
        (MAJORITY, "approve 2 of 3 entitled; more than 1/2 (at least 2) required", True),
        (
            {"count": "approve", "at_least": "2/3", "over": "voting", "among": "B"},
            "approve 1 of 1 voting among B; at least 2/3 (at least 1) required",
            True,
        ),
        (
            {"count": "approve", "more_than": "1/2", "over": "entitled", "by": "population"},
            (
                "approve 692/15 of 842/15 entitled by population; "
                "more than 1/2 (more than 421/15) required"
            ),
            True,
        ),
        (
            {"count": "approve", "at_least": 46, "among": "A", "by": "population"},
            "approve 692/15 among A by population; at least 46 required",
            True,
        ),
        ({"count": "silent", "at_most": 0}, "silent 1; at most 0 required", False),
        (
            {"count": "object", "at_most": "1/4", "over": "replied"},
            "object 0 of 2 replied; at most 1/4 (at most 0) required",
            True,
        ),
        (
            {"count": "not_approving", "less_than": "1/3", "over": "entitled"},
            "not_approving 1 of 3 entitled; less than 1/3 (at most 0) required",
            False,
        ),
        (
            {"count": "approve", "at_least": "1/2", "over": "object"},
            "approve 2 of 0 object; at least 1/2 (never met, there being none) required",
            False,
        ),
    ],
)
def test_the_arithmetic_is_told_in_full(test: object, text: str, holds: bool) -> None:
    decision = decide([reply("M0", APPROVE), reply("M1", APPROVE)], WEIGHED, rule(test))
    assert [(one.text, one.holds) for one in decision.tests] == [(text, holds)]


def test_every_comparison_is_told_in_order_the_quorum_first() -> None:
    none, some = {"count": "object", "at_most": 0}, {"count": "approve", "at_least": 1}
    by = rule({"any": [{"not": none}, {"all": [some]}]}, quorum={"count": "replied", "at_least": 2})
    told = [one.text for one in decide([reply("M0", APPROVE)], by=by).tests]
    assert told == [
        "replied 1; at least 2 required",
        "object 0; more than 0 required",
        "approve 1; at least 1 required",
    ]


TACIT = {
    "not": {
        "any": [
            {"count": "object", "more_than": "1/3", "over": "entitled"},
            {"not": {"count": "object", "at_most": 1}},
            {"count": "object", "at_least": "1/2", "over": "replied"},
        ]
    }
}


@pytest.mark.parametrize(
    ("objecting", "outcome", "last", "met"),
    [
        (
            0,
            Outcome.ADOPTED,
            "object 0 of 0 replied; less than 1/2 (always met, there being none)",
            1,
        ),
        (1, Outcome.NOT_ADOPTED, "object 1 of 1 replied; less than 1/2 (at most 0)", 0),
    ],
)
def test_of_what_must_not_be_it_is_told_what_must(
    objecting: int, outcome: Outcome, last: str, met: bool
) -> None:
    decision = decide([reply(f"M{n}", OBJECT) for n in range(objecting)], members(3), rule(TACIT))
    assert decision.outcome is outcome
    assert [(one.text, one.holds) for one in decision.tests] == [
        (f"object {objecting} of 3 entitled; at most 1/3 (at most 1) required", True),
        (f"object {objecting}; at most 1 required", True),
        (f"{last} required", bool(met)),
    ]


def test_figures_are_there_for_other_languages() -> None:
    (figure,) = decide([reply("M0", APPROVE)], members(48)).tests
    assert (figure.count, figure.base, figure.needed, figure.holds) == (1, 48, 25, False)


def test_the_result_is_written_in_the_shape_of_the_design() -> None:
    roll = [RollLine("ARG", "Argentina"), RollLine("BRA", "Brazil")]
    when = datetime(2020, 12, 22, 9, tzinfo=timezone(timedelta(hours=1)))
    case = Case(
        rule(silence="abstain"),
        OPENS,
        CLOSES,
        [Question("1", rule(silence="abstain"))],
        roll,
        [CastReply("XXX", "1", APPROVE, when), reply("ARG", APPROVE)],
    )
    assert result_data(tally(case)) == {
        "questions": {
            "1": {
                "outcome": "not_adopted",
                "counts": {
                    "entitled": 2,
                    "replied": 1,
                    "approve": 1,
                    "object": 0,
                    "abstain": 1,
                    "silent": 1,
                    "tacit": 1,
                },
                "tests": [
                    {
                        "text": "approve 1 of 2 entitled; more than 1/2 (at least 2) required",
                        "holds": False,
                    }
                ],
                "positions": {"ARG": "approve", "BRA": "silent"},
                "not_counted": [
                    {"member": "XXX", "reason": "not_on_roll", "at": "2020-12-22T09:00:00+01:00"}
                ],
            }
        }
    }


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(458, 10), "45.8"),
        (Fraction(1, 40), "0.025"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(100), "100"),
        (Fraction(2, 3), "2/3"),
    ],
)
def test_numbers_are_written_exactly(exact: Fraction, text: str) -> None:
    assert number(exact) == text


@given(st.fractions(max_denominator=10**6))
def test_a_number_that_is_written_is_the_number(exact: Fraction) -> None:
    assert Fraction(number(exact)) == exact


@pytest.mark.parametrize(
    "spelled", ["2020-12-10T09:00:00+01:00", "2020-12-10T08:00:00Z", "2020-12-10T08:00:00.000001Z"]
)
def test_an_instant_is_written_as_it_was_read(spelled: str) -> None:
    assert instant_text(read_instant(spelled, "at")) == spelled


codes = st.sampled_from(["M0", "M1", "M2", "M3", "X"])
hours = st.integers(-2, 26)
casts = st.builds(
    lambda member, choice, hour, admitted: CastReply(
        member, "1", choice, OPENS + timedelta(hours=hour), admitted
    ),
    codes,
    st.none() | st.sampled_from(Choice),
    hours,
    st.none() | st.booleans(),
)
once = st.lists(casts, max_size=12, unique_by=lambda cast: (cast.member, cast.at))
short = {"opens_at": OPENS, "closes_at": OPENS + timedelta(hours=24)}


def counted(replies: Sequence[CastReply], by: Rule) -> Decision:
    roll = [*members(3), RollLine("M3", "M3", entitled=False)]
    case = Case(by, short["opens_at"], short["closes_at"], [Question("1", by)], roll, replies)
    return tally(case).questions["1"]


@given(once, st.randoms(use_true_random=False))
def test_the_order_of_replies_never_matters(replies: list[CastReply], chance: object) -> None:
    shuffled = list(replies)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert counted(shuffled, rule()) == counted(replies, rule())


@given(once)
def test_every_reply_is_counted_or_said_not_to_be(replies: list[CastReply]) -> None:
    decision = counted(replies, rule())
    withdrawn = [who for who, said in decision.positions.items() if said == "silent"]
    stands = len(replies) - len(decision.not_counted)
    assert decision.counts["replied"] <= stands <= decision.counts["replied"] + len(withdrawn)


@given(once, st.sampled_from(["absent", "abstain", "approve", "object"]))
def test_positions_and_those_left_absent_add_up_to_the_entitled(
    replies: list[CastReply], silence: str
) -> None:
    counts = counted(replies, rule(silence=silence)).counts
    positions = counts["approve"] + counts["object"] + counts["abstain"]
    absent = counts["silent"] if silence == "absent" else 0
    assert positions + absent == counts["entitled"] == counts["replied"] + counts["silent"]


UPWARD = [
    MAJORITY,
    {"count": "approve", "at_least": "2/3", "over": "voting"},
    {"count": "approve", "at_least": "7/10", "over": "replied"},
    {"all": [{"count": "approve", "at_least": 2}, {"count": "object", "at_most": 1}]},
]


@given(
    st.lists(st.none() | st.sampled_from(Choice), min_size=1, max_size=7),
    st.sampled_from(UPWARD),
    st.data(),
)
def test_one_more_approval_never_undoes_an_adoption(
    said: list[Choice | None], test: object, data: st.DataObject
) -> None:
    roll, by = members(len(said)), rule(test)
    before = [reply(f"M{n}", choice) for n, choice in enumerate(said)]
    more = reply(f"M{data.draw(st.integers(0, len(said) - 1))}", APPROVE, hours=2)
    if decide(before, roll, by).outcome is Outcome.ADOPTED:
        assert decide([*before, more], roll, by).outcome is Outcome.ADOPTED
