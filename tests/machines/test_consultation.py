"""Whatever people do, in whatever order: model, tables and ledger agree after each step.

T35, T42, T65-T69, T74, T75; trust, section 12.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.actions import due, requests
from consult.actions.change import Desk
from consult.core.life import Channel, state_at
from consult.core.schedule import NoticeKind
from consult.tables import Consultation, Notice, Reply, RollEntry, reading
from tests.machines.counted import ITEMS
from tests.machines.later import Later
from tests.machines.office import CODES, PEOPLE, STAGES
from tests.machines.standing import Ledger, holds

TICK = timedelta(microseconds=1)
STEPS = [timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)]
STEPS += [timedelta(days=8)]
WHILE_OPEN = {
    *("opening", "extension", "corrigendum", "reply-on-behalf"),
    *("withdrawal", "withdrawal of an item", "withdrawn", "bad-input"),
}
ONCE_CLOSED = {
    *("reply-on-behalf", "post-stated", "certification", "publication"),
    *("contest", "already-contested", "ruling", "certification overtaken"),
}
SENT = {"reply", "late-reply", "reply-on-behalf"}


class Consultations(Later):
    """The clock, the worker, and what must hold after each step."""

    def __init__(self, desk: Desk, met: Counter[str], stages: Sequence[str]) -> None:
        super().__init__(desk, met, stages)
        self.ledger = Ledger()

    @rule(by=st.sampled_from(STEPS))
    def wait(self, by: timedelta) -> None:
        if self.model.opens_at is not None or by <= timedelta(seconds=30):
            self.set(self.model.now + by)

    @precondition(lambda self: len(self.ledger.entries) > 24)  # something was done before
    @rule(to=st.sampled_from([-TICK, timedelta(0), timedelta(seconds=59), timedelta(seconds=120)]))
    def come_to_the_deadline(self, to: timedelta) -> None:
        if self.model.opens_at is not None and self.model.now < self.model.closes_at + to:
            self.set(self.model.closes_at + to)

    @precondition(lambda self: self.model.opens_at)
    @rule(seconds=st.sampled_from([1, 5]))
    def go_back(self, seconds: int) -> None:
        """T42: within one side of the deadline; across it stands a test of its own."""
        model, to = self.model, self.model.now - timedelta(seconds=seconds)
        if model.opens_at and model.opens_at < to and not to < model.closes_at <= model.now:
            self.set(to)

    @rule()
    def work(self) -> None:
        """What the worker does by the clock."""
        due.queue_due(self.desk)
        requests.lapse(self.desk)
        self.model.tick()

    @invariant()
    def agrees(self) -> None:
        if not self.slug:
            return
        with reading(self.desk.engine) as session:
            letter = session.scalars(select(Consultation)).one()
            result = session.scalars(select(Consultation.result)).one()
            self.chained(session, letter)
            self.replies_stand(session)
            self.roll_stands(session)
            self.all_were_told(session)
        model = self.model
        assert state_at(letter.state, letter.closes_at, model.now) is model.state_now
        assert (letter.closes_at, letter.revision) == (model.closes_at, model.revision)
        assert (result is not None) is model.counted
        if result is not None:
            standing = [item for item in ITEMS if item not in model.gone]
            assert [*result["questions"]] == [str(item + 1) for item in standing]
            for item in standing:
                found = result["questions"][str(item + 1)]["positions"]
                assert found == {**dict.fromkeys(CODES, "silent"), **model.positions(item)}

    def chained(self, session: Session, letter: Consultation) -> None:
        """T42: one chain, and every act of the model stands in it."""
        self.ledger.read_on(session, letter)
        sent = self.ledger.facts(*SENT)
        assert [(f["member"], f["version"], tuple(f["choices"].values())) for f in sent] == [
            (one.member, one.version, one.said) for one in self.model.replies
        ]
        assert self.facts("contest", "member") == self.contested
        assert self.facts("ruling", "member", "counts") == self.ruled
        asked, confirmed = self.facts("approval-asked"), self.facts("countersigned")
        assert len(asked) == len(self.model.asked)
        assert len(confirmed) == sum(one.confirmed for one in self.model.asked)

    def facts(self, what: str, *names: str) -> list[tuple[Any, ...]]:
        return [tuple(facts[name] for name in names) for facts in self.ledger.facts(what)]

    def replies_stand(self, session: Session) -> None:
        rows = session.scalars(select(Reply).order_by(Reply.number)).all()
        assert [
            (
                row.member,
                row.version,
                tuple(row.choices.values()),
                row.late,
                row.channel is Channel.WEB,
                row.received_at,
            )
            for row in rows
        ] == [
            (one.member, one.version, one.said, one.late, one.web, one.received_at)
            for one in self.model.replies
        ]

    def roll_stands(self, session: Session) -> None:
        for line in session.scalars(select(RollEntry)):
            counts = self.model.reached(line.member)
            asked = [item for item in ITEMS if item not in self.model.gone]
            blank = counts is None or not any(counts.said)
            replied_at = None if counts is None or blank else counts.received_at
            complete = counts is not None and all(counts.said[item] for item in asked)
            assert line.versions == len(self.model.of(line.member))
            assert (line.replied_at, line.complete) == (replied_at, complete)

    def all_were_told(self, session: Session) -> None:
        """T86: each reply to each focal point of its member, once."""
        told = session.execute(
            select(Notice.member, func.count())
            .where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT)
            .group_by(Notice.member)
        )
        staffed = Counter(name[:3] for name in PEOPLE)
        sent = Counter(one.member for one in self.model.replies)
        assert {row.member: row[1] for row in told} == {
            member: count * staffed[member] for member, count in sent.items()
        }

    def teardown(self) -> None:
        if self.slug:
            holds(self.desk)


@pytest.mark.parametrize(
    ("stages", "acts"),
    [(["draft", "open", "open", "open"], WHILE_OPEN), (STAGES[2:], ONCE_CLOSED)],
    ids=["while open", "once closed"],
)
def test_model_tables_and_ledger_agree_whatever_is_done(
    fresh: Callable[[], Desk], stages: list[str], acts: set[str]
) -> None:
    met: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Consultations(fresh(), met, stages),
        settings=how(
            max_examples=20,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert met.keys() >= acts, met  # or the run proves less than it says
