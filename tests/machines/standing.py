"""What machines of every kind check: one chain of entries, and that the whole verifies."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.ledger import instant
from consult.core.verify import verify
from consult.tables import Consultation, LedgerEntry, Record, reading
from tests.stored import faults


class Ledger:
    """The entries of the one letter, as far as they were read."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.head = "0" * 64

    def read_on(self, session: Session, letter: Consultation) -> None:
        """T42: no gap, one chain, no way back in time."""
        rows = session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.number >= len(self.entries))
            .order_by(LedgerEntry.number)
        ).all()
        for row in rows:
            assert (row.number, row.prev) == (len(self.entries), self.head)
            assert not self.entries or self.entries[-1]["at"] <= instant(row.at)
            self.entries.append(json.loads(row.entry))
            self.head = row.head
        assert (letter.number, letter.head) == (len(self.entries) - 1, self.head)

    def facts(self, *what: str) -> list[dict[str, Any]]:
        """Return what the entries of these kinds say."""
        return [entry["facts"] for entry in self.entries if entry["what"] in what]


def holds(desk: Desk) -> None:
    """Find no fault in the database, nor in a record that was published."""
    assert faults(desk) == []
    with reading(desk.engine) as session:
        for content in session.scalars(select(Record.content)):
            assert verify(content.encode()).faults == []
