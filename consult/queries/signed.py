"""Check the live database: what was signed, against the keys and the ledgers (T47)."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.canonical import canonical
from consult.core.entries import RESTORED
from consult.core.ledger import instant
from consult.core.ledger import leaf as leaf_of
from consult.core.reading import read
from consult.core.signing import KEYS_FORMAT
from consult.core.verify import Findings
from consult.core.verify_keys import KeySet, check_key_file
from consult.core.verify_receipt import check_receipt
from consult.queries.keys import checkpoints_of, keys_of
from consult.tables import Comment, Consultation, LedgerEntry, Reply, SigningKey, reading

Entry = dict[str, Any]

_STATED = ("kid", "public_key", "reason", "valid_from", "revokes_from")


def verify_keys(engine: sa.Engine) -> Findings:
    """Check the keys of the service: what each says of itself, and that its row says the same."""
    with reading(engine) as session:
        rows = session.scalars(
            select(SigningKey).where(SigningKey.place.is_not(None)).order_by(SigningKey.place)
        ).all()
        file = {"format": KEYS_FORMAT, "keys": keys_of(session)}
    if not rows:
        return Findings("keys", facts={"keys": 0, "key": None})
    findings, _all = check_key_file(read(canonical(file)))
    for place, row in enumerate(rows):
        stated = row.stated or {}
        times = [instant(at) if at else None for at in (row.valid_from, row.revokes_from)]
        columns = (row.kid, row.public_key, row.reason, *times)
        said = tuple(stated.get(name) for name in _STATED)
        if columns != said or row.place != place:
            findings.fault(f"keys[{place}]", "its columns are not what it says")
    return findings


def check_receipts(
    findings: Findings, session: Session, whole: Consultation, keys: KeySet | None
) -> None:
    """Check what was signed of each reply; those of before there were keys are not.

    What was signed of one that was restored is of a ledger that was lost.
    """
    signed = {one["number"]: one for one in checkpoints_of(session, whole.id)}
    for number, raw, what, leaf in session.execute(
        sa.union_all(*(_receipts_of(table, whole.id) for table in (Reply, Comment)))
    ):
        made, restored = json.loads(raw), what == RESTORED
        if made["signature"] is None and number not in signed and not restored:
            continue
        if not restored and leaf_of(made["entry"]) != leaf:
            findings.fault(f"entry {number}", "its receipt holds another entry")
        for fault in check_receipt(read(raw.encode()), keys=keys).faults:
            findings.fault(f"entry {number}", f"its receipt: {fault}")
        if made["checkpoint"] != signed.get(number) and not restored:
            findings.fault(f"entry {number}", "the checkpoint in its receipt is not stored")


def _receipts_of(table: type[Reply] | type[Comment], letter: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the receipts of *table*, each with what its entry is."""
    same = LedgerEntry.consultation_id == letter, LedgerEntry.number == table.number
    return (
        select(table.number, table.receipt, LedgerEntry.what, LedgerEntry.leaf)
        .join(LedgerEntry, sa.and_(*same))
        .where(table.consultation_id == letter, table.receipt.is_not(None))
    )


def check_key(findings: Findings, whole: Consultation, entries: Sequence[Entry]) -> None:
    """Check that a consultation goes by the key that its ledger names."""
    told = [e["facts"]["to"] for e in entries if e["what"] == "key-changed"]
    kid = told[-1] if told else entries[0]["facts"]["kid"]
    if kid is not None and whole.kid != kid:
        findings.fault("consultation", "goes by another key than the ledger says")
