"""What an operator should know of the database before states rely on it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from consult.core.life import Role, State
from consult.core.schedule import NoticeState
from consult.core.upload import stored_at
from consult.tables import (
    Consultation,
    Document,
    Evidence,
    Grant,
    Heartbeat,
    Notice,
    Person,
    RollEntry,
    reading,
)

# Beyond so many members one machine's file is not the right place (performance, lesson 7).
SQLITE_MEMBERS = 1000
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_BEATS = timedelta(minutes=5)


def durability(engine: sa.Engine) -> dict[str, str]:
    """Return the settings on which "acknowledged is on disk" rests, as the database has them."""
    with reading(engine) as session:
        if engine.dialect.name == "sqlite":
            names = ("journal_mode", "synchronous", "foreign_keys")
            return {
                name: str(session.execute(sa.text(f"PRAGMA {name}")).scalar()) for name in names
            }
        return {
            name: str(session.execute(sa.text(f"SHOW {name}")).scalar_one()) for name in _DURABLE
        }


def lost_durability(engine: sa.Engine) -> list[str]:
    """Return which of these settings could lose what was acknowledged (T62, T63)."""
    found = durability(engine)
    if engine.dialect.name == "sqlite":
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
        return [name for name, value in wanted.items() if found[name] != value]
    return [name for name in _DURABLE if found[name] == "off"]


def missing_files(engine: sa.Engine, folder: Path) -> list[str]:
    """Return the SHA-256 of each file that the database names and the folder lacks."""
    with reading(engine) as session:
        named = session.scalars(
            sa.union(
                sa.select(Document.sha256).where(Document.sha256.is_not(None)),
                sa.select(Evidence.sha256),
            )
        ).all()
    return sorted(name for name in named if not stored_at(folder, name).is_file())


def largest_roll(engine: sa.Engine) -> int:
    """Return how many members the largest roll has."""
    with reading(engine) as session:
        each = (
            sa.select(sa.func.count())
            .select_from(RollEntry)
            .group_by(RollEntry.consultation_id)
            .order_by(sa.func.count().desc())
        )
        return session.scalars(each).first() or 0


def failed_notices(engine: sa.Engine) -> int:
    """Return how many notices of open letters were given up."""
    with reading(engine) as session:
        return (
            session.scalar(
                sa.select(sa.func.count())
                .select_from(Notice)
                .join(Consultation, Consultation.id == Notice.consultation_id)
                .where(
                    Consultation.state == State.OPEN,
                    Notice.state == NoticeState.FAILED,
                )
            )
            or 0
        )


def lacking_roles(engine: sa.Engine) -> list[Role]:
    """Return the roles without which nothing can be opened: no person is there who holds one."""
    needed = (Role.ADMINISTRATOR, Role.OFFICER, Role.APPROVER)
    with reading(engine) as session:
        held = set(
            session.scalars(
                sa.select(Grant.role)
                .join(Person, Person.id == Grant.person_id)
                .where(Person.disabled_at.is_(None))
                .distinct()
            )
        )
    return [role for role in needed if role not in held]


def beats_lately(engine: sa.Engine, now: datetime) -> bool:
    """Say whether the service left a sign of life in the last minutes."""
    with reading(engine) as session:
        last = session.scalar(sa.select(sa.func.max(Heartbeat.at)))
    return last is not None and now - last <= _BEATS


def demo_people(engine: sa.Engine, domain: str) -> int:
    """Return how many people of the demonstration are there."""
    with reading(engine) as session:
        return (
            session.scalar(
                sa.select(sa.func.count())
                .select_from(Person)
                .where(Person.address_key.like(f"%@{domain}"))
            )
            or 0
        )


def overdue(engine: sa.Engine, now: datetime) -> Iterator[str]:
    """Yield the reference of each letter whose deadline passed without the clock's entry."""
    with reading(engine) as session:
        yield from session.scalars(
            sa.select(Consultation.reference)
            .where(
                Consultation.state == State.OPEN,
                Consultation.closes_at < now - timedelta(hours=1),
            )
            .order_by(Consultation.reference)
        )
