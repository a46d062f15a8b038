"""How people prove who they are beside a mailed link, what changed in it, and what is counted."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.tables.base import Base, Code, Hash, Id


class Authenticator(Base):
    """The authenticator app of a person; its seed is sealed under a key outside the database."""

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int]  # of 30 seconds; neither it nor an earlier one is accepted again
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # when the first code proved that the app has it


class RecoveryCode(Base):
    """One of ten codes for the day the authenticator is lost; each works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_person_id", "person_id"),)

    code_hash: Mapped[Hash] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """The public half of a key that a device of the person holds (WebAuthn)."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_person_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential_hash: Mapped[Hash] = mapped_column(unique=True)  # of the id, which may be long
    credential: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 32 bits without a sign
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge that a passkey has answered: it is never answered again."""

    __tablename__ = "spent_challenge"

    challenge_hash: Mapped[Hash] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class ProviderAccount(Base):
    """An account at the organisation's identity provider that the person said is theirs."""

    __tablename__ = "provider_account"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index("ix_provider_account_person_id", "person_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class FactorChange(Base):
    """What changed in how a person signs in, by whom and why: told to the person, kept here."""

    __tablename__ = "factor_change"
    __table_args__ = (Index("ix_factor_change_person_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what: Mapped[Code]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(500))


class Counter(Base):
    """How often something was tried, under a hash that tells neither who nor from where."""

    __tablename__ = "counter"
    __table_args__ = (Index("ix_counter_expires_at", "expires_at"),)

    key: Mapped[Hash] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime]
