"""The replies of the simple model: which of them counts for each member, and what that makes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from consult.core.answer import NewReply

Said = tuple[str | None, ...]

ITEMS = range(3)


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
    grounds: str | None = None  # on which its member contests how it is treated
    ruled: bool | None = None  # what the last ruling says

    @property
    def admitted(self) -> bool | None:
        """What was ruled, or must be before it counts; None if nothing is."""
        return self.ruled if self.ruled is not None or not self.after_statement else False

    def reason(self) -> str | None:
        """Say why it may not count; None if it may."""
        if self.admitted is None:
            return "late" if self.late else None
        return None if self.admitted else "not_admitted"


@dataclass
class Counted:
    """What was said so far."""

    replies: list[Stored] = field(default_factory=list, kw_only=True)

    def of(self, member: str) -> list[Stored]:
        return [one for one in self.replies if one.member == member]

    def with_key(self, member: str, key: str) -> Stored | None:
        found = [one for one in self.of(member) if one.new and one.new.key == key]
        return found[0] if found else None

    def reached(self, member: str) -> Stored | None:
        """The reply by which the roll goes: of those in time the last to arrive."""
        return _last(one for one in self.of(member) if not one.late and not one.after_statement)

    def counting(self, member: str) -> Stored | None:
        """The reply that counts: of those that may the last to arrive."""
        return _last(one for one in self.of(member) if one.reason() is None)

    def positions(self, item: int) -> dict[str, str | None]:
        """What the members that do not stay silent say on an item (from 0)."""
        counted = {one.member: self.counting(one.member) for one in self.replies}
        return {
            member: found.said[item]
            for member, found in counted.items()
            if found and found.said[item]
        }

    def decided(self) -> list[dict[str, str | None]]:
        return [self.positions(item) for item in ITEMS]

    def if_ruled(self, about: Stored, *, counts: bool) -> list[dict[str, str | None]]:
        """What would be decided once it is ruled that a reply counts, or not."""
        before, about.ruled = about.ruled, counts
        found = self.decided()
        about.ruled = before
        return found

    def sheet(self) -> tuple[object, object]:
        """What is decided, and why each of the other replies is left out."""
        counted = [self.counting(one.member) for one in self.replies]
        left_out = [
            (one.received_at, one.member, one.reason() or "superseded")
            for one, counts in zip(self.replies, counted, strict=True)
            if one is not counts
        ]
        return self.decided(), sorted(left_out)


def _last(replies: Iterable[Stored]) -> Stored | None:
    return max(replies, key=lambda one: (one.received_at, one.version), default=None)
