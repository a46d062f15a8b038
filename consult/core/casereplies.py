"""The replies of a case file: quickly where they are plain, field by field where not."""

from collections.abc import Collection

from consult.core import fields
from consult.core.comparison import Choice
from consult.core.instant import read_instant
from consult.core.reply import CastReply
from consult.errors import BadInput

_NEEDS = ("member", "question", "choice", "at")
_MAY = ("comment", "admitted")
_CHOICES: dict[object, Choice | None] = {None: None} | {str(choice): choice for choice in Choice}


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
    return tuple(
        [
            _plain(given, members, questions) or _careful(given, f"replies[{number}]", questions)
            for number, given in enumerate(fields.entries(value, "replies"))
        ]
    )


def _plain(
    value: object,
    members: Collection[str],
    questions: Collection[str],
) -> CastReply | None:
    """Read a reply in which nothing is unusual; None if anything is."""
    if type(value) is not dict:
        return None
    try:
        member, question, at = value["member"], value["question"], value["at"]
        choice = _CHOICES[value["choice"]]
        if member not in members or question not in questions:
            return None
        if len(value) > len(_NEEDS) and not _only_a_comment_more(value):
            return None
        return CastReply(member, question, choice, read_instant(at, ""))
    except (KeyError, TypeError, BadInput):
        return None


def _only_a_comment_more(value: dict[str, object]) -> bool:
    comment = value.get("comment")
    return len(value) == len(_NEEDS) + 1 and type(comment) is str and comment.isascii()


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
