"""What changed a letter while it was open: extensions and withdrawals, with their words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.entries import EXTENSIONS
from consult.core.extension import SECRETARIAT
from consult.core.ledger import read_instant
from consult.tables import Consultation, LedgerEntry, LedgerText

_WORDS = ("reason", "authority")
_KINDS = sorted({*EXTENSIONS, "withdrawal"})


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension of the deadline.

    Args:
        asked_for_by: The code of the member that asked for it; empty for the secretariat, or
            where an outage moved it.
        minutes: For how long the service was away; None where people extended it.
    """

    from_at: datetime
    to_at: datetime
    asked_for_by: str
    reason: str
    authority: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal of the whole letter (no items), or of some of its items.

    Args:
        meeting: To which it goes on; empty if to none.
        asked_for_by: The member at whose request it does; empty if at that of the secretariat.
    """

    at: datetime
    items: tuple[str, ...]
    reason: str
    authority: str
    meeting: str
    asked_for_by: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All of them, in their order."""

    extensions: tuple[Extension, ...]
    withdrawals: tuple[Withdrawal, ...]

    @property
    def withdrawn(self) -> Withdrawal | None:
        """The withdrawal of the whole letter, if there was one."""
        return next((one for one in self.withdrawals if not one.items), None)

    @property
    def gone(self) -> frozenset[str]:
        """The items that were withdrawn alone."""
        return frozenset(code for one in self.withdrawals for code in one.items)

    def of_item(self, code: str) -> Withdrawal | None:
        return next((one for one in self.withdrawals if code in one.items), None)


NONE = Changes((), ())

# Whether there is any, beside a row of `Consultation`: so that most letters ask no further.
CHANGED = (
    sa.exists()
    .where(LedgerEntry.consultation_id == Consultation.id, LedgerEntry.what.in_(_KINDS))
    .correlate(Consultation)
)


def changes(session: Session, consultation_id: int) -> Changes:
    """Return what changed a letter while it was open (one statement, two if it was changed)."""
    return of_several(session, [consultation_id]).get(consultation_id, NONE)


def of_several(session: Session, ids: Sequence[int]) -> dict[int, Changes]:
    """Return by its id what changed each letter that was changed (two statements at most)."""
    if not ids:
        return {}
    rows = session.execute(
        sa.select(LedgerEntry.consultation_id, LedgerEntry.entry)
        .where(LedgerEntry.consultation_id.in_(sorted(ids)), LedgerEntry.what.in_(_KINDS))
        .order_by(LedgerEntry.number)
    ).all()
    entries: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        entries.setdefault(row.consultation_id, []).append(json.loads(row.entry))
    if not entries:
        return {}
    texts = _texts(session, [entry for several in entries.values() for entry in several])
    return {letter: of_entries(several, texts) for letter, several in entries.items()}


def _texts(session: Session, entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    names = {
        entry["facts"][name]
        for entry in entries
        for name in (("reason", "authority", "meeting") if "items" in entry["facts"] else _WORDS)
        if entry["facts"].get(name)
    }
    kept = session.execute(
        sa.select(LedgerText.commitment, LedgerText.text).where(
            LedgerText.commitment.in_(sorted(names))
        )
    )
    return {row.commitment: row.text or "" for row in kept}


def of_entries(entries: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Changes:
    """Return the same from entries, such as those of a record, and the texts beside them."""
    return Changes(
        tuple(_extension(one["facts"], texts) for one in entries if one["what"] in EXTENSIONS),
        tuple(_withdrawal(one, texts) for one in entries if one["what"] == "withdrawal"),
    )


def _extension(facts: Mapping[str, Any], texts: Mapping[str, str]) -> Extension:
    asked = facts.get("asked_for_by", "")
    return Extension(
        from_at=read_instant(facts["from"]),
        to_at=read_instant(facts["to"]),
        asked_for_by="" if asked == SECRETARIAT else asked,
        reason=_text(facts, "reason", texts),
        authority=_text(facts, "authority", texts),
        minutes=facts.get("minutes"),
    )


def _withdrawal(entry: Mapping[str, Any], texts: Mapping[str, str]) -> Withdrawal:
    facts = entry["facts"]
    asked = facts["asked_for_by"]
    return Withdrawal(
        at=read_instant(entry["at"]),
        items=tuple(facts["items"] or ()),
        reason=_text(facts, "reason", texts),
        authority=_text(facts, "authority", texts),
        meeting=_text(facts, "meeting", texts),
        asked_for_by="" if asked in {None, SECRETARIAT} else asked,
    )


def _text(facts: Mapping[str, Any], name: str, texts: Mapping[str, str]) -> str:
    return texts.get(facts.get(name) or "", "")
