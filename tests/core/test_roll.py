"""The roll keeps every weight as it was spelled, and sums it exactly."""

import copy
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.fit import check_fit
from consult.core.roll import RollLine, Weight, roll_data, roll_hash, units, weight_text
from consult.core.rule import parse
from consult.errors import BadInput


def line(code: str, *groups: str, entitled: bool = True, **weights: str) -> RollLine:
    sizes = {name: Weight(size) for name, size in weights.items()}
    return RollLine(code, code, groups, sizes, entitled)


@pytest.mark.parametrize(
    ("spelled", "size"),
    [
        ("45.80", Fraction(458, 10)),
        ("0", Fraction(0)),
        ("007", Fraction(7)),
        ("4/6", Fraction(2, 3)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_a_weight_is_exact_and_keeps_its_spelling(spelled: str, size: Fraction) -> None:
    weight = Weight(spelled)
    assert weight == size
    assert weight_text(weight) == spelled
    for twin in (copy.copy(weight), copy.deepcopy(weight), pickle.loads(pickle.dumps(weight))):  # noqa: S301
        assert weight_text(twin) == spelled
    assert weight_text(weight + 0) == str(size)


@pytest.mark.parametrize(
    "spelled",
    ["", "-1", "1.", ".5", "1e3", "1/0", "NaN", "1 ", "٣", "1" * 31, "1." + "0" * 30, "+1"],
)
def test_what_is_no_exact_weight_is_refused(spelled: str) -> None:
    with pytest.raises(BadInput):
        Weight(spelled)


def test_the_roll_is_written_with_all_that_a_case_file_has() -> None:
    assert roll_data([line("ARG", "A", population="45.80", entitled=False)]) == [
        {
            "code": "ARG",
            "name": "ARG",
            "groups": ["A"],
            "weights": {"population": "45.80"},
            "entitled": False,
        }
    ]


def test_the_hash_tells_one_spelling_and_one_order_from_another() -> None:
    rolls = (
        [line("A", w="1.0"), line("B", w="2")],
        [line("A", w="1"), line("B", w="2")],
        [line("B", w="2"), line("A", w="1.0")],
    )
    hashes = {roll_hash(roll) for roll in rolls}
    assert len(hashes) == 3
    assert roll_hash(rolls[0]) == roll_hash([line("A", w="1.0"), line("B", w="2")])
    assert all(len(found) == 64 and found == found.lower() for found in hashes)


@given(st.lists(st.builds(Fraction, st.integers(0, 999), st.integers(1, 20)), max_size=8))
def test_units_add_up_to_the_sum_of_the_weights(sizes: list[Fraction]) -> None:
    roll = [RollLine(f"M{n}", "x", (), {"w": size}) for n, size in enumerate(sizes)]
    found = units(roll, None, "w")
    assert Fraction(sum(found.of.values()), found.size) == sum(sizes)


def test_only_entitled_members_of_the_group_weigh_anything() -> None:
    roll = [line("A", "P", w="3"), line("B", w="5"), line("C", "P", w="7", entitled=False)]
    assert units(roll, "P", "w").of == {"A": 3}
    assert units(roll, None, None).of == {"A": 1, "B": 1}


def by_weight(**scope: str) -> dict[str, object]:
    test = {"count": "approve", "at_least": "1/2", "over": "entitled"} | scope
    return {"choices": ["approve"], "silence": "absent", "adopted_if": test}


def test_a_rule_fits_a_roll_that_has_its_groups_and_weights() -> None:
    roll = [line("A", "P", w="1"), line("B"), line("C", "P", entitled=False)]
    check_fit(parse(by_weight(among="P", by="w")), roll)
    check_fit(parse(by_weight(among="nobody", by="w")), [])


@pytest.mark.parametrize(
    ("scope", "path"),
    [({"by": "w"}, "roll[1].weights.w"), ({"among": "Q"}, "rule")],
)
def test_a_rule_that_names_what_the_roll_lacks_is_refused(scope: dict[str, str], path: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_fit(parse(by_weight(**scope)), [line("A", "P", w="1"), line("B", "P")])
    assert list(refused.value.faults) == [path]


def test_weights_without_a_bearable_common_denominator_are_refused() -> None:
    sizes = [f"1/{10**29 + n}" for n in (1, 3, 7)]
    roll = [line(f"M{n}", w=size) for n, size in enumerate(sizes)]
    with pytest.raises(BadInput):
        check_fit(parse(by_weight(by="w")), roll)
