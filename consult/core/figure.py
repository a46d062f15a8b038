"""The arithmetic of one comparison: what was counted, of what, and what it would have taken."""

import math
from dataclasses import dataclass
from fractions import Fraction

from consult.core.comparison import Compare, Comparison, Counts, holds

_UPWARD = {Compare.MORE_THAN, Compare.AT_LEAST}
_PHRASE = {
    Compare.MORE_THAN: "more than",
    Compare.AT_LEAST: "at least",
    Compare.LESS_THAN: "less than",
    Compare.AT_MOST: "at most",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A comparison with its live numbers.

    Args:
        comparison: What was required; where a rule says what must not be, the reverse of that.
        count: The size of the set that is measured.
        base: The size of the set that the share is taken of; None for a whole number.
        needed: For heads, the least count that holds (``more_than``, ``at_least``) or the
            most (``less_than``, ``at_most``); for a weight, which may take any value, the
            limit itself. None if the share is one of an empty set, which never holds, so
            that what is required by its failing always does.
        holds: Whether it does.
    """

    comparison: Comparison
    count: Fraction
    base: Fraction | None
    needed: Fraction | None
    holds: bool

    @property
    def text(self) -> str:
        """The arithmetic in English, for case files and records."""
        test = self.comparison
        of = "" if self.base is None else f" of {number(self.base)} {test.over}"
        among = "" if test.among is None else f" among {test.among}"
        by = "" if test.by is None else f" by {test.by}"
        counted = f"{test.count} {number(self.count)}{of}{among}{by}"
        return f"{counted}; {_PHRASE[test.compare]} {self._limit()} required"

    def _limit(self) -> str:
        test = self.comparison
        if test.over is None:
            return number(test.threshold)
        share = f"{test.threshold.numerator}/{test.threshold.denominator}"
        if self.needed is None:
            return f"{share} ({'always' if self.holds else 'never'} met, there being none)"
        if test.by is not None:
            return f"{share} ({_PHRASE[test.compare]} {number(self.needed)})"
        bound = "at least" if test.compare in _UPWARD else "at most"
        return f"{share} ({bound} {number(self.needed)})"


def figure(test: Comparison, counts: Counts, *, failing: bool = False) -> Figure:
    """Work out one comparison for *counts*.

    Args:
        test: The comparison as `required` gives it.
        counts: The sizes of the sets.
        failing: Whether it is required by the failing of its reverse.
    """
    sizes = counts[test.scope]
    base = None if test.over is None else sizes[test.over]
    met = holds(test, counts) or (failing and base is not None and base <= 0)
    return Figure(test, sizes[test.count], base, _needed(test, base), met)


def _needed(test: Comparison, base: Fraction | None) -> Fraction | None:
    if base is not None and base <= 0:
        return None
    limit = test.threshold if base is None else test.threshold * base
    if test.by is not None:
        return limit
    whole = {
        Compare.MORE_THAN: math.floor(limit) + 1,
        Compare.AT_LEAST: math.ceil(limit),
        Compare.LESS_THAN: math.ceil(limit) - 1,
        Compare.AT_MOST: math.floor(limit),
    }
    return Fraction(whole[test.compare])


def number(exact: Fraction) -> str:
    """Write an exact number as a decimal where it ends, else as a fraction."""
    rest, places = exact.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1:
        return str(exact)
    if not places:
        return str(exact.numerator)
    digits = str(abs(exact.numerator) * 10**places // exact.denominator).zfill(places + 1)
    sign = "-" if exact < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:].rstrip('0')}".rstrip(".")
