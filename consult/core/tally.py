"""The one tally: roll, replies and rule become counts, tests and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from consult.core.case import Case, Post, Question
from consult.core.comparison import (
    SETS,
    Choice,
    Counts,
    Scope,
    Silence,
    holds,
    required,
    sets_of,
)
from consult.core.figure import Figure, figure
from consult.core.instant import instant_text
from consult.core.ranking import Ranked, Standing, standings
from consult.core.reply import CastReply, in_time
from consult.core.roll import RollLine, Units, units
from consult.core.rule import Rule

SILENT = "silent"

_TOLD = ("entitled", "replied", "approve", "object", "abstain", "silent")


class Outcome(StrEnum):
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    INQUORATE = "inquorate"
    UNDECIDED = "undecided"  # equal candidates are more than the posts that are left


class Reason(StrEnum):
    """Why a reply is not counted; the first that fits is given."""

    NOT_ON_ROLL = "not_on_roll"
    NOT_ENTITLED = "not_entitled"
    NOT_ADMITTED = "not_admitted"
    LATE = "late"
    EARLY = "early"
    CHOICE_NOT_OFFERED = "choice_not_offered"
    SUPERSEDED = "superseded"


class NotCounted(NamedTuple):
    at: datetime
    member: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What the replies to one question come to.

    Args:
        outcome: What was decided.
        counts: Members in each set after silence was given its meaning; ``replied`` and
            ``silent`` as they were.
        tacit: How many silent members were given a position; None if silence means none.
        tests: The comparisons with their arithmetic, those of the quorum first; of what must
            not be, the reverse, which must.
        positions: Of every entitled member, what it said itself, or ``silent``.
        not_counted: Every reply left out, by the instant at which it came.
        ranked: Among the candidates for its post; None where the case names no post.
    """

    outcome: Outcome
    counts: Mapping[str, int]
    tacit: int | None
    tests: tuple[Figure, ...]
    positions: Mapping[str, str]
    not_counted: tuple[NotCounted, ...]
    ranked: Ranked | None = None


@dataclass(frozen=True, slots=True)
class Result:
    questions: Mapping[str, Decision]


class _Box:
    """The replies to one question: of each member the latest that counts, and the others."""

    __slots__ = ("latest", "left_out", "offered", "question")

    def __init__(self, question: Question) -> None:
        self.question = question
        # To say nothing any more is always offered.
        self.offered = {None, *question.rule.choices}
        self.latest: dict[str, CastReply] = {}
        self.left_out: list[NotCounted] = []

    def keep(self, reply: CastReply) -> None:
        """Let the later of two replies stand; at the same instant, the one met later."""
        former = self.latest.get(reply.member)
        if former is not None and former.at > reply.at:
            former, reply = reply, former
        self.latest[reply.member] = reply
        if former is not None:
            self.left_out.append(NotCounted(former.at, former.member, Reason.SUPERSEDED))


def tally(case: Case) -> Result:
    """Count *case*, exactly and in one pass over its replies.

    Raises:
        KeyError: A reply to a question, or a weight, that the case lacks: a defect, for
            whoever makes a case checks it (`casefile`, `fit`).
    """
    scales = _Scales(case.roll)
    decisions = {box.question.id: _decide(box, scales) for box in _sorted_out(case)}
    for post in case.posts:
        decisions |= _rank(post, decisions)
    return Result(decisions)


def _sorted_out(case: Case) -> list[_Box]:
    boxes = {question.id: _Box(question) for question in case.questions}
    entitled = {line.code: line.entitled for line in case.roll}
    opens_at, closes_at = case.opens_at, case.closes_at
    for reply in case.replies:
        member, question, choice, at, admitted = reply
        box = boxes[question]
        on_roll = entitled.get(member)
        reason: Reason | None
        if not on_roll:
            reason = Reason.NOT_ON_ROLL if on_roll is None else Reason.NOT_ENTITLED
        elif admitted is None and in_time(at, opens_at, closes_at) and choice in box.offered:
            reason = None
        else:
            reason = _reason(reply, case, box)
        if reason is None:
            box.keep(reply)
        else:
            box.left_out.append(NotCounted(at, member, reason))
    return list(boxes.values())


def _reason(reply: CastReply, case: Case, box: _Box) -> Reason | None:
    """Say why the reply of an entitled member cannot count, whatever else it said."""
    if reply.admitted is False:
        return Reason.NOT_ADMITTED
    if reply.admitted is None:
        if reply.at >= case.closes_at:
            return Reason.LATE
        if reply.at < case.opens_at:
            return Reason.EARLY
    return None if reply.choice in box.offered else Reason.CHOICE_NOT_OFFERED


class _Scales:
    """Measures members by group and weight; each scope is worked out once for a roll."""

    def __init__(self, roll: Sequence[RollLine]) -> None:
        self.entitled = [line.code for line in roll if line.entitled]
        self._roll = roll
        self._units: dict[Scope, tuple[Units, int]] = {}

    def sizes(
        self, scope: Scope, said: Mapping[str, Choice], silence: Silence
    ) -> dict[str, Fraction]:
        """Measure every set for what was *said*, once *silence* has its meaning."""
        if scope not in self._units:
            measure = units(self._roll, *scope)
            self._units[scope] = measure, sum(measure.of.values())
        measure, total = self._units[scope]
        position: dict[Choice | None, int] = dict.fromkeys(Choice, 0)
        for member, choice in said.items():
            position[choice] += measure.of.get(member, 0)
        position[None] = total - sum(position.values())
        sizes = dict.fromkeys(SETS, 0)
        for choice_or_silent, size in position.items():
            for name in sets_of(choice_or_silent, silence):
                sizes[name] += size
        return {name: Fraction(size, measure.size) for name, size in sizes.items()}


def _decide(box: _Box, scales: _Scales) -> Decision:
    rule = box.question.rule
    said = {who: reply.choice for who, reply in box.latest.items() if reply.choice is not None}
    tests = [part for test in rule.tests for part in required(test)]
    scopes: dict[Scope, None] = dict.fromkeys([(None, None), *(test.scope for test, _ in tests)])
    counts: Counts = {scope: scales.sizes(scope, said, rule.silence) for scope in scopes}
    heads = {name: int(size) for name, size in counts[None, None].items()}
    return Decision(
        outcome=_outcome(rule, counts),
        counts={name: heads[name] for name in _TOLD},
        tacit=None if rule.silence is Silence.ABSENT else heads["silent"],
        tests=tuple(figure(test, counts, failing=failing) for test, failing in tests),
        positions={code: said.get(code, SILENT) for code in scales.entitled},
        not_counted=tuple(sorted(box.left_out, key=attrgetter("at", "member", "reason"))),
    )


_AFTER_RANKING = {
    Standing.IN: Outcome.ADOPTED,
    Standing.TIED: Outcome.UNDECIDED,
    Standing.OUT: Outcome.NOT_ADOPTED,
}


def _rank(post: Post, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """Decide anew between the candidates for *post* that were approved each on its own."""
    every = {name: decisions[name].counts[Choice.APPROVE] for name in post.questions}
    approved = {
        name: every[name] for name in post.questions if decisions[name].outcome is Outcome.ADOPTED
    }
    stand = standings(post.seats, approved)
    return {
        name: replace(
            decisions[name],
            outcome=_AFTER_RANKING[stand[name]] if name in stand else decisions[name].outcome,
            ranked=Ranked(post.id, post.seats, number),
        )
        for name, number in every.items()
    }


def _outcome(rule: Rule, counts: Counts) -> Outcome:
    if rule.quorum is not None and not holds(rule.quorum, counts):
        return Outcome.INQUORATE
    return Outcome.ADOPTED if holds(rule.adopted_if, counts) else Outcome.NOT_ADOPTED


def result_data(result: Result) -> dict[str, object]:
    """Write *result* in the shape of design section 3, as JSON can hold it."""
    return {"questions": {name: _decision_data(one) for name, one in result.questions.items()}}


def _decision_data(decision: Decision) -> dict[str, object]:
    tacit = {} if decision.tacit is None else {"tacit": decision.tacit}
    ranked = {} if decision.ranked is None else {"ranked": asdict(decision.ranked)}
    return {
        **ranked,
        "outcome": str(decision.outcome),
        "counts": dict(decision.counts) | tacit,
        "tests": [{"text": test.text, "holds": test.holds} for test in decision.tests],
        "positions": {code: str(said) for code, said in decision.positions.items()},
        "not_counted": [
            {"member": one.member, "reason": str(one.reason), "at": instant_text(one.at)}
            for one in decision.not_counted
        ],
    }
