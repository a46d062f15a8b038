"""Whatever is remarked and disposed of in a comment round: tables, ledger and model agree.

T42, T67, T69, T75.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.life import Channel, state_at
from consult.tables import Comment, Consultation, RollEntry, reading
from tests.machines.in_round import InRound
from tests.machines.standing import Ledger, holds

ACTS = {
    *("comment", "late", "on paper", "key-reused", "changed", "extended", "withdrawal"),
    *("withdrawn", "undisposed", "disposed", "published", "closed"),
}


class Rounds(InRound):
    """What must hold after each step."""

    def __init__(self, desk: Desk, met: Counter[str]) -> None:
        super().__init__(desk, met)
        self.ledger = Ledger()

    @invariant()
    def agrees(self) -> None:
        if not self.who:
            return
        model = self.model
        with reading(self.desk.engine) as session:
            letter = session.scalars(select(Consultation)).one()
            table = session.scalars(select(Consultation.result)).one()
            self.ledger.read_on(session, letter)
            self.comments_stand(session)
            self.roll_stands(session)
        assert state_at(letter.state, letter.closes_at, model.now) is model.state_now
        assert letter.closes_at == model.closes_at
        assert (table is not None) is model.stated
        if table is not None:
            self.is_compiled(table)

    def comments_stand(self, session: Session) -> None:
        said = [(one.member, one.version, one.late, len(one.remarks)) for one in self.model.sent]
        rows = session.scalars(select(Comment).order_by(Comment.number)).all()
        assert [(row.member, row.version, row.late, len(row.remarks)) for row in rows] == said
        assert [row.received_at for row in rows] == [one.received_at for one in self.model.sent]
        on_web = [one.new is not None for one in self.model.sent]
        assert [row.channel is Channel.WEB for row in rows] == on_web
        entered = self.ledger.facts("comment", "comment-on-behalf")
        assert [
            (one["member"], one["version"], one["late"], len(one["remarks"])) for one in entered
        ] == said

    def roll_stands(self, session: Session) -> None:
        for line in session.scalars(select(RollEntry)):
            counts = self.model.counting(line.member)
            assert line.versions == len(self.model.of(line.member))
            assert line.complete is bool(counts and counts.remarks)

    def is_compiled(self, table: dict[str, Any]) -> None:
        """The table was made as the post was stated; what comes since is late, and in no row."""
        rows = table["rows"]
        found = [(f"{row['item']}:{row['paragraph'] or ''}", row["member"]) for row in rows]
        assert sorted(found) == self.model.table()
        disposed = self.ledger.facts("disposition")
        last = {one["remark"]: one["disposition"] for one in disposed}
        names = {
            row["remark"]: (member, place) for row, (place, member) in zip(rows, found, strict=True)
        }
        assert {names[remark]: said for remark, said in last.items()} == self.model.disposed

    def teardown(self) -> None:
        if self.who:
            holds(self.desk)


def test_the_table_of_a_round_is_what_was_remarked_in_time(fresh: Callable[[], Desk]) -> None:
    met: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Rounds(fresh(), met),
        settings=how(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {act for act in ACTS if not met[act]} == set(), met
