"""Which statements a page or an action costs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """Gather the statements that *engine* runs in the block, BEGIN left out."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
# A session's last sign of life, and how often somebody asked (T36).
UNNOTICED = frozenset({"login_session", "counter"})


def table_written(statement: str) -> str | None:
    """Return the table that a statement writes, None if it only reads."""
    found = _WRITES.match(statement)
    return found[1] if found else None


def tables_written(seen: list[str]) -> set[str]:
    """Return the tables that statements write and that a person could notice."""
    return {name for one in seen if (name := table_written(one))} - UNNOTICED
