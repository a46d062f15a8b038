"""Checks what a comment round stores against its ledger (T47)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core import letter as letters
from consult.core.canonical import hash_of
from consult.core.ledger import instant
from consult.core.roll import roll_data
from consult.core.round import COMMENTS, DISPOSED, OPENED, deadline_of
from consult.core.verify import Findings
from consult.queries.content import content_of
from consult.queries.roll import frozen, lines_of
from consult.tables import Body, Comment, Consultation, Disposition, ViewStatement

Entry = dict[str, Any]


def check_comments(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    """Note each comment, disposition, text or roll that is not what the entries say."""
    told = {e["facts"]["comment"]: e for e in entries if e["what"] in COMMENTS}
    for row in session.scalars(select(Comment).where(Comment.consultation_id == whole.id)):
        entry = told.pop(row.public, None)
        if entry is None:
            findings.fault(f"comment {row.member} {row.version}", "has no entry")
        elif row.number != entry["number"] or _data(row) != {
            name: entry["facts"][name] for name in _data(row)
        }:
            findings.fault(f"entry {entry['number']}", "the stored comment is not what it says")
    for entry in told.values():
        findings.fault(f"entry {entry['number']}", "the comment that it enters is not stored")
    said = {e["facts"]["remark"]: e for e in entries if e["what"] == DISPOSED}
    rows = session.scalars(select(Disposition).where(Disposition.consultation_id == whole.id))
    stored = {row.remark: (row.disposed.value, row.number) for row in rows}
    if stored != {k: (e["facts"]["disposition"], e["number"]) for k, e in said.items()}:
        findings.fault("disposition", "those that are stored are not those of the ledger")
    _opened(findings, session, whole, entries)
    _viewed(findings, session, whole, entries)


def _viewed(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    """Note each statement of an exchange of views that is not what its entry says."""
    told = {
        e["number"]: (e["facts"]["member"], e["facts"]["text"], e["facts"]["language"], e["at"])
        for e in entries
        if e["what"] == "view"
    }
    rows = session.scalars(
        select(ViewStatement).where(ViewStatement.consultation_id == whole.id)
    ).all()
    stored = {
        row.number: (row.member, row.commitment, row.language, instant(row.at)) for row in rows
    }
    for number in sorted(told.keys() | stored.keys()):
        if told.get(number) != stored.get(number):
            findings.fault(f"entry {number}", "the stored statement of views is not what it says")


def _data(row: Comment) -> dict[str, Any]:
    return {
        "member": row.member,
        "version": row.version,
        "base": row.base,
        "channel": row.channel.value,
        "received_at": instant(row.received_at),
        "late": row.late,
        "language": row.language,
        "remarks": row.remarks,
        "mandate": row.mandate_id,
    }


def _opened(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    opened = next((entry for entry in entries if entry["what"] == OPENED), None)
    if opened is None:
        return
    facts, where = opened["facts"], f"entry {opened['number']}"
    body = session.get_one(Body, whole.body_id)
    if roll_data(lines_of(frozen(session, whole.id), body.working_language)) != facts["roll"]:
        findings.fault(where, "the stored roll is not the one that it froze")
    content = content_of(whole, body)
    for language, told in facts["texts"].items():
        if hash_of(letters.texts(content, language)) != told:
            findings.fault(where, f"the stored texts ({language}) are not those opened")
    if content["closes_at"] != deadline_of(entries):
        findings.fault("consultation", "its deadline is not the one that the ledger gives")
