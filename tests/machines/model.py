"""The procedure as simply as it can be said: lists in memory, no database, no ledger."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from consult.core.answer import Draft, NewReply
from consult.core.life import ENDED, Act, NotNow, State
from consult.errors import (
    AlreadyContested,
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
    Withdrawn,
)
from tests.machines.counted import Counted, Said, Stored

Refusal = type[Refused] | None

SETTLING = timedelta(seconds=120)
LONGEST_WAIT = timedelta(seconds=60)
_NOT_OPENED = (State.DRAFT, State.SUBMITTED)


@dataclass
class Asked:
    """A request that waits for a second person, or did."""

    id: int
    act: Act
    ends_at: datetime | None = None
    upon: object = None  # what the second person was shown, if it may change meanwhile
    paper: Stored | None = None
    to: datetime | None = None
    item: int | None = None  # that is withdrawn; None for the whole letter
    about: Stored | None = None  # what is ruled upon
    counts: bool = False
    decided: bool = False
    confirmed: bool = False


@dataclass
class Model(Counted):
    closes_at: datetime
    now: datetime
    state: State = State.DRAFT
    opens_at: datetime | None = None
    revision: int = 0
    stated: bool = False
    concluded: bool = False
    drafts: dict[str, Draft] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)  # the items that are withdrawn
    corrected: bool = False  # something was ruled since the publication
    overtaken: int = 0  # certifications that a ruling overtook

    @property
    def state_now(self) -> State:
        if self.state is State.OPEN and self.now >= self.closes_at:
            return State.CLOSED
        return self.state

    def waits(self, *acts: Act) -> bool:
        return any(one.act in acts and not one.decided for one in self.asked)

    def in_time(self, received_at: datetime) -> bool:
        return self.opens_at is not None and self.opens_at <= received_at < self.closes_at

    def upon(self, one: Asked) -> object:
        """What a second person would be shown now, as far as it can change."""
        if one.act is Act.EXTEND:
            return self.closes_at
        if one.act is Act.CORRECT:
            return self.revision
        if one.act is Act.WITHDRAW:
            return tuple(self.gone)
        if one.act is Act.STATE_POST:
            papers = [one for one in self.asked if one.act is Act.RECORD and one.decided]
            return sorted(one.confirmed for one in papers)
        if one.about:
            return self.if_ruled(one.about, counts=one.counts) if self.counted else None
        return self.sheet() if one.act is Act.CERTIFY else None

    def on_reply(self, new: NewReply, said: Said) -> Refusal:
        """Say how a reply is refused; None if it is stored."""
        if self.state in _NOT_OPENED or self.opens_at is None:
            return NotFound
        if known := self.with_key(new.draft.member, new.key):
            return None if known.new and known.new.shown == new.shown else KeyReused
        if self.on_withdrawn_items(said):
            return BadInput
        return self._on_arrival(self.opens_at, new.received_at) or self._on_base(new, said)

    def _on_arrival(self, opens_at: datetime, received_at: datetime) -> Refusal:
        if self.state is State.WITHDRAWN:
            return Withdrawn
        if received_at < opens_at:
            return NotOpenYet
        if self.in_time(received_at):
            waited = self.now - received_at > LONGEST_WAIT
            return Overtaken if self.state is not State.OPEN or waited else None
        return Closed if self.concluded else None

    def _on_base(self, new: NewReply, said: Said) -> Refusal:
        before = self.of(new.draft.member)
        drafted = self.drafts.get(new.draft.member, new.draft).content_hash
        if (new.draft.base, new.revision, new.shown) != (len(before), self.revision, drafted):
            return Changed
        return NoPosition if not before and not any(said) else None

    def on_withdrawn_items(self, said: Said) -> bool:
        return any(said[item] for item in self.gone)

    def on_paper(self, received_at: datetime, said: Said) -> Refusal:
        if refused := self.on_recording():
            return refused
        if not any(said):
            return NoPosition
        if self.on_withdrawn_items(said):
            return BadInput
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
        return Waiting if self.waits(Act.CERTIFY, Act.RECORD, Act.RULE) else None

    def on_publication(self) -> Refusal:
        if self.state is not State.CERTIFIED and not (self.published and self.corrected):
            return NotNow
        return Waiting if self.waits(Act.RULE) else None

    def on_contest(self, one: Stored, grounds: str) -> Refusal:
        if one.grounds is not None:
            return None if one.grounds == grounds else AlreadyContested
        if self.state_now is State.OPEN:
            return NotNow if one.web else None
        if self.state_now is not State.CLOSED and not self.counted:
            return NotNow
        return NotNow if one.web and self.counting(one.member) is one else None

    def on_ruling(self, about: Stored) -> Refusal:
        if not self.counted and (refused := self.on_closing()):
            return refused
        waits = [one for one in self.asked if one.about is about and not one.decided]
        return Waiting if waits else None

    def on_decision(self, one: Asked) -> Refusal:
        lapsed = one.ends_at is not None and self.now >= one.ends_at
        return AlreadyDecided if one.decided or lapsed else None

    def on_confirmation(self, one: Asked) -> Refusal:
        if refused := self.on_decision(one):
            return refused
        if one.upon != self.upon(one):
            return Changed
        return self._unfit(one)

    def _unfit(self, one: Asked) -> Refusal:
        if one.act is Act.RECORD:
            return self.on_recording()
        if one.act is Act.RULE:
            return None
        wanted = {
            Act.OPEN: State.SUBMITTED,
            Act.EXTEND: State.OPEN,
            Act.WITHDRAW: State.OPEN,
            Act.CORRECT: State.OPEN,
            Act.STATE_POST: State.CLOSED,
            Act.CERTIFY: State.COUNTED,
        }[one.act]
        if self.state_now is not wanted:
            return NotNow
        counts = one.act in {Act.STATE_POST, Act.CERTIFY}
        return Waiting if counts and self.waits(Act.RECORD) else None

    def store(self, one: Stored) -> None:
        self.replies.append(one)
        if one.web:
            self.drafts.pop(one.member, None)

    def decide(self, one: Asked, *, confirmed: bool) -> None:
        one.decided, one.confirmed = True, confirmed
        if confirmed:
            self._confirmed(one)
        elif one.act is Act.OPEN:
            self.state = State.DRAFT

    def _confirmed(self, one: Asked) -> None:
        if one.paper:
            self.record(one.paper)
        elif one.about:
            self.rule(one.about, counts=one.counts)
        elif one.act is Act.WITHDRAW:
            self.withdraw(one.item)
        elif one.act is Act.EXTEND and one.to:
            self.closes_at = one.to
        elif one.act is Act.CORRECT:
            self.revision += 1
        else:
            self.move(one.act)

    def move(self, act: Act) -> None:
        if act is Act.OPEN:
            self.state, self.opens_at = State.OPEN, self.now
        elif act is Act.STATE_POST:
            self.stated, self.state = True, State.COUNTED
        else:
            self.concluded, self.state = True, State.CERTIFIED

    def record(self, paper: Stored) -> None:
        paper.version = len(self.of(paper.member)) + 1
        paper.late = not self.in_time(paper.received_at)
        paper.after_statement = self.stated
        self.store(paper)

    def withdraw(self, item: int | None) -> None:
        if item is None:
            self.state = State.WITHDRAWN
            for one in self.asked:
                one.decided = True
            return
        self.gone.append(item)
        for member, draft in self.drafts.items():
            choices = {**draft.choices, str(item + 1): None}
            self.drafts[member] = replace(draft, choices=choices)

    def rule(self, about: Stored, *, counts: bool) -> None:
        changed = self.counted and self.if_ruled(about, counts=counts) != self.decided()
        about.ruled, self.corrected = counts, True
        self.overtaken += changed and self.state is not State.COUNTED
        self.state = State.COUNTED if changed else self.state

    def tick(self) -> None:
        """What the worker does by the clock."""
        if self.state is State.OPEN and self.now >= self.closes_at + SETTLING:
            self.state = State.CLOSED
        for one in self.asked:
            if not one.decided and one.ends_at is not None and self.now >= one.ends_at:
                self.decide(one, confirmed=False)

    @property
    def counted(self) -> bool:
        return self.state in ENDED

    @property
    def published(self) -> bool:
        return self.state is State.PUBLISHED
