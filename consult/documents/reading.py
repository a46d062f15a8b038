"""A decision record opened once: its case, its count and its replies, ready to be put in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from consult.core.case import Case, Question
from consult.core.casefile import case_from_data
from consult.core.comparison import Choice, Compare, comparisons
from consult.core.figure import Figure
from consult.core.instant import read_instant
from consult.core.need import Need, need
from consult.core.rule import Rule
from consult.core.tally import Decision, tally
from consult.documents.replies import Comment, ReplyView, comments_of, counted_of, replies_of
from consult.queries.texts import pick
from consult.wording.instants import Place

_UPWARD = frozenset({Compare.MORE_THAN, Compare.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Opened:
    """What every part of a printed record is made from.

    Args:
        told: The ``consultation`` part of the record.
        decisions: Of each item what the one tally makes of the case.
        needs: Of each item what its rule takes on the roll.
    """

    record: Mapping[str, Any]
    told: Mapping[str, Any]
    language: str
    case: Case
    decisions: Mapping[str, Decision]
    needs: Mapping[str, Need]
    replies: list[ReplyView]
    counted: Mapping[str, ReplyView]
    comments: Mapping[str, list[Comment]]

    @property
    def place(self) -> Place:
        """In whose time instants are said."""
        body = self.told["body"]
        return Place(body["zone"], self.pick(body["seat"]))

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        """The entries of its ledger."""
        return [link["entry"] for link in self.record["ledger"]["entries"]]

    @property
    def questions(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.case.questions}

    @property
    def entitled(self) -> int:
        return sum(line.entitled for line in self.case.roll)

    def pick(self, texts: Mapping[str, str] | None) -> str:
        """Return a text in the reader's language, else in the first of the consultation."""
        languages = self.told["languages"] or ["en"]
        return pick(texts, self.language, languages[0])

    def name(self, member: str) -> str:
        """Return the name of a member; one that is not on the roll has only its code."""
        line = self.told["members"].get(member)
        return self.pick(line["name"]) if line else member


def open_record(record: Mapping[str, Any], language: str) -> Opened:
    """Count *record* again and sort out its replies."""
    case = case_from_data(record["case"])
    replies = replies_of(record)
    needs: list[tuple[Rule, Need]] = []
    return Opened(
        record=record,
        told=record["consultation"],
        language=language,
        case=case,
        decisions=tally(case).questions,
        needs={question.id: _need(question, case, needs) for question in case.questions},
        replies=replies,
        counted=counted_of(replies),
        comments=comments_of(record, replies),
    )


def _need(question: Question, case: Case, known: list[tuple[Rule, Need]]) -> Need:
    """Work out what a rule takes, once for each rule that the items have."""
    for rule, found in known:
        if rule == question.rule:
            return found
    known.append((question.rule, need(question.rule, case.roll)))
    return known[-1][1]


def at_of(spelled: str) -> datetime:
    """Read an instant that the ledger spelled."""
    return read_instant(spelled, "at")


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many members approved, of how many, and the least that was required, if heads say so."""

    count: int
    base: int
    needed: int | None


def approvals_of(question: Question, decision: Decision) -> Approvals:
    """Return the figure that says an outcome best: approvals, their base and what was needed."""
    adopting = len(list(comparisons(question.rule.adopted_if)))
    for figure in decision.tests[-adopting:]:
        if _tells(figure) and figure.base is not None and figure.needed is not None:
            return Approvals(int(figure.count), int(figure.base), int(figure.needed))
    return Approvals(decision.counts[Choice.APPROVE.value], decision.counts["entitled"], None)


def _tells(figure: Figure) -> bool:
    test = figure.comparison
    by_heads = test.by is None and test.among is None
    upward = test.compare in _UPWARD and test.count == Choice.APPROVE.value
    return by_heads and upward and figure.count == Fraction(int(figure.count))
