"""Acts again under earlier instants, through the very actions that people use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from consult.actions import due, replying, requests, sending
from consult.actions.change import Desk
from consult.core.answer import GENERAL, Draft, NewReply, Words
from consult.core.comparison import Choice
from consult.core.ledger import hash_of
from consult.core.life import Actor
from consult.tables import Request, reading

WORKER = "demonstration"


@dataclass(slots=True)
class MovableClock:
    """A clock that shows what it was set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Replay:
    """A desk whose clock is moved from one act to the next, never back."""

    desk: Desk
    clock: MovableClock

    def at(self, instant: datetime) -> None:
        """Go on to *instant*; what falls due until then is done, and mail counts as sent."""
        self.clock.now = max(self.clock.now, instant)
        due.queue_due(self.desk)
        self.send()

    def send(self) -> None:
        """Mark what waits as sent, at the replay's own time: it leaves for nowhere."""
        while batch := sending.claim(self.desk, WORKER, 500):
            for notice in batch:
                if sending.take(self.desk, WORKER, notice) is not None:
                    sending.mark_sent(self.desk, WORKER, notice)

    def confirm(self, request: int, who: Actor) -> None:
        """Let a second person confirm a request as it was shown."""
        with reading(self.desk.engine) as session:
            shown = session.get_one(Request, request).shown
        requests.confirm(self.desk, who, request, shown)
        self.send()

    def reply(self, slug: str, who: Actor, draft: Draft, language: str) -> None:
        """Reply now, by the web."""
        key = hash_of({"demonstration": slug, "member": draft.member, "base": draft.base})
        new = NewReply(
            draft=draft,
            key=key[:32],
            received_at=self.clock.now,
            language=language,
            shown=draft.content_hash,
        )
        replying.reply(self.desk, slug, who, new)


def begin(desk: Desk, at: datetime) -> Replay:
    """Return a replay that begins at *at*."""
    clock = MovableClock(at)
    return Replay(replace(desk, clock=clock), clock)


def draft_of(given: Mapping[str, Any], items: list[str], base: int) -> Draft:
    """Return the answer that a file of replies gives for one member."""
    comments = {
        item: Words(said["text"], said["lang"]) for item, said in given.get("comments", {}).items()
    }
    if general := given.get("general_comment"):
        comments[GENERAL] = Words(general["text"], general["lang"])
    positions = given["positions"]
    return Draft(
        member=given["member"],
        choices={item: Choice(positions[item]) if item in positions else None for item in items},
        comments=comments,
        base=base,
    )
