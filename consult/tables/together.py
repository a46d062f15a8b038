"""What a change leaves to be written goes to the database together: fewer round trips under a lock.

On PostgreSQL all of it is one statement, on SQLite one a table. Only rows that nothing waits for
go this way (entries, texts, heads, notices, receipts): who needs the number that the database
gives to a row flushes the session, and whatever else is new is flushed as ever.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstanceState, Session

from consult.tables.base import Base
from consult.tables.keys import Checkpoint
from consult.tables.ledger import LedgerEntry, LedgerText
from consult.tables.notices import HeadSent, Notice
from consult.tables.replies import Reply

_APART: tuple[type[Base], ...] = (LedgerEntry, LedgerText, Checkpoint, HeadSent, Notice, Reply)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Row = dict[str, Any]
Shape = tuple[tuple[str, tuple[str, ...]], ...]  # table, columns


def write_all(session: Session) -> None:
    """Write what is new and changed in *session*, as its flush would, and forget it there."""
    if session.get_bind().dialect.name == "sqlite":
        _write_by_table(session)
    elif _is_plain(session):
        _write_at_once(session)
    else:
        session.flush()


def _is_plain(session: Session) -> bool:
    """Say whether nothing waits for what is written, and no row hangs on another."""
    if session.deleted or not all(isinstance(one, _APART) for one in session.new):
        return False
    changed: list[InstanceState[Any]] = [sa.inspect(one) for one in session.dirty]
    return all(
        "id" in state.mapper.columns
        and state.committed_state.keys() <= set(state.mapper.column_attrs.keys())
        for state in changed
    )


def _write_by_table(session: Session) -> None:
    rows = _taken(session)
    session.flush()
    for kind, made in rows.items():
        session.connection().execute(sa.insert(_table(kind)), made)


def _write_at_once(session: Session) -> None:
    """Write the new rows and the changes of others by one statement.

    The rows travel as JSON, a list for each table: so the statement is the same whatever the
    number of people told or of comments made, and the server keeps its plan.
    """
    made, changed = _taken(session), _changed(session)
    if not made and not changed:
        return
    new = tuple((kind.__tablename__, tuple(rows[0])) for kind, rows in made.items())
    given = {name: _json(rows) for (name, _), rows in zip(new, made.values(), strict=True)}
    old = tuple((name, tuple(row)) for name, row in changed)
    given |= {f"changed_{place}": _json([row]) for place, (_, row) in enumerate(changed)}
    session.connection().exec_driver_sql(_statement(new, old), given)


def _taken(session: Session) -> dict[type[Base], list[Row]]:
    """Take the rows out of *session*, each table's in their order."""
    found: dict[type[Base], list[Row]] = {}
    for one in list(session.new):
        if isinstance(one, _APART):
            held = one.__dict__
            row = {name: held.get(name) for name in _names(type(one))}
            found.setdefault(type(one), []).append(row)
            session.expunge(one)
    return {kind: found[kind] for kind in _APART if kind in found}


def _changed(session: Session) -> list[tuple[str, Row]]:
    """Take the changed columns of each changed row, and its id; the rows are as written then."""
    found: list[tuple[str, Row]] = []
    for one in list(session.dirty):
        state: InstanceState[Any] = sa.inspect(one)
        names = {
            column.key: column.columns[0].name
            for column in state.mapper.column_attrs
            if column.key in state.committed_state
            and state.committed_state[column.key] != state.dict[column.key]
        }
        if names:
            row = {name: state.dict[key] for key, name in sorted(names.items())}
            found.append((state.class_.__tablename__, {"id": state.dict["id"], **row}))
    session.expunge_all()
    return sorted(found, key=lambda each: each[0])


def _table(kind: type[Base]) -> sa.Table:
    return Base.metadata.tables[kind.__tablename__]


@lru_cache
def _names(kind: type[Base]) -> tuple[str, ...]:
    """Return the columns that a new row states; its id, if it has one, comes from the database."""
    return tuple(column.name for column in _table(kind).columns if column.name != "id")


@lru_cache(maxsize=256)
def _statement(new: Shape, old: Shape) -> str:
    parts = [f"{name}_made AS ({_insert(name, columns)})" for name, columns in new]
    parts += [
        f"changed_{place}_made AS ({_update(name, columns, f'changed_{place}')})"
        for place, (name, columns) in enumerate(old)
    ]
    return f"WITH {', '.join(parts)} SELECT"


def _insert(name: str, columns: Sequence[str]) -> str:
    named = ", ".join(map(_quoted, columns))
    return f"INSERT INTO {name} ({named}) SELECT {named} FROM {_rows(name, columns, name)}"  # noqa: S608  # nosec B608


def _update(name: str, columns: Sequence[str], given: str) -> str:
    sets = ", ".join(f"{_quoted(one)} = x.{_quoted(one)}" for one in columns if one != "id")
    return f"UPDATE {name} AS t SET {sets} FROM {_rows(name, columns, given)} WHERE t.id = x.id"  # noqa: S608  # nosec B608


def _rows(name: str, columns: Sequence[str], given: str) -> str:
    of = Base.metadata.tables[name].columns
    typed = ", ".join(f"{_quoted(one)} {of[one].type.compile(dialect=_DIALECT)}" for one in columns)
    return f"json_to_recordset(%({given})s::json) AS x({typed})"


def _quoted(name: str) -> str:
    return _DIALECT.identifier_preparer.quote(name)


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_instant)


def _instant(value: datetime) -> str:
    return value.isoformat()
