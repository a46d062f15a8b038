"""Everything that ever happened to a consultation, and the texts its entries commit to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.entries import EXTENSIONS
from consult.tables.base import Base, Hash, Id

# Every notice counts these: spelled out, for a database uses a partial index for its very words.
MOVED = text("what IN ({})".format(", ".join(f"'{one}'" for one in sorted(EXTENSIONS))))


class LedgerEntry(Base):
    """One entry, as its canonical bytes; the database refuses to change or drop it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index(
            "ix_ledger_entry_moved", "consultation_id", postgresql_where=MOVED, sqlite_where=MOVED
        ),
    )

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
