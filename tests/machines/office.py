"""The secretariat's steps: draft, open, extend, revise, close, state the post, certify, publish."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from consult.actions import (
    certifying,
    closing,
    documents,
    drafting,
    extending,
    opening,
    posting,
    publishing,
    requests,
    revising,
)
from consult.actions.change import Desk
from consult.core.extension import NewDeadline
from consult.core.life import Act, Actor, NotNow, Revising, State
from consult.core.upload import EVIDENCE
from consult.errors import Changed, Refused
from tests import build
from tests.machines.counted import Said
from tests.machines.model import Asked, Model, Refusal
from tests.revising import retitled

CODES = ["ARG", "BHS", "BRA", "CAN"]
PEOPLE = ["ARG", "ARG-2", "BHS", "BHS-2", "BRA", "CAN"]
START = datetime.fromisoformat("2020-06-20T08:00:00+00:00")
STAGES = ["draft", "open", "closed", "counted", "certified", "published"]
BEFORE = {"ARG": ("approve", "object", None), "BRA": ("abstain",) * 3}
LATE = {"CAN": ("object", None, "approve")}
NOTE = b"%PDF-1.7\na note\n"
T = TypeVar("T")


class Office(RuleBasedStateMachine):
    """What the secretariat does, each act beside what the model says of it."""

    def __init__(self, desk: Desk, met: Counter[str], stages: Sequence[str]) -> None:
        super().__init__()
        self.desk = desk
        self.stages = stages
        self.slug = ""
        self.met = met
        self.model = Model(build.CLOSES_AT, desk.clock())

    @initialize(at=st.integers(0, 59))
    def begin(self, at: int) -> None:
        """Begin at some stage of the procedure, or most runs would end before its end."""
        desk = self.desk
        build.set_clock(desk, START)
        self.model = Model(build.CLOSES_AT, desk.clock())
        build.council(desk, members=len(CODES))
        self.officer, self.approver = build.officer(desk), build.approver(desk)
        self.both = build.person(desk, "F. Both", *self.officer.roles, *self.approver.roles)
        self.who: dict[str, Actor] = {
            name: build.person(desk, f"Person {name}", member=name[:3], head="-" not in name)
            for name in PEOPLE
        }
        self.scan = documents.keep(desk, NOTE, "note.pdf", "application/pdf", EVIDENCE)
        self.slug = build.draft(desk, self.officer)
        self.version, self.titles, self.revising = 1, 0, False
        self.model.now = START
        for stage in STAGES[: STAGES.index(self.stages[at % len(self.stages)])]:
            getattr(self, f"after_{stage}")()

    def after_draft(self) -> None:
        self.submit()
        self.confirm(1)

    def after_open(self) -> None:
        for who, choices in BEFORE.items():
            self.say(who, choices)
        self.set(self.model.closes_at + timedelta(seconds=120))
        for who, choices in LATE.items():
            self.say(who, choices)

    def after_closed(self) -> None:
        self.state_post()
        self.confirm(1)

    def after_counted(self) -> None:
        self.conclude()
        self.confirm(1)

    def after_certified(self) -> None:
        self.publish()

    def attempt(self, expected: Refusal, act: Callable[[], T]) -> T | None:
        """Do it, and be refused exactly as the model says."""
        found: Refused | None = None
        try:
            return act()
        except Refused as refused:
            self.met[refused.code] += 1
            found = refused
        finally:
            assert type(found) is (expected or type(None)), (found, expected, self.model)
        return None

    def ask(self, expected: Refusal, act: Act, asking: Callable[[], int], **more: Any) -> None:
        one = Asked(0, act, **more)
        one.upon = self.model.upon(one)
        number = self.attempt(expected, asking)
        if number is not None:
            one.id = number
            one.ends_at = self.model.now + timedelta(days=7) if act is not Act.RECORD else None
            if act in {Act.EXTEND, Act.WITHDRAW} and one.ends_at:
                one.ends_at = min(one.ends_at, self.model.closes_at)
            self.model.asked.append(one)

    def pick(self, which: int) -> Asked:
        """Return one of those that wait, or now and then one that is decided already."""
        waiting = [one for one in self.model.asked if not one.decided]
        found = waiting if waiting and which % 4 else self.model.asked
        return found[-1 - which // 4 % len(found)]

    def set(self, now: datetime) -> None:
        build.set_clock(self.desk, now)
        self.model.now = now

    def say(self, who: str, said: Said) -> None:
        """Reply now: see the members' steps."""
        raise NotImplementedError

    # The secretariat drafts and opens.

    @precondition(lambda self: self.model.opens_at is None)
    @rule(fresh=st.booleans())
    def edit(self, *, fresh: bool) -> None:
        self.titles += 1
        changes = {"legal_basis": build.in_all(f"Rule {self.titles}")}
        drafted = self.model.state is State.DRAFT
        expected = NotNow if not drafted else None if fresh else Changed
        seen = self.version if fresh else self.version - 1
        got = self.attempt(
            expected,
            lambda: drafting.save(self.desk, self.slug, self.officer, changes, seen=seen),
        )
        self.version = self.version if got is None else got

    @precondition(lambda self: self.model.opens_at is None)
    @rule()
    def submit(self) -> None:
        expected = None if self.model.state is State.DRAFT else NotNow
        self.ask(expected, Act.OPEN, lambda: opening.submit(self.desk, self.slug, self.officer))
        if expected is None:
            self.model.state = State.SUBMITTED

    def confirm_now(self, at_once: bool) -> None:
        if at_once and self.model.asked:
            self.confirm(1)

    @precondition(lambda self: self.model.asked)
    @rule(which=st.integers(0, 20))
    def confirm(self, which: int) -> None:
        one = self.pick(which)
        expected = self.model.on_confirmation(one)
        self.attempt(expected, lambda: build.confirm(self.desk, one.id, self.approver))
        if expected is None:
            self.model.decide(one, confirmed=True)
            self.confirmed(one)

    def confirmed(self, one: Asked) -> None:
        """Note what a confirmation led to."""
        self.revising = self.revising and one.act is not Act.CORRECT
        self.met[one.act.value] += 1

    @precondition(lambda self: self.model.asked)
    @rule(which=st.integers(0, 20))
    def send_back(self, which: int) -> None:
        one = self.pick(which)
        expected = self.model.on_decision(one)
        self.attempt(
            expected, lambda: requests.send_back(self.desk, self.approver, one.id, "Not so.")
        )
        if expected is None:
            self.model.decide(one, confirmed=False)

    # What changes while it is open, and what follows.

    @precondition(lambda self: self.model.state is State.OPEN)
    @rule(days=st.integers(1, 5), at_once=st.booleans())
    def extend(self, days: int, *, at_once: bool) -> None:
        to = self.model.closes_at + timedelta(days=days)
        new = NewDeadline(to, "BRA", "A holiday.", "Chair, 10 July")
        self.ask(
            self.model.on_extension(),
            Act.EXTEND,
            lambda: extending.extend(self.desk, self.slug, self.officer, new),
            to=to,
        )
        self.confirm_now(at_once)

    @precondition(lambda self: self.model.state is State.OPEN and not self.model.waits(Act.CORRECT))
    @rule(kind=st.sampled_from([Revising.EDITORIAL, Revising.CORRIGENDUM]), at_once=st.booleans())
    def revise(self, kind: Revising, *, at_once: bool) -> None:
        expected = None if self.model.state_now is State.OPEN else NotNow
        if self.revising and expected is None:
            revising.discard(self.desk, self.slug, self.officer)
        self.titles += 1
        changes = {**retitled(self.desk, 1, f"Chair {self.titles}"), "reason": "Misprinted."}
        language = "en" if kind is Revising.EDITORIAL else None

        def asked() -> int:
            revising.begin(self.desk, self.slug, self.officer, kind, language)
            self.revising = True
            version = revising.save(self.desk, self.slug, self.officer, changes, seen=0)
            return revising.submit(self.desk, self.slug, self.officer, seen=version)

        self.ask(expected, Act.CORRECT, asked)
        self.confirm_now(at_once)

    @precondition(lambda self: self.model.opens_at and self.model.state_now is not State.OPEN)
    @rule()
    def close(self) -> None:
        expected = self.model.on_closing()
        self.attempt(expected, lambda: closing.close(self.desk, self.slug))
        if expected is None:
            self.model.state = State.CLOSED

    @precondition(lambda self: self.model.opens_at and self.model.state_now is not State.OPEN)
    @rule()
    def state_post(self) -> None:
        expected = self.model.on_statement()
        self.ask(
            expected,
            Act.STATE_POST,
            lambda: posting.state_post(self.desk, self.slug, self.officer),
        )
        if expected is None:
            self.model.state = State.CLOSED

    @precondition(lambda self: self.model.stated)
    @rule()
    def conclude(self) -> None:
        words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
        self.ask(
            self.model.on_conclusion(),
            Act.CERTIFY,
            lambda: certifying.conclude(self.desk, self.slug, self.officer, words),
        )

    @precondition(lambda self: self.model.stated)
    @rule()
    def publish(self) -> None:
        expected = self.model.on_publication()
        self.attempt(expected, lambda: publishing.publish(self.desk, self.slug, self.officer))
        if expected is None:
            self.model.state, self.model.corrected = State.PUBLISHED, False
            self.met["publication"] += 1
