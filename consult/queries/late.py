"""The late register: what is not counted or contested, what was held and ruled, what it changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.contesting import Doubtful, doubtful
from consult.core.life import BEFORE, Act, Kind
from consult.core.record import if_ruled
from consult.errors import NotFound
from consult.queries.consultation import EVIDENCE, Head, head
from consult.queries.texts import pick
from consult.tables import (
    Contest,
    Document,
    Item,
    LedgerEntry,
    LedgerText,
    Person,
    Request,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One reply in the register, in words that its reader may see.

    Args:
        by: Who contested it for the member.
        proof: The document that came with the contest; its number and name.
        request: The ruling that waits for a second person.
        without, counting: The case as it is if the reply is left out, and if it counts; None
            before positions may be seen.
    """

    reply: Doubtful
    name: str
    grounds: str
    by: str
    proof: tuple[int, str] | None
    reasons: str
    authority: str
    request: int | None
    without: Mapping[str, Any] | None
    counting: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class LateRegister:
    """All of it, in the order of the ledger; *titles* has the items' titles by their codes."""

    head: Head
    lines: tuple[Line, ...]
    titles: Mapping[str, Mapping[str, str]]


def late_register(engine: sa.Engine, slug: str, now: datetime, language: str) -> LateRegister:
    """Return the late register of a consultation (eight statements at most).

    Raises:
        NotFound: There is no such consultation, it was never opened, or it asks for no positions.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.state in BEFORE or about.kind is Kind.COMMENTS:
            raise NotFound(slug=slug)
        entries = entries_of(session, about.id)
        found = doubtful(entries)
        if not found:
            return LateRegister(about, (), {})
        titles = session.execute(
            sa.select(Item.code, Item.title).where(Item.consultation_id == about.id)
        ).all()
        return LateRegister(
            about,
            tuple(_lines(session, about, found, entries if about.disclosed else None, language)),
            {row.code: row.title for row in titles},
        )


def late_line(engine: sa.Engine, slug: str, number: int, now: datetime, language: str) -> Line:
    """Return one line of the register, by the number of the reply's entry.

    Raises:
        NotFound: There is none.
    """
    register = late_register(engine, slug, now, language)
    for line in register.lines:
        if line.reply.number == number:
            return line
    raise NotFound(number=number)


def entries_of(session: Session, consultation_id: int) -> list[dict[str, Any]]:
    """Return the entries of a ledger, in order (one statement)."""
    rows = session.scalars(
        sa.select(LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == consultation_id)
        .order_by(LedgerEntry.number)
    )
    return [json.loads(row) for row in rows]


def _lines(
    session: Session,
    about: Head,
    found: Sequence[Doubtful],
    entries: Sequence[Mapping[str, Any]] | None,
    language: str,
) -> list[Line]:
    names = session.execute(
        sa.select(RollEntry.member, RollEntry.name).where(
            RollEntry.consultation_id == about.id,
            RollEntry.member.in_({one.member for one in found}),
        )
    ).all()
    by_code = {code: pick(name, language) for code, name in names}
    texts, contests = _texts(session, found), _contests(session, about.id)
    waiting = _waiting(session, about.id)
    return [
        Line(
            reply=one,
            name=by_code.get(one.member, one.member),
            grounds=texts.get(one.contest.grounds, "") if one.contest else "",
            by=contests[one.number].by if one.number in contests else "",
            proof=_proof(contests.get(one.number)),
            reasons=texts.get(one.ruling.reasons, "") if one.ruling else "",
            authority=texts.get(one.ruling.authority or "", "") if one.ruling else "",
            request=waiting.get(one.number),
            without=if_ruled(entries, one.number, counts=False) if entries else None,
            counting=if_ruled(entries, one.number, counts=True) if entries else None,
        )
        for one in found
    ]


def _texts(session: Session, found: Sequence[Doubtful]) -> dict[str, str]:
    wanted: set[str] = set()
    for one in found:
        if one.contest:
            wanted.add(one.contest.grounds)
        if one.ruling:
            wanted |= {one.ruling.reasons, one.ruling.authority or ""}
    rows = session.execute(
        sa.select(LedgerText.commitment, LedgerText.text).where(LedgerText.commitment.in_(wanted))
    )
    return {row.commitment: row.text or "" for row in rows}


def _contests(session: Session, consultation_id: int) -> dict[int, Any]:
    """Return of each contested reply who contested it, and the document of the proof."""
    rows = session.execute(
        sa.select(Contest.about, Person.name.label("by"), Document.id, Document.filename)
        .join(Person, Person.id == Contest.by_id)
        .outerjoin(
            Document,
            sa.and_(
                Document.consultation_id == Contest.consultation_id,
                Document.sha256 == Contest.proof,
                Document.purpose == EVIDENCE,
            ),
        )
        .where(Contest.consultation_id == consultation_id)
        .order_by(Document.id.desc())
    )
    return {row.about: row for row in rows}


def _proof(contest: Any) -> tuple[int, str] | None:
    if contest is None or contest.id is None:
        return None
    return contest.id, contest.filename or ""


def _waiting(session: Session, consultation_id: int) -> dict[int, int]:
    """Return of each reply on which a ruling waits for a second person that request."""
    rows = session.execute(
        sa.select(Request.id, Request.what).where(
            Request.consultation_id == consultation_id,
            Request.act == Act.RULE,
            Request.decided_at.is_(None),
        )
    )
    return {row.what["about"]: row.id for row in rows}
