"""The letters whose deadline is near: before an upgrade, and before anything else that may fail."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from consult.core.life import State
from consult.tables import Consultation, reading

NEAR = timedelta(days=1)


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
