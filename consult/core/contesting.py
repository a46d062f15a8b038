"""Which replies a member may contest, and which stand in the register of what is not counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.core.entries import EXTENSIONS, REPLIES, RESTORED
from consult.core.ledger import read_instant
from consult.core.life import State

Entry = Mapping[str, Any]

_ON_BEHALF = "reply-on-behalf"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the presiding officer ruled on a reply; texts by their commitments."""

    number: int
    at: datetime
    counts: bool
    reasons: str
    authority: str | None


@dataclass(frozen=True, slots=True)
class Contested:
    """What a member holds of a reply; *grounds* is a commitment, *proof* a SHA-256."""

    number: int
    at: datetime
    grounds: str
    proof: str | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A reply that is left out, or contested, or ruled upon.

    Args:
        number: Of its ledger entry.
        late: It reached us at or after the deadline.
        after_statement: It was recorded on behalf after the post-room statement.
        rulings: All of them; the last one holds.
    """

    number: int
    member: str
    version: int
    channel: str
    received_at: datetime
    recorded_at: datetime | None
    late: bool
    after_statement: bool
    contest: Contested | None
    rulings: tuple[Ruling, ...]

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that holds."""
        return self.rulings[-1] if self.rulings else None

    @property
    def waits(self) -> bool:
        """Whether it was contested, or came after the statement, and nobody has ruled yet."""
        return not self.rulings and (self.contest is not None or self.after_statement)


def doubtful(entries: Sequence[Entry]) -> tuple[Doubtful, ...]:
    """Return the late register of a ledger, in its order (T74-T76)."""
    closes_at = _deadline(entries)
    contests = {e["facts"]["about"]: _contested(e) for e in entries if e["what"] == "contest"}
    rulings: dict[int, list[Ruling]] = {}
    for entry in entries:
        if entry["what"] == "ruling":
            rulings.setdefault(entry["facts"]["about"], []).append(_ruling(entry))
    stated = next((e for e in entries if e["what"] == "post-stated"), None)
    found = [
        _doubtful(entry, closes_at, stated, contests, rulings)
        for entry in entries
        if entry["what"] in REPLIES
    ]
    return tuple(
        one for one in found if one.late or one.after_statement or one.contest or one.rulings
    )


def may_contest(state: State, *, on_behalf: bool, counts: bool) -> bool:
    """Say whether a member may contest a reply of its own in that *state* (T76).

    What it sent itself and what counts needs no contest; while the letter is open, what was
    replaced is put right by a new reply.
    """
    if state is State.OPEN:
        return on_behalf
    return state not in {State.DRAFT, State.SUBMITTED, State.DISCARDED} and (
        on_behalf or not counts
    )


def _deadline(entries: Sequence[Entry]) -> str:
    moved = [e["facts"]["to"] for e in entries if e["what"] in EXTENSIONS]
    opened = [e["facts"]["case"]["closes_at"] for e in entries if e["what"] == "opening"]
    found: str = (moved or opened)[-1]
    return found


def _doubtful(
    entry: Entry,
    closes_at: str,
    stated: Entry | None,
    contests: Mapping[int, Contested],
    rulings: Mapping[int, list[Ruling]],
) -> Doubtful:
    facts, number = entry["facts"], entry["number"]
    recorded = facts.get("recorded_at")
    return Doubtful(
        number=number,
        member=facts["member"],
        version=facts["version"],
        channel=facts["channel"],
        received_at=read_instant(facts["received_at"]),
        recorded_at=read_instant(recorded) if recorded else None,
        late=facts["received_at"] >= closes_at,
        after_statement=stated is not None and _follows(entry, stated),
        contest=contests.get(number),
        rulings=tuple(rulings.get(number, ())),
    )


def _follows(entry: Entry, stated: Entry) -> bool:
    """Say whether a paper was recorded after the post was *stated*; one that is restored, then."""
    if entry["what"] == RESTORED:
        return bool(entry["facts"].get("recorded_at", "") >= stated["at"])
    return bool(entry["what"] == _ON_BEHALF and entry["number"] > stated["number"])


def _contested(entry: Entry) -> Contested:
    facts = entry["facts"]
    return Contested(entry["number"], read_instant(entry["at"]), facts["grounds"], facts["proof"])


def _ruling(entry: Entry) -> Ruling:
    facts = entry["facts"]
    return Ruling(
        entry["number"],
        read_instant(entry["at"]),
        facts["counts"],
        facts["reasons"],
        facts["authority"],
    )
