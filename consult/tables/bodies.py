"""Who decides: the organisation, its bodies, the members and the seats they hold."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.tables.base import Base, Code, Id, Json, Texts


class Organisation(Base):
    """The organisation in whose name letters go out. There is one row."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Id]
    name: Mapped[Texts]
    short_name: Mapped[Texts]
    place: Mapped[Texts]
    address: Mapped[str | None] = mapped_column(String(254))  # the secretariat's e-mail
    telephone: Mapped[str | None] = mapped_column(String(40))
    logo: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the stored picture


class Body(Base):
    __tablename__ = "body"

    id: Mapped[Id]
    slug: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Texts]
    seat: Mapped[Texts]  # the city whose name stands beside times
    zone: Mapped[str] = mapped_column(String(64))
    languages: Mapped[Json]  # list of codes, in their order
    working_language: Mapped[str] = mapped_column(String(8))
    groups: Mapped[Json]  # list of {id, name: texts}, in the organisation's order
    rule: Mapped[Json]
    presiding_name: Mapped[str | None] = mapped_column(String(200))
    presiding_title: Mapped[Texts]
    least_days: Mapped[int | None]  # the shortest time the body allows for replies
    most_extensions: Mapped[int | None]  # of one letter; None: as many as are needed
    most_extension_days: Mapped[int | None]  # of one extension
    holidays: Mapped[str | None] = mapped_column(String(16))  # "CH-GE": whose holidays the seat has
    seats: Mapped[int | None]
    remarks: Mapped[Json]


class Member(Base):
    """A state (or an organisation) by its code, with its name in each language."""

    __tablename__ = "member"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Texts]
    zone: Mapped[str | None] = mapped_column(String(64))  # of the capital
    capital: Mapped[Json | None]  # its name in each language


class Seat(Base):
    """A member's place in a body from one day to another, both included."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("body_id", "member_id", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
        Index("ix_seat_member_id", "member_id"),
    )

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    place: Mapped[int]  # the organisation's own order
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    groups: Mapped[Json]  # list of group ids; the first is the region
    weights: Mapped[Json]  # name → exact number as text
    vote_from_on: Mapped[date | None]
    vote_to_on: Mapped[date | None]
    no_vote_under: Mapped[str | None] = mapped_column(String(200))  # the provision that suspends it
    no_vote_ground: Mapped[str | None] = mapped_column(String(500))  # why, for staff alone
    observer: Mapped[bool] = mapped_column(default=False)  # reads, and is never counted

    member: Mapped[Member] = relationship(lazy="raise")


class BodyRule(Base):
    """A decision rule that the secretariat wrote for a body; letters take a copy of it."""

    __tablename__ = "body_rule"
    __table_args__ = (UniqueConstraint("body_id", "slug"),)

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    slug: Mapped[Code]
    title: Mapped[Texts]
    data: Mapped[Json]  # as `core.rule.parse` reads it, title and source included
    source: Mapped[str] = mapped_column(String(500))  # the text that it follows
    version: Mapped[int]  # how often it was saved; letters keep what they took
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # from then on no letter may take it
