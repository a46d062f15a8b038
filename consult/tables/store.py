"""The engine, and the two ways to use it: `reading` a snapshot, `writing` a transaction."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from consult.errors import Unavailable
from consult.tables.together import forget_laid, is_written, write_laid

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
_POSTGRESQL = (
    "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s"
    " -c idle_in_transaction_session_timeout=30s"
)

# A connection that rested longer is asked whether it is still there before it is used; one that
# breaks under us ends that one change, with a page that says so, and all that rest are made anew.
_RESTED = 2.0  # seconds

# PostgreSQL took our session away, or is a standby that may only be read.
_GONE = frozenset({"25P03", "25006"})
_UNSUPPORTED = "0A000"  # among others: a prepared statement whose columns changed their type


def make_engine(url: str) -> sa.Engine:
    """Return an engine for *url*: SQLite in WAL mode or PostgreSQL, each with its time limits.

    On SQLite a transaction begins IMMEDIATE where the execution option ``write`` is set: a
    read lock cannot be upgraded once another has written, however long one waits.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        return _with_care(
            sa.create_engine(
                url,
                pool_size=8,
                max_overflow=8,
                connect_args={
                    "connect_timeout": 5,
                    "options": _POSTGRESQL,
                    "prepare_threshold": 1,  # a request asks what the last one asked
                },
                use_native_hstore=False,  # each connection would first ask whether there is one
            )
        )
    engine = sa.create_engine(url, connect_args={"timeout": 10})
    # SQLite's busy wait takes no turns: writers of one process queue here first.
    turn = threading.Lock()

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, record: object) -> None:
        dbapi.isolation_level = None  # the driver must never BEGIN or COMMIT for us
        for pragma in _PRAGMAS:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    engine.update_execution_options(turn=turn)
    return engine


def _with_care(engine: sa.Engine) -> sa.Engine:
    """Ask a connection that rested whether it is there; let none go on with outdated plans."""

    @event.listens_for(engine, "connect")
    @event.listens_for(engine, "checkin")
    def used(dbapi: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(dbapi: Any, record: Any, proxy: object) -> None:
        if time.monotonic() - record.info["used"] < _RESTED:
            return
        try:
            engine.dialect.do_ping(dbapi)
            dbapi.rollback()  # to ask began a transaction
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError from error

    @event.listens_for(engine, "handle_error")
    def plan(context: sa.ExceptionContext) -> None:
        """Make connections anew whose prepared statements were planned before an upgrade."""
        found = context.original_exception
        if getattr(found, "sqlstate", None) == _UNSUPPORTED and "cached plan" in str(found):
            context.is_disconnect = True

    return engine


class _Writing(Session):
    """A session that remembers, under `info`, whether anything was written in it."""

    def flush(self, objects: Any = None) -> None:
        self.info["written"] = is_written(self)
        super().flush(objects)
        try:
            write_laid(self)
        except BaseException:  # as for what is mapped: nothing of it can be kept any more
            self.rollback()
            raise


@event.listens_for(_Writing, "before_commit")
def _write_what_waits(session: Session) -> None:
    """Write what was laid aside: a session in which nothing else is new is not flushed."""
    write_laid(session)


@event.listens_for(_Writing, "after_rollback")
def _forget_what_waits(session: Session) -> None:
    forget_laid(session)


class _Snapshot(Session):
    """A session that only asks."""

    def flush(self, objects: Any = None) -> None:
        raise AssertionError("what is only read was changed")


def database_clock(session: Session) -> datetime:
    """Return the instant that the database's own clock shows."""
    if session.get_bind().dialect.name == "sqlite":
        shown = session.execute(sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"))
        return datetime.fromisoformat(shown.scalar_one())
    found: datetime = session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return found


@lru_cache(maxsize=4)  # to make either costs as much as a small statement
def _for_asking(engine: sa.Engine) -> sa.Engine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@lru_cache(maxsize=4)
def _changing(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(write=True)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """Give the database to ask; on SQLite all is answered from one snapshot.

    PostgreSQL answers each statement as things stand then, within a transaction as without one
    (READ COMMITTED), so that none is begun there: it would cost two more round trips.

    Raises:
        Unavailable: The database cannot be asked.
    """
    asked = _for_asking(engine)
    with _answering(), _Snapshot(asked, expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def asking(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give what `reading` does, for rows alone: a session costs as much as a small statement.

    Raises:
        Unavailable: The database cannot be asked.
    """
    with _answering(), _for_asking(engine).connect() as connection:
        yield connection


@contextmanager
def writing(
    engine: sa.Engine, before: Callable[[sa.Connection], None] | None = None
) -> Iterator[Session]:
    """Give one transaction: all of the block is kept, or none of it.

    Args:
        before: Asks what needs no lock, before anything is locked. On PostgreSQL over the same
            connection, where a transaction has locked nothing yet: one less is fetched and reset.

    Raises:
        Unavailable: The database cannot be asked, or has no room; nothing was kept.
    """
    turn = engine.get_execution_options().get("turn")
    if turn is None:
        with _transaction(engine) as session:
            if before is not None:
                before(session.connection())
            yield session
        return
    if before is not None:
        with asking(engine) as connection:
            before(connection)
    with turn, _transaction(engine) as session:
        yield session


@contextmanager
def _transaction(engine: sa.Engine) -> Iterator[Session]:
    bound = _changing(engine)
    with _answering(), _Writing(bound, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what the database cannot do (gone, busy, full) into a refusal in words (T71)."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise Unavailable from error
    except sa.exc.NotSupportedError as error:
        if not error.connection_invalidated:
            raise
        raise Unavailable from error
    except sa.exc.InternalError as error:
        if getattr(error.orig, "sqlstate", None) not in _GONE:
            raise
        raise Unavailable from error
