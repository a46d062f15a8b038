"""The tests that a rule is made of: sets of members, comparisons, and whether they hold."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction


class Choice(StrEnum):
    APPROVE = "approve"
    OBJECT = "object"
    ABSTAIN = "abstain"


class Silence(StrEnum):
    """What not replying means; all but ABSENT move the silent into that position."""

    ABSENT = "absent"
    ABSTAIN = "abstain"
    APPROVE = "approve"
    OBJECT = "object"


class Compare(StrEnum):
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"


REVERSE: Mapping[Compare, Compare] = {
    Compare.MORE_THAN: Compare.AT_MOST,
    Compare.AT_MOST: Compare.MORE_THAN,
    Compare.LESS_THAN: Compare.AT_LEAST,
    Compare.AT_LEAST: Compare.LESS_THAN,
}

SETS = (
    "entitled",
    "replied",
    "approve",
    "object",
    "abstain",
    "silent",
    "voting",
    "not_approving",
)

# The group and the weight that a comparison is about; None is every member, None is heads.
Scope = tuple[str | None, str | None]
# Of each scope, the size of each set.
Counts = Mapping[Scope, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One set against a number.

    Args:
        count: The set that is measured.
        compare: How it is compared.
        threshold: A share of the set ``over`` or, where that is None, a whole number
            of members or of units of the weight.
        over: The set that the share is taken of.
        among: The group whose members alone are looked at, on both sides.
        by: The weight that is summed instead of counting heads.
    """

    count: str
    compare: Compare
    threshold: Fraction
    over: str | None = None
    among: str | None = None
    by: str | None = None

    @property
    def scope(self) -> Scope:
        return (self.among, self.by)


@dataclass(frozen=True, slots=True)
class All:
    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class Not:
    test: "Test"


Test = Comparison | All | AnyOf | Not

_HOLDS: Mapping[Compare, Callable[[Fraction, Fraction], bool]] = {
    Compare.MORE_THAN: operator.gt,
    Compare.AT_LEAST: operator.ge,
    Compare.LESS_THAN: operator.lt,
    Compare.AT_MOST: operator.le,
}


def holds(test: Test, counts: Counts) -> bool:
    """Say whether *test* holds for *counts*, exactly.

    Args:
        test: A comparison, or several joined.
        counts: Of each scope that *test* names, the size of each set.

    Raises:
        KeyError: A scope or set that *counts* lacks: a defect, for `parse` checks the names.

    Source: design, section 3: a share of an empty set never holds.
    """
    match test:
        case All(tests):
            return all(holds(part, counts) for part in tests)
        case AnyOf(tests):
            return any(holds(part, counts) for part in tests)
        case Not(inner):
            return not holds(inner, counts)
        case Comparison():
            return _compared(test, counts[test.scope])


def _compared(test: Comparison, sizes: Mapping[str, Fraction]) -> bool:
    if test.over is None:
        return _HOLDS[test.compare](sizes[test.count], test.threshold)
    base = sizes[test.over]
    return base > 0 and _HOLDS[test.compare](sizes[test.count], test.threshold * base)


def comparisons(test: Test) -> Iterator[Comparison]:
    """Give each comparison in *test*, in the order in which it is written."""
    match test:
        case All(tests) | AnyOf(tests):
            for part in tests:
                yield from comparisons(part)
        case Not(inner):
            yield from comparisons(inner)
        case Comparison():
            yield test


def required(test: Test, *, failing: bool = False) -> Iterator[tuple[Comparison, bool]]:
    """Give each comparison in *test* as it is required, and whether it is by its failing.

    What must not be more than a third is required to be at most a third: so it is given.

    Args:
        test: What must hold.
        failing: Whether it must not.
    """
    match test:
        case All(tests) | AnyOf(tests):
            for part in tests:
                yield from required(part, failing=failing)
        case Not(inner):
            yield from required(inner, failing=not failing)
        case Comparison():
            yield (replace(test, compare=REVERSE[test.compare]) if failing else test), failing


def sets_of(position: Choice | None, silence: Silence) -> frozenset[str]:
    """Name the sets that hold a member with *position* (None: silent) under *silence*."""
    said: str | None = position
    found = {"entitled", "silent" if position is None else "replied"}
    if position is None and silence is not Silence.ABSENT:
        said = silence
    if said is not None:
        found.add(said)
    if said in {"approve", "object"}:
        found.add("voting")
    if said != "approve":
        found.add("not_approving")
    return frozenset(found)
