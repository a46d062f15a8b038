"""Whatever is objected, lifted, corrected or ruled: items, ledger and model say what is broken.

T33, T47, T76.
"""

from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.life import State, state_at
from consult.queries.silence import objections
from consult.tables import Consultation, Item, reading
from tests.machines.standing import Ledger, holds
from tests.machines.under_silence import CODES, UnderSilence

ACTS = {
    *("lifted", "ended", "on paper", "withdrawn", "revised", "barred"),
    *("let in", "kept out", "published"),
}


class Silences(UnderSilence):
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
            result = session.scalars(select(Consultation.result)).one()
            self.ledger.read_on(session, letter)
            self.items_stand(session)
            if model.state is not State.BROKEN:
                self.objections_stand(session)
        assert state_at(letter.state, letter.closes_at, model.now) is model.state_now
        assert self.told() == model.broken
        if model.counted:
            assert result is not None
            self.is_counted(result["questions"])

    def items_stand(self, session: Session) -> None:
        broken = session.scalars(select(Item.code).where(Item.broken_at.is_not(None)))
        assert {int(code) - 1 for code in broken} == self.model.broken

    def objections_stand(self, session: Session) -> None:
        """Pages and mails name those whose objection breaks an item, and nobody else."""
        standing, found = self.model.standing, objections(session, 1)
        said = {(int(one.item) - 1, one.member) for one in found}
        assert {one for one in said if one[0] in standing} == {
            (item, member) for item in standing for member in self.model.objectors(item)
        }

    def told(self) -> set[int]:
        """Return the items that are broken as the ledger tells it, from its first entry on."""
        broken: set[str] = set()
        for entry in self.ledger.entries:
            if entry["what"] == "broken":
                broken |= set(entry["facts"]["items"])
            elif entry["what"] == "mended":
                assert broken >= set(entry["facts"]["items"])
                broken -= set(entry["facts"]["items"])
        return {int(code) - 1 for code in broken}

    def is_counted(self, questions: dict[str, dict[str, object]]) -> None:
        """An item is adopted by silence unless it is broken."""
        model = self.model
        assert set(questions) == {str(item + 1) for item in model.standing}
        for item in model.standing:
            found, against = questions[str(item + 1)], model.objectors(item)
            voters = [code for code in CODES if code not in model.barred]
            assert found["outcome"] == ("not_adopted" if against else "adopted")
            assert found["positions"] == {
                code: "object" if code in against else "silent" for code in voters
            }

    def teardown(self) -> None:
        if self.who:
            self.met["ended"] += self.model.state is State.BROKEN
            holds(self.desk)


def test_what_is_broken_is_what_the_objections_make_it(fresh: Callable[[], Desk]) -> None:
    met: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Silences(fresh(), met),
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
