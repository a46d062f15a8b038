"""What a change leaves to be written goes to the database together: fewer round trips under a lock.

On PostgreSQL all of it is one statement, on SQLite one a table. Only rows that nothing waits for
go this way (entries, texts, heads, notices, receipts): they are laid aside, never mapped, and are
written before the session next asks the database anything that may concern them. Who needs the
number that the database gives to a row adds it to the session, where it is flushed as ever.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstanceState, Mapper, Session

from consult.tables.base import Base
from consult.tables.keys import Checkpoint
from consult.tables.ledger import LedgerEntry, LedgerText
from consult.tables.notices import HeadSent, Notice
from consult.tables.replies import Reply

_APART: tuple[type[Base], ...] = (LedgerEntry, LedgerText, Checkpoint, HeadSent, Notice, Reply)
_LAID = "laid"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Row = dict[str, Any]
Shape = tuple[tuple[str, tuple[str, ...]], ...]  # table, columns


def lay(session: Session, kind: type[Base], /, **row: Any) -> None:
    """Lay a new row of *kind* aside: it is written with the next flush, or by `write_all`.

    Raises:
        TypeError: A name is none of its columns.
    """
    if unknown := row.keys() - _names(kind):
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    laid: dict[type[Base], list[Row]] = session.info.setdefault(_LAID, {})
    laid.setdefault(kind, []).append(row)


def is_written(session: Session) -> bool:
    """Say whether anything was written in *session*, or waits to be."""
    info = session.info
    waits = info.get(_LAID) or session.new or session.dirty or session.deleted
    return bool(info.get("written") or waits)


def write_laid(session: Session) -> None:
    """Write what was laid aside, a statement a table."""
    for kind, rows in _taken(session).items():
        session.connection().execute(sa.insert(_table(kind)), rows)


def forget_laid(session: Session) -> None:
    session.info.pop(_LAID, None)


def write_all(session: Session) -> None:
    """Write what is new and changed in *session*, as its flush would, and forget it there."""
    if session.get_bind().dialect.name == "postgresql" and _is_plain(session):
        _write_at_once(session)
    else:
        session.flush()


def _is_plain(session: Session) -> bool:
    """Say whether nothing waits for what is written, and no row hangs on another."""
    if session.new or session.deleted:
        return False
    changed: list[InstanceState[Any]] = [sa.inspect(one) for one in session.dirty]
    return all(
        "id" in _columns(state.mapper)
        and state.committed_state.keys() <= _columns(state.mapper).keys()
        for state in changed
    )


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
    given |= {f"changed_{place}": _json(row) for place, (_, row) in enumerate(changed)}
    session.connection().exec_driver_sql(_statement(new, old), given)


def _taken(session: Session) -> dict[type[Base], list[Row]]:
    """Take the rows that were laid aside, each table's in their order, every column of it named."""
    laid: dict[type[Base], list[Row]] = session.info.pop(_LAID, {})
    return {
        kind: [{name: row.get(name) for name in _names(kind)} for row in laid[kind]]
        for kind in sorted(laid, key=_APART.index)
    }


def _changed(session: Session) -> list[tuple[str, Row]]:
    """Take the changed columns of each changed row, and its id; the rows are as written then."""
    found: list[tuple[str, Row]] = []
    for one in list(session.dirty):
        state: InstanceState[Any] = sa.inspect(one)
        columns = _columns(state.mapper)
        names = {
            key: columns[key]
            for key, before in state.committed_state.items()
            if before != state.dict[key]
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


@lru_cache
def _columns(of: Mapper[Any]) -> dict[str, str]:
    """Return by its name in the class what the database calls each column."""
    return {column.key: column.columns[0].name for column in of.column_attrs}


@lru_cache(maxsize=256)
def _statement(new: Shape, old: Shape) -> str:
    """Return one statement that does all: the last act is its own, the others stand before it."""
    acts = [_insert(name, columns) for name, columns in new]
    acts += [
        _update(name, columns, f"changed_{place}") for place, (name, columns) in enumerate(old)
    ]
    before = ", ".join(f"act_{place} AS ({act})" for place, act in enumerate(acts[:-1]))
    return f"WITH {before} {acts[-1]}" if before else acts[-1]


def _insert(name: str, columns: Sequence[str]) -> str:
    named = ", ".join(map(_quoted, columns))
    rows = f"json_to_recordset(%({name})s::json) AS {_typed(name, columns)}"
    return f"INSERT INTO {name} ({named}) SELECT {named} FROM {rows}"  # noqa: S608  # nosec B608


def _update(name: str, columns: Sequence[str], given: str) -> str:
    sets = ", ".join(f"{_quoted(one)} = x.{_quoted(one)}" for one in columns if one != "id")
    row = f"json_to_record(%({given})s::json) AS {_typed(name, columns)}"
    return f"UPDATE {name} AS t SET {sets} FROM {row} WHERE t.id = x.id"  # noqa: S608  # nosec B608


def _typed(name: str, columns: Sequence[str]) -> str:
    of = Base.metadata.tables[name].columns
    typed = ", ".join(f"{_quoted(one)} {of[one].type.compile(dialect=_DIALECT)}" for one in columns)
    return f"x({typed})"


def _quoted(name: str) -> str:
    return _DIALECT.identifier_preparer.quote(name)


def _json(rows: Row | list[Row]) -> str:
    return json.dumps(rows, default=_instant)


def _instant(value: datetime) -> str:
    return value.isoformat()
