"""Check the live database: under whose mandate each thing of a member was entered (T47)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.entries import RESTORED
from consult.core.verify import Findings
from consult.tables import FocalPoint, Member

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
    numbers = {entry["facts"][_MANDATE] for entry in sent}
    register = {
        row.id: row
        for row in session.execute(
            select(FocalPoint.id, FocalPoint.adviser, Member.code)
            .join(Member, Member.id == FocalPoint.member_id)
            .where(FocalPoint.id.in_(numbers))
        )
    }
    for entry in sent:
        found = register.get(entry["facts"][_MANDATE])
        if found is None or found.code != entry["facts"]["member"]:
            findings.fault(f"entry {entry['number']}", "names a mandate that the member has not")
        elif found.adviser:
            findings.fault(f"entry {entry['number']}", "is sent under the mandate of an adviser")
