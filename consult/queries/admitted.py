"""Which replies a ruling lets in or keeps out, and which wait for one."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.entries import RESTORED
from consult.core.record import admissions
from consult.tables import LedgerEntry

# The entries that say which replies are let in or kept out.
_ADMIT = ("post-stated", "reply-on-behalf", RESTORED, "ruling")


def admitted_in(session: Session, consultation: int) -> dict[int, bool]:
    """Return of each reply on which something was ruled, or must be, whether it is let in."""
    return admitted_in_each(session, [consultation]).get(consultation, {})


def admitted_in_each(session: Session, consultations: Sequence[int]) -> dict[int, dict[int, bool]]:
    """Return of each of *consultations* what `admitted_in` says of one (one statement)."""
    rows = session.execute(
        sa.select(LedgerEntry.consultation_id, LedgerEntry.entry)
        .where(LedgerEntry.consultation_id.in_(consultations), LedgerEntry.what.in_(_ADMIT))
        .order_by(LedgerEntry.number)
    )
    entries: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        entries.setdefault(row.consultation_id, []).append(json.loads(row.entry))
    return {number: admissions(said) for number, said in entries.items()}
