"""What it takes: for a rule and a roll, how many must approve, object or reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consult.core.comparison import (
    All,
    Choice,
    Not,
    Scope,
    Silence,
    Test,
    comparisons,
)
from consult.core.reach import Position, Reach, Voters, reach
from consult.core.roll import RollLine, Units, units
from consult.core.rule import Rule


class NeedKind(StrEnum):
    """Which of the figures of a `Need` says it best."""

    NEVER = "never"
    """Nothing that members can say leads to adoption."""
    OBJECTIONS = "objections"
    """Adopted unless a number of members object, whatever the others say."""
    APPROVALS = "approvals"
    """Adopted once a number of members approve, whatever the others say."""
    OF_REPLIES = "of_replies"
    """How many must approve depends on how many reply."""
    OF_VOTES = "of_votes"
    """How many must approve depends on how many approve or object."""
    GENERAL = "general"
    """It depends on which members they are, or on more than one thing."""


@dataclass(frozen=True, slots=True)
class Least:
    """Two numbers of members.

    Args:
        can: The least with which it is possible; None if it never is.
        always: The least from which on it is certain, whoever they are and whatever the
            others say; None if it never is.
    """

    can: int | None
    always: int | None


@dataclass(frozen=True, slots=True)
class WithReplies:
    """How many must approve when just so many members reply."""

    replies: int
    approvals: Least


@dataclass(frozen=True, slots=True)
class Need:
    """What adoption takes on one roll.

    Args:
        kind: Which of these figures says it best.
        entitled: How many members may reply.
        approvals: How many must approve for adoption.
        against: How many that do not approve (object, abstain or stay silent) prevent it.
        objections: How many must object to prevent it.
        quorum: How many must reply for a quorum; None if the rule has none.
        by_replies: For some numbers of replies, greatest first, how many of them must
            approve; only where heads alone decide and replies or votes are the base.
        exact: Whether the figures are the least there are; if not, they are safe: what can
            suffice may take more, what always suffices may take less.
    """

    kind: NeedKind
    entitled: int
    approvals: Least
    against: Least
    objections: Least
    quorum: Least | None
    by_replies: tuple[WithReplies, ...]
    exact: bool


def need(rule: Rule, roll: Sequence[RollLine]) -> Need:
    """Work out what adoption by *rule* takes on *roll*.

    Raises:
        KeyError: An entitled member lacks a weight: a defect, for `fit` is asked before.
    """
    return _Question(rule, roll).answer()


def _approves(position: Position) -> bool:
    return position is Choice.APPROVE


def _objects(position: Position) -> bool:
    return position is Choice.OBJECT


def _replies(position: Position) -> bool:
    return position is not None


class _Question:
    """A rule on a roll, ready to be asked."""

    def __init__(self, rule: Rule, roll: Sequence[RollLine]) -> None:
        self._rule = rule
        self._tests = [part for test in rule.tests for part in comparisons(test)]
        self._scopes: dict[Scope, Units] = {}
        for test in self._tests:
            if test.scope not in self._scopes:
                self._scopes[test.scope] = units(roll, *test.scope)
        self._adopted: Test = All(rule.tests)
        self._codes = [line.code for line in roll if line.entitled]
        self._voters = self._members((*rule.choices, None), self._codes)
        self._exact = True

    def answer(self) -> Need:
        entitled = len(self._codes)
        adopted = self._reach(self._adopted, _approves)
        objected = self._reach(self._adopted, _objects)
        approvals = Least(adopted.least, self._beyond(Not(self._adopted), _approves))
        objections = Least(
            self._reach(Not(self._adopted), _objects).least,
            self._after(objected, self._most(_objects)),
        )
        by_replies = self._by_replies()
        return Need(
            kind=self._kind(approvals, objections),
            entitled=entitled,
            approvals=approvals,
            against=Least(_less(entitled, approvals.always), _less(entitled, approvals.can)),
            objections=objections,
            quorum=self._quorum(),
            by_replies=by_replies,
            exact=self._exact,
        )

    def _members(self, may: tuple[Position, ...], codes: Sequence[str]) -> list[Voters]:
        return [
            Voters(1, {scope: found.of.get(code, 0) for scope, found in self._scopes.items()}, may)
            for code in codes
        ]

    def _reach(
        self,
        test: Test,
        counted: Callable[[Position], bool],
        voters: Sequence[Voters] | None = None,
    ) -> Reach:
        found = reach(
            test,
            self._voters if voters is None else voters,
            self._scopes,
            self._rule.silence,
            counted,
        )
        self._exact = self._exact and found.exact
        return found

    def _most(self, counted: Callable[[Position], bool]) -> int:
        return len(self._codes) if any(map(counted, self._rule.choices)) else 0

    def _after(self, found: Reach, most: int) -> int | None:
        """Give the least number beyond all that were *found*, if so many there can be."""
        beyond = 0 if found.most is None else found.most + 1
        return beyond if beyond <= most else None

    def _beyond(
        self,
        test: Test,
        counted: Callable[[Position], bool],
        voters: Sequence[Voters] | None = None,
        most: int | None = None,
    ) -> int | None:
        found = self._reach(test, counted, voters)
        return self._after(found, self._most(counted) if most is None else most)

    def _quorum(self) -> Least | None:
        if self._rule.quorum is None:
            return None
        return Least(
            self._reach(self._rule.quorum, _replies).least,
            self._beyond(Not(self._rule.quorum), _replies),
        )

    def _kind(self, approvals: Least, objections: Least) -> NeedKind:
        if approvals.can is None:
            return NeedKind.NEVER
        if objections.can is not None and objections.can == objections.always:
            return NeedKind.OBJECTIONS
        if approvals.can == approvals.always:
            return NeedKind.APPROVALS
        return self._base() or NeedKind.GENERAL

    def _base(self) -> NeedKind | None:
        """Say of what the shares of the rule are taken, if heads of all members decide."""
        if any(test.among or test.by for test in self._tests):
            return None
        if self._rule.silence not in {Silence.ABSENT, Silence.ABSTAIN}:
            return None
        bases = {test.over for test in comparisons(self._rule.adopted_if)}
        if "replied" in bases:
            return NeedKind.OF_REPLIES
        return NeedKind.OF_VOTES if "voting" in bases else None

    def _by_replies(self) -> tuple[WithReplies, ...]:
        entitled = len(self._codes)
        if self._base() is None or not entitled:
            return ()
        samples = {entitled, -(-5 * entitled // 8)}
        quorum = self._quorum()
        if quorum is not None and quorum.can:
            samples = {entitled, quorum.can}
        return tuple(
            WithReplies(replies, self._with(replies)) for replies in sorted(samples, reverse=True)
        )

    def _with(self, replies: int) -> Least:
        voters = [
            *self._members(tuple(self._rule.choices), self._codes[:replies]),
            *self._members((None,), self._codes[replies:]),
        ]
        return Least(
            self._reach(self._adopted, _approves, voters).least,
            self._beyond(Not(self._adopted), _approves, voters, replies),
        )


def _less(entitled: int, approvals: int | None) -> int | None:
    """Turn a least number of approvals into the least number whose lack is too many."""
    if approvals is None:
        return 0
    return entitled - approvals + 1 if approvals else None
