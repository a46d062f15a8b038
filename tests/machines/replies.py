"""The members' steps: drafts, replies, retries, old bases; and their letters, entered for them."""

import secrets
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from consult.actions import recording, replying
from consult.core.answer import Draft, NewReply, OnBehalf
from consult.core.life import Act, Channel, State
from consult.errors import Changed, NotFound, SamePerson, Withdrawn
from tests import build
from tests.machines.counted import ITEMS, Said, Stored
from tests.machines.office import CODES, PEOPLE, Office

people = st.sampled_from(PEOPLE)
said = st.tuples(*[st.sampled_from(["approve", "object", "abstain", None])] * len(ITEMS))
waited = st.sampled_from([0, 0, 0, 0, 30, 60, 61])  # seconds


class Replies(Office):
    """What members do, and what is done for them."""

    @precondition(lambda self: self.model.opens_at)
    @rule(who=people, said=said, seen=st.sampled_from([True, True, True, False]))
    def write(self, who: str, said: Said, *, seen: bool) -> None:
        member, new = who[:3], self.draft(who[:3], said, 0)
        kept = self.model.drafts[member].content_hash if member in self.model.drafts else None
        stale = kept is not None and not seen and kept != new.content_hash
        gone = self.model.state is State.WITHDRAWN
        opened = self.model.opens_at is not None
        expected = (Withdrawn if gone else Changed if stale else None) if opened else NotFound
        self.attempt(
            expected,
            lambda: replying.save_draft(
                self.desk, self.slug, self.who[who], new, expected_hash=kept if seen else None
            ),
        )
        if expected is None:
            self.model.drafts[member] = new

    @rule(
        who=people,
        said=said,
        behind=st.sampled_from([0, 0, 0, 0, 1]),
        waited=waited,
        old=st.sampled_from([0, 0, 0, 0, 1]),
        drafted=st.booleans(),
    )
    def reply(
        self, who: str, said: Said, behind: int, waited: int, old: int, *, drafted: bool
    ) -> None:
        """*behind*: on how many versions before the newest it rests (T68)."""
        if drafted:
            self.write(who, said, seen=True)
        self.say(who, said, behind, waited, old)

    def say(self, who: str, said: Said, behind: int = 0, waited: int = 0, old: int = 0) -> None:
        """Send a reply of this moment, or one that rests on something older."""
        member = who[:3]
        draft = self.draft(member, said, max(len(self.model.of(member)) - behind, 0))
        new = NewReply(
            draft=draft,
            key=secrets.token_hex(16),
            received_at=self.model.now - timedelta(seconds=waited),
            language="en",
            shown=draft.content_hash,
            revision=max(self.model.revision - old, 0),
        )
        self.send(who, said, new)

    @precondition(lambda self: any(one.web for one in self.model.replies))
    @rule(which=st.integers(0, 50), said=said)
    def retry(self, which: int, said: Said) -> None:
        """T67: the same key, sometimes with other content, is never a second version."""
        found = [one for one in self.model.replies if one.new]
        one = found[which % len(found)]
        assert one.new is not None
        other = self.draft(one.member, said, one.new.draft.base)
        self.send(one.member, one.said, one.new)
        again = NewReply(other, one.new.key, self.model.now, "en", other.content_hash)
        self.send(one.member, said, again)

    def send(self, who: str, said: Said, new: NewReply) -> None:
        model, member = self.model, who[:3]
        known = model.with_key(member, new.key)
        expected = model.on_reply(new, said)
        got = self.attempt(
            expected, lambda: replying.reply(self.desk, self.slug, self.who[who], new)
        )
        if expected is not None:
            return
        version = known.version if known else len(model.of(member)) + 1
        assert got == version
        if not known:
            late = not model.in_time(new.received_at)
            model.store(Stored(member, version, said, new.received_at, late, web=True, new=new))

    def draft(self, member: str, said: Said, base: int) -> Draft:
        return build.answer(member, *said, base=base)

    @precondition(lambda self: self.model.opens_at)
    @rule(
        member=st.sampled_from(CODES),
        said=said,
        ago=st.sampled_from([-60, 0, 0, 60, 3600, 90_000_000]),
        at_once=st.booleans(),
    )
    def record(self, member: str, said: Said, ago: int, *, at_once: bool) -> None:
        """T35, T69: by letter, entered by an officer, for another and never the same to confirm."""
        at = self.model.now - timedelta(seconds=ago)
        draft = self.draft(member, said, 0)
        paper = OnBehalf(
            draft=draft,
            key=secrets.token_hex(16),
            channel=Channel.LETTER,
            received_at=at,
            scan=self.scan.sha256,
            reason="It came by post.",
            language="en",
        )
        expected = self.model.on_paper(at, said)
        self.ask(
            expected,
            Act.RECORD,
            lambda: recording.record(self.desk, self.slug, self.both, paper, self.scan),
            paper=Stored(member, 0, said, at, late=False, web=False),
        )
        if expected is None:
            asked = self.model.asked[-1].id
            self.attempt(SamePerson, lambda: build.confirm(self.desk, asked, self.both))
            self.confirm_now(at_once)
