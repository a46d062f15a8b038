"""What is asked: the consultation, its items, documents, frozen roll, the requests."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.life import Act, CommentPolicy, Disclosure, ItemKind, Kind, State, Unconfirmed
from consult.core.silence import Breaks
from consult.tables.base import Base, Code, Hash, Id, Json, Texts


class Consultation(Base):
    """One letter. The head of its ledger stands here, so that the lock reads it with the row."""

    __tablename__ = "consultation"
    __table_args__ = (Index("ix_consultation_body_id", "body_id"),)

    id: Mapped[Id]
    slug: Mapped[Code] = mapped_column(unique=True)  # the reference with / written -
    reference: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Kind] = mapped_column(default=Kind.DECISION, server_default="decision")
    ledger: Mapped[str] = mapped_column(String(36), unique=True)  # its uuid
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    state: Mapped[State]  # as last entered; `life.state_at` says what it is now
    revision: Mapped[int]
    languages: Mapped[Json]
    subject: Mapped[Texts]
    legal_basis: Mapped[Texts] = mapped_column(deferred=True, deferred_group="words")
    letter: Mapped[Json] = mapped_column(
        deferred=True, deferred_group="words"
    )  # see `core/letter.py`
    headings: Mapped[Json] = mapped_column(
        deferred=True, deferred_group="words"
    )  # list of {id, title: texts, code?}
    rule: Mapped[Json | None]
    comments: Mapped[CommentPolicy]
    disclosure: Mapped[Disclosure]
    breaks: Mapped[Breaks | None]  # under silence procedure; None: item by item
    unconfirmed: Mapped[Unconfirmed]  # what a reply given before a revision says on its items
    notes: Mapped[bool] = mapped_column(default=False)  # whether a PDF may go with a reply
    public: Mapped[bool]  # the record: for everybody, or for the members alone
    electorate: Mapped[Json | None]  # {groups, members} that are asked; None: the whole body
    observers: Mapped[bool] = mapped_column(default=False)  # whether people with that role read it
    rehearsal: Mapped[bool] = mapped_column(default=False)  # it counts for nothing
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    outage: Mapped[Json | None]  # {minutes, hours, extension_minutes}, see `core/outage.py`
    reminders: Mapped[Json]  # list of minutes before the deadline, longest first
    reminded_at: Mapped[datetime | None]  # steps of the schedule up to then are dealt with
    waived: Mapped[Json] = mapped_column(
        deferred=True, deferred_group="words"
    )  # language → reason printed in the letter
    illustrative: Mapped[str | None] = mapped_column(Text)  # the notice that its data are invented
    remarks: Mapped[Json] = mapped_column(deferred=True, deferred_group="words")
    follows: Mapped[Json | None]  # {reference, as, decisive}: whose items it takes up again
    clashes: Mapped[Json | None]  # {calendars, to_members, found}: what dates were held against
    authority: Mapped[str | None] = mapped_column(String(200))
    draft_version: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # the approver's act
    texts: Mapped[Json | None]  # language → hash of what was opened
    roll_hash: Mapped[str | None] = mapped_column(String(64))
    post_stated_at: Mapped[datetime | None]
    result: Mapped[Json | None] = mapped_column(
        deferred=True, deferred_group="words"
    )  # the tally, computed once when counted
    conclusion: Mapped[Json | None] = mapped_column(
        deferred=True, deferred_group="words"
    )  # {texts per language, adopted: {item: {number, in_force}}}
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    follows_as: Mapped[str | None] = mapped_column(String(32))  # in what way it follows that one
    takes_up: Mapped[str | None] = mapped_column(String(64))  # slug of a comment round
    views: Mapped[Json | None]  # {opens_at, closes_at}: the exchange of views before the vote
    number: Mapped[int]  # of the last ledger entry; -1 before the first
    head: Mapped[Hash]
    entered_at: Mapped[datetime | None]  # of the last ledger entry
    kid: Mapped[str | None] = mapped_column(String(16))  # of the key that its ledger goes by

    items: Mapped[list["Item"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Item.place"
    )
    documents: Mapped[list["Document"]] = relationship(lazy="raise", order_by="Document.id")
    roll: Mapped[list["RollEntry"]] = relationship(lazy="raise", order_by="RollEntry.place")


class Item(Base):
    """One thing to decide. What only some kinds have stays empty for the others."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    code: Mapped[Code]
    place: Mapped[int]
    heading: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[ItemKind]
    title: Mapped[Texts]
    text: Mapped[Texts]  # of a draft decision, or a longer explanation
    comments: Mapped[CommentPolicy | None]  # None: as the letter says
    rule: Mapped[Json | None]  # None: as the letter says
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    where: Mapped[Texts] = mapped_column("held_where")
    zone: Mapped[str | None] = mapped_column(String(64))  # of a session; None: that of the body
    group: Mapped[str | None] = mapped_column("of_group", String(200))
    post: Mapped[Texts]
    candidate: Mapped[Texts]
    nominated_by: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(64))
    seats: Mapped[int | None]  # posts of that group and sort; None: not said
    term_from_on: Mapped[date | None]
    term_to_on: Mapped[date | None]
    cv: Mapped[Texts]  # of a candidate, in short
    cv_document: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the one that has it
    annex: Mapped[str | None] = mapped_column(String(64))
    broken_at: Mapped[datetime | None]  # since when an objection breaks the silence on it
    broken_number: Mapped[int | None]  # the entry of that objection; None: it went with the whole
    symbols: Mapped[Json]  # list of document symbols it refers to
    remarks: Mapped[Json]
    withdrawn_at: Mapped[datetime | None]  # while the letter was open


class Document(Base):
    """A document of a letter or of one item, or evidence; the file lies under its SHA-256."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_consultation_id", "consultation_id"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    item: Mapped[str | None] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))  # annex, signed, evidence
    language: Mapped[str | None] = mapped_column(String(8))
    symbol: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[Texts]
    dated_on: Mapped[date | None]
    filename: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(64))  # None: named, no file given
    size: Mapped[int | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]


class RollEntry(Base):
    """A member on the frozen roll, as it stood at opening; how far it has replied stands beside."""

    __tablename__ = "roll_entry"
    __table_args__ = (UniqueConstraint("consultation_id", "member"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    member: Mapped[Code]
    place: Mapped[int]
    name: Mapped[Texts]
    groups: Mapped[Json]
    weights: Mapped[Json]
    entitled: Mapped[bool]
    no_vote_under: Mapped[str | None] = mapped_column(String(200))
    no_vote_ground: Mapped[str | None] = mapped_column(String(500))  # for staff alone
    observer: Mapped[bool] = mapped_column(default=False)
    versions: Mapped[int]  # number of the newest version, late ones too; 0 for none
    replied_at: Mapped[datetime | None]  # of the newest version that is in time
    complete: Mapped[bool]  # the newest version in time has a position on every item
    reached_at: Mapped[datetime | None]  # of the newest version in time, for on-behalf order


class Request(Base):
    """What one person asks and another must confirm (T35)."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="four_eyes"),
        Index("ix_request_consultation_id", "consultation_id"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    act: Mapped[Act]
    shown: Mapped[Hash]  # SHA-256 of what the second person is shown
    what: Mapped[Json]  # the act's own data
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    asked_number: Mapped[int]  # the ledger entry that asks
    expires_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    confirmed: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(Text)  # why it was sent back


class Record(Base):
    """A decision record as published: its bytes, for ever."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("body_id", "year", "serial", "revision", "rehearsal"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    year: Mapped[int]
    serial: Mapped[int]
    revision: Mapped[int]
    public: Mapped[bool]
    rehearsal: Mapped[bool] = mapped_column(default=False)  # numbered apart
    published_at: Mapped[datetime]
    outcomes: Mapped[Json]  # list of {kind, outcome}, in the order of the items
    search: Mapped[str] = mapped_column(Text)  # subject, references and titles, folded
    content: Mapped[str] = mapped_column(Text)  # canonical JSON, T58
    sha256: Mapped[Hash]


class Erratum(Base):
    """A numbered correction of words beside a published record; the record itself stays."""

    __tablename__ = "erratum"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # from 1
    revision: Mapped[int]  # of the record that it stands beside
    words: Mapped[Texts]
    at: Mapped[datetime]
    entry: Mapped[int]  # the number of its ledger entry


class Referral(Base):
    """An item that goes on to a meeting, since it was not decided by correspondence."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("consultation_id", "item"),)

    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    item: Mapped[Code]
    meeting: Mapped[str] = mapped_column(String(200))
    asked_for_by: Mapped[Code]  # a member's code, or "secretariat"
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entry: Mapped[int]
