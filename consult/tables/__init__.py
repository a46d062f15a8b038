"""What is stored: every table by its name."""

from consult.tables.base import Base, UTCDateTime
from consult.tables.bodies import Body, BodyRule, Member, Organisation, Seat
from consult.tables.calendars import Calendar, CalendarEvent
from consult.tables.comments import Comment, CommentDraft, Disposition, ViewStatement
from consult.tables.consultations import (
    Consultation,
    Document,
    Erratum,
    Item,
    Record,
    Referral,
    Request,
    RollEntry,
)
from consult.tables.factors import (
    Authenticator,
    Counter,
    FactorChange,
    Passkey,
    ProviderAccount,
    RecoveryCode,
    SpentChallenge,
)
from consult.tables.heartbeats import Heartbeat
from consult.tables.keys import Checkpoint, Countersignature, SigningKey
from consult.tables.ledger import MOVED, LedgerEntry, LedgerText
from consult.tables.listed import listed
from consult.tables.notices import HeadSent, Notice
from consult.tables.people import (
    AddressChange,
    Evidence,
    FocalPoint,
    Grant,
    Invitation,
    LoginSession,
    Observer,
    Person,
    SignInRequest,
)
from consult.tables.replies import Contest, Reply, ReplyDraft, ReplyNote
from consult.tables.revisions import OPENING, Revision, RevisionDraft
from consult.tables.store import asking, database_clock, make_engine, reading, writing
from consult.tables.together import is_written, lay, write_all

__all__ = [
    "MOVED",
    "OPENING",
    "AddressChange",
    "Authenticator",
    "Base",
    "Body",
    "BodyRule",
    "Calendar",
    "CalendarEvent",
    "Checkpoint",
    "Comment",
    "CommentDraft",
    "Consultation",
    "Contest",
    "Counter",
    "Countersignature",
    "Disposition",
    "Document",
    "Erratum",
    "Evidence",
    "FactorChange",
    "FocalPoint",
    "Grant",
    "HeadSent",
    "Heartbeat",
    "Invitation",
    "Item",
    "LedgerEntry",
    "LedgerText",
    "LoginSession",
    "Member",
    "Notice",
    "Observer",
    "Organisation",
    "Passkey",
    "Person",
    "ProviderAccount",
    "Record",
    "RecoveryCode",
    "Referral",
    "Reply",
    "ReplyDraft",
    "ReplyNote",
    "Request",
    "Revision",
    "RevisionDraft",
    "RollEntry",
    "Seat",
    "SignInRequest",
    "SigningKey",
    "SpentChallenge",
    "UTCDateTime",
    "ViewStatement",
    "asking",
    "database_clock",
    "is_written",
    "lay",
    "listed",
    "make_engine",
    "reading",
    "write_all",
    "writing",
]
