"""A comment round, as simply as it can be said: what was remarked, and what stands in its table."""

from dataclasses import dataclass, field
from datetime import datetime

from consult.core.life import State
from consult.core.round import NewComment, Remark
from consult.errors import BadInput, Changed, Closed, KeyReused, Withdrawn
from tests.machines.model import Refusal

Remarks = tuple[Remark, ...]


@dataclass
class Sent:
    """Comments that were acknowledged."""

    member: str
    version: int
    remarks: Remarks
    received_at: datetime
    late: bool
    new: NewComment | None = None  # None: they came on paper


@dataclass
class Round:
    closes_at: datetime
    now: datetime
    state: State = State.OPEN
    sent: list[Sent] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)  # of each member, the hash
    disposed: dict[tuple[str, str], str] = field(default_factory=dict)  # of member and place

    @property
    def state_now(self) -> State:
        over = self.state is State.OPEN and self.now >= self.closes_at
        return State.CLOSED if over else self.state

    @property
    def stated(self) -> bool:
        return self.state in {State.COUNTED, State.CERTIFIED, State.PUBLISHED}

    def of(self, member: str) -> list[Sent]:
        return [one for one in self.sent if one.member == member]

    def counting(self, member: str) -> Sent | None:
        """Those in time that were the last to arrive, alone."""
        found = [one for one in self.of(member) if not one.late]
        return max(found, key=lambda one: (one.received_at, one.version), default=None)

    def table(self) -> list[tuple[str, str]]:
        """Of each remark that counts, its place and its member, in the order of the places."""
        members = {one.member for one in self.sent}
        counted = [one for member in members if (one := self.counting(member))]
        return sorted((remark.place, one.member) for one in counted for remark in one.remarks)

    @property
    def late(self) -> list[str]:
        return sorted({one.member for one in self.sent if one.late})

    @property
    def undisposed(self) -> bool:
        return any((member, place) not in self.disposed for place, member in self.table())

    def on_draft(self, member: str, said: str, seen: str | None) -> Refusal:
        if self.state is State.WITHDRAWN:
            return Withdrawn
        kept = self.drafts.get(member)
        return Changed if kept not in {None, seen, said} else None

    def on_comment(self, new: NewComment) -> Refusal:
        before = self.of(new.member)
        known = [one.new for one in before if one.new and one.new.key == new.key]
        if known:
            return None if known[0].remarks == new.remarks else KeyReused
        if self.state is State.WITHDRAWN:
            return Withdrawn
        if self.state in {State.CERTIFIED, State.PUBLISHED}:
            return Closed
        if (new.base, new.shown) != (len(before), self.drafts.get(new.member, new.shown)):
            return Changed
        return None if new.remarks or before else BadInput
