"""What is mailed: one row for each person, consultation, kind and occasion."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.schedule import NoticeKind, NoticeState
from consult.tables.base import Base, Hash, Id, Json


class Notice(Base):
    """A mail to one person. Its content comes from `data`, frozen when it was queued."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "consultation_id", "kind", "occasion"),
        Index("ix_notice_state_not_before", "state", "not_before"),
        Index("ix_notice_consultation_id_member", "consultation_id", "member"),
    )

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[str | None] = mapped_column(String(64))  # the one it speaks to; None for staff
    kind: Mapped[NoticeKind]
    occasion: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8))
    data: Mapped[Json]
    number: Mapped[int | None]  # of the ledger's head that it carries
    head: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[NoticeState]
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    cause: Mapped[str | None] = mapped_column(String(120))  # of failure, deferral or cancellation


class HeadSent(Base):
    """A head of the ledger that notices carried out of the service (T50)."""

    __tablename__ = "head_sent"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    head: Mapped[Hash]
    at: Mapped[datetime]
