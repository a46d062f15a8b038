"""A full disk, a database that may only be read, that restarts, a clock that goes back."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from consult.actions import posting
from consult.actions.change import Desk
from consult.queries.health import health
from consult.tables import LedgerEntry, Notice, reading, writing
from tests import build
from tests.durability.disks import full_disk
from tests.durability.faults import everything
from tests.forms import form_with, send
from tests.office import Office, office_of, page, paper_form, send_paper
from tests.replies import LETTER, confirm, reply, stored
from tests.revising import SLUG
from tests.stored import faults, kinds

# Nothing that a database could store in less room.
LONG = "".join(sha256(bytes([number])).hexdigest() for number in range(131))
TYPED = {"p-1": "approve", "p-2": "object", "c-2": LONG}


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, 3)
    made.open()
    return made


@pytest.fixture
def argentina(office: Office) -> FlaskClient:
    return office.browser("ARG")


@contextmanager
def everywhere(engine: sa.Engine, *statements: str) -> Iterator[None]:
    """Let each connection of the service begin with *statements*; afterwards none does."""

    def begin(dbapi: Any, _record: object) -> None:
        for statement in statements:
            dbapi.execute(statement)
        if engine.dialect.name == "postgresql":
            dbapi.commit()

    event.listen(engine, "connect", begin)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", begin)
        engine.dispose()


@contextmanager
def full(engine: sa.Engine) -> Iterator[None]:
    """Leave the database no room at all for one page more."""
    if engine.dialect.name != "sqlite":
        with full_disk(engine):
            yield
        return
    with engine.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with everywhere(engine, f"PRAGMA max_page_count={pages}"):
        yield


@contextmanager
def read_only(engine: sa.Engine) -> Iterator[None]:
    """Let the database be read only, as on a disk gone read-only or a standby."""
    sqlite = engine.dialect.name == "sqlite"
    with everywhere(
        engine, "PRAGMA query_only=1" if sqlite else "SET default_transaction_read_only = on"
    ):
        yield


def not_received(answer: Any) -> str:
    """Refuse an answer that is not the clear page with a reference; return it."""
    assert answer.status_code == 503, (answer.status_code, answer.text[:500])
    assert answer.headers["Retry-After"] == "10"
    assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", answer.text)
    assert "Traceback" not in answer.text
    return str(answer.text)


@pytest.mark.parametrize("broken", [full, read_only])
def test_what_is_typed_comes_back_and_nothing_half_is_stored(
    office: Office, argentina: FlaskClient, broken: Callable[[sa.Engine], Any]
) -> None:
    """T71."""
    engine = office.desk.engine
    form = form_with(page(argentina, LETTER), "review")
    before = everything(engine)
    with broken(engine):
        shown = not_received(send(argentina, LETTER, form, "review", **TYPED))
        kept = form_with(shown, "c-2").fields
    assert kept["c-2"].strip() == LONG.strip()
    assert (kept["p-1"], kept["p-2"]) == ("approve", "object")
    assert everything(engine) == before
    assert reply(argentina, LETTER, **TYPED).status_code == 303
    assert [row.version for row in stored(office.desk)] == [1]
    assert faults(office.desk) == []


@pytest.mark.parametrize("broken", [full, read_only])
def test_a_reply_that_could_not_be_kept_is_sent_again_by_the_same_form(
    office: Office, argentina: FlaskClient, broken: Callable[[sa.Engine], Any]
) -> None:
    """T61, T67, T71."""
    engine = office.desk.engine
    send(argentina, LETTER, form_with(page(argentina, LETTER), "review"), "review", **TYPED)
    form = form_with(page(argentina, f"{LETTER}/check"), "key")
    before = everything(engine)
    with broken(engine):
        again = form_with(not_received(send(argentina, LETTER, form)), "key")
    assert again.fields["key"] == form.fields["key"]
    assert everything(engine) == before
    assert send(argentina, LETTER, form).status_code == 303
    assert [row.version for row in stored(office.desk)] == [1]
    assert faults(office.desk) == []


def test_a_disk_that_is_full_of_files_keeps_none_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T71: the scan of a reply on behalf cannot be written."""
    build.later(office.desk, days=21)
    officer = office.browser("officer")
    fields = paper_form(officer) | {"member": "BHS"}

    def no_room(_from: Path, _to: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", no_room)
        shown = not_received(send_paper(officer, fields))
    assert form_with(shown, "reason").fields["reason"] == fields["reason"]
    assert kinds(office.desk).count("approval-asked") == 1  # that of the opening
    assert send_paper(officer, fields).status_code == 303


def test_a_database_that_restarts_between_requests_is_not_noticed(
    office: Office, argentina: FlaskClient
) -> None:
    """T71: connections are tried before they are used."""
    restart(office.desk.engine)
    assert reply(argentina, LETTER, **TYPED).status_code == 303


def test_a_database_that_restarts_in_the_midst_keeps_nothing_and_takes_the_next_try(
    office: Office, argentina: FlaskClient
) -> None:
    """T61, T67, T71: it goes between the last statement and the COMMIT."""
    engine = office.desk.engine
    send(argentina, LETTER, form_with(page(argentina, LETTER), "review"), "review", **TYPED)
    form = form_with(page(argentina, f"{LETTER}/check"), "key")
    before = kinds(office.desk)

    def gone(_connection: sa.Connection) -> None:
        restart(engine)

    event.listen(engine, "commit", gone)
    not_received(send(argentina, LETTER, form))
    event.remove(engine, "commit", gone)
    assert kinds(office.desk) == before
    assert send(argentina, LETTER, form).status_code == 303
    assert [row.version for row in stored(office.desk)] == [1]
    assert faults(office.desk) == []


def restart(engine: sa.Engine) -> None:
    """End every session of the database, as a restart does."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server that could restart")
    server = sa.create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": engine.url.database},
        )
    server.dispose()


@pytest.mark.parametrize(("back", "alarms"), [(2, 0), (3, 1), (3600, 1)])
def test_a_clock_that_goes_back_is_entered_and_no_entry_goes_back(
    office: Office, back: int, alarms: int
) -> None:
    """T42."""
    desk = office.desk
    build.later(desk, days=1)
    office.reply("ARG")
    build.later(desk, seconds=-back)
    office.reply("BHS")
    with reading(desk.engine) as session:
        rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    ats = [row.at for row in rows]
    assert ats == sorted(ats)
    entered = [json.loads(row.entry)["facts"] for row in rows if row.what == "clock-alarm"]
    assert len(entered) == alarms
    assert faults(desk) == []


def test_a_clock_set_back_over_the_deadline_reopens_nothing_that_is_closed(
    office: Office,
) -> None:
    """T42, T66: what then comes in time is not acknowledged."""
    desk = office.desk
    office.close()
    build.confirm(
        desk, posting.state_post(desk, SLUG, office.people["officer"]), office.people["approver"]
    )
    build.set_clock(desk, build.CLOSES_AT - timedelta(hours=1))
    before, argentina = kinds(desk), office.browser("ARG")
    write = form_with(page(argentina, LETTER), "review")
    send(argentina, LETTER, write, "review", **TYPED)
    assert confirm(argentina).status_code == 503
    assert kinds(desk) == before


def test_readiness_tells_that_the_database_is_gone_and_that_it_is_back(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    """T71."""
    from consult import clock  # noqa: PLC0415 - the real one, for once

    desk: Desk = app.extensions["consult"]
    app.extensions["consult"] = Desk(engine, clock.now, desk.secret, desk.files, desk.keys)

    def gone(*_given: object) -> None:
        raise sa.exc.OperationalError("gone", None, Exception("gone"))

    event.listen(engine, "before_cursor_execute", gone)
    answer = client.get("/readyz")
    event.remove(engine, "before_cursor_execute", gone)
    assert (answer.status_code, answer.json) == (503, {"ready": False, "database": False})
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json["ready"] is True  # type: ignore[index]


@pytest.mark.parametrize(
    ("apart", "ready"), [(0.9, True), (-0.9, True), (1.1, False), (-1.1, False)]
)
def test_clocks_more_than_a_second_apart_are_red(
    engine: sa.Engine, apart: float, ready: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T72."""
    from consult.queries import health as module  # noqa: PLC0415

    now = build.CLOSES_AT
    monkeypatch.setattr(module, "database_clock", lambda _: now + timedelta(seconds=apart))
    assert health(engine, now).ready is ready


def test_readiness_tells_how_long_the_oldest_mail_waits(office: Office) -> None:
    """T71."""
    engine, now = office.desk.engine, office.desk.clock()
    assert health(engine, now + timedelta(seconds=900)).outbox_moves
    found = health(engine, now + timedelta(seconds=901))
    assert (found.outbox_age, found.outbox_moves) == (901, False)
    with writing(engine) as session:
        session.execute(sa.update(Notice).values(not_before=now + timedelta(days=1)))
    assert health(engine, now + timedelta(seconds=901)).outbox_age == 0
