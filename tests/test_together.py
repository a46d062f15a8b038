"""What a change leaves to be written is written at once, and reads as it would have anyhow."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from hashlib import shake_128
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import change as module
from consult.actions.change import Change, Desk, change
from consult.core.life import SYSTEM
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind
from consult.errors import NotFound
from consult.tables import (
    Consultation,
    HeadSent,
    LedgerEntry,
    LedgerText,
    Member,
    Notice,
    Person,
    lay,
    reading,
    write_all,
    writing,
)
from tests import build

SLUG = "CONS-2020-1"
ODD = (
    "plain",
    'two\nlines, a "quote", a back\\slash, 100 %(no)s, :name, {brace}',
    "Рассмотрение 中文 العربية \u202e 🕊",
    "",
)


@pytest.fixture
def told(desk: Desk) -> list[Recipient]:
    build.council(desk, members=3)
    people = [build.officer(desk), build.approver(desk)]
    build.draft(desk, people[0])
    return [Recipient(who.person_id, who.opaque, "en", None, False) for who in people]


def act(this: Change, told: list[Recipient]) -> None:
    """Do some of all that changes do."""
    for text in ODD:
        this.commit_to(text, "en")
    this.consultation.subject = {"en": ODD[1], "ru": ODD[2]}
    this.consultation.reminded_at = this.now + timedelta(microseconds=1)
    this.consultation.outage = None
    this.notify(told, NoticeKind.ACKNOWLEDGEMENT, "odd", said=list(ODD), nothing=None, yes=True)
    this.sign_head()


def rows(session: Session) -> dict[str, list[Any]]:
    """Return what the database holds, but for the numbers that it gives."""
    kinds = (LedgerEntry, LedgerText, Notice, HeadSent, Consultation)
    return {
        kind.__tablename__: sorted(
            str([value for name, value in row._mapping.items() if name != "id"])
            for row in session.connection().execute(sa.select(kind.__table__))
        )
        for kind in kinds
    }


def after(desk: Desk, told: list[Recipient], write: Callable[[Session], None]) -> dict[str, Any]:
    """Return what the database holds once *write* has written the same change; undo it."""
    with writing(desk.engine) as session:
        letter = session.scalars(sa.select(Consultation).with_for_update()).one()
        this = Change(desk, session, letter, desk.clock(), SYSTEM)
        act(this, told)
        write(session)
        found = rows(session)
        session.rollback()
    return found


def make_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is drawn by chance come out the same each time."""
    drawn = count()

    def draw(size: int) -> bytes:
        return shake_128(str(next(drawn)).encode()).digest(size)

    monkeypatch.setattr(module.secrets, "token_hex", lambda size: draw(size).hex())
    monkeypatch.setattr(module.secrets, "token_bytes", draw)
    monkeypatch.setattr(module.uuid, "uuid4", lambda: uuid.UUID(bytes=draw(16)))


def test_what_is_written_together_reads_as_what_a_flush_writes(
    desk: Desk, told: list[Recipient], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for write in (write_all, Session.flush):
        make_certain(monkeypatch)
        found.append(after(desk, told, write))
    together, flushed = found
    assert together == flushed
    assert len(together["notice"]) == 2


@pytest.mark.usefixtures("told")
def test_what_another_row_waits_for_is_flushed_as_ever(desk: Desk) -> None:
    with change(desk, SLUG, SYSTEM) as this:
        this.session.add(Member(code="NEW", name={"en": "A new one"}))
        number = this.enter("draft-changed", fields={})
    with desk.engine.connect() as connection:
        assert connection.scalar(sa.select(Member.id).where(Member.code == "NEW")) is not None
        assert connection.scalar(sa.select(sa.func.max(LedgerEntry.number))) == number
        assert connection.scalar(sa.select(sa.func.count()).select_from(Person)) == 2


@pytest.mark.usefixtures("told")
def test_a_change_without_an_entry_is_a_defect_and_leaves_nothing(desk: Desk) -> None:
    with (
        pytest.raises(AssertionError, match="without a ledger entry"),
        change(desk, SLUG, SYSTEM) as this,
    ):
        this.consultation.subject = {"en": "Unseen"}
    with desk.engine.connect() as connection:
        assert connection.scalar(sa.select(Consultation.subject)) != {"en": "Unseen"}


def head(number: int) -> dict[str, Any]:
    return {"consultation_id": 1, "number": number, "head": "0" * 64, "at": build.CLOSES_AT}


@pytest.mark.usefixtures("told")
def test_what_is_laid_aside_is_there_when_asked_for_and_at_the_end(desk: Desk) -> None:
    numbers = sa.select(HeadSent.number).order_by(HeadSent.number)
    with writing(desk.engine) as session:
        lay(session, HeadSent, **head(901))
        assert session.scalars(numbers).all() == [901]
        lay(session, HeadSent, **head(902))
    with writing(desk.engine) as session:
        assert session.scalars(numbers).all() == [901, 902]
        lay(session, HeadSent, **head(903))
        session.rollback()
    with reading(desk.engine) as session:
        assert session.scalars(numbers).all() == [901, 902]


@pytest.mark.usefixtures("told")
def test_what_is_asked_before_the_lock_is_refused_without_it(desk: Desk) -> None:
    locked: list[str] = []

    def refuse(_connection: sa.Connection) -> None:
        raise NotFound

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FOR UPDATE" in statement or "BEGIN IMMEDIATE" in statement:
            locked.append(statement)

    sa.event.listen(desk.engine, "before_cursor_execute", note)
    with pytest.raises(NotFound), change(desk, SLUG, SYSTEM, before=refuse):
        raise AssertionError
    sa.event.remove(desk.engine, "before_cursor_execute", note)
    assert locked == []


@pytest.mark.usefixtures("told")
def test_where_what_was_laid_aside_cannot_be_written_nothing_is_kept(desk: Desk) -> None:
    """Nor if whoever asked for it passes over the refusal."""

    def act() -> None:
        with writing(desk.engine) as session:
            lay(session, HeadSent, **head(901))
            session.flush()
            for number in (902, 902):
                lay(session, HeadSent, **head(number))
            with pytest.raises(sa.exc.IntegrityError):
                session.flush()
            lay(session, HeadSent, **head(903))
            session.flush()

    with pytest.raises(sa.exc.InvalidRequestError):
        act()
    with reading(desk.engine) as session:
        assert session.scalars(sa.select(HeadSent.number)).all() == []


def test_a_row_with_a_column_that_is_not_there_is_a_defect(desk: Desk) -> None:
    with pytest.raises(TypeError, match="HeadSent has no haed"), writing(desk.engine) as session:
        lay(session, HeadSent, haed="0" * 64)
