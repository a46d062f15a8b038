"""A test taken apart: alternatives, each a list of bounds that must all hold."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from consult.core.comparison import REVERSE, All, AnyOf, Compare, Comparison, Not, Scope, Test

MAX_ALTERNATIVES = 256

_UPWARD = {Compare.MORE_THAN, Compare.AT_LEAST}
_STRICT = {Compare.MORE_THAN, Compare.LESS_THAN}


class TooManyAlternatives(Exception):
    """A test is too branched to be taken apart."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The sizes of sets, each times a factor, must add up to *least*, or to more if strict."""

    factors: tuple[tuple[str, Fraction], ...]
    scope: Scope
    least: Fraction
    strict: bool


Bounds = tuple[Bound, ...]


def alternatives(test: Test) -> list[Bounds]:
    """Take *test* apart: it holds where all bounds of at least one alternative do.

    Raises:
        TooManyAlternatives: There would be more than are worth looking at.
    """
    match test:
        case All(tests):
            return _both(alternatives(part) for part in tests)
        case AnyOf(tests):
            return _either(alternatives(part) for part in tests)
        case Not(inner):
            return _against(inner)
        case Comparison():
            return _holds(test)


def _against(test: Test) -> list[Bounds]:
    """Take apart that *test* does not hold."""
    match test:
        case All(tests):
            return _either(_against(part) for part in tests)
        case AnyOf(tests):
            return _both(_against(part) for part in tests)
        case Not(inner):
            return alternatives(inner)
        case Comparison():
            return _fails(test)


def _either(parts: Iterable[list[Bounds]]) -> list[Bounds]:
    found = list(dict.fromkeys(itertools.chain.from_iterable(parts)))
    if len(found) > MAX_ALTERNATIVES:
        raise TooManyAlternatives
    return found


def _both(parts: Iterable[list[Bounds]]) -> list[Bounds]:
    found: list[Bounds] = [()]
    for part in parts:
        found = _either([[tuple(dict.fromkeys(a + b)) for a in found for b in part]])
    return found


def _holds(test: Comparison) -> list[Bounds]:
    bound = _bound(test, test.compare)
    if test.over is None:
        return [(bound,)]
    return [(bound, Bound(((test.over, Fraction(1)),), test.scope, Fraction(0), strict=True))]


def _fails(test: Comparison) -> list[Bounds]:
    reverse = (_bound(test, REVERSE[test.compare]),)
    if test.over is None:
        return [reverse]
    empty = Bound(((test.over, Fraction(-1)),), test.scope, Fraction(0), strict=False)
    return [reverse, (empty,)]


def _bound(test: Comparison, compare: Compare) -> Bound:
    sign = 1 if compare in _UPWARD else -1
    factors: tuple[tuple[str, Fraction], ...] = ((test.count, Fraction(sign)),)
    least = Fraction(0)
    if test.over is None:
        least = test.threshold * sign
    else:
        factors += ((test.over, -test.threshold * sign),)
    return Bound(factors, test.scope, least, compare in _STRICT)
