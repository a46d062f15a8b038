"""What stands beside the positions of a record: notes, words left unclear, what was readmitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from consult.core.entries import RESTORED
from consult.documents.reading import Opened, at_of
from consult.documents.record_facts import grouped
from consult.documents.replies import ReplyView
from consult.wording import instants, signs


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A PDF that went with the reply that counts of a member.

    Args:
        fingerprint: Its SHA-256 in groups of four digits.
    """

    member: str
    sha256: str
    fingerprint: str


def notes_of(opened: Opened) -> tuple[NoteLine, ...]:
    """Return the notes of the replies that count, in the order of the roll."""
    return tuple(
        NoteLine(opened.name(member), reply.note, grouped(reply.note))
        for member in opened.told["order"]
        if (reply := opened.counted.get(member)) is not None and reply.note
    )


def unclear_lines(opened: Opened) -> Iterator[str]:
    """Say of each item that a paper left unclear what was asked, and whether an answer came."""
    for reply in opened.replies:
        for item, one in reply.unclear.items():
            yield _unclear(opened, reply, item, one)


def restored_lines(opened: Opened) -> Iterator[str]:
    """Say of each reply that the database had lost when it was readmitted (T98)."""
    for entry in opened.entries:
        if entry["what"] != RESTORED:
            continue
        facts = entry["facts"]
        yield str(
            _(
                "The reply of %(member)s, version %(version)s, received on %(received)s, had been"
                " acknowledged and was lost by the database. Two officers readmitted it from its"
                " receipt on %(instant)s (entry %(number)s).",
                member=opened.name(facts["member"]),
                version=facts["version"],
                received=instants.exact(at_of(facts["received_at"]), opened.place),
                instant=instants.long(at_of(entry["at"]), opened.place),
                number=entry["number"],
            )
        )


def _unclear(opened: Opened, reply: ReplyView, item: str, one: dict[str, str]) -> str:
    named: dict[str, Any] = {
        "member": opened.name(reply.member),
        "item": item,
        "words": _text(opened, one["words"]),
        "question": _text(opened, one["question"]),
    }
    counted = opened.counted.get(reply.member)
    if counted is None or counted.number == reply.number:
        return str(
            _(
                "What %(member)s wrote on item %(item)s was unclear: %(words)s. It was asked:"
                " %(question)s. No answer came: the item stays without a position.",
                **named,
            )
        )
    return str(
        _(
            "What %(member)s wrote on item %(item)s was unclear: %(words)s. It was asked:"
            " %(question)s. Its reply of %(instant)s counts instead.",
            instant=instants.exact(counted.received_at, opened.place),
            **named,
        )
    )


def _text(opened: Opened, commitment: str) -> str:
    kept = opened.record["texts"].get(commitment)
    return signs.shown(kept["text"]) if kept else str(_("This text is withheld."))
