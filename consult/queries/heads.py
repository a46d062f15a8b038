"""Whether the history that is stored contains the heads that others were shown."""

from collections.abc import Iterable

import sqlalchemy as sa

from consult.core.heads import Shown
from consult.tables import Consultation, LedgerEntry, reading


def absent(engine: sa.Engine, shown: Iterable[Shown]) -> list[tuple[Shown, str]]:
    """Return the heads that the stored ledgers do not contain, each with what is wrong."""
    found: list[tuple[Shown, str]] = []
    with reading(engine) as session:
        ids = {}
        for row in session.execute(
            sa.select(Consultation.id, Consultation.reference, Consultation.ledger)
        ):
            ids[row.reference] = ids[row.ledger] = row.id
        for one in sorted(set(shown), key=lambda head: (head.of, head.number)):
            if one.of not in ids:
                found.append((one, "there is no such consultation"))
                continue
            stored = session.scalar(
                sa.select(LedgerEntry.head).where(
                    LedgerEntry.consultation_id == ids[one.of], LedgerEntry.number == one.number
                )
            )
            if stored is None:
                found.append((one, "there is no such entry: what it and later ones said is lost"))
            elif not stored.startswith(one.head):
                found.append((one, "the entry there is another one"))
    return found
