"""Whether the records that are kept are those that the ledger says were published (T47, T60)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.ledger import instant, sha256_hex
from consult.core.verify import Findings
from consult.tables import Consultation, Record


def check_records(
    findings: Findings, session: Session, whole: Consultation, entries: Iterable[Mapping[str, Any]]
) -> None:
    """Find a record that was changed, dropped or put in without its publication (one statement)."""
    told = [entry for entry in entries if entry["what"] == "publication"]
    rows = session.execute(
        sa.select(
            Record.revision,
            Record.content,
            Record.sha256,
            Record.year,
            Record.serial,
            Record.public,
            Record.rehearsal,
            Record.published_at,
        )
        .where(Record.consultation_id == whole.id)
        .order_by(Record.revision)
    ).all()
    if [row.revision for row in rows] != list(range(len(told))):
        findings.fault("records", "are not one for each publication that the ledger names")
        return
    for row, entry in zip(rows, told, strict=True):
        if not sha256_hex(row.content.encode()) == row.sha256 == entry["facts"]["record"]:
            findings.fault(
                f"record Rev.{row.revision}",
                f"is not the one whose hash entry {entry['number']} names",
            )
        elif _listed(row) != _said(row.content):
            findings.fault(f"record Rev.{row.revision}", "is listed otherwise than it says itself")


def _listed(row: Any) -> tuple[Any, ...]:
    """Return by what a record is found, and whether everybody may read it."""
    number = None if row.rehearsal else f"{row.year}/{row.serial}"
    return number, row.revision, instant(row.published_at), row.rehearsal, row.public


def _said(content: str) -> tuple[Any, ...]:
    said = json.loads(content)["consultation"]
    own = said["number"], said["revision"], said["published_at"]
    return *own, said.get("rehearsal", False), said["public"]
