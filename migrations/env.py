"""Runs the migrations: each in its own transaction, on SQLite with foreign keys checked after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy import event

config = context.config


def render_item(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """Write our own types as plain ones: the product changes, the past does not."""
    if kind == "type" and type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return False


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Give a connection; on SQLite without foreign keys, for batch mode drops tables.

    The pragma does nothing inside a transaction, so it is set when the connection is made.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(dbapi: Any, _record: object) -> None:
            dbapi.isolation_level = None
            dbapi.execute("PRAGMA foreign_keys=OFF")
            dbapi.execute("PRAGMA busy_timeout=10000")

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def run() -> None:
    """Migrate, and fail if a row is left that refers to nothing."""
    with connected(config.attributes["url"]) as connection:
        context.configure(
            connection=connection,
            target_metadata=config.attributes["metadata"],
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(f"rows refer to nothing after the migration: {lost[:5]}")


run()
