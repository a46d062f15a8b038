"""Check the live database: every stored reply against its entry and its receipt (T47)."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.entries import REPLIES, RESTORED
from consult.core.ledger import instant
from consult.core.restored import tells_same
from consult.core.verify import Findings
from consult.tables import Consultation, Reply

Entry = dict[str, Any]


def check_replies(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    """Note each reply that is stored without its entry, otherwise than it says, or not at all."""
    told = {e["facts"]["reply"]: e for e in entries if e["what"] in REPLIES}
    stored = session.scalars(select(Reply).where(Reply.consultation_id == whole.id)).all()
    for row in stored:
        entry = told.pop(row.public, None)
        if entry is None:
            findings.fault(f"reply {row.member} {row.version}", "has no entry")
        elif found := _reply_fault(row, entry):
            findings.fault(f"entry {entry['number']}", found)
    for entry in told.values():
        findings.fault(f"entry {entry['number']}", "the reply that it enters is not stored")


def _reply_fault(row: Reply, entry: Entry) -> str | None:
    """Say why a stored reply is not what its entry says.

    That of one that was restored must be proved by the receipt: it holds the entry that was lost.
    """
    restored, own = entry["what"] == RESTORED, json.loads(row.receipt)["entry"]
    stored = _reply_data(row)
    told = {name: entry["facts"].get(name) for name in stored}
    if restored and row.mandate_id is None:  # the register may have lost it too
        told["mandate"] = None
    if stored != told:
        return "the stored reply is not what it says"
    if not (tells_same(entry, own) if restored else own == entry):
        return "the receipt holds another entry"
    late = entry["what"] == "late-reply"
    if row.late != late and row.request_id is None and not restored:
        return "the stored reply is late otherwise"
    return None


def _reply_data(row: Reply) -> dict[str, Any]:
    return {
        "member": row.member,
        "version": row.version,
        "base": row.base,
        "channel": row.channel.value,
        "choices": row.choices,
        "comments": row.comments,
        "kinds": row.kinds,
        "unclear": row.unclear,
        "note": row.note,
        "received_at": instant(row.received_at),
        "mandate": row.mandate_id,
        "answered": {
            "revision": row.revision,
            "language": row.language,
            "texts": row.texts_hash,
        },
    }
