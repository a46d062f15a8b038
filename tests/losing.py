"""A database that loses what came after a backup: every row is put back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from consult.tables import Base

Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def lost(engine: sa.Engine) -> Iterator[None]:
    """Lose what happens within, as a service does that is made again from its last backup."""
    before = _rows(engine)
    yield
    with unguarded(engine) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(sa.delete(table))
        for table in Base.metadata.sorted_tables:
            if before[table.name]:
                connection.execute(sa.insert(table), before[table.name])


@contextmanager
def unguarded(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Write as who has the database in hand: without what keeps a ledger from being changed."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        found = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).all()
        for row in found:
            connection.exec_driver_sql(f"DROP TRIGGER {row.name}")
        yield connection
        for row in found:
            connection.exec_driver_sql(row.sql)


def _rows(engine: sa.Engine) -> Rows:
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
