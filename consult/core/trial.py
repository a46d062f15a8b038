"""A rule tried on numbers: what the one tally makes of replies that nobody has sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from consult.core.case import Case, Question
from consult.core.comparison import Choice, comparisons
from consult.core.reply import CastReply
from consult.core.roll import RollLine
from consult.core.rule import Rule
from consult.core.tally import Decision, tally
from consult.errors import BadInput

_OPENS, _SAID, _CLOSES = (datetime(2000, 1, day, tzinfo=UTC) for day in (1, 2, 3))
_ITEM = "1"


@dataclass(frozen=True, slots=True)
class Alike:
    """Entitled members between whom the rule makes no difference.

    Args:
        groups: Of the groups that the rule names, those they are in.
    """

    groups: tuple[str, ...]
    codes: tuple[str, ...]


def alike(rule: Rule, roll: Sequence[RollLine]) -> tuple[Alike, ...] | None:
    """Return the entitled members by what the rule tells them apart by.

    None where a weight is summed: then it matters who each of them is.
    """
    tests = [part for test in rule.tests for part in comparisons(test)]
    if any(test.by is not None for test in tests):
        return None
    named = tuple(dict.fromkeys(test.among for test in tests if test.among is not None))
    found: dict[tuple[str, ...], list[str]] = {}
    for line in roll:
        if line.entitled:
            within = tuple(group for group in named if group in line.groups)
            found.setdefault(within, []).append(line.code)
    return tuple(Alike(groups, tuple(codes)) for groups, codes in found.items())


def spread(some: Alike, numbers: Mapping[Choice, int]) -> dict[str, Choice]:
    """Give so many of *some* each position, in the order of the roll; the others stay silent.

    Raises:
        BadInput: There are fewer of them.
    """
    said = [choice for choice, number in numbers.items() for _ in range(number)]
    if len(said) > len(some.codes):
        raise BadInput({"numbers": "too-many"}, most=len(some.codes))
    return dict(zip(some.codes, said, strict=False))


def tried(rule: Rule, roll: Sequence[RollLine], said: Mapping[str, Choice]) -> Decision:
    """Return what comes of it if members say what is *said* and the others nothing.

    Raises:
        KeyError: An entitled member lacks a weight: a defect, for `fit` is asked before.
    """
    case = Case(
        rule=rule,
        opens_at=_OPENS,
        closes_at=_CLOSES,
        questions=[Question(_ITEM, rule)],
        roll=roll,
        replies=[CastReply(code, _ITEM, choice, _SAID) for code, choice in said.items()],
    )
    return tally(case).questions[_ITEM]
