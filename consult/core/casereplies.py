"""The replies of a case file: quickly where they are plain, field by field where not."""

from collections.abc import Callable, Collection
from datetime import datetime, tzinfo

from consult.core import fields
from consult.core.comparison import Choice
from consult.core.instant import read_instant
from consult.core.reply import CastReply

_NEEDS = ("member", "question", "choice", "at")
_MAY = ("comment", "admitted")
_KEYS = frozenset((*_NEEDS, *_MAY))
_CHOICES: dict[object, Choice | None] = {None: None} | {str(choice): choice for choice in Choice}
_REMEMBERED = 65_536

_ReadAt = Callable[[object, str], datetime]


def read_replies(
    value: object, members: Collection[str], questions: Collection[str]
) -> tuple[CastReply, ...]:
    """Read a list of replies, a million of them in a second or two.

    Args:
        value: The list.
        members: The codes on the roll; a reply may name others.
        questions: The ids of the questions; a reply may not name others.

    Raises:
        BadInput: The first place that is not understood.
    """
    read_at = _instants()
    return tuple(
        _plain(given, number, members, questions, read_at)
        or _careful(given, f"replies[{number}]", questions)
        for number, given in enumerate(fields.entries(value, "replies"))
    )


def _instants() -> _ReadAt:
    """Make a reader that remembers what it read, and shares the offsets among instants."""
    known: dict[object, datetime] = {}
    offsets: dict[tzinfo | None, tzinfo | None] = {}

    def read(value: object, path: str) -> datetime:
        found = known.get(value)
        if found is None:
            found = read_instant(value, path)
            found = found.replace(tzinfo=offsets.setdefault(found.tzinfo, found.tzinfo))
            if len(known) < _REMEMBERED:
                known[value] = found
        return found

    return read


def _plain(
    value: object,
    number: int,
    members: Collection[str],
    questions: Collection[str],
    read_at: _ReadAt,
) -> CastReply | None:
    """Read a reply in which nothing is unusual; None if anything is."""
    if not isinstance(value, dict) or not value.keys() <= _KEYS:
        return None
    try:
        member, question = value["member"], value["question"]
        if member not in members or question not in questions:
            return None
        choice = _CHOICES[value["choice"]]
        at = value["at"]
    except (KeyError, TypeError):
        return None
    if len(value) > len(_NEEDS) or type(at) is not str:
        return None
    return CastReply(member, question, choice, read_at(at, f"replies[{number}].at"))


def _careful(value: object, path: str, questions: Collection[str]) -> CastReply:
    found = fields.members(value, path, required=_NEEDS, optional=_MAY)
    question = fields.text(found["question"], f"{path}.question")
    if question not in questions:
        fields.refuse(f"{path}.question", f"no such question: {fields.shown(question)}")
    choice = found["choice"]
    if "comment" in found and found["comment"] != "":
        fields.text(found["comment"], f"{path}.comment")
    return CastReply(
        member=fields.text(found["member"], f"{path}.member"),
        question=question,
        choice=None if choice is None else fields.word(choice, f"{path}.choice", Choice),
        at=read_instant(found["at"], f"{path}.at"),
        admitted=fields.boolean(found["admitted"], f"{path}.admitted")
        if "admitted" in found
        else None,
    )
