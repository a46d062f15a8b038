"""Which letters a member's people can reach: those on whose roll it stands, once they are open."""

from datetime import datetime

import sqlalchemy as sa

from consult.core.life import NOT_OPENED
from consult.tables import Consultation, Document, RollEntry, reading


def members_on(engine: sa.Engine, slug: str, members: frozenset[str], now: datetime) -> list[str]:
    """Return for which of *members* a letter that is open or was can be answered or read."""
    with reading(engine) as session:
        found = session.scalars(
            sa.select(RollEntry.member)
            .join(Consultation, Consultation.id == RollEntry.consultation_id)
            .where(
                Consultation.slug == slug,
                Consultation.state.not_in(NOT_OPENED),
                Consultation.opens_at <= now,
                RollEntry.member.in_(sorted(members)),
            )
            .order_by(RollEntry.place)
        )
        return list(found)


def document(
    engine: sa.Engine, slug: str, member: str, number: int, now: datetime
) -> Document | None:
    """Return a document of the letter for *member*; None if it is not one of its readers'."""
    with reading(engine) as session:
        return session.scalar(
            sa.select(Document)
            .join(Consultation, Consultation.id == Document.consultation_id)
            .join(RollEntry, RollEntry.consultation_id == Consultation.id)
            .where(
                Consultation.slug == slug,
                Consultation.state.not_in(NOT_OPENED),
                Consultation.opens_at <= now,
                RollEntry.member == member,
                Document.id == number,
                Document.purpose != "evidence",
                Document.removed_at.is_(None),
            )
        )
