"""A comment round: what members remark on paragraphs, and the table that its ledger tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from consult.core.entries import EXTENSIONS
from consult.core.ledger import hash_of, normal
from consult.core.life import Channel

GENERAL = "general"  # where a remark on the whole stands, instead of a document
LONGEST_REMARK = 10_000  # characters, T92

OPENED, COMPILED, DISPOSED = "round-opened", "compilation", "disposition"
COMMENTS = frozenset({"comment", "comment-on-behalf"})

Entry = Mapping[str, Any]


class Disposed(StrEnum):
    """What the secretariat did with a remark."""

    ACCEPTED = "accepted"
    IN_PART = "accepted_in_part"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a member says on one place.

    Args:
        item: The document's number, or `GENERAL`.
        paragraph: None for the document, or the round, as a whole.
        proposed: The words the member would rather read; empty if it proposes none.
    """

    item: str
    paragraph: str | None
    text: str
    proposed: str
    language: str

    @property
    def place(self) -> str:
        """How forms name the place: ``2:3``, ``2:`` for a whole document, ``general:``."""
        return f"{self.item}:{self.paragraph or ''}"


def content_hash(remarks: Sequence[Remark]) -> str:
    """Return the hash that *send* names: of what was shown on the check page."""
    return hash_of(
        [
            {
                "item": one.item,
                "paragraph": one.paragraph,
                "text": normal(one.text),
                "proposed": normal(one.proposed),
                "language": one.language,
            }
            for one in remarks
        ]
    )


@dataclass(frozen=True, slots=True)
class NewComment:
    """A member's comments as they are sent; the fields are those of `answer.NewReply`."""

    member: str
    remarks: tuple[Remark, ...]
    base: int
    key: str
    received_at: datetime
    language: str
    shown: str
    channel: Channel = Channel.WEB


@dataclass(frozen=True, slots=True)
class PaperComment:
    """Comments that reached the secretariat otherwise; the fields are as in `answer.OnBehalf`."""

    member: str
    remarks: tuple[Remark, ...]
    key: str
    channel: Channel
    received_at: datetime
    scan: str
    reason: str
    language: str


def is_round(entries: Iterable[Entry]) -> bool:
    """Say whether the ledger is that of a comment round."""
    return any(entry["what"] == OPENED for entry in entries)


def table_of(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the table of the round that *entries* tell: what counts, and what became of it.

    Of each member the latest version in time counts, alone. Rows stand in the order of documents
    and paragraphs, then of the roll. Words are named by their commitments.
    """
    told = list(entries)
    opened = next(entry["facts"] for entry in told if entry["what"] == OPENED)
    counted, late = _counted(told)
    disposed = {e["facts"]["remark"]: e["facts"] for e in told if e["what"] == DISPOSED}
    members = [line["code"] for line in opened["roll"]]
    order = _order(opened["documents"], members)
    rows = [
        _row(member, facts, remark, disposed.get(remark["id"]))
        for member, facts in counted.items()
        for remark in facts["remarks"]
    ]
    return {
        "documents": [
            {"item": one["item"], "paragraphs": one["paragraphs"]} for one in opened["documents"]
        ],
        "rows": sorted(rows, key=lambda row: order[row["item"], row["paragraph"], row["member"]]),
        "commented": [code for code in members if counted.get(code, {}).get("remarks")],
        "late": late,
    }


def undisposed(table: Mapping[str, Any]) -> list[str]:
    """Return the remarks of which nothing is said yet."""
    return [row["remark"] for row in table["rows"] if row["disposition"] is None]


def deadline_of(entries: Iterable[Entry]) -> str:
    """Return the deadline of a round as it stood last; empty before its opening."""
    closes_at = ""
    for entry in entries:
        if entry["what"] == OPENED:
            closes_at = entry["facts"]["closes_at"]
        elif entry["what"] in EXTENSIONS:
            closes_at = entry["facts"]["to"]
    return closes_at


def in_time(facts: Mapping[str, Any], closes_at: str) -> bool:
    """Say whether a comment counts: what came late may be in time by what an outage added."""
    late: bool = facts["late"]
    came: str = facts["received_at"]
    return not late or came < closes_at


def _counted(entries: Sequence[Entry]) -> tuple[dict[str, Any], list[str]]:
    counted: dict[str, Any] = {}
    late, closes_at = [], deadline_of(entries)
    for entry in entries:
        if entry["what"] not in COMMENTS:
            continue
        facts = entry["facts"]
        if not in_time(facts, closes_at):
            late.append(facts["member"])
        elif _newer(facts, counted.get(facts["member"])):
            counted[facts["member"]] = facts
    return counted, sorted(set(late))


def _newer(facts: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    """Say whether a version counts instead of another: by when it came, then by its number."""
    return other is None or facts["received_at"] >= other["received_at"]


def _order(
    documents: Sequence[Mapping[str, Any]], members: Sequence[str]
) -> dict[tuple[str, str | None, str], tuple[int, int]]:
    places: list[tuple[str, str | None]] = [(GENERAL, None)]
    for one in documents:
        places += [(one["item"], None), *((one["item"], number) for number in one["paragraphs"])]
    return {
        (item, paragraph, member): (at, seat)
        for at, (item, paragraph) in enumerate(places)
        for seat, member in enumerate(members)
    }


def _row(
    member: str, facts: Mapping[str, Any], remark: Mapping[str, Any], said: Entry | None
) -> dict[str, Any]:
    return {
        "remark": remark["id"],
        "member": member,
        "version": facts["version"],
        "item": remark["item"],
        "paragraph": remark["paragraph"],
        "text": remark["text"],
        "proposed": remark["proposed"],
        "language": remark["language"],
        "disposition": said["disposition"] if said else None,
        "reasons_in": said["reasons_in"] if said else {},
    }
