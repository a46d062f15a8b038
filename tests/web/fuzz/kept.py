"""What is stored, to be compared and put back: which tables a request wrote, and what in them."""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from consult.tables import Base
from tests.statements import tables_of

_TABLES = {table.name: table for table in Base.metadata.sorted_tables}


class Kept:
    """The content of a database at one moment.

    Args:
        engine: Its own, and the one that is watched.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.touched: set[str] = set()
        self.rows = {name: self._rows(name) for name in _TABLES}
        self._copy = _copied(engine)
        event.listen(engine, "before_cursor_execute", self._note)

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)
        if isinstance(self._copy, sqlite3.Connection):
            self._copy.close()

    def changed(self) -> set[str]:
        """Return the tables that hold something else than they did."""
        return {name for name in self.touched if self._rows(name) != self.rows[name]}

    def put_back(self) -> None:
        """Let the database hold again what it held."""
        if not self.touched:
            return
        if isinstance(self._copy, sqlite3.Connection):
            with sqlite3.connect(str(self.engine.url.database)) as there:
                self._copy.backup(there)
            there.close()
        else:
            self._insert_again()
        self.touched.clear()

    def _note(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.touched |= tables_of(statement)

    def _rows(self, name: str) -> list[tuple[Any, ...]]:
        """Return a table's rows, without when a session was last seen."""
        table = _TABLES[name]
        columns = [column for column in table.c if column.name != "seen_at"]
        with self.engine.connect() as connection:
            ordered = sa.select(*columns).order_by(*table.primary_key.columns)
            return [tuple(row) for row in connection.execute(ordered)]

    def _insert_again(self) -> None:
        names = self.touched & set(_TABLES)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for name in sorted(names):
                connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - our own names
                connection.exec_driver_sql(f"INSERT INTO {name} SELECT * FROM kept.{name}")  # noqa: S608


def _copied(engine: sa.Engine) -> sqlite3.Connection | None:
    """Return a copy of a file in memory; on PostgreSQL the copy is a schema beside the tables."""
    if engine.dialect.name == "sqlite":
        copy = sqlite3.connect(":memory:")
        there = sqlite3.connect(str(engine.url.database))
        there.backup(copy)
        there.close()
        return copy
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS kept CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA kept")
        for name in _TABLES:
            connection.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE {name}")
    return None
