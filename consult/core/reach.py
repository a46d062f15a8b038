"""Which numbers of members can make a test hold: exact, for groups and weights alike.

A test is taken apart into alternatives, each a list of bounds that must hold together. Every
member adds whole numbers to every bound, according to its position. Member by member it is
remembered which sums can be reached, and only those that no other sum is better than.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from consult.core.alternatives import Bound, Bounds, TooManyAlternatives, alternatives
from consult.core.comparison import Choice, Scope, Silence, Test, sets_of
from consult.core.roll import Units

MAX_FRONT = 512
MIN_FRONT = 8
# About how many sums are looked at before they are merged, so that a page need not wait.
PATIENCE = 60_000

# What a member says; None is silence.
Position = Choice | None
Sums = tuple[int, ...]
# Of each number of members counted, the sums that can be reached with it.
Fronts = dict[int, list[Sums]]


@dataclass(frozen=True, slots=True)
class Voters:
    """Members who weigh the same in every scope, and what each of them may say."""

    number: int
    weighs: Mapping[Scope, int]
    may: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """The numbers of members with which a test can hold.

    Args:
        least: The smallest; None if it can never hold.
        most: The greatest.
        exact: Whether these are reached; if not, what is reached lies between them.
    """

    least: int | None
    most: int | None
    exact: bool = True


def reach(
    test: Test,
    voters: Sequence[Voters],
    scopes: Mapping[Scope, Units],
    silence: Silence,
    counted: Callable[[Position], bool],
) -> Reach:
    """Find how few and how many *counted* members there can be where *test* holds.

    Args:
        test: What must hold.
        voters: The members, alike ones together.
        scopes: Of each scope, the size of its unit.
        silence: What silence means.
        counted: Which positions are the ones to count.
    """
    try:
        ways = alternatives(test)
    except TooManyAlternatives:
        return Reach(0, sum(some.number for some in voters), exact=False)
    found: set[int] = set()
    exact = True
    for way in ways:
        search = _Search(way, scopes, silence, counted)
        found |= search.numbers(voters)
        exact = exact and search.exact
    return Reach(min(found), max(found), exact) if found else Reach(None, None, exact)


class _Search:
    """One alternative, followed through all members."""

    def __init__(
        self,
        bounds: Bounds,
        scopes: Mapping[Scope, Units],
        silence: Silence,
        counted: Callable[[Position], bool],
    ) -> None:
        self.exact = True
        self._scopes = [bound.scope for bound in bounds]
        self._counted = counted
        self._adds: dict[Position, Sums] = {}
        scaled = [_scaled(bound, scopes[bound.scope].size, silence) for bound in bounds]
        self._needs = [need for need, _ in scaled]
        for position in (*Choice, None):
            self._adds[position] = tuple(adds[position] for _, adds in scaled)

    def numbers(self, voters: Sequence[Voters]) -> set[int]:
        """Give the numbers of counted members with which all bounds can hold."""
        kinds: dict[tuple[Sums, tuple[Position, ...]], int] = {}
        for some in voters:
            weighs = tuple(some.weighs.get(scope, 0) for scope in self._scopes)
            kinds[weighs, some.may] = kinds.get((weighs, some.may), 0) + some.number
        steps = [(number, *self._moves(weighs, may)) for (weighs, may), number in kinds.items()]
        steps_taken = len(kinds) * sum(kinds.values()) // 2 + 1
        self._limit = min(MAX_FRONT, max(MIN_FRONT, PATIENCE // steps_taken))
        self._set_caps([(number, [*yes, *no]) for number, yes, no in steps])
        fronts: Fronts = {0: [(0,) * len(self._needs)]}
        for number, yes, no in steps:
            fronts = self._joined(fronts, self._kind(number, yes, no))
        return {n for n, front in fronts.items() if any(map(self._enough, front))}

    def _moves(self, weighs: Sums, may: Sequence[Position]) -> tuple[list[Sums], list[Sums]]:
        """Give what one member can add: where it is counted, and where it is not."""
        yes: list[Sums] = []
        no: list[Sums] = []
        for position in may:
            adds = tuple(w * a for w, a in zip(weighs, self._adds[position], strict=True))
            (yes if self._counted(position) else no).append(adds)
        return _best(yes), _best(no)

    def _set_caps(self, steps: Sequence[tuple[int, Sequence[Sums]]]) -> None:
        """Work out from where on more of a sum makes no difference, whatever follows."""
        self._caps = [
            max(need, 0)
            - sum(number * min(0, *(move[i] for move in moves)) for number, moves in steps)
            for i, need in enumerate(self._needs)
        ]

    def _kind(self, number: int, yes: list[Sums], no: list[Sums]) -> Fronts:
        """Give what *number* members who are alike can add up to."""
        counted, others = self._multiples(number, yes), self._multiples(number, no)
        found: Fronts = {}
        for n in range(number + 1):
            sums = self._sums(counted[n], others[number - n])
            if sums:
                found[n] = sums
        return found

    def _multiples(self, number: int, moves: list[Sums]) -> list[list[Sums]]:
        fronts = [[(0,) * len(self._needs)]]
        for _ in range(number):
            fronts.append(self._sums(fronts[-1], moves))
        return fronts

    def _joined(self, one: Fronts, other: Fronts) -> Fronts:
        gathered: dict[int, list[Sums]] = {}
        for n, sums in one.items():
            for m, more in other.items():
                gathered.setdefault(n + m, []).extend(self._added(sums, more))
        return {n: self._thinned(sums) for n, sums in gathered.items()}

    def _sums(self, one: list[Sums], other: list[Sums]) -> list[Sums]:
        return self._thinned(self._added(one, other))

    def _added(self, one: list[Sums], other: list[Sums]) -> list[Sums]:
        caps = self._caps
        return [
            tuple([min(cap, x + y) for x, y, cap in zip(a, b, caps, strict=True)])
            for a in one
            for b in other
        ]

    def _thinned(self, sums: list[Sums]) -> list[Sums]:
        best = _best(sums)
        if len(best) <= self._limit:
            return best
        # Neighbours become one that is as good as either: no reach is missed, some are added.
        self.exact = False
        size = -(-len(best) // self._limit)
        groups = [best[i : i + size] for i in range(0, len(best), size)]
        return [tuple(map(max, *group)) if len(group) > 1 else group[0] for group in groups]

    def _enough(self, sums: Sums) -> bool:
        return all(have >= need for have, need in zip(sums, self._needs, strict=True))


def _scaled(bound: Bound, size: int, silence: Silence) -> tuple[int, dict[Position, int]]:
    """Bring *bound* to whole numbers: what is needed, and what one unit adds by position."""
    whole = math.lcm(bound.least.denominator, *(factor.denominator for _, factor in bound.factors))
    need = int(bound.least * whole) * size + (1 if bound.strict else 0)
    adds: dict[Position, int] = {}
    for position in (*Choice, None):
        within = sets_of(position, silence)
        adds[position] = sum(int(f * whole) for name, f in bound.factors if name in within)
    return need, adds


def _best(sums: list[Sums]) -> list[Sums]:
    """Leave out the sums that another is at least as good as in everything."""
    if len(sums) <= 1 or not sums[0]:
        return sums[:1]
    kept: list[Sums] = []
    rivals: list[Sums] = []  # of those kept, without the first sum: they come with it falling
    for one in sorted(set(sums), reverse=True):
        rest = one[1:]
        if not any(_as_good(rival, rest) for rival in rivals):
            kept.append(one)
            rivals = [rival for rival in rivals if not _as_good(rest, rival)]
            rivals.append(rest)
    return kept


def _as_good(one: Sums, other: Sums) -> bool:
    return all(map(operator.ge, one, other))
