"""The public keys of this service, one after another, and the heads that they signed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.tables.base import Base, Hash, Id, Json


class SigningKey(Base):
    """A key: asked for by one person, in force once another has confirmed it.

    The private one lies in a file outside the database.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("asked_by_id <> confirmed_by_id", name="two_persons"),
        UniqueConstraint("place"),
    )

    id: Mapped[Id]
    kid: Mapped[str] = mapped_column(String(16), unique=True)
    public_key: Mapped[Hash]
    reason: Mapped[str] = mapped_column(String(16))
    revokes_from: Mapped[datetime | None]  # of the key before it
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    refused_at: Mapped[datetime | None]
    place: Mapped[int | None]  # in the order of those in force, from 0; None before it is
    valid_from: Mapped[datetime | None]
    stated: Mapped[Json | None]  # what it says of itself, signed; see `core.signing.state_key`
    countersigned_at: Mapped[datetime | None]  # when all was that the lost key before it signed


class Checkpoint(Base):
    """A signed head of a ledger; the database refuses to change or drop it."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    said: Mapped[Json]  # as `core.signing.checkpoint` makes it


class Countersignature(Base):
    """A newer key's word for a record whose own key was lost; never changed nor dropped."""

    __tablename__ = "countersignature"
    __table_args__ = (UniqueConstraint("record_id", "kid"),)

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    kid: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text)  # canonical JSON; see `core.countersigning`
