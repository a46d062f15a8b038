"""The count: the one tally over what the ledger says, entered and kept."""

import json
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change
from consult.core.ledger import hash_of
from consult.core.life import Act, Kind, State
from consult.core.record import decision_of, derive_case, result_of
from consult.core.round import table_of
from consult.tables import LedgerEntry


def count(this: Change) -> dict[str, Any]:
    """Tally the entries as they stand and keep the result; return it.

    Of a comment round the result is its table of comments: nothing in it is counted.

    A result that is unchanged is not entered twice.
    """
    entries = entries_of(this)
    round_ = this.consultation.kind is Kind.COMMENTS
    result = table_of(entries) if round_ else result_of(derive_case(entries))
    kept = this.consultation.result
    if kept is None or hash_of(kept) != hash_of(result):
        this.consultation.result = result
        this.enter("compilation" if round_ else "tally", result=hash_of(result))
    return result


def count_again(this: Change) -> bool:
    """Count; say whether an outcome, a figure or a position is another than before.

    Then what was certified does not hold any more: it must be certified anew.
    """
    kept = this.consultation.result
    assert kept is not None  # noqa: S101 - it was counted
    before = hash_of(decision_of(kept))
    if hash_of(decision_of(count(this))) == before:
        return False
    if this.state is not State.COUNTED:
        this.move(Act.RECOUNT)
    return True


def entries_of(this: Change) -> list[dict[str, Any]]:
    """Return every entry of the ledger, in order."""
    this.session.flush()
    rows = this.session.scalars(
        select(LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == this.consultation.id)
        .order_by(LedgerEntry.number)
    )
    return [json.loads(row) for row in rows]
