"""Counters of what was tried, each until an instant: in the database (T97)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.tables import Counter, reading, writing


class Count(NamedTuple):
    """How often, and when last."""

    number: int
    last_at: datetime


class Counters(Protocol):
    """Where it is counted; keys are hashes that tell neither who nor from where."""

    def add(self, keys: Sequence[str], now: datetime, expires_at: datetime) -> list[int]:
        """Add one to each, atomically; return how many there are. An expired one begins anew."""

    def read(self, keys: Sequence[str], now: datetime) -> dict[str, Count]:
        """Return those that have not expired."""

    def drop(self, keys: Sequence[str]) -> None:
        """Forget them."""


@dataclass(frozen=True, slots=True)
class InDatabase:
    """Counted in a table: what all processes of a deployment share anyway."""

    engine: sa.Engine

    def add(self, keys: Sequence[str], now: datetime, expires_at: datetime) -> list[int]:
        """See `Counters.add`."""
        with writing(self.engine) as session:
            return [_add(session, key, now, expires_at) for key in keys]

    def read(self, keys: Sequence[str], now: datetime) -> dict[str, Count]:
        """See `Counters.read` (one statement)."""
        with reading(self.engine) as session:
            rows = session.scalars(
                sa.select(Counter).where(Counter.key.in_(keys), Counter.expires_at > now)
            )
            return {row.key: Count(row.count, row.last_at) for row in rows}

    def drop(self, keys: Sequence[str]) -> None:
        """See `Counters.drop`."""
        with writing(self.engine) as session:
            session.execute(sa.delete(Counter).where(Counter.key.in_(keys)))


def _add(session: Session, key: str, now: datetime, expires_at: datetime) -> int:
    """Add one in a single statement: two at once must not count as one."""
    sqlite_ = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if sqlite_ else postgresql.insert
    new: sqlite.Insert | postgresql.Insert = insert(Counter).values(
        key=key, count=1, last_at=now, expires_at=expires_at
    )
    counted: int = session.execute(
        new.on_conflict_do_update(
            index_elements=[Counter.key],
            set_={
                "count": sa.case((Counter.expires_at <= now, 1), else_=Counter.count + 1),
                "last_at": now,
                "expires_at": expires_at,
            },
        ).returning(Counter.count)
    ).scalar_one()
    return counted
