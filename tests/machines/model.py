"""The procedure as simply as it can be said: lists in memory, no database, no ledger."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consult.core.answer import NewReply
from consult.core.life import Act, NotNow, State
from consult.errors import (
    AlreadyDecided,
    BadInput,
    Changed,
    Closed,
    KeyReused,
    NoPosition,
    NotFound,
    NotOpenYet,
    NotSettled,
    Overtaken,
    Refused,
    Waiting,
)

Said = tuple[str | None, ...]
Refusal = type[Refused] | None

SETTLING = timedelta(seconds=120)
LONGEST_WAIT = timedelta(seconds=60)
_NOT_OPENED = (State.DRAFT, State.SUBMITTED)
_ENDED = (State.COUNTED, State.CERTIFIED, State.PUBLISHED)


@dataclass
class Stored:
    """A reply that was acknowledged."""

    member: str
    version: int
    said: Said
    received_at: datetime
    late: bool
    web: bool
    new: NewReply | None = None
    after_statement: bool = False


@dataclass
class Asked:
    """A request that waits for a second person, or did."""

    id: int
    act: Act
    ends_at: datetime | None
    upon: object = None  # what the second person was shown, if it may change meanwhile
    paper: Stored | None = None
    to: datetime | None = None
    decided: bool = False
    confirmed: bool = False


@dataclass
class Model:
    closes_at: datetime
    now: datetime
    state: State = State.DRAFT
    opens_at: datetime | None = None
    revision: int = 0
    stated: bool = False
    concluded: bool = False
    replies: list[Stored] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    entered_at: datetime | None = None

    @property
    def state_now(self) -> State:
        if self.state is State.OPEN and self.now >= self.closes_at:
            return State.CLOSED
        return self.state

    def waits(self, *acts: Act) -> bool:
        return any(one.act in acts and not one.decided for one in self.asked)

    def of(self, member: str) -> list[Stored]:
        return [one for one in self.replies if one.member == member]

    def with_key(self, member: str, key: str) -> Stored | None:
        found = [one for one in self.of(member) if one.new and one.new.key == key]
        return found[0] if found else None

    def in_time(self, received_at: datetime) -> bool:
        return self.opens_at is not None and self.opens_at <= received_at < self.closes_at

    def counting(self, member: str) -> Stored | None:
        """The reply that counts: of those in time the last to arrive."""
        found = [one for one in self.of(member) if not one.late and not one.after_statement]
        return max(found, key=lambda one: (one.received_at, one.version), default=None)

    def upon(self, act: Act) -> object:
        """What a second person would be shown now, as far as it can change."""
        if act is Act.EXTEND:
            return self.closes_at
        if act is Act.CORRECT:
            return self.revision
        if act is Act.STATE_POST:
            papers = [one for one in self.asked if one.act is Act.RECORD and one.decided]
            return sorted(one.confirmed for one in papers)
        return len(self.replies) if act is Act.CERTIFY else None

    def on_reply(self, new: NewReply, said: Said) -> Refusal:  # noqa: PLR0911 - one line for each
        """Say how a reply is refused; None if it is stored."""
        before = self.of(new.draft.member)
        if self.state in _NOT_OPENED or self.opens_at is None:
            return NotFound
        if known := self.with_key(new.draft.member, new.key):
            return None if known.new and known.new.shown == new.shown else KeyReused
        if new.received_at < self.opens_at:
            return NotOpenYet
        if self.in_time(new.received_at):
            if self.state is not State.OPEN or self.now - new.received_at > LONGEST_WAIT:
                return Overtaken
        elif self.concluded:
            return Closed
        drafted = self.drafts.get(new.draft.member, new.shown)
        if (new.draft.base, new.revision, new.shown) != (len(before), self.revision, drafted):
            return Changed
        return NoPosition if not before and not any(said) else None

    def on_paper(self, received_at: datetime, said: Said) -> Refusal:
        if refused := self.on_recording():
            return refused
        if not any(said):
            return NoPosition
        assert self.opens_at is not None
        return None if self.opens_at <= received_at <= self.now else BadInput

    def on_recording(self) -> Refusal:
        if self.state_now not in (State.OPEN, State.CLOSED, State.COUNTED):
            return NotNow
        return Closed if self.concluded else None

    def on_closing(self) -> Refusal:
        if self.state is State.CLOSED:
            return None
        if self.state_now is not State.CLOSED:
            return NotNow
        return None if self.now >= self.closes_at + SETTLING else NotSettled

    def on_statement(self) -> Refusal:
        refused = self.on_closing()
        return refused or (Waiting if self.waits(Act.RECORD, Act.STATE_POST) else None)

    def on_extension(self) -> Refusal:
        if self.state_now is not State.OPEN:
            return NotNow
        return Waiting if self.waits(Act.EXTEND, Act.WITHDRAW) else None

    def on_conclusion(self) -> Refusal:
        if self.state is not State.COUNTED:
            return NotNow
        return Waiting if self.waits(Act.CERTIFY, Act.RECORD) else None

    def on_decision(self, one: Asked) -> Refusal:
        lapsed = one.ends_at is not None and self.now >= one.ends_at
        return AlreadyDecided if one.decided or lapsed else None

    def on_confirmation(self, one: Asked) -> Refusal:
        if refused := self.on_decision(one):
            return refused
        if one.upon != self.upon(one.act):
            return Changed
        return self._unfit(one)

    def _unfit(self, one: Asked) -> Refusal:
        if one.act is Act.RECORD:
            return self.on_recording()
        if one.act is Act.STATE_POST and self.waits(Act.RECORD):
            return Waiting
        wanted = {
            Act.OPEN: State.SUBMITTED,
            Act.EXTEND: State.OPEN,
            Act.CORRECT: State.OPEN,
            Act.STATE_POST: State.CLOSED,
            Act.CERTIFY: State.COUNTED,
        }[one.act]
        return None if self.state_now is wanted else NotNow

    def store(self, one: Stored) -> None:
        self.replies.append(one)
        if one.web:
            self.drafts.pop(one.member, None)

    def decide(self, one: Asked, *, confirmed: bool) -> None:
        one.decided, one.confirmed = True, confirmed
        if not confirmed:
            self.state = State.DRAFT if one.act is Act.OPEN else self.state
            return
        if one.act is Act.OPEN:
            self.state, self.opens_at = State.OPEN, self.now
        elif one.act is Act.EXTEND and one.to:
            self.closes_at = one.to
        elif one.act is Act.CORRECT:
            self.revision += 1
        elif one.act is Act.STATE_POST:
            self.stated, self.state = True, State.COUNTED
        elif one.act is Act.CERTIFY:
            self.concluded, self.state = True, State.CERTIFIED
        elif one.paper:
            paper = one.paper
            paper.version = len(self.of(paper.member)) + 1
            paper.late = not self.in_time(paper.received_at)
            paper.after_statement = self.stated
            self.store(paper)

    def tick(self) -> None:
        """What the worker does by the clock."""
        if self.state is State.OPEN and self.now >= self.closes_at + SETTLING:
            self.state = State.CLOSED
        for one in self.asked:
            if not one.decided and one.ends_at is not None and self.now >= one.ends_at:
                self.decide(one, confirmed=False)

    def positions(self, item: int, members: list[str]) -> dict[str, str]:
        """What the count must say of an item (from 0)."""
        counted = {member: self.counting(member) for member in members}
        return {
            member: (found.said[item] or "silent") if found else "silent"
            for member, found in counted.items()
        }

    @property
    def counted(self) -> bool:
        return self.state in _ENDED
