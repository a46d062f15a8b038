"""A reply that the database lost: whether it is here, under which version it would be kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.canonical import hash_of
from consult.core.entries import RESTORED
from consult.core.life import ENDED, State
from consult.core.readmitting import Proof, proof_of, version_for
from consult.core.record import decision_of, derive_case, if_restored, result_of
from consult.core.restored import restored_facts
from consult.queries.consultation import head
from consult.tables import Consultation, Item, LedgerEntry, Reply, Revision, reading

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Becomes:
    """What becomes of a reply that is readmitted, as things stand.

    Args:
        version: Under which it is kept: its own, or the next one where that is another reply.
        without, counting: The case without it and with it; None before there is a count.
    """

    version: int
    without: Case | None = None
    counting: Case | None = None

    @property
    def effect(self) -> str | None:
        """The hash of what would be decided."""
        if self.counting is None:
            return None
        return hash_of(decision_of(result_of(self.counting)))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a second person is shown besides; *titles* has the items' titles by their codes."""

    becomes: Becomes
    titles: Mapping[str, Mapping[str, str]]


def letter_of(session: Session, ledger: str) -> str | None:
    """Return the slug of the consultation with that ledger (one statement)."""
    return session.scalar(sa.select(Consultation.slug).where(Consultation.ledger == ledger))


def entered(session: Session, consultation_id: int, leaf: str) -> int | None:
    """Return the entry that holds the reply of that leaf, or restores it (one statement)."""
    rows = session.execute(
        sa.select(LedgerEntry.number, LedgerEntry.leaf, LedgerEntry.entry)
        .where(
            LedgerEntry.consultation_id == consultation_id,
            sa.or_(LedgerEntry.leaf == leaf, LedgerEntry.what == RESTORED),
        )
        .order_by(LedgerEntry.number)
    ).all()
    for row in rows:
        if leaf in {row.leaf, json.loads(row.entry)["facts"].get("leaf")}:
            return int(row.number)
    return None


def is_entered(session: Session, proof: Proof) -> bool:
    """Say whether the reply of a receipt is in the ledger it names, or restored there."""
    consultation_id = session.scalar(
        sa.select(Consultation.id).where(Consultation.ledger == proof.entry["ledger"])
    )
    return consultation_id is not None and (
        entered(session, consultation_id, proof.leaf) is not None
    )


def answers(session: Session, consultation_id: int, answered: Mapping[str, Any]) -> bool:
    """Say whether the letter had that revision, in those words (one statement)."""
    texts = session.scalar(
        sa.select(Revision.texts).where(
            Revision.consultation_id == consultation_id,
            Revision.number == answered["revision"],
        )
    )
    return texts is not None and answered["texts"] in texts.values()


def becomes(session: Session, consultation_id: int, state: State, proof: Proof) -> Becomes:
    """Return what would become of the reply that *proof* proves (two statements at most)."""
    taken = session.scalars(
        sa.select(Reply.version).where(
            Reply.consultation_id == consultation_id, Reply.member == proof.facts["member"]
        )
    )
    version = version_for(proof, frozenset(taken))
    if state not in ENDED:
        return Becomes(version)
    rows = session.scalars(
        sa.select(LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == consultation_id)
        .order_by(LedgerEntry.number)
    )
    entries = [json.loads(row) for row in rows]
    facts = {**restored_facts(proof.entry, version), "leaf": proof.leaf}
    return Becomes(version, derive_case(entries), if_restored(entries, facts))


def shown(engine: sa.Engine, slug: str, raw: str, now: datetime, language: str) -> Shown:
    """Return what becomes of the reply of a receipt, as it is asked for (four statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        titles = session.execute(
            sa.select(Item.code, Item.title).where(Item.consultation_id == about.id)
        )
        found = becomes(session, about.id, about.state, proof_of(raw))
        return Shown(found, {row.code: row.title for row in titles})
