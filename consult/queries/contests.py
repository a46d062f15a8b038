"""What a member contested of one reply of its own, and what was ruled on it."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.queries.consultation import EVIDENCE
from consult.queries.enclosures import Enclosed, enclosed_from
from consult.tables import (
    Consultation,
    Contest,
    Document,
    LedgerEntry,
    LedgerText,
    Person,
    Reply,
    reading,
)


@dataclass(frozen=True, slots=True)
class Held:
    """The contest of a reply: who holds what, since when, and whether a proof came with it."""

    by: str
    at: datetime
    grounds: str
    proof: str | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling that holds, in the presiding officer's words."""

    at: datetime
    counts: bool
    reasons: str
    authority: str


def held(session: Session, consultation_id: int, number: int) -> Held | None:
    """Return the contest of the reply in entry *number*, if there is one (one statement)."""
    row = session.execute(
        sa.select(Person.name, Contest.at, LedgerText.text, Contest.proof)
        .join(Person, Person.id == Contest.by_id)
        .outerjoin(LedgerText, LedgerText.commitment == Contest.grounds)
        .where(Contest.consultation_id == consultation_id, Contest.about == number)
    ).first()
    return Held(row.name, row.at, row.text or "", row.proof) if row else None


def ruled(session: Session, consultation_id: int, number: int) -> Ruled | None:
    """Return the last ruling on the reply in entry *number* (two statements at most)."""
    rows = session.execute(
        sa.select(LedgerEntry.at, LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == consultation_id, LedgerEntry.what == "ruling")
        .order_by(LedgerEntry.number.desc())
    )
    for row in rows:
        facts = json.loads(row.entry)["facts"]
        if facts["about"] == number:
            wanted = [facts["reasons"], facts["authority"] or ""]
            rows_of_texts = session.execute(
                sa.select(LedgerText.commitment, LedgerText.text).where(
                    LedgerText.commitment.in_(wanted)
                )
            )
            texts = {kept.commitment: kept.text for kept in rows_of_texts}
            reasons, authority = (texts.get(name) or "" for name in wanted)
            return Ruled(row.at, facts["counts"], reasons, authority)
    return None


def confirmed(session: Session, consultation_id: int) -> dict[int, datetime]:
    """Return of each reply on behalf that its member confirmed when it did (one statement)."""
    rows = session.execute(
        sa.select(LedgerEntry.at, LedgerEntry.entry).where(
            LedgerEntry.consultation_id == consultation_id, LedgerEntry.what == "reply-confirmed"
        )
    )
    return {json.loads(row.entry)["facts"]["about"]: row.at for row in rows}


def proof(engine: sa.Engine, slug: str, member: str, version: int) -> Enclosed | None:
    """Return the proof that came with the contest of a version (one statement)."""
    with reading(engine) as session:
        row = session.scalars(
            sa.select(Document)
            .join(Consultation, Consultation.id == Document.consultation_id)
            .join(Reply, Reply.consultation_id == Consultation.id)
            .join(
                Contest,
                sa.and_(Contest.consultation_id == Consultation.id, Contest.about == Reply.number),
            )
            .where(
                Consultation.slug == slug,
                Reply.member == member,
                Reply.version == version,
                Document.sha256 == Contest.proof,
                Document.purpose == EVIDENCE,
            )
            .order_by(Document.id)
        ).first()
        return enclosed_from(row) if row else None
