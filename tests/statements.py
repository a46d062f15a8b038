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


# One statement may write to several tables (`consult.tables.together`).
_WRITES = re.compile(r"(?:^\s*|[()]\s*)(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
# A session's last sign of life, and how often somebody asked (T36).
UNNOTICED = frozenset({"login_session", "counter"})


def tables_of(statement: str) -> set[str]:
    """Return the tables that a statement writes; none if it only reads."""
    return set(_WRITES.findall(statement))


def tables_written(seen: list[str]) -> set[str]:
    """Return the tables that statements write and that a person could notice."""
    return {name for one in seen for name in tables_of(one)} - UNNOTICED
