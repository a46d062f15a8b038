"""How each database is used: its settings, its locks, and what it refuses to change."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waits
from threading import Event

import pytest
import sqlalchemy as sa
from sqlalchemy import event, select

from consult.actions import closing, replying
from consult.actions.change import Desk, change
from consult.core.life import SYSTEM, Actor
from consult.errors import Unavailable
from consult.tables import Consultation, Organisation, make_engine, reading, writing
from tests import build
from tests.durability.faults import everything
from tests.revising import SLUG
from tests.stored import faults, kinds

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
NOW = "2020-07-17T14:00:00.000000Z"
SHOWN = {
    "default_transaction_isolation": "read committed",
    "transaction_isolation": "read committed",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
    "TimeZone": "UTC",
}


@pytest.fixture
def ana(desk: Desk) -> Actor:
    build.open_consultation(desk, members=3)
    return build.person(desk, "Ana", member="ARG")


@pytest.fixture
def other(engine: sa.Engine) -> Iterator[sa.Engine]:
    """The same database as another process has it."""
    made = make_engine(engine.url.render_as_string(hide_password=False))
    yield made
    made.dispose()


def on(engine: sa.Engine, name: str) -> bool:
    return engine.dialect.name == name


def test_each_connection_has_the_settings_that_make_it_durable(engine: sa.Engine) -> None:
    """T62, T63."""
    sqlite = on(engine, "sqlite")
    for _time in range(2):
        with engine.connect() as connection:
            for name, value in (PRAGMAS if sqlite else SHOWN).items():
                asked = f"PRAGMA {name}" if sqlite else f"SHOW {name}"
                assert connection.exec_driver_sql(asked).scalar() == value, name
        engine.dispose()


def test_who_writes_takes_the_lock_at_once(engine: sa.Engine) -> None:
    """T62: a read lock could not be upgraded once another has written."""
    if not on(engine, "sqlite"):
        pytest.skip("PostgreSQL locks rows")
    begun: list[str] = []

    def listen(_c: object, _cursor: object, text: str, *_more: object) -> None:
        begun.append(text)

    event.listen(engine, "before_cursor_execute", listen)
    with writing(engine) as session:
        session.scalar(select(Organisation.id))
    with reading(engine) as session:
        session.scalar(select(Organisation.id))
    event.remove(engine, "before_cursor_execute", listen)
    assert begun[0::2] == ["BEGIN IMMEDIATE", "BEGIN DEFERRED"]


def test_plans_made_before_an_upgrade_are_made_anew(engine: sa.Engine) -> None:
    """A service that goes on through an upgrade refuses once, and no page is a defect."""
    if not on(engine, "postgresql"):
        pytest.skip("SQLite plans a statement anew by itself")
    wanted, url = sa.text("SELECT what FROM upgraded"), engine.url
    here = make_engine(url.render_as_string(hide_password=False))
    with writing(engine) as session:
        session.execute(sa.text("CREATE TABLE upgraded (what INTEGER)"))
    try:
        for _time in range(3):  # until it is prepared
            with reading(here) as session:
                session.execute(wanted).all()
        with writing(engine) as session:
            session.execute(sa.text("ALTER TABLE upgraded ALTER what TYPE TEXT"))
        with pytest.raises(Unavailable), reading(here) as session:
            session.execute(wanted).all()
        with reading(here) as session:
            assert session.execute(wanted).all() == []
    finally:
        here.dispose()
        with writing(engine) as session:
            session.execute(sa.text("DROP TABLE upgraded"))


@pytest.mark.usefixtures("ana")
def test_a_second_writer_waits_and_is_not_told_that_it_is_locked(
    desk: Desk, other: sa.Engine
) -> None:
    """T62, T64: also one of another process."""
    held, release = Event(), Event()

    def hold() -> None:
        with change(desk, SLUG, SYSTEM):
            held.set()
            release.wait(20)

    def write(engine: sa.Engine) -> None:
        with writing(engine) as session:
            session.scalar(select(Consultation.id).with_for_update())
            session.execute(sa.text("UPDATE organisation SET telephone = '1'"))

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(hold)
        assert held.wait(10)
        waiting = [pool.submit(write, engine) for engine in (desk.engine, other)]
        for one in waiting:
            with pytest.raises(Waits):
                one.result(timeout=0.2)
        release.set()
        for one in (first, *waiting):
            one.result(timeout=20)


def test_who_waits_too_long_for_a_lock_is_told_so_and_nothing_is_kept(
    desk: Desk, ana: Actor, other: sa.Engine
) -> None:
    """T63, T71: with a shorter wait than the ten seconds, so that the test is quick."""
    short = "PRAGMA busy_timeout=100" if on(other, "sqlite") else "SET lock_timeout = '100ms'"

    def be_quick(dbapi: object, _record: object) -> None:
        dbapi.execute(short)  # type: ignore[attr-defined]
        dbapi.commit()  # type: ignore[attr-defined]

    event.listen(desk.engine, "connect", be_quick)
    desk.engine.dispose()
    new = build.sent(desk, build.answer("ARG", "approve", None, None))
    with writing(other) as session:
        session.execute(sa.text("UPDATE consultation SET revision = 0"))
        with pytest.raises(Unavailable):
            replying.reply(desk, SLUG, ana, new)
    event.remove(desk.engine, "connect", be_quick)
    assert replying.reply(desk, SLUG, ana, new) == 1
    desk.engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET what = 'reply'",
        "UPDATE ledger_entry SET leaf = head",
        "DELETE FROM ledger_entry",
        "UPDATE reply SET late = NOT late",
        "UPDATE reply SET receipt = '{}'",
        "DELETE FROM reply",
    ],
)
def test_entries_and_replies_are_neither_changed_nor_deleted(
    desk: Desk, ana: Actor, statement: str
) -> None:
    """T43: by triggers, whoever asks."""
    replying.reply(desk, SLUG, ana, build.sent(desk, build.answer("ARG", "approve", None, None)))
    before = everything(desk.engine)
    with pytest.raises(sa.exc.DBAPIError), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert everything(desk.engine) == before


def test_an_unfinished_change_leaves_nothing(desk: Desk, ana: Actor) -> None:
    """T61: what a process was at when it died was never there."""

    def die() -> None:
        with change(desk, SLUG, ana) as this:
            this.enter("closing", takes_effect_at=NOW, cause="clock", clock_offset=0)
            this.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    before = kinds(desk)
    assert "closing" not in before
    build.set_clock(desk, build.CLOSES_AT)
    build.later(desk, seconds=120)
    closing.close(desk, SLUG)
    assert kinds(desk) == [*before, "closing", "notices-queued"]
    assert faults(desk) == []
