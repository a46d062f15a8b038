"""What members answer: versions, none ever overwritten, and the draft that leads to the next."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.life import Channel
from consult.tables.base import Base, Code, Hash, Id, Json


class Reply(Base):
    """What a member answered, once. A later answer is a new row: the database refuses changes."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member", "version"),
        UniqueConstraint("consultation_id", "member", "idempotency_key"),
    )

    id: Mapped[Id]
    public: Mapped[str] = mapped_column(String(32), unique=True)  # its id outside, 128 random bits
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    version: Mapped[int]  # from 1, in the order of recording
    base: Mapped[int]  # the version it started from; 0 for none
    received_at: Mapped[datetime]  # when the whole request was read, or the paper arrived
    recorded_at: Mapped[datetime]
    late: Mapped[bool]  # judged once, under the lock
    channel: Mapped[Channel]
    revision: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))  # in which the letter was shown
    texts_hash: Mapped[Hash]
    choices: Mapped[Json]  # item → choice or None, every item of the form
    comments: Mapped[Json]  # item or "general" → commitment of a `LedgerText`
    kinds: Mapped[Json | None]  # item or "general" → its kind, where it is no plain comment
    unclear: Mapped[Json | None]  # item → {words, question}, commitments; of a paper alone
    note: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of a `ReplyNote`
    complete: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("focal_point.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"))  # on behalf
    idempotency_key: Mapped[Code]
    content_hash: Mapped[Hash]
    number: Mapped[int]  # of its ledger entry
    receipt: Mapped[str] = mapped_column(Text)  # canonical JSON, never made anew


class ReplyDraft(Base):
    """What a member's focal points have written so far; one for each member, shared by them."""

    __tablename__ = "reply_draft"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member"),
        Index("ix_reply_draft_saved_by_id", "saved_by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    base: Mapped[int]  # the version it started from
    choices: Mapped[Json]
    comments: Mapped[Json]  # item or "general" → {text, language, kind?}
    note: Mapped[str | None] = mapped_column(String(64))
    content_hash: Mapped[Hash]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class ReplyNote(Base):
    """A PDF that a member's people gave with a draft or a reply: theirs until it is disclosed."""

    __tablename__ = "reply_note"
    __table_args__ = (
        UniqueConstraint("consultation_id", "member", "sha256"),
        Index("ix_reply_note_added_by_id", "added_by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    sha256: Mapped[Hash]
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Contest(Base):
    """A member holds that a reply of its own was wrongly left out, or wrongly recorded."""

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("consultation_id", "about"),
        Index("ix_contest_by_id", "by_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member: Mapped[Code]
    about: Mapped[int]  # the ledger entry of the reply
    number: Mapped[int]  # of its own entry
    grounds: Mapped[Hash]  # commitment of a `LedgerText`
    proof: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of a PDF
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ruling: Mapped[int | None]  # the ledger entry of the last ruling on that reply
