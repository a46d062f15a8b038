"""A letter under silence, as simply as it can be said: who objects to what, and what that breaks.

What is broken is worked out anew after each act, from the objections that count then.
"""

from dataclasses import dataclass, field
from datetime import datetime

from consult.core.life import ENDED, State
from consult.errors import BadInput, Closed, NoPosition, SilenceBroken
from tests.machines.model import Refusal

ITEMS = range(3)

Objects = tuple[bool, ...]


@dataclass
class Given:
    """A reply that was acknowledged."""

    member: str
    version: int
    objects: Objects
    received_at: datetime
    late: bool
    revision: int
    after_statement: bool = False
    ruled: bool | None = None

    @property
    def may_count(self) -> bool:
        return self.ruled if self.ruled is not None else not (self.late or self.after_statement)


@dataclass
class Silence:
    whole: bool
    lapses: bool
    closes_at: datetime
    now: datetime
    state: State = State.OPEN
    replies: list[Given] = field(default_factory=list)
    barred: set[str] = field(default_factory=set)  # members without the right to vote
    gone: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)
    revised: list[tuple[datetime, int | None]] = field(default_factory=list)  # when, which item
    concluded: bool = False
    corrected: bool = False  # something was ruled since the publication

    @property
    def state_now(self) -> State:
        over = self.state is State.OPEN and self.now >= self.closes_at
        return State.CLOSED if over else self.state

    @property
    def standing(self) -> list[int]:
        return [item for item in ITEMS if item not in self.gone]

    @property
    def counted(self) -> bool:
        return self.state in ENDED

    def versions(self, member: str) -> int:
        return sum(one.member == member for one in self.replies)

    def counting(self, member: str) -> Given | None:
        found = [one for one in self.replies if one.member == member and one.may_count]
        return max(found, key=lambda one: (one.received_at, one.version), default=None)

    def objectors(self, item: int) -> set[str]:
        """Who objects to it with the right to vote, and to its words as they are now."""
        members = {one.member for one in self.replies} - self.barred
        counted = [one for member in members if (one := self.counting(member))]
        return {one.member for one in counted if one.objects[item] and not self.lapsed(one, item)}

    def lapsed(self, one: Given, item: int) -> bool:
        changed = [number for number, (_at, what) in enumerate(self.revised, 1) if what == item]
        return self.lapses and any(number > one.revision for number in changed)

    def revision_at(self, at: datetime) -> int:
        return sum(when <= at for when, _item in self.revised)

    def on_reply(self, member: str, objects: Objects) -> Refusal:
        on_gone = any(objects[item] for item in self.gone)
        if on_gone or (member in self.barred and any(objects)):
            return BadInput
        if self.state is State.BROKEN:
            return SilenceBroken
        if self.concluded:
            return Closed
        return NoPosition if member in self.barred and not self.versions(member) else None

    def decided(self) -> list[set[str]]:
        return [self.objectors(item) for item in self.standing]

    def if_ruled(self, about: Given, *, counts: bool) -> list[set[str]]:
        before, about.ruled = about.ruled, counts
        found = self.decided()
        about.ruled = before
        return found

    def rule(self, about: Given, *, counts: bool) -> None:
        changed = self.counted and self.if_ruled(about, counts=counts) != self.decided()
        about.ruled, self.corrected = counts, True
        self.state = State.COUNTED if changed else self.state
        self.heed()

    def heed(self) -> None:
        """Break and mend: each item by itself, or by the first all of them, and for good."""
        if self.state is State.BROKEN:
            return
        objected = {item for item in self.standing if self.objectors(item)}
        if self.whole and objected:
            self.state, self.broken = State.BROKEN, set(ITEMS)
        else:
            self.broken = objected | (self.broken & self.gone)
