"""A rule is data: what is understood is kept exactly, what is not is refused with its path."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.rule import (
    SETS,
    All,
    AnyOf,
    Choice,
    Compare,
    Comparison,
    Not,
    Rule,
    Silence,
    Test,
    comparisons,
    holds,
    parse,
    rule_data,
    sets_of,
)
from consult.errors import BadInput

MAJORITY = Comparison("approve", Compare.MORE_THAN, Fraction(1, 2), over="entitled")
COUNCIL = {
    "choices": ["approve", "object", "abstain"],
    "silence": "absent",
    "adopted_if": {"count": "approve", "more_than": "1/2", "over": "entitled"},
}


def heads(**sizes: int) -> dict[tuple[None, None], dict[str, Fraction]]:
    return {(None, None): {name: Fraction(sizes.get(name, 0)) for name in SETS}}


@pytest.mark.parametrize(
    ("approve", "adopted"), [(24, False), (25, True)], ids=["half is not more", "one more is"]
)
def test_a_majority_of_48_needs_25(approve: int, adopted: bool) -> None:
    assert holds(MAJORITY, heads(approve=approve, entitled=48)) is adopted


@given(entitled=st.integers(1, 200), data=st.data())
def test_one_more_approval_never_undoes_a_majority(entitled: int, data: st.DataObject) -> None:
    approve = data.draw(st.integers(0, entitled - 1))
    if holds(MAJORITY, heads(approve=approve, entitled=entitled)):
        assert holds(MAJORITY, heads(approve=approve + 1, entitled=entitled))


@pytest.mark.parametrize("compare", list(Compare))
def test_a_share_of_an_empty_set_never_holds(compare: Compare) -> None:
    assert not holds(Comparison("object", compare, Fraction(1, 4), over="voting"), heads())


@pytest.mark.parametrize(
    ("compare", "below", "at", "above"),
    [
        (Compare.MORE_THAN, False, False, True),
        (Compare.AT_LEAST, False, True, True),
        (Compare.LESS_THAN, True, False, False),
        (Compare.AT_MOST, True, True, False),
    ],
)
def test_each_comparison_knows_which_side_its_limit_is_on(
    compare: Compare, below: bool, at: bool, above: bool
) -> None:
    test = Comparison("object", compare, Fraction(4))
    found = [holds(test, heads(object=objections)) for objections in (3, 4, 5)]
    assert found == [below, at, above]


def test_tests_are_joined_by_all_any_and_not() -> None:
    none, some = (
        Comparison("object", Compare.AT_MOST, Fraction(0)),
        Comparison("approve", Compare.AT_LEAST, Fraction(1)),
    )
    counts = heads(object=1, approve=1)
    assert not holds(All((none, some)), counts)
    assert holds(AnyOf((none, some)), counts)
    assert holds(Not(none), counts)
    assert list(comparisons(AnyOf((Not(none), All((some,)))))) == [none, some]


@pytest.mark.parametrize(
    ("position", "silence", "expected"),
    [
        (Choice.APPROVE, Silence.ABSENT, {"entitled", "replied", "approve", "voting"}),
        (
            Choice.OBJECT,
            Silence.APPROVE,
            {"entitled", "replied", "object", "voting", "not_approving"},
        ),
        (Choice.ABSTAIN, Silence.ABSENT, {"entitled", "replied", "abstain", "not_approving"}),
        (None, Silence.ABSENT, {"entitled", "silent", "not_approving"}),
        (None, Silence.ABSTAIN, {"entitled", "silent", "abstain", "not_approving"}),
        (None, Silence.APPROVE, {"entitled", "silent", "approve", "voting"}),
        (None, Silence.OBJECT, {"entitled", "silent", "object", "voting", "not_approving"}),
    ],
)
def test_silence_takes_its_meaning_but_is_never_a_reply(
    position: Choice | None, silence: Silence, expected: set[str]
) -> None:
    assert sets_of(position, silence) == expected


names = st.sampled_from(SETS)
words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1)
scopes = st.none() | words


@st.composite
def some_comparisons(draw: st.DrawFn) -> Comparison:
    over = draw(st.none() | names)
    whole = st.integers(0, 10**30 - 1)
    limit = (
        whole.map(Fraction)
        if over is None
        else st.builds(Fraction, st.integers(0, 10**9), st.integers(1, 10**9))
    )
    return Comparison(
        count=draw(names),
        compare=draw(st.sampled_from(Compare)),
        threshold=draw(limit),
        over=over,
        among=draw(scopes),
        by=draw(scopes),
    )


def joined(inner: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.builds(All, parts) | st.builds(AnyOf, parts) | st.builds(Not, inner)


tests = st.recursive(some_comparisons(), joined, max_leaves=8)
titles = st.dictionaries(st.sampled_from(["en", "fr", "ar"]), words)
rules = st.builds(
    Rule,
    id=st.just("") | words,
    title=titles,
    source=st.just("") | words,
    choices=st.lists(st.sampled_from(Choice), min_size=1, unique=True).map(tuple),
    silence=st.sampled_from(Silence),
    quorum=st.none() | tests,
    adopted_if=tests,
    names=st.dictionaries(
        st.sampled_from([str(choice) for choice in Choice]), titles.filter(bool), max_size=2
    ),
)


@given(rules)
def test_a_rule_written_down_is_read_as_the_same_rule(rule: Rule) -> None:
    assert parse(rule_data(rule)) == rule


def test_a_title_may_be_one_text_in_english() -> None:
    assert parse(COUNCIL | {"title": "Majority"}).title == {"en": "Majority"}


def test_a_rule_may_name_its_positions_otherwise() -> None:
    rule = parse(COUNCIL | {"names": {"object": {"en": "Reject", "fr": "Rejeter"}}})
    assert rule.names == {"object": {"en": "Reject", "fr": "Rejeter"}}


def deep(levels: int) -> object:
    test: object = COUNCIL["adopted_if"]
    for _ in range(levels):
        test = {"not": test}
    return test


TEST = {"count": "approve", "at_least": 1}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"choices": []}, "rule.choices"),
        ({"choices": "approve"}, "rule.choices"),
        ({"choices": ["approve", "approve"]}, "rule.choices"),
        ({"choices": ["yes"]}, "rule.choices[0]"),
        ({"silence": "consent"}, "rule.silence"),
        ({"silence": None}, "rule.silence"),
        ({"id": ""}, "rule.id"),
        ({"id": 1}, "rule.id"),
        ({"title": {"en": 1}}, "rule.title.en"),
        ({"source": None}, "rule.source"),
        ({"names": {"yes": {"en": "Yes"}}}, "rule.names.yes"),
        ({"notes": "x"}, "rule.notes"),
        ({"quorum": None}, "rule.quorum"),
        ({"adopted_if": {}}, "rule.adopted_if.count"),
        ({"adopted_if": {"count": "approve"}}, "rule.adopted_if"),
        ({"adopted_if": TEST | {"at_most": 2}}, "rule.adopted_if"),
        ({"adopted_if": TEST | {"any": [TEST]}}, "rule.adopted_if.count"),
        ({"adopted_if": {"any": []}}, "rule.adopted_if.any"),
        ({"adopted_if": {"all": {}}}, "rule.adopted_if.all"),
        ({"adopted_if": {"all": [TEST, 1]}}, "rule.adopted_if.all[1]"),
        ({"adopted_if": {"not": []}}, "rule.adopted_if.not"),
        ({"adopted_if": TEST | {"count": "members"}}, "rule.adopted_if.count"),
        ({"adopted_if": TEST | {"over": "everybody"}}, "rule.adopted_if.over"),
        ({"adopted_if": TEST | {"over": "voting"}}, "rule.adopted_if.at_least"),
        ({"adopted_if": TEST | {"at_least": "1/2"}}, "rule.adopted_if.at_least"),
        ({"adopted_if": TEST | {"at_least": True}}, "rule.adopted_if.at_least"),
        ({"adopted_if": TEST | {"at_least": -1}}, "rule.adopted_if.at_least"),
        ({"adopted_if": TEST | {"at_least": 10**30}}, "rule.adopted_if.at_least"),
        (
            {"adopted_if": {"count": "approve", "at_least": "1/0", "over": "voting"}},
            "rule.adopted_if.at_least",
        ),
        (
            {"adopted_if": {"count": "approve", "at_least": "١/٢", "over": "voting"}},
            "rule.adopted_if.at_least",
        ),
        ({"adopted_if": TEST | {"among": ""}}, "rule.adopted_if.among"),
        ({"adopted_if": TEST | {"by": "\ud800"}}, "rule.adopted_if.by"),
        ({"adopted_if": deep(32)}, "rule.adopted_if" + ".not" * 32),
        ({"adopted_if": {"all": [TEST] * 65}}, "rule"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_path(
    change: dict[str, object], path: str
) -> None:
    with pytest.raises(BadInput) as refused:
        parse(COUNCIL | change)
    assert list(refused.value.faults) == [path]


@pytest.mark.parametrize("key", ["choices", "silence", "adopted_if"])
def test_what_a_rule_needs_may_not_be_missing(key: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse({name: value for name, value in COUNCIL.items() if name != key}, "rules[2]")
    assert refused.value.faults == {f"rules[2].{key}": "is missing"}
