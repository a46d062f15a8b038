"""What an open letter said, revision by revision, and the next one while it is written."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.life import Revising
from consult.tables.base import Base, Hash, Id, Json

OPENING = "opening"  # the kind of revision 0


class Revision(Base):
    """The letter as it stood from one instant on, whole; none is ever overwritten."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # from 0: what was opened
    kind: Mapped[str] = mapped_column(String(32))  # `OPENING`, or one of `Revising`
    at: Mapped[datetime]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    language: Mapped[str | None] = mapped_column(String(8))  # of an editorial correction
    reason: Mapped[str] = mapped_column(Text)  # in the language of the officer
    authority: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[Json]  # whole, as `queries.content.content_of` gives it
    texts: Mapped[Json]  # language → hash
    changed: Mapped[Json]  # items that earlier repliers are asked to confirm
    roll: Mapped[Json | None]  # of a roll: list of {member, name, before, after}


class RevisionDraft(Base):
    """The revision that is being written; one for each consultation, shared by its officers."""

    __tablename__ = "revision_draft"
    __table_args__ = (
        UniqueConstraint("consultation_id"),
        Index("ix_revision_draft_saved_by_id", "saved_by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    kind: Mapped[Revising]
    language: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(200))
    content: Mapped[Json]  # the parts that a revision may change
    content_hash: Mapped[Hash]  # of those parts as they were when it was begun
    version: Mapped[int]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
