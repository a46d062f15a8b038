"""Which consultation follows which: a vote on what an objection kept from silent adoption."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.life import State
from consult.tables import Consultation


@dataclass(frozen=True, slots=True)
class Followed:
    """A consultation bound to another one.

    Args:
        later: Whether it follows the other; else the other follows it.
        way: In what way, such as ``vote``.
    """

    slug: str
    reference: str
    state: State
    later: bool
    way: str


def follows(session: Session, consultation_id: int) -> tuple[Followed, ...]:
    """Return the consultations bound to one, the one it follows first (one statement)."""
    this = aliased(Consultation)
    rows = session.execute(
        sa.select(
            Consultation.id,
            Consultation.slug,
            Consultation.reference,
            Consultation.state,
            Consultation.follows_as,
            (Consultation.follows_id == this.id).label("later"),
            this.follows_as.label("own"),
        )
        .join(this, this.id == consultation_id)
        .where(
            sa.or_(Consultation.follows_id == this.id, Consultation.id == this.follows_id),
            Consultation.state != State.DISCARDED,
        )
        .order_by(Consultation.id)
    )
    return tuple(
        Followed(
            row.slug,
            row.reference,
            row.state,
            bool(row.later),
            row.follows_as if row.later else row.own,
        )
        for row in rows
    )
