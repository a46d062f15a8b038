"""Fixtures: both databases, migrated once a run; a clock that stands until a test moves it."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import typst
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from consult.actions.change import Desk
from consult.keys import Keyring
from consult.settings import Settings, load
from consult.tables import make_engine
from consult.tables.migrating import upgrade
from tests.databases import empty

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")

REQUIRED = os.environ.get("CONSULT_REQUIRE_SERVICES") == "1"
POSTGRESQL = os.environ.get("CONSULT_TEST_POSTGRESQL", "")


def absent(service: str, reason: str) -> None:
    """Skip with the reason, or fail where the service must be present."""
    if REQUIRED:
        pytest.fail(f"{service} is required here: {reason}")
    pytest.skip(f"{service}: {reason}")


class StandingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime(2020, 6, 20, 8, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "consult.db"
    upgrade(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.Engine]:
    if not POSTGRESQL:
        absent("PostgreSQL", "CONSULT_TEST_POSTGRESQL is not set")
    name = f"consult_test_{secrets.token_hex(4)}"
    server = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
            connection.execute(sa.text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    except sa.exc.OperationalError as error:
        server.dispose()
        absent("PostgreSQL", str(error.orig))
    url = sa.make_url(POSTGRESQL).set(database=name)
    upgrade(url.render_as_string(hide_password=False))
    engine = make_engine(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _turn_round(dbapi: Any, _record: object) -> None:
    """Let rows come backwards where no order is asked: nobody may rely on the usual one."""
    dbapi.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        path = tmp_path / "consult.db"
        path.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        made = make_engine(f"sqlite:///{path}")
        sa.event.listen(made, "connect", _turn_round)
        yield made
        made.dispose()
        return
    shared: sa.Engine = request.getfixturevalue("postgresql")
    with shared.begin() as connection:
        empty(connection)
    yield shared


@pytest.fixture
def settings(engine: sa.Engine, tmp_path: Path) -> Settings:
    return load(
        {
            "CONSULT_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "CONSULT_INSTANCE": str(tmp_path / "instance"),
            "CONSULT_SECRET_KEY": "a secret for tests that is long enough",
        }
    )


@pytest.fixture
def app(settings: Settings, clock: StandingClock, engine: sa.Engine) -> Flask:
    from consult.app import create_app  # noqa: PLC0415 - the core's tests need no pages

    made = create_app(settings, clock, engine=engine)
    made.testing = True
    return made


@pytest.fixture
def desk(engine: sa.Engine, clock: StandingClock, settings: Settings) -> Desk:
    """The desk without any pages; `app` works at one alike."""
    settings.files.mkdir(parents=True, exist_ok=True)
    keys = Keyring(settings.keys, makes_own=True)
    return Desk(engine, clock, settings.secret.encode(), settings.files, keys)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def strict_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a warning of typst, such as a font that is not there, fail the test."""

    def compile_strictly(*args: object, **options: object) -> bytes:
        made, warnings = typst.compile_with_warnings(*args, **options)  # type: ignore[arg-type]
        assert [warning.message for warning in warnings] == []
        return made

    monkeypatch.setattr(typst, "compile", compile_strictly)
