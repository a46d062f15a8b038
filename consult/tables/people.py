"""Who there is: people, what they may do, for whom they may reply, and how they signed in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.life import Role
from consult.tables.base import Base, Code, Hash, Id


class Person(Base):
    """A person with one address; focal points of one member may share a mailbox, staff may not."""

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_staff_address",
            "address_key",
            unique=True,
            sqlite_where=sa.text("staff"),
            postgresql_where=sa.text("staff"),
        ),
        Index("ix_person_address_key", "address_key"),
    )

    id: Mapped[Id]
    opaque: Mapped[Code] = mapped_column(unique=True)  # what the ledger calls this person
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))  # as it is compared, see T5
    language: Mapped[str] = mapped_column(String(8))
    zone: Mapped[str | None] = mapped_column(String(64))
    telephone: Mapped[str | None] = mapped_column(String(40))
    staff: Mapped[bool]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime]
    set_up_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]

    grants: Mapped[list["Grant"]] = relationship(lazy="raise", cascade="all")
    mandates: Mapped[list["FocalPoint"]] = relationship(
        lazy="raise", foreign_keys="FocalPoint.person_id"
    )


class Grant(Base):
    """A role that a person holds: officer, approver, observer, auditor, administrator."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]


class FocalPoint(Base):
    """A line in the register of mandates: who may reply for a member, from when, until when."""

    __tablename__ = "focal_point"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="ends_after_it_begins"),
        Index("ix_focal_point_member_id", "member_id"),
        Index("ix_focal_point_person_id", "person_id"),
    )

    id: Mapped[Id]  # its number in the register
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    head: Mapped[bool]
    adviser: Mapped[bool] = mapped_column(
        server_default=sa.false()
    )  # reads and writes, never sends
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paper: Mapped[str | None] = mapped_column(String(200))  # on what the naming rests
    paper_sha256: Mapped[str | None] = mapped_column(String(64))  # of its scan: an `Evidence`

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id, viewonly=True)


class Observer(Base):
    """A person who reads what a body opens to observers, from when, until when."""

    __tablename__ = "observer"
    __table_args__ = (
        Index("ix_observer_person_id", "person_id"),
        Index("ix_observer_body_id", "body_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    for_whom: Mapped[str | None] = mapped_column(String(200))  # another organisation or State
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Evidence(Base):
    """The scan of a paper on which the register rests; the file lies under its SHA-256."""

    __tablename__ = "evidence"

    sha256: Mapped[Hash] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class LoginSession(Base):
    """A signed-in browser, by the hash of its token: ended here, it ends at the next request."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_person_id", "person_id"),)

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    factors: Mapped[str] = mapped_column(String(64))  # "link", "link password"
    strong_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(32))
    ended_at: Mapped[datetime | None]


class SignInRequest(Base):
    """A link asked for on the sign-in page; its token is derived from the nonce (T8, T9)."""

    __tablename__ = "sign_in_request"
    __table_args__ = (Index("ix_sign_in_request_address_key", "address_key"),)

    id: Mapped[Id]
    nonce: Mapped[Hash]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    code_hash: Mapped[Hash]
    browser_hash: Mapped[Hash]
    address_key: Mapped[str] = mapped_column(String(254))
    wrong_codes: Mapped[int]
    back_to: Mapped[str] = mapped_column(String(500))  # where the person wanted to go
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AddressChange(Base):
    """An address that a person wants, until the mail to it is answered; its token as of a link."""

    __tablename__ = "address_change"
    __table_args__ = (Index("ix_address_change_person_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    nonce: Mapped[Hash]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    code_hash: Mapped[Hash]
    address: Mapped[str] = mapped_column(String(254))
    before: Mapped[str] = mapped_column(String(254))  # which is told of the change
    wrong_codes: Mapped[int]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A link with which an invited person sets up the account, once, within seven days (T6)."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_person_id", "person_id"),)

    id: Mapped[Id]
    nonce: Mapped[Hash]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
