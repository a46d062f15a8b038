"""The letter as it was opened and as each revision left it, on the roll of that time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.casefile import case_from_data
from consult.core.life import Revising
from consult.core.need import need
from consult.core.rule import parse
from consult.queries.enclosing import LetterSource
from consult.queries.late import entries_of
from consult.tables import Revision


def earlier_letters(
    session: Session, now: LetterSource, consultation_id: int
) -> tuple[LetterSource, ...]:
    """Return each version that says something else than the letter as it stands (two statements).

    A corrected roll makes none of its own: its words are those of the letter before, and the
    versions after it are counted on it.
    """
    cases = {
        entry["facts"].get("revision", 0): entry["facts"]["case"]
        for entry in entries_of(session, consultation_id)
        if entry["what"] in {"opening", "corrigendum"}
    }
    rows = session.scalars(
        sa.select(Revision)
        .where(
            Revision.consultation_id == consultation_id,
            Revision.kind != Revising.ROLL.value,
        )
        .order_by(Revision.number)
    )
    found = [_as_it_stood(now, row, cases.get(row.number)) for row in rows]
    return tuple(one for one in found if one.content != now.content)


def _as_it_stood(now: LetterSource, row: Revision, case: dict[str, Any] | None) -> LetterSource:
    """Return a version; of a comment round, which has no case, nothing is needed."""
    content = row.content
    closes_at = datetime.fromisoformat(content["closes_at"])
    version = replace(now, content=content, closes_at=closes_at, revision=row.number)
    if case is None:
        return version
    rule, lines = parse(content["rule"]), case_from_data({**case, "replies": []}).roll
    own = {item["id"]: parse(item["rule"]) for item in content["items"] if item["rule"]}
    return replace(
        version,
        rule=rule,
        need=need(rule, lines),
        own={code: (other, need(other, lines)) for code, other in own.items()},
    )
