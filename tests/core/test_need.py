"""What a rule takes on a roll is right: every possible outcome of small rolls was looked at."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult import rules
from consult.core import reach
from consult.core.comparison import Test, comparisons, holds, sets_of
from consult.core.need import Least, NeedKind, WithReplies, need
from consult.core.roll import RollLine, Weight
from consult.core.rule import SETS, Choice, Rule, parse

Said = tuple[Choice | None, ...]


def members(number: int) -> list[RollLine]:
    return [RollLine(f"M{n}", f"Member {n}") for n in range(number)]


def measured(rule: Rule, roll: Sequence[RollLine], said: Said) -> dict:
    """Measure every set by adding member after member, the plainest way there is."""
    found = {}
    for test in (part for whole in rule.tests for part in comparisons(whole)):
        sizes = dict.fromkeys(SETS, Fraction(0))
        for line, position in zip(roll, said, strict=True):
            if test.among is None or test.among in line.groups:
                for name in sets_of(position, rule.silence):
                    sizes[name] += 1 if test.by is None else line.weights[test.by]
        found[test.scope] = sizes
    return found


def every_outcome(
    rule: Rule, roll: Sequence[RollLine], test: Test | None = None
) -> Iterator[tuple[Said, bool]]:
    entitled = [line for line in roll if line.entitled]
    for said in itertools.product((*rule.choices, None), repeat=len(entitled)):
        counts = measured(rule, entitled, said)
        wanted = rule.tests if test is None else (test,)
        yield said, all(holds(one, counts) for one in wanted)


def least(
    outcomes: Sequence[tuple[Said, bool]], counted: Callable[[Said], int], wanted: bool
) -> Least:
    """Give the least number with which it can come out as *wanted*, and always does."""
    able = [counted(said) for said, found in outcomes if found is wanted]
    failing = [counted(said) for said, found in outcomes if found is not wanted]
    always = max(failing) + 1 if failing else 0
    there = max((counted(said) for said, _ in outcomes), default=0)
    return Least(min(able) if able else None, always if always <= there else None)


def approvals(said: Said) -> int:
    return said.count(Choice.APPROVE)


def objections(said: Said) -> int:
    return said.count(Choice.OBJECT)


def replies(said: Said) -> int:
    return len(said) - said.count(None)


def others(said: Said) -> int:
    return len(said) - approvals(said)


def assert_right(rule: Rule, roll: Sequence[RollLine]) -> None:
    outcomes = list(every_outcome(rule, roll))
    found = need(rule, roll)

    assert found.exact
    assert found.entitled == sum(line.entitled for line in roll)
    assert found.approvals == least(outcomes, approvals, wanted=True)
    assert found.objections == least(outcomes, objections, wanted=False)
    if Choice.APPROVE in rule.choices:
        against = least(outcomes, others, wanted=False)
        assert found.against == against
    if rule.quorum is not None:
        quorate = list(every_outcome(rule, roll, rule.quorum))
        assert found.quorum == least(quorate, replies, wanted=True)
    for sample in found.by_replies:
        same = [(said, adopted) for said, adopted in outcomes if replies(said) == sample.replies]
        assert sample.approvals.can == least(same, approvals, wanted=True).can
        assert sample.approvals.always == least(same, approvals, wanted=True).always
    assert (found.kind is NeedKind.NEVER) is not any(adopted for _, adopted in outcomes)


GROUPS = st.sets(st.sampled_from(["P", "issuer", "consumer"])).map(
    lambda names: tuple(sorted(names))
)
SIZES = st.sampled_from(["0", "1", "2", "7", "0.5", "1/3"]).map(Weight)


@st.composite
def rolls(draw: st.DrawFn, most: int = 5) -> list[RollLine]:
    lines = draw(
        st.lists(
            st.tuples(GROUPS, SIZES, st.sampled_from([True, True, True, False])), max_size=most
        )
    )
    return [
        RollLine(f"M{n}", "x", groups, {"population": size}, entitled)
        for n, (groups, size, entitled) in enumerate(lines)
    ]


@pytest.mark.parametrize("name", rules.all_ids())
@given(roll=rolls())
@settings(max_examples=25)
def test_every_rule_of_the_library_is_right_on_small_rolls(name: str, roll: list[RollLine]) -> None:
    assert_right(rules.load(name), roll)


ALIKE = [
    (name, number)
    for name in rules.all_ids()
    for number in range(6 if len(rules.load(name).choices) == 3 else 7)
]


@pytest.mark.parametrize(("name", "number"), ALIKE)
def test_every_rule_is_right_where_all_members_are_alike(name: str, number: int) -> None:
    groups = ("P", "issuer", "consumer")
    roll = [RollLine(f"M{n}", "x", groups, {"population": Weight("1")}) for n in range(number)]
    assert_right(rules.load(name), roll)


LIMITS = st.sampled_from(["1/2", "2/3", "1/4", "7/10", "1/1", "0/1", "3/2"])


@st.composite
def some_tests(draw: st.DrawFn) -> dict[str, object]:
    compare = draw(st.sampled_from(["more_than", "at_least", "less_than", "at_most"]))
    test: dict[str, object] = {"count": draw(st.sampled_from(SETS))}
    if draw(st.booleans()):
        test |= {"over": draw(st.sampled_from(SETS)), compare: draw(LIMITS)}
    else:
        test |= {compare: draw(st.integers(0, 4))}
    if draw(st.booleans()):
        test["among"] = "P"
    if draw(st.booleans()):
        test["by"] = "population"
    return test


some_rules = st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.sampled_from(["approve", "object", "abstain"]), min_size=1, unique=True
        ),
        "silence": st.sampled_from(["absent", "abstain", "approve", "object"]),
        "adopted_if": st.recursive(
            some_tests(),
            lambda inner: st.one_of(
                st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
                st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
                st.fixed_dictionaries({"not": inner}),
            ),
            max_leaves=3,
        ),
    },
    optional={"quorum": some_tests()},
)


@given(some_rules, rolls(most=4))
@settings(max_examples=300)
def test_any_rule_is_right_on_any_small_roll(data: dict[str, object], roll: list[RollLine]) -> None:
    assert_right(parse(data), roll)


def test_the_council_needs_25_of_48() -> None:
    found = need(rules.load("itu-council"), members(48))
    assert found.kind is NeedKind.APPROVALS
    assert found.approvals == Least(25, 25)
    assert found.against == Least(24, 24)


def test_seventy_per_cent_of_48_replies_are_34_and_of_30_are_21() -> None:
    for name in ("itu-t-tap-consultation", "itu-r-approval"):
        found = need(rules.load(name), members(48))
        assert found.kind is NeedKind.OF_REPLIES
        assert found.by_replies == (
            WithReplies(48, Least(34, 34)),
            WithReplies(30, Least(21, 21)),
        )


def test_convention_47_needs_25_replies_and_with_them_13_approvals() -> None:
    found = need(rules.load("itu-convention-47"), members(48))
    assert found.kind is NeedKind.OF_VOTES
    assert found.quorum == Least(25, 25)
    assert found.by_replies[-1] == WithReplies(25, Least(1, 13))


@pytest.mark.parametrize("name", ["silence-un-74-544", "itu-t-deletion"])
def test_one_objection_breaks_the_silence_of_193(name: str) -> None:
    found = need(rules.load(name), members(193))
    assert found.kind is NeedKind.OBJECTIONS
    assert found.objections == Least(1, 1)


def test_unanimity_takes_one_approval_at_least_and_all_at_most() -> None:
    found = need(rules.load("unanimity"), members(27))
    assert found.kind is NeedKind.GENERAL
    assert found.approvals == Least(1, 27)
    assert found.objections == Least(0, 1)


def test_a_union_of_27_can_decide_with_15_and_surely_does_with_24() -> None:
    sizes = [830, 680, 590, 480, 380, 190, 177, 115, 107, 105, 104, 103, 97, 90, 69, 58, 57, 54]
    sizes += [50, 45, 28, 21, 19, 13, 9, 6, 5]
    roll = [
        RollLine(f"M{n}", "x", (), {"population": Weight(f"{size}.1")})
        for n, size in enumerate(sizes)
    ]
    found = need(rules.load("eu-qualified-majority"), roll)
    assert found.approvals == Least(15, 24)
    assert found.against == Least(4, 13)
    assert found.exact


def test_nothing_is_adopted_where_more_are_needed_than_there_are() -> None:
    rule = parse(
        {
            "choices": ["approve"],
            "silence": "absent",
            "adopted_if": {"count": "approve", "at_least": 4},
        }
    )
    found = need(rule, members(3))
    assert found.kind is NeedKind.NEVER
    assert found.approvals == Least(None, None)


def test_figures_that_cannot_be_exact_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = parse(
        {
            "choices": ["approve", "object"],
            "silence": "absent",
            "quorum": {"count": "replied", "more_than": "1/2", "over": "entitled", "by": "w"},
            "adopted_if": {"count": "approve", "at_least": "7/10", "over": "replied", "by": "w"},
        }
    )
    roll = [RollLine(f"M{n}", "x", (), {"w": Weight(str((n * 7919) % 97 + 1))}) for n in range(12)]
    exact = need(rule, roll)
    monkeypatch.setattr(reach, "MAX_FRONT", 2)
    monkeypatch.setattr(reach, "MIN_FRONT", 1)
    safe = need(rule, roll)

    assert exact.exact
    assert not safe.exact
    assert safe.approvals.can <= exact.approvals.can
    assert safe.approvals.always is None or safe.approvals.always >= exact.approvals.always


def test_a_test_too_branched_to_take_apart_promises_nothing() -> None:
    one = {"count": "approve", "at_least": 1}
    pairs = [
        {"any": [one | {"at_least": n}, {"count": "object", "at_most": n}]} for n in range(1, 20)
    ]
    rule = parse({"choices": ["approve"], "silence": "absent", "adopted_if": {"all": pairs}})
    found = need(rule, members(3))
    assert not found.exact
    assert found.approvals.can == 0


def test_a_quorum_of_votes_cast_is_worked_out_for_193_as_for_48() -> None:
    """Three bounds and one kind of member: the sums to compare grow with the square of them."""
    votes = {"count": "voting", "at_least": "1/2", "over": "entitled"}
    rule = parse(
        rules.load_data("two-thirds-of-votes-cast") | {"title": {"en": "x"}, "quorum": votes}
    )

    found = need(rule, members(193))

    assert found.exact
    assert found.approvals == Least(65, 129)
    assert found.objections == Least(0, 65)
    assert found.by_replies == (
        WithReplies(193, Least(65, 129)),
        WithReplies(97, Least(65, 97)),
    )
