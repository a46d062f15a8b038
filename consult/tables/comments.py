"""What members remark in a comment round, what is said to it, and their views before a vote."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.life import Channel
from consult.core.round import Disposed
from consult.tables.base import Base, Code, Hash, Id, Json


class Comment(Base):
    """A member's comments, once. Later ones are a new row: the database refuses changes."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member", "version"),
        UniqueConstraint("consultation_id", "member", "idempotency_key"),
    )

    id: Mapped[Id]
    public: Mapped[str] = mapped_column(String(32), unique=True)  # its id outside
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    version: Mapped[int]  # from 1, in the order of recording
    base: Mapped[int]  # the version it started from; 0 for none
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    late: Mapped[bool]  # judged once, under the lock
    channel: Mapped[Channel]
    language: Mapped[str] = mapped_column(String(8))
    remarks: Mapped[Json]  # list of {id, item, paragraph, text, proposed, language}
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("focal_point.id"))
    idempotency_key: Mapped[Code]
    content_hash: Mapped[Hash]
    number: Mapped[int]  # of its ledger entry
    receipt: Mapped[str | None] = mapped_column(Text)  # signed as it was made: ever the same bytes


class CommentDraft(Base):
    """What a member's focal points have written so far; one for each member, shared by them."""

    __tablename__ = "comment_draft"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member"),
        Index("ix_comment_draft_saved_by_id", "saved_by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    base: Mapped[int]
    remarks: Mapped[Json]  # list of {item, paragraph, text, proposed, language}
    content_hash: Mapped[Hash]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class Disposition(Base):
    """What the secretariat says to one remark; written anew, the ledger keeps what it was."""

    __tablename__ = "disposition"
    __table_args__ = (
        UniqueConstraint("consultation_id", "remark"),
        Index("ix_disposition_said_by_id", "said_by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    remark: Mapped[str] = mapped_column(String(32))
    disposed: Mapped[Disposed]
    reasons: Mapped[Json]  # language → words
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    number: Mapped[int]  # of its ledger entry


class ViewStatement(Base):
    """A member's statement in an exchange of views; neither changed nor taken back."""

    __tablename__ = "view_statement"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member", "idempotency_key"),
        Index("ix_view_statement_person_id", "person_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    commitment: Mapped[Hash]
    idempotency_key: Mapped[Code]
    number: Mapped[int]  # of its ledger entry
