"""What an operator should know of the database before states rely on it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consult.core.life import Role, State
from consult.core.schedule import NoticeState
from consult.core.upload import stored_at
from consult.tables import (
    Base,
    Consultation,
    Contest,
    Document,
    Evidence,
    FocalPoint,
    Grant,
    Heartbeat,
    Notice,
    Organisation,
    Person,
    Reply,
    ReplyNote,
    RollEntry,
    reading,
)

# Beyond so many members one machine's file is not the right place (performance, lesson 7).
SQLITE_MEMBERS = 1000
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
# What the database refuses to change or drop, by triggers (T43).
WRITTEN_ONCE = (
    "ledger_entry", "reply", "comment", "view_statement", "checkpoint", "countersignature",
)  # fmt: skip
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


def named_files(engine: sa.Engine) -> list[str]:
    """Return the SHA-256 of each file that the database names (one statement)."""
    columns = (
        Document.sha256,
        Evidence.sha256,
        FocalPoint.paper_sha256,
        ReplyNote.sha256,
        Reply.note,
        Contest.proof,
        Organisation.logo,
    )
    with reading(engine) as session:
        named = session.scalars(
            sa.union(*(sa.select(column).where(column.is_not(None)) for column in columns))
        ).all()
    return sorted(name for name in named if name)


def missing_files(engine: sa.Engine, folder: Path) -> list[str]:
    """Return the SHA-256 of each file that the database names and the folder lacks."""
    return [name for name in named_files(engine) if not stored_at(folder, name).is_file()]


def changed_files(engine: sa.Engine, folder: Path) -> list[str]:
    """Return the SHA-256 of each file whose bytes are others than when it was kept."""
    found = []
    for name in named_files(engine):
        path = stored_at(folder, name)
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != name:
                    found.append(name)
    return found


def unguarded(engine: sa.Engine) -> list[str]:
    """Return the tables that are written once and that the database would let anybody change."""
    with reading(engine) as session:
        if engine.dialect.name == "sqlite":
            there = set(
                session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            )
            acts = ["_from_update", "_from_delete"]
        else:
            there = set(
                session.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"))
            )
            acts = [""]
    return [
        table for table in WRITTEN_ONCE if not {f"{table}_is_kept{act}" for act in acts} <= there
    ]


def orphans(engine: sa.Engine) -> list[str]:
    """Return the tables with rows of a letter that is not there (one statement)."""
    letter = Consultation.__table__.c.id
    tables = [
        (table.name, table.c.consultation_id)
        for table in Base.metadata.sorted_tables
        if "consultation_id" in table.c
    ]
    with reading(engine) as session:
        return list(
            session.scalars(
                sa.union_all(
                    *(
                        sa.select(sa.literal(name)).where(
                            sa.exists().where(column.is_not(None), ~_there(column, letter))
                        )
                        for name, column in tables
                    )
                )
            )
        )


def _there(column: sa.ColumnElement[Any], letter: sa.ColumnElement[Any]) -> sa.Exists:
    return sa.exists().where(letter == column)


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
