"""The tables say what the entries say, and whoever edits a row is found (T47, T48)."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from consult.actions import certifying, posting, publishing, replying
from consult.actions.change import Desk
from consult.queries.verifying import verify_database
from tests import build


@pytest.fixture
def published(desk: Desk) -> str:
    """A consultation with replies, one of them late, to its published record."""
    build.council(desk, members=5)
    asks, confirms = build.officer(desk), build.approver(desk)
    slug = build.draft(desk, asks)
    build.open_it(desk, slug, asks, confirms)
    for code in ("ARG", "BHS", "BRA"):
        who = build.person(desk, f"Head of {code}", member=code)
        draft = build.answer(code, "approve", "object", None, c1="A comment.")
        replying.reply(desk, slug, who, build.sent(desk, draft))
    desk.clock.set(build.CLOSES_AT)
    late = build.person(desk, "Head of CAN", member="CAN")
    replying.reply(desk, slug, late, build.sent(desk, build.answer("CAN", "approve", None, None)))
    build.later(desk, seconds=120)
    build.confirm(desk, posting.state_post(desk, slug, asks), confirms)
    said = certifying.Conclusion(texts=build.in_all("It stands."), adopted={})
    build.confirm(desk, certifying.conclude(desk, slug, asks, said), confirms)
    publishing.publish(desk, slug, asks)
    return slug


def faults(desk: Desk) -> list[str]:
    return [str(f) for _, found in verify_database(desk.engine) for f in found.faults]


def test_a_whole_consultation_holds(desk: Desk, published: str) -> None:
    assert faults(desk) == []


def test_a_consultation_holds_at_every_step(desk: Desk) -> None:
    build.council(desk, members=3)
    asks, confirms = build.officer(desk), build.approver(desk)
    slug = build.draft(desk, asks)
    assert faults(desk) == []
    build.open_it(desk, slug, asks, confirms)
    assert faults(desk) == []
    who = build.person(desk, "Head of ARG", member="ARG")
    replying.reply(desk, slug, who, build.sent(desk, build.answer("ARG", "approve", None, None)))
    assert faults(desk) == []


EDITS: dict[str, tuple[str, str]] = {
    "a choice": (
        "reply",
        """UPDATE reply SET choices = '{"1": "object", "2": "object", "3": null}'""",
    ),
    "an instant": (
        "reply",
        "UPDATE reply SET received_at = '2020-06-21 00:00:00' WHERE member='ARG'",
    ),
    "a dropped reply": ("reply", "DELETE FROM reply WHERE member = 'BRA'"),
    "a head": ("", "UPDATE consultation SET head = '" + "0" * 64 + "'"),
    "a state": ("", "UPDATE consultation SET state = 'open'"),
    "a deadline": ("", "UPDATE consultation SET closes_at = '2020-07-18 14:00:00'"),
    "the roll": ("", """UPDATE roll_entry SET groups = '["Z"]' WHERE member = 'CUB'"""),
    "a right to vote": ("", "UPDATE roll_entry SET entitled = false WHERE member = 'CUB'"),
    "an item's words": ("", """UPDATE item SET title = '{"en": "Another"}' WHERE code = '1'"""),
    "the result": ("", "UPDATE consultation SET result = '{\"questions\": {}}'"),
    "an entry": (
        "ledger_entry",
        "UPDATE ledger_entry SET entry = replace(entry, 'approve', 'object') WHERE what = 'reply'",
    ),
    "a dropped entry": ("ledger_entry", "DELETE FROM ledger_entry WHERE what = 'late-reply'"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_whoever_edits_a_row_is_found(
    desk: Desk, published: str, edit: str, unlocked: Callable[[str], None]
) -> None:
    table, statement = EDITS[edit]
    if table:
        unlocked(table)
    with desk.engine.execution_options(write=True).begin() as connection:
        connection.execute(sa.text(statement))
    assert faults(desk)


@pytest.fixture
def unlocked(desk: Desk) -> Callable[[str], None]:
    """Take the triggers of a table away, as only the owner of the database can."""
    dropped: list[str] = []

    def unlock(table: str) -> None:
        with desk.engine.execution_options(write=True).begin() as connection:
            if connection.dialect.name == "sqlite":
                names = connection.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).scalars()
                for name in list(names):
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
                dropped.append(table)

    yield unlock
    for table in dropped:
        with desk.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
