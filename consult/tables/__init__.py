"""What is stored: every table by its name."""

from consult.tables.base import Base, UTCDateTime
from consult.tables.bodies import Body, Member, Organisation, Seat
from consult.tables.comments import Comment, CommentDraft, Disposition, ViewStatement
from consult.tables.consultations import Consultation, Document, Item, Record, Request, RollEntry
from consult.tables.ledger import LedgerEntry, LedgerText
from consult.tables.notices import HeadSent, Notice
from consult.tables.people import (
    FocalPoint,
    Grant,
    Invitation,
    LoginSession,
    Person,
    SignInRequest,
)
from consult.tables.replies import Reply, ReplyDraft
from consult.tables.store import database_clock, make_engine, reading, writing

__all__ = [
    "Base",
    "Body",
    "Comment",
    "CommentDraft",
    "Consultation",
    "Disposition",
    "Document",
    "FocalPoint",
    "Grant",
    "HeadSent",
    "Invitation",
    "Item",
    "LedgerEntry",
    "LedgerText",
    "LoginSession",
    "Member",
    "Notice",
    "Organisation",
    "Person",
    "Record",
    "Reply",
    "ReplyDraft",
    "Request",
    "RollEntry",
    "Seat",
    "SignInRequest",
    "UTCDateTime",
    "ViewStatement",
    "database_clock",
    "make_engine",
    "reading",
    "writing",
]
