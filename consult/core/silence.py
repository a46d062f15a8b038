"""The silence procedure: which items are under it, and when objections have broken it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from consult.core.case import Case, Question
from consult.core.comparison import Choice, Silence
from consult.core.reply import CastReply
from consult.core.rule import Rule
from consult.core.tally import Outcome, tally


class Breaks(StrEnum):
    """What an objection that breaks the silence takes with it."""

    ITEM = "item"
    WHOLE = "whole"


def under_silence(rule: Rule) -> bool:
    """Say whether an item decided by *rule* is under the silence procedure.

    Who says nothing consents, and objecting is what a member can do against it.
    """
    return rule.silence is Silence.APPROVE and Choice.OBJECT in rule.choices


def asks_positions(rule: Mapping[str, Any] | None, items: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether on some item a position is missed: not where one may but object.

    Args:
        rule: That of the letter, as data; None while it has none.
        items: As `queries.content` gives them; a rule of their own goes before that of the letter.
    """
    rules = [item["rule"] or rule for item in items] or [rule]
    return any(each is None or list(each["choices"]) != [Choice.OBJECT.value] for each in rules)


def broken(case: Case) -> dict[str, tuple[str, ...]]:
    """Return of each item whose silence is broken the members that object to it.

    It is broken once adoption is out of reach though every other member consents.

    Args:
        case: With all replies that came so far; as in every tally, the latest in time counts.
    """
    asked = [question for question in case.questions if under_silence(question.rule)]
    if not asked:
        return {}
    counted = tally(case).questions
    against = {
        question.id: tuple(
            member
            for member, said in counted[question.id].positions.items()
            if said == Choice.OBJECT
        )
        for question in asked
    }
    return {
        question.id: against[question.id]
        for question in asked
        if against[question.id] and not _adoptable(case, question, against[question.id])
    }


def _adoptable(case: Case, question: Question, against: Iterable[str]) -> bool:
    """Say whether it can still be adopted: every other member silent, or approving aloud.

    A quorum is not asked for: whether enough reply is not for those that object to decide.
    """
    rule = replace(question.rule, quorum=None)
    objects: Mapping[str, Choice | None] = dict.fromkeys(against, Choice.OBJECT)
    ways = [objects]
    if Choice.APPROVE in rule.choices:
        everybody = {line.code: Choice.APPROVE for line in case.roll if line.entitled}
        ways.append({**everybody, **objects})
    return any(_outcome(case, replace(question, rule=rule), way) for way in ways)


def _outcome(case: Case, question: Question, said: Mapping[str, Choice | None]) -> bool:
    replies = tuple(
        CastReply(member, question.id, choice, case.opens_at) for member, choice in said.items()
    )
    found = tally(replace(case, questions=(question,), replies=replies))
    return found.questions[question.id].outcome is Outcome.ADOPTED
