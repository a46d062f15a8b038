"""The letters whose deadline is near: before an upgrade, and before anything else that may fail."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from consult.core.life import State
from consult.tables import Consultation, reading

NEAR = timedelta(days=1)
LAST_HOUR = timedelta(hours=1)


def near(engine: sa.Engine, now: datetime) -> list[tuple[str, datetime]]:
    """Return reference and deadline of the open letters within a day of it, before or after."""
    with reading(engine) as session:
        rows = session.execute(
            sa.select(Consultation.reference, Consultation.closes_at)
            .where(
                Consultation.state == State.OPEN,
                Consultation.closes_at > now - NEAR,
                Consultation.closes_at < now + NEAR,
            )
            .order_by(Consultation.closes_at)
        )
        return [(reference, closes_at) for reference, closes_at in rows if closes_at]


def closes_soon(engine: sa.Engine, now: datetime) -> bool:
    """Say whether any letter closes within the hour: then nothing is too often (T97)."""
    with reading(engine) as session:
        found = session.scalar(
            sa.select(Consultation.id)
            .where(
                Consultation.state == State.OPEN,
                Consultation.closes_at > now,
                Consultation.closes_at <= now + LAST_HOUR,
            )
            .limit(1)
        )
    return found is not None
