"""Whether a rule can be applied to a roll: its groups are known, its weights are there."""

from collections.abc import Sequence

from consult.core import fields
from consult.core.comparison import comparisons
from consult.core.roll import MAX_DENOMINATOR, RollLine, common_denominator
from consult.core.rule import Rule


def check_fit(
    rule: Rule, roll: Sequence[RollLine], rule_path: str = "rule", roll_path: str = "roll"
) -> None:
    """Refuse a roll on which *rule* cannot be computed.

    Args:
        rule: The rule.
        roll: The roll; an empty one fits every rule.
        rule_path: Where the rule stands, for the fault.
        roll_path: Where the roll stands, for the fault.

    Raises:
        BadInput: A group that nobody on the roll has, or a weight that an entitled member
            of the scope lacks, or weights without a common denominator of bearable size.
    """
    tests = [part for test in rule.tests for part in comparisons(test)]
    known = {group for line in roll for group in line.groups}
    for test in tests:
        if roll and test.among is not None and test.among not in known:
            fields.refuse(rule_path, f"names a group that nobody has: {fields.shown(test.among)}")
    for among, by in dict.fromkeys(test.scope for test in tests):
        if by is not None:
            _check_weights(roll, among, by, roll_path)


def _check_weights(roll: Sequence[RollLine], among: str | None, by: str, path: str) -> None:
    chosen = [
        (number, line)
        for number, line in enumerate(roll)
        if line.entitled and (among is None or among in line.groups)
    ]
    for number, line in chosen:
        if by not in line.weights:
            fields.refuse(fields.key_path(f"{path}[{number}].weights", by), "is missing")
    if common_denominator(line.weights[by] for _, line in chosen) > MAX_DENOMINATOR:
        fields.refuse(path, f"has weights {fields.shown(by)} with too many denominators")
