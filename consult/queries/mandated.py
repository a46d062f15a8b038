"""Check the live database: under whose mandate each thing of a member was entered (T47)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.entries import RESTORED
from consult.core.ledger import instant
from consult.core.verify import Findings
from consult.tables import Comment, Consultation, FocalPoint, Member, Person, Reply

Entry = dict[str, Any]

_MANDATE = "mandate"  # the kind of entry that gives one; the fact of others under which one acts
# What a receipt proves goes by a register that may be lost with the reply, its numbers given anew.
_APART = frozenset({_MANDATE, RESTORED})


def check_mandates(findings: Findings, session: Session, entries: Sequence[Entry]) -> None:
    """Note what was sent under a mandate of another member, of an adviser, or of none.

    The ledger itself tells only of the mandates that were given while the letter was open.
    """
    sent = [
        entry
        for entry in entries
        if entry["what"] not in _APART and entry["facts"].get(_MANDATE) is not None
    ]
    if not sent:
        return
    register = _register(session, {entry["facts"][_MANDATE] for entry in sent})
    for entry in sent:
        found = register.get(entry["facts"][_MANDATE])
        if found is None or found.code != entry["facts"]["member"]:
            findings.fault(f"entry {entry['number']}", "names a mandate that the member has not")
        elif found.adviser:
            findings.fault(f"entry {entry['number']}", "is sent under the mandate of an adviser")
        elif entry["actor"] != f"person:{found.opaque}":
            findings.fault(
                f"entry {entry['number']}", "is not of the person whose mandate it names"
            )
        elif not _in_force(found, entry):
            findings.fault(f"entry {entry['number']}", "names a mandate that was not in force")


def check_senders(findings: Findings, session: Session, whole: Consultation) -> None:
    """Note each reply and comment whose row names another person than its mandate does."""
    for table, kind in ((Reply, "reply"), (Comment, "comment")):
        for member, version in session.execute(
            select(table.member, table.version)
            .join(FocalPoint, FocalPoint.id == table.mandate_id)
            .where(
                table.consultation_id == whole.id,
                table.person_id.is_distinct_from(FocalPoint.person_id),
            )
        ):
            findings.fault(f"{kind} {member} {version}", "is not of the person with its mandate")


def check_register(findings: Findings, session: Session, entries: Sequence[Entry]) -> None:
    """Note each mandate given or ended while the letter was open that the register has otherwise.

    One may end later, when no letter is open: then no ledger says so.
    """
    told = {e["facts"][_MANDATE]: e for e in entries if e["what"] == _MANDATE}
    register = _register(session, set(told)) if told else {}
    for number, entry in told.items():
        facts, row = entry["facts"], register.get(number)
        if row is None or _data(row, facts) != {name: facts[name] for name in _data(row, facts)}:
            findings.fault(f"entry {entry['number']}", "the register has another mandate")


def _data(row: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    role = "head" if row.head else "adviser" if row.adviser else "alternate"
    said = {"member": row.code, "role": role, "from": instant(row.from_at)}
    return said if facts["to"] is None else {**said, "to": _instant(row.until_at)}


def _register(session: Session, numbers: set[int]) -> dict[int, Any]:
    """Return these lines of the register, with member and person (one statement)."""
    return {
        row.id: row
        for row in session.execute(
            select(
                FocalPoint.id,
                FocalPoint.head,
                FocalPoint.adviser,
                FocalPoint.from_at,
                FocalPoint.until_at,
                Member.code,
                Person.opaque,
            )
            .join(Member, Member.id == FocalPoint.member_id)
            .join(Person, Person.id == FocalPoint.person_id)
            .where(FocalPoint.id.in_(numbers))
        )
    }


def _in_force(row: Any, entry: Entry) -> bool:
    until = _instant(row.until_at)
    at = entry["facts"].get("received_at", entry["at"])
    return bool(instant(row.from_at) <= entry["at"] and (until is None or at <= until))


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
