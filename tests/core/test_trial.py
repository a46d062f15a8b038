"""A rule tried on numbers gives what the tally of such replies would give."""

import pytest

from consult import rules
from consult.core.comparison import Choice
from consult.core.roll import RollLine, Weight
from consult.core.tally import Outcome
from consult.core.trial import Alike, alike, spread, tried
from consult.errors import BadInput

ROLL = [RollLine(f"M{n}", f"Member {n}") for n in range(48)]


@pytest.mark.parametrize(("approve", "outcome"), [(24, Outcome.NOT_ADOPTED), (25, Outcome.ADOPTED)])
def test_if_24_approve_and_5_object_it_is_one_short(approve: int, outcome: Outcome) -> None:
    council = rules.load("itu-council")
    (everybody,) = alike(council, ROLL) or ()
    said = spread(everybody, {Choice.APPROVE: approve, Choice.OBJECT: 5})
    decision = tried(council, ROLL, said)
    assert decision.outcome is outcome
    assert decision.counts["silent"] == 48 - approve - 5


def test_members_are_told_apart_by_the_groups_that_the_rule_names() -> None:
    mixed = [
        RollLine("A", "A", groups=("issuer", "west")),
        RollLine("B", "B", groups=("consumer",)),
        RollLine("C", "C", groups=("issuer",)),
        RollLine("D", "D", groups=("issuer",), entitled=False),
    ]
    assert alike(rules.load("two-chambers"), mixed) == (
        Alike(("issuer",), ("A", "C")),
        Alike(("consumer",), ("B",)),
    )


def test_where_a_weight_is_summed_it_matters_who_they_are() -> None:
    weighed = [RollLine("A", "A", weights={"population": Weight("1")})]
    assert alike(rules.load("eu-qualified-majority"), weighed) is None


def test_no_more_can_reply_than_there_are() -> None:
    with pytest.raises(BadInput) as refused:
        spread(Alike((), ("A", "B")), {Choice.APPROVE: 2, Choice.OBJECT: 1})
    assert refused.value.facts["most"] == 2
