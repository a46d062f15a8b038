"""What takes back or disputes: a withdrawal, a contest, a ruling of the presiding officer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from consult.actions import contesting, ruling, withdrawing
from consult.actions.change import Desk
from consult.actions.contesting import Contention
from consult.actions.ruling import Ruling
from consult.actions.withdrawing import NewWithdrawal
from consult.core.life import Act, NotNow, State
from consult.errors import BadInput, Waiting
from consult.tables import Reply, reading
from tests.machines.counted import Stored
from tests.machines.model import Asked, Refusal
from tests.machines.replies import Replies

numbers = st.integers(0, 50)


class Later(Replies):
    """Withdrawals while it is open; contests and rulings, most of them after the deadline."""

    def __init__(self, desk: Desk, met: Counter[str], stages: Sequence[str]) -> None:
        super().__init__(desk, met, stages)
        self.contested: list[tuple[Any, ...]] = []
        self.ruled: list[tuple[Any, ...]] = []

    @precondition(lambda self: self.model.opens_at and self.model.state is State.OPEN)
    @rule(item=st.sampled_from([0, 1, 1, 1, 2, None]), at_once=st.booleans())
    def withdraw(self, item: int | None, *, at_once: bool) -> None:
        """The whole letter, or a single item."""
        items = None if item is None else [str(item + 1)]
        new = NewWithdrawal(items, "It is settled.", "Chair, 1 July")
        self.ask(
            self.on_withdrawal(item),
            Act.WITHDRAW,
            lambda: withdrawing.withdraw(self.desk, self.slug, self.officer, new),
            item=item,
        )
        self.confirm_now(at_once)

    def on_withdrawal(self, item: int | None) -> Refusal:
        model = self.model
        if model.state_now is not State.OPEN:
            return NotNow
        if model.waits(Act.EXTEND, Act.WITHDRAW):
            return Waiting
        last = item is not None and len(model.gone) == 2
        return BadInput if item in model.gone or last else None

    @precondition(lambda self: self.model.replies)
    @rule(which=numbers, grounds=st.sampled_from(["See the log.", "See the log.", "See the scan."]))
    def contest(self, which: int, grounds: str) -> None:
        """T76: sent again it stands once; on other grounds it is refused."""
        one = self.doubtful(which)
        stood, expected = one.grounds, self.model.on_contest(one, grounds)
        said = Contention(one.member, one.version, grounds)
        self.attempt(
            expected,
            lambda: contesting.contest(self.desk, self.slug, self.who[one.member], said),
        )
        if expected is None and stood is None:
            one.grounds = grounds
            self.contested.append((one.member,))
            self.met["contest"] += 1

    @precondition(lambda self: self.model.replies and self.model.state_now is not State.OPEN)
    @rule(which=numbers, counts=st.booleans(), at_once=st.booleans())
    def rule_upon(self, which: int, *, counts: bool, at_once: bool) -> None:
        """T76: at any time after the deadline; it lets a reply in, or keeps one out."""
        one = self.doubtful(which)
        said = Ruling(self.entry_of(one), counts, "The log shows it.", "Chair, 20 July")
        expected = self.model.on_ruling(one)
        self.ask(
            expected,
            Act.RULE,
            lambda: ruling.rule(self.desk, self.slug, self.officer, said),
            about=one,
            counts=counts,
        )
        if expected is None and not self.model.counted:
            self.model.state = State.CLOSED
        self.confirm_now(at_once)

    def confirmed(self, one: Asked) -> None:
        """Note what a confirmation led to."""
        super().confirmed(one)
        if one.act is Act.WITHDRAW and one.item is not None:
            self.met["withdrawal of an item"] += 1
        if self.model.overtaken:
            self.met["certification overtaken"] += 1
        if one.about is not None:
            self.ruled.append((one.about.member, one.counts))

    def doubtful(self, which: int) -> Stored:
        """Return a reply that does not count, if there is one; now and then any."""
        model = self.model
        out = [one for one in model.replies if model.counting(one.member) is not one]
        found = out if out and which % 3 else model.replies
        return found[which // 3 % len(found)]

    def entry_of(self, one: Stored) -> int:
        with reading(self.desk.engine) as session:
            wanted = select(Reply.number).where(
                Reply.member == one.member, Reply.version == one.version
            )
            return session.scalars(wanted).one()
