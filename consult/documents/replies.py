"""The replies that a record holds: which of them counts, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from consult.core.entries import GENERAL
from consult.core.instant import read_instant
from consult.core.life import Channel, CommentKind
from consult.core.record import replies_in
from consult.core.tally import Reason

__all__ = ["GENERAL", "Comment", "ReplyView", "comments_of", "counted_of", "replies_of"]


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One version of a member's reply.

    Args:
        number: Of its ledger entry.
        recorded_at: When an officer recorded it on behalf; None if the member sent it itself.
        revision: Of the letter that it answers.
        reason: Why it is not counted; None if it is the one that counts.
        kinds: What a comment is, where it is no plain one.
        unclear: Of a paper, the items that it leaves open, with the commitments to the words.
        note: SHA-256 of the PDF that went with it; empty without one.
    """

    number: int
    member: str
    version: int
    channel: Channel
    received_at: datetime
    recorded_at: datetime | None
    revision: int
    comments: Mapping[str, str]
    reason: Reason | None
    kinds: Mapping[str, str] = field(default_factory=dict)
    unclear: Mapping[str, dict[str, str]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What a member said on an item; *withheld* is the ground if its words are not given."""

    member: str
    text: str
    language: str
    withheld: str
    votes: bool = True  # whether the member had the right to vote
    kind: CommentKind = CommentKind.COMMENT


def replies_of(record: Mapping[str, Any]) -> list[ReplyView]:
    """Return every reply of *record*, in the order in which each member gave them."""
    entries = replies_in(link["entry"] for link in record["ledger"]["entries"])
    left_out = _left_out(record)
    found = []
    for entry in entries:
        facts = entry["facts"]
        at = read_instant(facts["received_at"], "received_at")
        # Of two at the same instant the former was superseded: its reason comes first.
        reasons = left_out.get((facts["member"], at))
        found.append(_reply(entry, at, reasons.pop(0) if reasons else None))
    return found


def counted_of(replies: list[ReplyView]) -> dict[str, ReplyView]:
    """Return of each member that replied the reply that counts."""
    return {reply.member: reply for reply in replies if reply.reason is None}


def comments_of(record: Mapping[str, Any], replies: list[ReplyView]) -> dict[str, list[Comment]]:
    """Return the comments that stand, by item or `GENERAL`, in the roll's order.

    They are those of the replies that count, and the newest words in time of members that have
    no right to vote: these are heard and not counted.
    """
    counted = counted_of(replies)
    heard = _heard(record, replies)
    found: dict[str, list[Comment]] = {}
    for member in record["consultation"]["order"]:
        if reply := counted.get(member) or heard.get(member):
            votes = member not in heard
            for place, commitment in reply.comments.items():
                kind = CommentKind(reply.kinds.get(place, CommentKind.COMMENT))
                said = replace(_comment(record, member, commitment, votes), kind=kind)
                found.setdefault(place, []).append(said)
    return found


def _heard(record: Mapping[str, Any], replies: list[ReplyView]) -> dict[str, ReplyView]:
    """Return of each member without the right to vote its newest version in time."""
    case = record["case"]
    opens_at, closes_at = (read_instant(case[at], at) for at in ("opens_at", "closes_at"))
    timely = [
        reply
        for reply in replies
        if reply.reason is Reason.NOT_ENTITLED and opens_at <= reply.received_at < closes_at
    ]
    timely.sort(key=lambda reply: (reply.received_at, reply.version))
    return {reply.member: reply for reply in timely}


def _reply(entry: Mapping[str, Any], received_at: datetime, reason: Reason | None) -> ReplyView:
    facts = entry["facts"]
    recorded = facts.get("recorded_at")
    return ReplyView(
        number=entry["number"],
        member=facts["member"],
        version=facts["version"],
        channel=Channel(facts["channel"]),
        received_at=received_at,
        recorded_at=read_instant(recorded, "recorded_at") if recorded else None,
        revision=facts["answered"]["revision"],
        comments=facts["comments"],
        reason=reason,
        kinds=facts.get("kinds", {}),
        unclear=facts.get("unclear", {}),
        note=facts.get("note", ""),
    )


def _left_out(record: Mapping[str, Any]) -> dict[tuple[str, datetime], list[Reason]]:
    """Return of each member and instant why replies do not count, one reason for each reply."""
    found: dict[tuple[str, datetime], list[Reason]] = {}
    for question in record["result"]["questions"].values():
        here: dict[tuple[str, datetime], list[Reason]] = {}
        for line in question["not_counted"]:
            key = line["member"], read_instant(line["at"], "at")
            here.setdefault(key, []).append(Reason(line["reason"]))
        for key, reasons in here.items():
            if len(reasons) > len(found.get(key, ())):
                found[key] = reasons
    return found


def _comment(record: Mapping[str, Any], member: str, commitment: str, votes: bool) -> Comment:
    text = record["texts"].get(commitment)
    if text is None:
        return Comment(member, "", "", record["withheld"].get(commitment, ""), votes)
    return Comment(member, text["text"], text.get("language", ""), "", votes)
