"""What a ruling or a readmission would make of the count, item by item, by the one tally."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from consult.core.case import Question
from consult.core.casefile import case_from_data
from consult.core.tally import Decision, tally
from consult.documents.reading import approvals_of
from consult.queries.late import Line
from consult.queries.texts import pick


@dataclass(frozen=True, slots=True)
class Effect:
    """Whether one item comes out otherwise.

    Args:
        words: Such as "No: 31 or 32 approve, 25 needed".
    """

    item: str
    title: str
    changes: bool
    words: str


def effects(
    line: Line, titles: Mapping[str, Mapping[str, str]], language: str
) -> tuple[Effect, ...]:
    """Return of each item whether the reply of *line* changes it; nothing before disclosure."""
    if line.without is None or line.counting is None:
        return ()
    return compared(line.without, line.counting, titles, language)


def compared(
    without: Mapping[str, Any],
    counting: Mapping[str, Any],
    titles: Mapping[str, Mapping[str, str]],
    language: str,
) -> tuple[Effect, ...]:
    """Return of each item whether it comes out otherwise in the one case than in the other."""
    one, other = case_from_data(without), case_from_data(counting)
    before, after = tally(one).questions, tally(other).questions
    return tuple(
        Effect(
            item=question.id,
            title=pick(titles.get(question.id), language),
            changes=before[question.id].outcome is not after[question.id].outcome,
            words=_words(question, before[question.id], after[question.id]),
        )
        for question in one.questions
    )


def _words(question: Question, before: Decision, after: Decision) -> str:
    left_out, let_in = approvals_of(question, before), approvals_of(question, after)
    changes = before.outcome is not after.outcome
    if left_out.needed is None:
        return _("Yes") if changes else _("No")
    figures: dict[str, int | None] = {
        "needed": left_out.needed,
        "one": left_out.count,
        "other": let_in.count,
    }
    if let_in.needed != left_out.needed:
        figures["then"] = let_in.needed
        if changes:
            return _(
                "Yes: %(one)s approve, %(needed)s needed; with it %(other)s, %(then)s needed",
                **figures,
            )
        return _(
            "No: %(one)s approve, %(needed)s needed; with it %(other)s, %(then)s needed", **figures
        )
    if changes:
        return _("Yes: %(one)s or %(other)s approve, %(needed)s needed", **figures)
    if left_out.count == let_in.count:
        return _("No: %(one)s approve either way, %(needed)s needed", **figures)
    return _("No: %(one)s or %(other)s approve, %(needed)s needed", **figures)
