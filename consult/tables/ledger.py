"""Everything that ever happened to a consultation, and the texts its entries commit to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.tables.base import Base, Hash, Id


class LedgerEntry(Base):
    """One entry, as its canonical bytes; the database refuses to change or drop it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # from 0, without a gap
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(32))
    entry: Mapped[str] = mapped_column(Text)  # canonical JSON
    leaf: Mapped[Hash]
    prev: Mapped[Hash]
    head: Mapped[Hash]


class LedgerText(Base):
    """A text that entries name by its commitment; it can be erased alone."""

    __tablename__ = "ledger_text"
    __table_args__ = (Index("ix_ledger_text_consultation_id", "consultation_id"),)

    commitment: Mapped[Hash] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    erased_at: Mapped[datetime | None]
