"""What is done with a letter under silence, each act beside what the model says of it."""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select

from consult import rules
from consult.actions import (
    certifying,
    documents,
    due,
    posting,
    publishing,
    recording,
    replying,
    ruling,
    withdrawing,
)
from consult.actions.change import Desk
from consult.core.answer import Draft, OnBehalf
from consult.core.life import Actor, Channel, Revising, State
from consult.core.upload import EVIDENCE
from consult.errors import NotEntitled, Refused
from consult.tables import Reply, reading
from tests import build, revising
from tests.machines.model import Refusal
from tests.machines.objections import ITEMS, Given, Objects, Silence

CODES = ["ARG", "BHS", "BRA", "CAN"]
WHY = "The dates collide with the Assembly."
SLUG = revising.SLUG
START = datetime.fromisoformat("2020-06-20T08:00:00+00:00")
STEPS = [timedelta(seconds=30), timedelta(hours=1), timedelta(days=8)]

members = st.sampled_from(CODES)
objects = st.sampled_from(
    [
        (False,) * 3,
        (False,) * 3,
        *(tuple(i == n for i in ITEMS) for n in ITEMS),
        (True, True, False),
    ]
)


class UnderSilence(RuleBasedStateMachine):
    """What members and the secretariat do, each act beside what the model says of it."""

    def __init__(self, desk: Desk, met: Counter[str]) -> None:
        super().__init__()
        self.desk, self.met = desk, met
        self.model = Silence(False, False, build.CLOSES_AT, START)
        self.titles = 0
        self.who: dict[str, Actor] = {}

    @initialize(
        whole=st.sampled_from([False, False, False, True]),
        lapses=st.booleans(),
        late=st.booleans(),
    )
    def begin(self, *, whole: bool, lapses: bool, late: bool) -> None:
        """Begin at the opening, or where one objection came late, and one on item 1 in time."""
        desk = self.desk
        build.set_clock(desk, START)
        build.council(desk, len(CODES))
        self.two = self.officer, self.approver = build.officer(desk), build.approver(desk)
        self.who = {code: build.person(desk, f"Head of {code}", member=code) for code in CODES}
        self.scan = documents.keep(desk, b"%PDF-1.7\n", "note.pdf", "application/pdf", EVIDENCE)
        build.draft(
            desk,
            self.officer,
            rule=rules.load_data("silence-un-74-544"),
            reminders=[],
            breaks="whole" if whole else "item",
            unconfirmed="lapses" if lapses else "stands",
        )
        build.open_it(desk, SLUG, *self.two)
        self.model = Silence(whole, lapses, build.CLOSES_AT, START)
        if late:
            self.say("CAN", (not whole, False, False))
            self.set(build.CLOSES_AT)
            self.say("BRA", (False, True, False))

    def attempt(self, expected: Refusal, act: Callable[[], object]) -> bool:
        """Do it, and be refused exactly as the model says; say whether it was done."""
        found: Refused | None = None
        try:
            act()
        except Refused as refused:
            self.met[refused.code] += 1
            found = refused
        finally:
            assert type(found) is (expected or type(None)), (found, expected, self.model)
        return found is None

    def set(self, now: datetime) -> None:
        build.set_clock(self.desk, now)
        self.model.now = now

    @property
    def open(self) -> bool:
        return self.model.state_now is State.OPEN

    # What members say.

    @rule(member=members, said=objects)
    def say(self, member: str, said: Objects) -> None:
        model = self.model
        draft = self.draft(member, said, model.versions(member))
        new = build.sent(self.desk, draft, revision=len(model.revised))
        expected = model.on_reply(member, said)
        done = self.attempt(
            expected, lambda: replying.reply(self.desk, SLUG, self.who[member], new)
        )
        if done:
            self.store(member, said, model.now, len(model.revised))

    @precondition(lambda self: self.model.state is not State.BROKEN and not self.model.concluded)
    @rule(member=members, said=objects, ago=st.sampled_from([0, 60, 600, 90_000]))
    def write(self, member: str, said: Objects, ago: int) -> None:
        """T69: on paper, which may have come before what was sent since, or the deadline."""
        model = self.model
        at = max(model.now - timedelta(seconds=ago), START)
        said = tuple(o and item not in model.gone for item, o in enumerate(said))
        paper = OnBehalf(
            draft=self.draft(member, said, 0),
            key=secrets.token_hex(16),
            channel=Channel.LETTER,
            received_at=at,
            scan=self.scan.sha256,
            reason="It came by post.",
            language="en",
        )

        def recorded() -> None:
            asked = recording.record(self.desk, SLUG, self.officer, paper, self.scan)
            build.confirm(self.desk, asked, self.approver)

        if self.attempt(NotEntitled if member in model.barred else None, recorded):
            self.met["on paper"] += 1
            self.store(member, said, at, model.revision_at(at), model.counted)

    def store(
        self,
        member: str,
        said: Objects,
        at: datetime,
        revision: int,
        after_statement: bool = False,
    ) -> None:
        model, before = self.model, set(self.model.broken)
        version, late = model.versions(member) + 1, at >= model.closes_at
        one = Given(member, version, said, at, late, revision, after_statement)
        model.replies.append(one)
        model.heed()
        self.met["lifted"] += bool(before - model.broken)

    def draft(self, member: str, said: Objects, base: int) -> Draft:
        why = {f"c{item + 1}": WHY for item in ITEMS if said[item]}
        return build.answer(member, *("object" if o else None for o in said), base=base, **why)

    # What the secretariat does: each time, another confirms it at once.

    @precondition(lambda self: self.open and len(self.model.gone) < len(ITEMS) - 1)
    @rule(item=st.sampled_from(ITEMS))
    def withdraw(self, item: int) -> None:
        if item in self.model.gone:
            return
        new = withdrawing.NewWithdrawal([str(item + 1)], "It is settled.", "Chair, 1 July")
        asked = withdrawing.withdraw(self.desk, SLUG, self.officer, new)
        build.confirm(self.desk, asked, self.approver)
        self.model.gone.add(item)
        self.met["withdrawn"] += 1

    @precondition(lambda self: self.open)
    @rule(item=st.sampled_from(ITEMS))
    def revise(self, item: int) -> None:
        """An item is worded otherwise: where the letter says so, what was said of it lapses."""
        if item in self.model.gone:
            return
        self.titles += 1
        changed = revising.retitled(self.desk, item, f"Title {self.titles}")
        revising.revise(self.desk, *self.two, Revising.CORRIGENDUM, changed)
        self.model.revised.append((self.model.now, item))
        self.model.heed()
        self.met["revised"] += 1

    @precondition(lambda self: self.open)
    @rule(member=st.just("CAN"))
    def bar(self, member: str) -> None:
        """A member loses the right to vote, or has it again."""
        barred = member not in self.model.barred
        under = "Article 169" if barred else None
        line = revising.on_roll(self.desk, member)
        line |= {"entitled": not barred, "no_vote_under": under}
        revising.correct_roll(self.desk, *self.two, member, line)
        self.model.revised.append((self.model.now, None))
        self.model.barred ^= {member}
        self.model.heed()
        self.met["barred"] += 1

    @precondition(lambda self: self.model.state_now is State.CLOSED)
    @rule()
    def state_post(self) -> None:
        self.settle()
        asked = posting.state_post(self.desk, SLUG, self.officer)
        build.confirm(self.desk, asked, self.approver)
        self.model.state = State.COUNTED

    @precondition(lambda self: self.model.state is State.COUNTED)
    @rule()
    def publish(self) -> None:
        words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
        asked = certifying.conclude(self.desk, SLUG, self.officer, words)
        build.confirm(self.desk, asked, self.approver)
        publishing.publish(self.desk, SLUG, self.officer)
        self.model.state, self.model.concluded = State.PUBLISHED, True
        self.model.corrected = False
        self.met["published"] += 1

    @precondition(lambda self: self.model.replies and not self.open)
    @rule(which=st.integers(0, 50), otherwise=st.sampled_from([True, True, False]))
    def rule_upon(self, which: int, *, otherwise: bool) -> None:
        """T76: an objection is let in or kept out, also after the count."""
        model = self.model
        if model.state is State.BROKEN:
            return
        self.settle()
        told = [one for one in model.replies if any(one.objects)] or model.replies
        one = told[-1 - which % len(told)]
        counts = one.may_count != otherwise
        with reading(self.desk.engine) as session:
            wanted = select(Reply.number).where(
                Reply.member == one.member, Reply.version == one.version
            )
            about = session.scalars(wanted).one()
        said = ruling.Ruling(about, counts, "The log shows it.", "Chair, 20 July")
        build.confirm(self.desk, ruling.rule(self.desk, SLUG, self.officer, said), self.approver)
        before = set(model.broken)
        model.rule(one, counts=counts)
        self.met["let in"] += bool(model.broken - before)
        self.met["kept out"] += bool(before - model.broken)

    def settle(self) -> None:
        """Come to where the closing can be entered, and enter it."""
        self.set(max(self.model.now, self.model.closes_at + timedelta(seconds=120)))
        due.queue_due(self.desk)
        if self.model.state is State.OPEN:
            self.model.state = State.CLOSED

    # The clock.

    @rule(by=st.sampled_from(STEPS))
    def wait(self, by: timedelta) -> None:
        self.set(self.model.now + by)

    @precondition(lambda self: len(self.model.replies) > 3)
    @rule(to=st.sampled_from([-1, 0, 60]))
    def come_to_the_deadline(self, to: int) -> None:
        self.set(max(self.model.now, self.model.closes_at + timedelta(seconds=to)))
