"""Something happens between the reading of a reply's form and the lock under which it is stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_FORM = "SELECT consultation.id, consultation.draft_version"


@contextmanager
def once_read(engine: sa.Engine, happens: Callable[[], object]) -> Iterator[None]:
    """Let it happen, whole, once a form was read in the block."""
    done: list[object] = []

    def then(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(_FORM) and not done:
            done.append(statement)
            happens()

    event.listen(engine, "after_cursor_execute", then)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", then)
    assert done, "no form was read"
