"""A case: the questions, the rule, the roll and the replies that one tally counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.core.reply import CastReply
from consult.core.roll import RollLine
from consult.core.rule import Rule


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide.

    Args:
        id: What replies name it by.
        rule: The rule that it is decided by, be it that of the case or one of its own.
        title: What it is called.
    """

    id: str
    rule: Rule
    title: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Posts of one sort for which there are several candidates, a question each.

    Args:
        id: What it is called.
        seats: How many can be appointed.
        questions: The ids of the candidates' questions.
    """

    id: str
    seats: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """All that a tally needs, and nothing else.

    Args:
        rule: The rule of every question that has none of its own.
        opens_at: The first instant that counts.
        closes_at: The first instant that no longer counts.
        questions: What is decided.
        roll: The members as they stood at opening, also those not entitled.
        replies: All that came, in any order; of two at the same instant the later one stands.
        posts: Where candidates stand against one another; mostly empty.
    """

    rule: Rule
    opens_at: datetime
    closes_at: datetime
    questions: Sequence[Question]
    roll: Sequence[RollLine]
    replies: Sequence[CastReply]
    posts: Sequence[Post] = ()
