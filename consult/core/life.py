"""The life of a consultation: its states, and one table of who may move it, from where, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from consult.errors import NotAllowed, Refused


class Role(StrEnum):
    OFFICER = "officer"
    APPROVER = "approver"
    OBSERVER = "observer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    BROKEN = "broken"  # the silence procedure of the whole letter: an objection ended it
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What moves a consultation, or needs a second person."""

    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    OPEN = "opening"
    DISCARD = "discard"
    VIEWS = "views-opened"
    RECORD = "reply-on-behalf"
    MANDATE = "mandate"
    EXTEND = "extension"
    WITHDRAW = "withdrawal"
    WITHDRAW_ITEM = "withdraw-item"  # asked for as a withdrawal; the letter goes on
    CORRECT = "corrigendum"
    CLOSE = "close"
    BREAK = "broken"
    STATE_POST = "post-stated"
    COUNT = "count"
    CONCLUDE = "conclude"
    CERTIFY = "certification"
    PUBLISH = "publish"
    ERRATUM = "erratum"
    REFER = "referral"
    CONTEST = "contest"
    RULE = "ruling"
    READMIT = "reply-restored"
    RECOUNT = "recount"
    REPUBLISH = "correct"


class ItemKind(StrEnum):
    TEXT = "text"
    DATES = "dates"
    APPOINTMENT = "appointment"
    QUESTION = "question"


class Kind(StrEnum):
    """What a letter asks for."""

    DECISION = "decision"
    COMMENTS = "comments"  # a comment round: remarks on paragraphs, and no vote


class CommentPolicy(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED_TO_OBJECT = "required_to_object"
    REQUIRED = "required"


class CommentKind(StrEnum):
    """What a member's words on an item, or on the whole, are."""

    COMMENT = "comment"
    RESERVATION = "reservation"
    EXPLANATION = "explanation"  # of position


class Disclosure(StrEnum):
    """From when positions may be seen, once settled and the post stated."""

    AFTER_PUBLICATION = "after_publication"
    AFTER_CLOSING = "after_closing"


class Unconfirmed(StrEnum):
    """What a reply given before a revision says on the changed items until it is confirmed."""

    STANDS = "stands"
    LAPSES = "lapses"


class Revising(StrEnum):
    """How an open letter, or its roll, is changed."""

    EDITORIAL = "editorial"
    CORRIGENDUM = "corrigendum"
    REVISION = "revision"
    ADDENDUM = "addendum"
    ROLL = "roll"


class Channel(StrEnum):
    """How a reply came."""

    WEB = "web"
    LETTER = "letter"
    NOTE_VERBALE = "note_verbale"
    EMAIL = "email"
    FAX = "fax"


class NotNow(Refused):
    """The act does not fit the state in which the consultation is."""

    code = "not-now"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with roles and members, or the service itself.

    Args:
        members: For whom the person reads letters and writes drafts.
        advises: Those of them for whom it may not send what it writes.
    """

    person_id: int | None
    opaque: str
    roles: frozenset[Role] = frozenset()
    members: frozenset[str] = frozenset()
    advises: frozenset[str] = frozenset()

    def speaks_for(self, member: str) -> bool:
        """Return whether what the person sends is the member's own word; an adviser's is not."""
        return member in self.members and member not in self.advises

    def refuse_adviser(self, member: str) -> None:
        """Keep an adviser of *member* from sending: it writes, a focal point sends (T68).

        Raises:
            NotAllowed: The person only advises the member.
        """
        if member in self.advises:
            raise NotAllowed(act="reply")

    @property
    def signs(self) -> str:
        """How the ledger calls the actor."""
        return f"person:{self.opaque}" if self.opaque else "system"


SYSTEM = Actor(None, "")


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. No role means: the clock, by whoever comes first."""

    froms: frozenset[State]
    to: State | None  # None: the state stays
    roles: frozenset[Role] = field(default_factory=frozenset)


_OFFICE = frozenset({Role.OFFICER})
_SECOND = frozenset({Role.APPROVER})
_BOTH = _OFFICE | _SECOND


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


BEFORE = frozenset({State.DRAFT, State.SUBMITTED})  # of the opening
NOT_OPENED = BEFORE | {State.DISCARDED}
ENDED = frozenset({State.COUNTED, State.CERTIFIED, State.PUBLISHED})

TRANSITIONS: Mapping[Act, Transition] = {
    Act.DRAFT: Transition(_from(State.DRAFT), None, _OFFICE),
    Act.SUBMIT: Transition(_from(State.DRAFT), State.SUBMITTED, _OFFICE),
    Act.RETURN: Transition(_from(State.SUBMITTED), State.DRAFT),  # as its request is decided
    Act.OPEN: Transition(_from(State.SUBMITTED), State.OPEN, _SECOND),
    Act.DISCARD: Transition(_from(State.DRAFT), State.DISCARDED, _OFFICE),
    Act.RECORD: Transition(_from(State.OPEN, State.CLOSED, State.COUNTED), None, _BOTH),
    Act.VIEWS: Transition(_from(State.DRAFT, State.SUBMITTED), None, _BOTH),
    Act.MANDATE: Transition(_from(State.OPEN), None),
    Act.EXTEND: Transition(_from(State.OPEN), None, _BOTH),
    Act.WITHDRAW: Transition(_from(State.OPEN), State.WITHDRAWN, _BOTH),
    Act.WITHDRAW_ITEM: Transition(_from(State.OPEN), None, _BOTH),
    Act.CORRECT: Transition(_from(State.OPEN), None, _BOTH),
    Act.CLOSE: Transition(_from(State.CLOSED), State.CLOSED),
    # After the count by a ruling alone, which lets in an objection to a letter that breaks whole.
    Act.BREAK: Transition(_from(State.OPEN, State.CLOSED, *ENDED), State.BROKEN),
    Act.STATE_POST: Transition(_from(State.CLOSED), None, _BOTH),
    Act.COUNT: Transition(_from(State.CLOSED), State.COUNTED),
    Act.CONCLUDE: Transition(_from(State.COUNTED), None, _OFFICE),
    Act.CERTIFY: Transition(_from(State.COUNTED), State.CERTIFIED, _SECOND),
    Act.PUBLISH: Transition(_from(State.CERTIFIED), State.PUBLISHED, _OFFICE),
    Act.ERRATUM: Transition(_from(State.PUBLISHED), None, _BOTH),
    Act.REFER: Transition(_from(State.COUNTED, State.CERTIFIED, State.PUBLISHED), None, _BOTH),
    Act.CONTEST: Transition(_from(State.OPEN, State.CLOSED, *ENDED), None),
    Act.RULE: Transition(_from(State.CLOSED, *ENDED), None, _BOTH),
    Act.READMIT: Transition(_from(State.OPEN, State.CLOSED, *ENDED), None, _BOTH),
    # As a ruling or readmission that changes the count is confirmed: what was certified does not
    # hold any more.
    Act.RECOUNT: Transition(_from(State.CERTIFIED, State.PUBLISHED), State.COUNTED),
    Act.REPUBLISH: Transition(_from(State.PUBLISHED), None, _OFFICE),  # Rev.1 after a ruling
}


def state_at(stored: State, closes_at: datetime | None, now: datetime) -> State:
    """Return the state at *now*: closing is a fact of the clock, whether or not anything ran."""
    if stored is State.OPEN and closes_at is not None and now >= closes_at:
        return State.CLOSED
    return stored


def settled(closes_at: datetime, settling: timedelta, now: datetime) -> bool:
    """Say whether no reply received before the deadline can still be on its way (T66)."""
    return now >= closes_at + settling


def check(act: Act, state: State, roles: frozenset[Role]) -> State:
    """Return the state after *act*.

    Raises:
        NotAllowed: The actor holds none of the roles that may do it.
        NotNow: It does not fit the state.
    """
    step = TRANSITIONS[act]
    if step.roles and not step.roles & roles:
        raise NotAllowed(act=act.value)
    if state not in step.froms:
        raise NotNow(act=act.value, state=state.value)
    return step.to or state


def disclosed(
    state: State, disclosure: Disclosure, *, staff: bool, on_roll: bool, published_to_all: bool
) -> bool:
    """Say whether a reader may see positions: the one place that decides (T33).

    Before the count, which needs the settling time and the post-room statement, nobody may.
    From then on the secretariat's roles may; the members on the roll too where the letter says
    so; and with the published record whoever may read that record.

    Args:
        staff: The reader is an officer, approver or auditor.
        on_roll: The reader acts for a member on the roll, or may read the record as an observer.
        published_to_all: The record is public, not for the members alone.
    """
    if state not in ENDED:
        return False
    if staff:
        return True
    if state is State.PUBLISHED:
        return published_to_all or on_roll
    return on_roll and disclosure is Disclosure.AFTER_CLOSING
