"""When the service was there: a sign of life about once a minute, kept for ninety days."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from consult.tables.base import Base, Id


class Heartbeat(Base):
    """The web server or a worker was at work at this instant."""

    __tablename__ = "heartbeat"
    __table_args__ = (Index("ix_heartbeat_at", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
