"""The ledger of a consultation as people read it: who did what and when, never a position."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.entries import REPLIES
from consult.core.schedule import TELL_WHO_REPLIED
from consult.queries.consultation import Head, head
from consult.queries.member import names_of
from consult.tables import LedgerEntry, Person, Request, reading

PAGE = 50

# What an entry may tell here; positions, words and the case stay in the ledger (T33).
_TOLD = frozenset(
    {
        "about",
        "act",
        "asked",
        "bytes",
        "cause",
        "channel",
        "code",
        "count",
        "counts",
        "erratum",
        "from",
        "items",
        "kind",
        "language",
        "late",
        "occasion",
        "received_at",
        "recorded",
        "reference",
        "refused",
        "revision",
        "role",
        "takes_effect_at",
        "to",
        "version",
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger.

    Args:
        who: The name of the person who did it; None for the service itself.
        member: The name of the member that it concerns, if it concerns one.
        act: What was asked for, in entries about a request.
    """

    number: int
    at: datetime
    what: str
    facts: Mapping[str, Any]
    who: str | None
    member: str | None
    act: str | None


@dataclass(frozen=True, slots=True)
class History:
    """One page of a ledger, the newest entry first."""

    head: Head
    events: tuple[Event, ...]
    total: int
    page: int
    pages: int


def history(engine: sa.Engine, slug: str, page: int, now: datetime, language: str) -> History:
    """Return a page of the ledger (six statements at most).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        total = session.scalar(
            sa.select(sa.func.count()).where(LedgerEntry.consultation_id == about.id)
        )
        pages = max(1, -(-(total or 0) // PAGE))
        page = min(max(1, page), pages)
        found = _events(session, about, language, PAGE, (page - 1) * PAGE)
        return History(about, tuple(found), total or 0, page, pages)


def latest(session: Session, about: Head, count: int, language: str) -> list[Event]:
    """Return the newest entries (four statements at most)."""
    return _events(session, about, language, count, 0)


def _events(session: Session, about: Head, language: str, count: int, after: int) -> list[Event]:
    consultation_id = about.id
    rows = session.execute(
        sa.select(LedgerEntry.number, LedgerEntry.at, LedgerEntry.what, LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == consultation_id)
        .order_by(LedgerEntry.number.desc())
        .limit(count)
        .offset(after)
    ).all()
    entries = [json.loads(row.entry) for row in rows]
    asked = _asked(session, consultation_id, entries)
    closed = {e["number"] for e in entries if about.hides_replies and _replied(e)}
    if about.hides_replies:
        asked = {}
    people = _people(session, entries)
    codes = {_member(e, asked) for e in entries if e["number"] not in closed} - {None}
    names = names_of(session, sorted(filter(None, codes)), language)
    return [
        Event(
            number=row.number,
            at=row.at,
            what=row.what,
            facts=_told(entry["facts"]),
            who=None
            if row.number in closed
            else people.get(entry["actor"].removeprefix("person:")),
            member=None if row.number in closed else names.get(_member(entry, asked) or ""),
            act=entry["facts"].get("act"),
        )
        for row, entry in zip(rows, entries, strict=True)
    ]


def _replied(entry: Mapping[str, Any]) -> bool:
    """Say whether an entry tells who replied: the reply, or its acknowledgement."""
    of_a_reply = entry["facts"].get("kind") in TELL_WHO_REPLIED
    return entry["what"] in REPLIES or of_a_reply


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in facts.items() if name in _TOLD}
    return told | {"fields": sorted(facts["fields"])} if "fields" in facts else told


def _asked(
    session: Session, consultation_id: int, entries: Sequence[Mapping[str, Any]]
) -> dict[int, str | None]:
    """Return by the entry that asked for it the member that a request concerns."""
    numbers = {_asks(entry) for entry in entries} - {None}
    if not numbers:
        return {}
    rows = session.execute(
        sa.select(Request.asked_number, Request.what).where(
            Request.consultation_id == consultation_id, Request.asked_number.in_(numbers)
        )
    )
    return {row.asked_number: row.what.get("member") for row in rows}


def _asks(entry: Mapping[str, Any]) -> int | None:
    """Return the number of the entry that asked, for all entries about a request."""
    if entry["what"] == "approval-asked":
        return int(entry["number"])
    asked = entry["facts"].get("asked")
    return int(asked) if asked is not None else None


def _member(entry: Mapping[str, Any], asked: Mapping[int, str | None]) -> str | None:
    number = _asks(entry)
    if number is not None:
        return asked.get(number)
    found: str | None = entry["facts"].get("member")
    return found


def _people(session: Session, entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    opaque = {entry["actor"].removeprefix("person:") for entry in entries} - {"system"}
    if not opaque:
        return {}
    rows = session.execute(sa.select(Person.opaque, Person.name).where(Person.opaque.in_(opaque)))
    return {row.opaque: row.name for row in rows}
