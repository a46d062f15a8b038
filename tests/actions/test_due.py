"""What falls due by the clock: reminders to those who have not replied, and the closing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from consult.actions import due, replying, sending
from consult.actions.change import Desk
from consult.core.life import NotNow, State
from consult.core.schedule import NoticeKind, NoticeState
from consult.errors import BadInput, NotAllowed, NotFound
from consult.tables import Consultation, LedgerEntry, Notice, reading
from tests import build
from tests.build import set_clock
from tests.statements import statements

FIRST = build.CLOSES_AT - timedelta(days=7)
SECOND = build.CLOSES_AT - timedelta(days=2)
CODES = ["ARG", "BHS", "BRA", "CAN", "CUB"]


@pytest.fixture
def council(desk: Desk) -> dict[str, Any]:
    build.council(desk, members=5)
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in CODES},
    }


@pytest.fixture
def slug(desk: Desk, council: dict[str, Any]) -> str:
    drafted = build.draft(desk, council["officer"])
    build.open_it(desk, drafted, council["officer"], council["approver"])
    return drafted


def reminders(desk: Desk, **where: Any) -> list[Notice]:
    with reading(desk.engine) as session:
        asked = select(Notice).filter_by(kind=NoticeKind.REMINDER, **where)
        return list(session.scalars(asked.order_by(Notice.id)))


def reply(desk: Desk, slug: str, who: Any, *choices: str | None, base: int = 0) -> None:
    [member] = who.members
    replying.reply(desk, slug, who, build.sent(desk, build.answer(member, *choices, base=base)))


def test_nothing_is_due_before_the_first_step(desk: Desk, slug: str) -> None:
    set_clock(desk, FIRST - timedelta(seconds=1))
    assert due.queue_due(desk) == 0
    assert reminders(desk) == []


def test_a_reminder_goes_once_to_those_whose_reply_is_missing_or_has_gaps(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T78, T82: asked twice, or by two workers, it is queued once."""
    reply(desk, slug, council["ARG"], "approve", "approve", "approve")
    reply(desk, slug, council["BHS"], "approve", None, None)
    set_clock(desk, FIRST)
    assert due.queue_due(desk) == 4
    assert due.queue_due(desk) == 0
    assert [row.member for row in reminders(desk)] == ["BHS", "BRA", "CAN", "CUB"]
    assert [row.data["gaps"] for row in reminders(desk)] == [2, None, None, None]
    assert {row.occasion for row in reminders(desk, member="BHS")} == {
        "BHS-reminder-10080-20200717T140000Z"
    }


def test_every_focal_point_of_a_member_is_reminded_in_the_own_language(
    desk: Desk, slug: str
) -> None:
    build.person(desk, "Alternate of CUB", member="CUB", head=False, language="es")
    set_clock(desk, FIRST)
    due.queue_due(desk)
    found = reminders(desk, member="CUB")
    assert [row.language for row in found] == ["en", "es"]
    assert {row.data["colleagues"] for row in found} == {1}


def test_what_a_worker_that_was_down_missed_is_kept_as_cancelled(desk: Desk, slug: str) -> None:
    """T88: the newest step is still useful, the one before it is not."""
    set_clock(desk, SECOND + timedelta(hours=1))
    assert due.queue_due(desk) == 5
    cancelled = reminders(desk, state=NoticeState.CANCELLED)
    assert {row.cause for row in cancelled} == {"overtaken"}
    assert {row.occasion.split("-")[2] for row in cancelled} == {"10080"}
    assert {row.occasion.split("-")[2] for row in reminders(desk, state=NoticeState.QUEUED)} == {
        "2880"
    }


def test_after_the_deadline_no_reminder_is_sent_and_all_missed_ones_are_shown(
    desk: Desk, slug: str
) -> None:
    set_clock(desk, build.CLOSES_AT)
    assert due.queue_due(desk) == 0
    assert due.queue_due(desk) == 0
    assert {row.state for row in reminders(desk)} == {NoticeState.CANCELLED}
    assert len(reminders(desk)) == 15


def test_a_step_that_nobody_needs_is_entered_and_done(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    for code in CODES:
        reply(desk, slug, council[code], "approve", "approve", "approve")
    set_clock(desk, FIRST)
    assert due.queue_due(desk) == 0
    with reading(desk.engine) as session:
        number = session.scalar(select(func.count()).select_from(LedgerEntry))
    assert due.queue_due(desk) == 0
    with reading(desk.engine) as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == number
        last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert last is not None
    assert '"count":0' in last.entry


def test_a_colleague_s_reply_stops_the_reminder_on_its_way(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T82: asked again at sending."""
    set_clock(desk, FIRST)
    due.queue_due(desk)
    reply(desk, slug, council["BRA"], "approve", "abstain", "object")
    for notice in sending.claim(desk, "worker", limit=50):
        sending.take(desk, "worker", notice)
    [stopped] = reminders(desk, state=NoticeState.CANCELLED)
    assert (stopped.member, stopped.cause) == ("BRA", "reply-complete")


def test_a_reminder_is_not_sent_after_the_deadline(desk: Desk, slug: str) -> None:
    set_clock(desk, FIRST)
    due.queue_due(desk)
    set_clock(desk, build.CLOSES_AT)
    assert [sending.take(desk, "w", notice) for notice in sending.claim(desk, "w", limit=50)] == (
        [None] * 11
    )
    assert {row.cause for row in reminders(desk, state=NoticeState.CANCELLED)} == {
        "deadline-passed"
    }


def test_the_closing_is_entered_once_settling_is_over(desk: Desk, slug: str) -> None:
    """T66: and officers and approvers are told."""
    set_clock(desk, build.CLOSES_AT + timedelta(seconds=119))
    due.queue_due(desk)
    assert state(desk) is State.OPEN
    build.later(desk, seconds=1)
    due.queue_due(desk)
    due.queue_due(desk)
    assert state(desk) is State.CLOSED
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice.kind).where(Notice.member.is_(None))).all()
    assert told.count(NoticeKind.CLOSING) == 2


def state(desk: Desk) -> State:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.state)).one()


def test_an_empty_tick_is_one_statement(desk: Desk, slug: str) -> None:
    set_clock(desk, FIRST)
    due.queue_due(desk)
    build.later(desk, minutes=1)
    with statements(desk.engine) as seen:
        due.queue_due(desk)
    assert len(seen) == 1


def test_what_would_be_due_is_told_without_changing_anything(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    reply(desk, slug, council["ARG"], "approve", "approve", "approve")
    found = due.due_at(desk, SECOND)
    assert [(one.member, one.language, one.at) for one in found] == [
        (code, "en", SECOND) for code in CODES[1:]
    ]
    assert {one.person for one in found} == {council[code].opaque for code in CODES[1:]}
    assert reminders(desk) == []
    closing = due.due_at(desk, datetime(2020, 8, 1, tzinfo=UTC))
    assert [(one.kind, one.member) for one in closing] == [(NoticeKind.CLOSING, None)]
    assert state(desk) is State.OPEN


def test_an_officer_reminds_by_hand_once_a_minute(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    reply(desk, slug, council["ARG"], "approve", "approve", "approve")
    officer = council["officer"]
    assert due.remind(desk, slug, officer, ["ARG", "BRA"], "The Chair asks.") == 1
    assert due.remind(desk, slug, officer, ["ARG", "BRA"]) == 0
    [row] = reminders(desk)
    assert (row.member, row.data["note"]) == ("BRA", "The Chair asks.")
    build.later(desk, minutes=1)
    assert due.remind(desk, slug, officer, ["BRA"]) == 1
    set_clock(desk, FIRST)
    assert due.queue_due(desk) == 4


def test_who_may_not_remind_by_hand_and_when(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed):
        due.remind(desk, slug, council["ARG"], ["BRA"])
    with pytest.raises(NotFound):
        due.remind(desk, slug, council["officer"], ["KEN"])
    with pytest.raises(BadInput):
        due.remind(desk, slug, council["officer"], [])
    set_clock(desk, build.CLOSES_AT)
    with pytest.raises(NotNow):
        due.remind(desk, slug, council["officer"], ["BRA"])
