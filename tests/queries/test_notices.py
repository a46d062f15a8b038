"""The board of notices: what became of each, member by member."""

from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import due, sending
from consult.actions.change import Desk
from consult.core.schedule import NoticeKind, NoticeState
from consult.queries.notices import board, last_notices, notice_counts, oldest_waiting
from consult.tables import Consultation, reading
from tests import build
from tests.statements import statements


@pytest.fixture
def slug(desk: Desk) -> str:
    build.council(desk, members=4)
    officer, approver = build.officer(desk), build.approver(desk)
    for code in ("ARG", "BHS", "BRA"):
        build.person(desk, f"Head of {code}", member=code)
    drafted = build.draft(desk, officer)
    build.open_it(desk, drafted, officer, approver)
    return drafted


def deliver(desk: Desk, **outcomes: str) -> None:
    """Send what waits; *outcomes* says of a member how the server refuses it."""
    for notice in sending.claim(desk, "w", limit=50):
        found = sending.take(desk, "w", notice)
        refused = outcomes.get((found and found.member) or "")
        if refused:
            sending.fail(desk, "w", notice, refused)
        elif found:
            sending.mark_sent(desk, "w", notice)


def seen(desk: Desk, slug: str) -> Any:
    found = board(desk.engine, slug, "en")
    assert found is not None
    return found


def test_a_member_that_no_notice_reached_stands_out(desk: Desk, slug: str) -> None:
    """T84: one whose only mail failed, and one without a focal point."""
    deliver(desk, BRA="550 unknown")
    members = {member.code: member for member in seen(desk, slug).members}
    assert {code: member.unreached for code, member in members.items()} == {
        "ARG": False,
        "BHS": False,
        "BRA": True,
        "CAN": True,
    }
    [failed] = members["BRA"].lines
    assert (failed.state, failed.cause, failed.people) == (NoticeState.FAILED, "550 unknown", 1)
    assert members["ARG"].counts == {NoticeState.SENT: 1}


def test_the_board_says_what_waits_and_since_when(desk: Desk, slug: str) -> None:
    queued_at = desk.clock()
    build.later(desk, minutes=10)
    found = seen(desk, slug)
    assert found.oldest_waiting == queued_at
    assert found.counts == {NoticeState.QUEUED: 4}
    assert [line.kind for line in found.staff] == [NoticeKind.REQUEST]
    with reading(desk.engine) as session:
        assert oldest_waiting(session, desk.clock()) == queued_at
    deliver(desk)
    assert seen(desk, slug).oldest_waiting is None


def test_the_newest_notice_of_each_member_and_the_counts(desk: Desk, slug: str) -> None:
    deliver(desk)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, days=-2)
    due.queue_due(desk)
    with reading(desk.engine) as session:
        letter = session.scalars(select(Consultation.id)).one()
        last = last_notices(session, letter)
        counts = notice_counts(session, letter)
    assert {code: line.kind for code, line in last.items()} == dict.fromkeys(
        ("ARG", "BHS", "BRA"), NoticeKind.REMINDER
    )
    assert counts == {NoticeState.SENT: 3, NoticeState.QUEUED: 3, NoticeState.CANCELLED: 4}


def test_the_board_costs_three_statements_and_no_other_letter_has_one(
    desk: Desk, slug: str
) -> None:
    with statements(desk.engine) as asked:
        seen(desk, slug)
    assert len(asked) == 3
    assert board(desk.engine, "no-such-letter", "en") is None
