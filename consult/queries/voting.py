"""What a page needs to put the items of a broken letter to a vote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.queries.consultation import Head, head
from consult.queries.following import Followed, follows
from consult.queries.silence import Objection, objections
from consult.tables import Body, Consultation, reading


@dataclass(frozen=True, slots=True)
class Broken:
    """A letter, what broke its silence, and what follows it already.

    Args:
        rule: The body's own.
    """

    head: Head
    objections: tuple[Objection, ...]
    follows: tuple[Followed, ...]
    rule: dict[str, Any] | None


def broken(engine: sa.Engine, slug: str, now: datetime, language: str) -> Broken:
    """Return it (seven statements at most).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        rule = session.scalar(
            sa.select(Body.rule)
            .join(Consultation, Consultation.body_id == Body.id)
            .where(Consultation.id == about.id)
        )
        return Broken(about, objections(session, about.id), follows(session, about.id), rule)
