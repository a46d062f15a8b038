"""Where a rule contradicts itself or the roll: what is refused, and what is only warned of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consult.core.comparison import Choice, Compare, Comparison, Silence, comparisons
from consult.core.fit import check_fit
from consult.core.need import Need, need
from consult.core.reach import Voters, reach
from consult.core.roll import RollLine, units
from consult.core.rule import Rule
from consult.errors import BadInput


class Contradiction(StrEnum):
    """What is wrong with a rule, or odd about it."""

    GROUP_UNKNOWN = "group-unknown"
    """A line looks at a group that nobody on the roll is in."""
    WEIGHT_MISSING = "weight-missing"
    """A line sums a weight that a member on the roll lacks."""
    NOT_COMPUTABLE = "not-computable"
    """The weights of the roll have no common denominator that can be counted with."""
    POSITION_NOT_OFFERED = "position-not-offered"
    """A line counts a position that nobody can take, by reply or by silence."""
    NEVER_QUORATE = "never-quorate"
    """No replies reach the quorum."""
    NEVER_HOLDS = "never-holds"
    """No replies lead to adoption."""
    LINE_NEVER_HOLDS = "line-never-holds"
    """One line can never hold; another way to adoption remains."""
    ALWAYS_HOLDS = "always-holds"
    """Every item is adopted whatever members say."""
    TACIT_WITH_QUORUM = "tacit-with-quorum"
    """Silence is consent, yet without replies there is no decision."""
    SILENCE_PREVENTS = "silence-prevents"
    """Silence objects, and one objection prevents adoption."""
    NOBODY_APPROVES = "nobody-approves"
    """An item can be adopted though nobody approves it."""


REFUSED = frozenset(
    {
        Contradiction.GROUP_UNKNOWN,
        Contradiction.WEIGHT_MISSING,
        Contradiction.NOT_COMPUTABLE,
        Contradiction.POSITION_NOT_OFFERED,
        Contradiction.NEVER_QUORATE,
        Contradiction.NEVER_HOLDS,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """One contradiction.

    Args:
        line: The comparison it is about, by its place in the rule, from 0, those of the quorum
            first; None where it is about the whole.
        name: The group, weight or position that it is about.
    """

    code: Contradiction
    line: int | None = None
    name: str = ""

    @property
    def refused(self) -> bool:
        return self.code in REFUSED


def contradictions(
    rule: Rule, roll: Sequence[RollLine], takes: Need | None = None
) -> tuple[Found, ...]:
    """Return where *rule* contradicts itself or *roll*, what is refused first.

    Args:
        roll: The members; of one on which nobody is entitled only the rule itself is judged.
        takes: What the rule takes on the roll, where it is worked out already.
    """
    found = [*_not_offered(rule), *_not_on(rule, roll)]
    if not found and not _fits(rule, roll):
        found.append(Found(Contradiction.NOT_COMPUTABLE))
    warned = [*_at_odds(rule)]
    if not found and any(line.entitled for line in roll):
        takes = need(rule, roll) if takes is None else takes
        found += _by_figures(rule, takes)
        if not found:
            warned += [*_lines_that_never_hold(rule, roll), *_odd_figures(rule, takes)]
    return (*found, *warned)


def _all_lines(rule: Rule) -> list[Comparison]:
    return [part for test in rule.tests for part in comparisons(test)]


def _not_offered(rule: Rule) -> Iterator[Found]:
    """Find the positions that a line speaks of and nobody can take."""
    takes = {str(choice) for choice in rule.choices}
    if rule.silence is not Silence.ABSENT:
        takes.add(str(rule.silence))
    if takes & {"approve", "object"}:
        takes.add("voting")
    positions = {*map(str, Choice), "voting"}
    for place, test in enumerate(_all_lines(rule)):
        for name in dict.fromkeys((test.count, test.over)):
            if name in positions and name not in takes:
                yield Found(Contradiction.POSITION_NOT_OFFERED, place, str(name))


def _not_on(rule: Rule, roll: Sequence[RollLine]) -> Iterator[Found]:
    """Find the groups that nobody is in, and the weights that somebody lacks."""
    if not roll:
        return
    known = {group for line in roll for group in line.groups}
    for place, test in enumerate(_all_lines(rule)):
        if test.among is not None and test.among not in known:
            yield Found(Contradiction.GROUP_UNKNOWN, place, test.among)
        if test.by is not None and any(
            line.entitled and test.by not in line.weights
            for line in roll
            if test.among is None or test.among in line.groups
        ):
            yield Found(Contradiction.WEIGHT_MISSING, place, test.by)


def _fits(rule: Rule, roll: Sequence[RollLine]) -> bool:
    try:
        check_fit(rule, roll)
    except BadInput:
        return False
    return True


def _at_odds(rule: Rule) -> Iterator[Found]:
    """Find what silence means against what the tests ask."""
    asked = () if rule.quorum is None else comparisons(rule.quorum)
    if rule.silence is Silence.APPROVE and any(test.count == "replied" for test in asked):
        yield Found(Contradiction.TACIT_WITH_QUORUM)
    if rule.silence is Silence.OBJECT and any(map(_unanimous, comparisons(rule.adopted_if))):
        yield Found(Contradiction.SILENCE_PREVENTS)


def _unanimous(test: Comparison) -> bool:
    """Say whether *test* fails as soon as one objects."""
    match test.count, test.compare:
        case "object" | "not_approving", Compare.AT_MOST:
            return test.threshold == 0
        case "object" | "not_approving", Compare.LESS_THAN:
            return test.over is None and test.threshold == 1
        case "approve", Compare.AT_LEAST:
            return test.over in {"entitled", "voting"} and test.threshold == 1
    return False


def _by_figures(rule: Rule, takes: Need) -> Iterator[Found]:
    if takes.quorum is not None and takes.quorum.can is None:
        yield Found(Contradiction.NEVER_QUORATE)
    elif takes.approvals.can is None:
        yield Found(Contradiction.NEVER_HOLDS)


def _odd_figures(rule: Rule, takes: Need) -> Iterator[Found]:
    if takes.exact and takes.objections.can is None:
        yield Found(Contradiction.ALWAYS_HOLDS)
    elif takes.exact and takes.approvals.can == 0 and rule.silence is not Silence.APPROVE:
        yield Found(Contradiction.NOBODY_APPROVES)


def _lines_that_never_hold(rule: Rule, roll: Sequence[RollLine]) -> Iterator[Found]:
    for place, test in enumerate(_all_lines(rule)):
        scopes = {test.scope: units(roll, *test.scope)}
        voters = [
            Voters(
                1,
                {test.scope: scopes[test.scope].of.get(line.code, 0)},
                (*rule.choices, None),
            )
            for line in roll
            if line.entitled
        ]
        if reach(test, voters, scopes, rule.silence, lambda _said: False).least is None:
            yield Found(Contradiction.LINE_NEVER_HOLDS, place)
