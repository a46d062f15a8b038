"""What a second person is shown of a request, as one hash: it is confirmed as seen or not (T35)."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.ledger import hash_of
from consult.core.roll import RollLine, roll_data


def opening(content: Mapping[str, Any], roll: Sequence[RollLine]) -> str:
    """Return the hash of a whole letter and the roll on which it would be opened.

    Args:
        content: As `queries.content.content_of` gives it.
        roll: With the names of its members in English.
    """
    return hash_of({"content": content, "roll": roll_data(roll)})


def statement(recorded: int, refused: int) -> str:
    """Return the hash of what is said of the post."""
    return hash_of({"recorded": recorded, "refused": refused})


def ruling(what: Mapping[str, Any], effect: str | None) -> str:
    """Return the hash of a ruling with what it makes of the count.

    Args:
        effect: The hash of what it decides; None before there is a count.
    """
    return hash_of({"ruling": what, "effect": effect})


def readmission(what: Mapping[str, Any], version: int, effect: str | None) -> str:
    """Return the hash of a reply to be readmitted, and of what becomes of it.

    Args:
        version: Under which it would be kept.
        effect: As of `ruling`.
    """
    return hash_of({"readmission": what, "version": version, "effect": effect})


def revision(what: Mapping[str, Any]) -> str:
    """Return the hash of a revision as it is asked for: kind, reason, authority, what it makes."""
    return hash_of(dict(what))


def certification(result: Mapping[str, Any], conclusion: Mapping[str, Any]) -> str:
    """Return the hash of a count with what follows from it."""
    return hash_of({"result": result, "conclusion": conclusion})


def extension(what: Mapping[str, Any], closes_at: str) -> str:
    """Return the hash of an extension as asked for, from the deadline as it stands now."""
    return hash_of({**what, "from": closes_at})


def withdrawal(what: Mapping[str, Any], items: Sequence[str]) -> str:
    """Return the hash of a withdrawal as asked for, and of the items that stand now."""
    return hash_of({**what, "standing": list(items)})
