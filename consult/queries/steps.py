"""What a letter said from when on, as replies to it need it: which revision they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Revising, Unconfirmed
from consult.core.revision import added_items
from consult.tables import Consultation, Revision


@dataclass(frozen=True, slots=True)
class Step:
    """A revision as a reply form needs it: when the letter began to say what."""

    number: int
    kind: str
    at: datetime
    content: Mapping[str, Any]


def steps_of(session: Session, consultation_id: int) -> tuple[Step, ...]:
    """Return what the letter said from when on, the oldest first (one statement)."""
    rows = session.execute(
        sa.select(Revision.number, Revision.kind, Revision.at, Revision.content)
        .where(Revision.consultation_id == consultation_id)
        .order_by(Revision.number)
    )
    return tuple(Step(*row) for row in rows)


def words_since(session: Session, consultation_id: int, number: int) -> bool:
    """Say whether what the letter says was revised after *number*: its roll is no word of it."""
    return bool(
        session.scalar(
            sa.select(sa.func.count()).where(
                Revision.consultation_id == consultation_id,
                Revision.number > number,
                Revision.kind != Revising.ROLL.value,
            )
        )
    )


def in_force(session: Session, consultation_id: int, at: datetime) -> Revision:
    """Return the revision that the letter was in at an instant, else the first (one statement)."""
    found = session.scalars(
        sa.select(Revision)
        .where(Revision.consultation_id == consultation_id)
        .order_by(Revision.number)
    ).all()
    return next((one for one in reversed(found) if one.at <= at), found[0])


def asked_again(session: Session, letter: Consultation) -> dict[int, frozenset[str]]:
    """Return of each revision the items on which a reply to it says nothing by now.

    Those that were added after it, and those whose positions lapse (one statement).
    """
    rows = session.execute(
        sa.select(Revision.number, Revision.content, Revision.changed)
        .where(Revision.consultation_id == letter.id)
        .order_by(Revision.number)
    ).all()
    lapses = letter.unconfirmed is Unconfirmed.LAPSES
    return {
        row.number: frozenset(added_items(row.content, rows[-1].content)).union(
            *(later.changed for later in rows if lapses and later.number > row.number)
        )
        for row in rows
    }
