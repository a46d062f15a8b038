"""The count: the one tally over what the ledger says, entered and kept."""

import json
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change
from consult.core.ledger import hash_of
from consult.core.record import derive_case, result_of
from consult.tables import LedgerEntry


def count(this: Change) -> dict[str, Any]:
    """Tally the entries as they stand and keep the result; return it.

    A result that is unchanged is not entered twice.
    """
    result = result_of(derive_case(entries_of(this)))
    kept = this.consultation.result
    if kept is None or hash_of(kept) != hash_of(result):
        this.consultation.result = result
        this.enter("tally", result=hash_of(result))
    return result


def entries_of(this: Change) -> list[dict[str, Any]]:
    """Return every entry of the ledger, in order."""
    this.session.flush()
    rows = this.session.scalars(
        select(LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == this.consultation.id)
        .order_by(LedgerEntry.number)
    )
    return [json.loads(row) for row in rows]
