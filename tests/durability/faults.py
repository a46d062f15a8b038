"""A hook under every writing action: a statement that fails, a commit whose answer gets lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from consult.tables import Base, Consultation


class Commit(Enum):
    """What becomes of the COMMIT."""

    DONE = "done"
    REFUSED = "refused"
    LOST = "lost"  # done, but nobody hears of it


@contextmanager
def faulty(
    engine: sa.Engine, fails_at: int | None = None, commit: Commit = Commit.DONE
) -> Iterator[list[str]]:
    """List the statements of writing transactions, and the commits.

    Args:
        fails_at: Which statement, from 0, fails as if the database had gone.
    """
    seen: list[str] = []
    dialect: Any = engine.dialect
    really = dialect.do_commit

    def statement(
        connection: sa.Connection, _cursor: Any, text: str, _given: Any, _context: Any, _many: Any
    ) -> None:
        if not connection.get_execution_options().get("write"):
            return
        seen.append(text)
        if len(seen) - 1 == fails_at:
            raise dialect.dbapi.OperationalError("the database has gone")

    def do_commit(connection: Any) -> None:
        seen.append("COMMIT")
        if commit is not Commit.REFUSED:
            really(connection)
        if commit is not Commit.DONE:
            raise dialect.dbapi.OperationalError("the database has gone")

    event.listen(engine, "before_cursor_execute", statement)
    dialect.do_commit = do_commit
    try:
        yield seen
    finally:
        dialect.do_commit = really
        event.remove(engine, "before_cursor_execute", statement)


def everything(engine: sa.Engine) -> dict[str, list[str]]:
    """Return every row of every table, to be compared."""
    with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
        }


def shape(engine: sa.Engine) -> tuple[Any, ...]:
    """Return how many rows each table has, and the heads of the ledgers: quick to ask."""
    counts = [
        sa.select(sa.func.count()).select_from(table).scalar_subquery()
        for table in Base.metadata.sorted_tables
    ]
    with engine.connect() as connection:
        heads = connection.execute(sa.select(Consultation.head).order_by(Consultation.id))
        return tuple(connection.execute(sa.select(*counts)).one()), tuple(heads.scalars())
