"""Which replies a ruling lets in or keeps out, and which wait for one."""

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.entries import RESTORED
from consult.core.record import admissions
from consult.tables import LedgerEntry

# The entries that say which replies are let in or kept out.
_ADMIT = ("post-stated", "reply-on-behalf", RESTORED, "ruling")


def admitted_in(session: Session, consultation: int) -> dict[int, bool]:
    """Return of each reply on which something was ruled, or must be, whether it is let in."""
    rows = session.scalars(
        sa.select(LedgerEntry.entry)
        .where(LedgerEntry.consultation_id == consultation, LedgerEntry.what.in_(_ADMIT))
        .order_by(LedgerEntry.number)
    )
    return admissions(json.loads(row) for row in rows)
