"""An extension: later only, while open only, by two persons, within the body's limits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import due, extending, replying, requests
from consult.actions.change import Desk
from consult.core.extension import NewDeadline
from consult.core.ledger import instant
from consult.core.life import NotNow, State
from consult.core.schedule import NoticeKind
from consult.errors import AlreadyDecided, BadInput, NotAllowed, Waiting
from consult.queries.changes import changes
from consult.tables import Body, Consultation, LedgerEntry, Notice, Reply, reading, writing
from tests import build
from tests.build import set_clock
from tests.stored import faults, letter

CODES = ["ARG", "BHS", "BRA", "CAN", "CUB"]
LATER = build.CLOSES_AT + timedelta(days=10)
TICK = timedelta(microseconds=1)


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


def new(**more: Any) -> NewDeadline:
    said = {
        "closes_at": LATER,
        "asked_for_by": "BRA",
        "reason": "A national holiday of five days.",
        "authority": "Chair, e-mail of 10 July 2020",
    }
    return NewDeadline(**{**said, **more})


def ask(desk: Desk, slug: str, council: dict[str, Any], **more: Any) -> int:
    return extending.extend(desk, slug, council["officer"], new(**more))


def test_a_confirmed_extension_moves_the_deadline_is_entered_and_told_to_all(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    request = ask(desk, slug, council)
    assert letter(desk).closes_at == build.CLOSES_AT
    build.confirm(desk, request, council["approver"])

    assert letter(desk).closes_at == LATER
    with reading(desk.engine) as session:
        what = session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)).all()
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.EXTENSION)).all()
        [said] = changes(session, letter(desk).id).extensions
    assert what[-3:] == ["countersigned", "extension", "notices-queued"]
    assert sorted(str(row.member) for row in told) == [*CODES, "None", "None"]
    assert {row.data["closes_at"] for row in told} == {instant(LATER)}
    assert {row.data["was"] for row in told} == {instant(build.CLOSES_AT)}
    assert {row.data["moved"] for row in told} == {1}
    assert (said.from_at, said.to_at, said.asked_for_by) == (build.CLOSES_AT, LATER, "BRA")
    assert (said.reason, said.authority) == (new().reason, new().authority)
    assert faults(desk) == []


def test_it_counts_one_microsecond_before_the_deadline(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    set_clock(desk, build.CLOSES_AT - timedelta(days=1))
    request = ask(desk, slug, council)
    set_clock(desk, build.CLOSES_AT - TICK)
    build.confirm(desk, request, council["approver"])
    assert letter(desk).closes_at == LATER


def test_at_the_deadline_it_is_refused_and_lapses(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """A closed consultation is never reopened."""
    set_clock(desk, build.CLOSES_AT - timedelta(days=1))
    request = ask(desk, slug, council)
    set_clock(desk, build.CLOSES_AT)
    with pytest.raises(AlreadyDecided):
        build.confirm(desk, request, council["approver"])
    with pytest.raises(NotNow):
        ask(desk, slug, council)
    assert requests.lapse(desk) == 1
    assert letter(desk).closes_at == build.CLOSES_AT
    assert faults(desk) == []


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("closes_at", build.CLOSES_AT, "not-later"),
        ("closes_at", build.CLOSES_AT - TICK, "not-later"),
        ("asked_for_by", "USA", "not-on-roll"),
        ("reason", "  ", "missing"),
        ("authority", "", "missing"),
        ("authority", "x" * 201, "too-long"),
    ],
)
def test_what_is_missing_or_earlier_is_refused_at_its_place(
    desk: Desk, slug: str, council: dict[str, Any], part: str, value: Any, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        ask(desk, slug, council, **{part: value})
    assert refused.value.faults == {part: code}


def test_the_body_limits_how_often_and_how_far(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    with writing(desk.engine) as session:
        body = session.scalars(select(Body)).one()
        body.most_extensions, body.most_extension_days = 1, 10
    with pytest.raises(BadInput) as refused:
        ask(desk, slug, council, closes_at=LATER + TICK)
    assert refused.value.faults == {"closes_at": "extension-too-long"}
    build.confirm(desk, ask(desk, slug, council), council["approver"])
    with pytest.raises(BadInput) as refused:
        ask(desk, slug, council, closes_at=LATER + timedelta(days=1))
    assert refused.value.faults == {"closes_at": "too-many-extensions"}


def test_an_officer_asks_and_one_extension_at_a_time_waits(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed):
        extending.extend(desk, slug, council["approver"], new())
    ask(desk, slug, council)
    with pytest.raises(Waiting):
        ask(desk, slug, council)


def test_a_reply_between_the_old_and_the_new_deadline_counts(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    build.confirm(desk, ask(desk, slug, council), council["approver"])
    set_clock(desk, build.CLOSES_AT + timedelta(hours=1))
    said = build.answer("CAN", "approve", "approve", "approve")
    replying.reply(desk, slug, council["CAN"], build.sent(desk, said))
    with reading(desk.engine) as session:
        assert session.scalars(select(Reply.late)).all() == [False]
    assert due.queue_due(desk) >= 0
    assert letter(desk).state is State.OPEN
    assert faults(desk) == []


def test_reminders_begin_anew_and_the_closing_waits_for_the_new_deadline(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    set_clock(desk, build.CLOSES_AT - timedelta(days=7))
    assert due.queue_due(desk) == 5
    build.confirm(desk, ask(desk, slug, council), council["approver"])
    assert due.queue_due(desk) == 0
    set_clock(desk, LATER - timedelta(days=7))
    assert due.queue_due(desk) == 5
    planned = due.due_at(desk, build.CLOSES_AT + timedelta(seconds=120))
    assert [one.kind for one in planned] == []
    [closes] = due.due_at(desk, LATER + timedelta(seconds=120))
    assert (closes.kind, closes.at) == (NoticeKind.CLOSING, LATER + timedelta(seconds=120))


def test_a_deadline_that_moved_without_an_extension_is_found(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T48: the row says what no entry says."""
    with writing(desk.engine) as session:
        session.scalars(select(Consultation)).one().closes_at = LATER
    assert faults(desk) == ["consultation: its deadline is not the one that the ledger gives"]
