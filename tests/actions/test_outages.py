"""A letter that promises more time after an outage gives it, once, before anything is shown."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import beating, closing, commenting, contesting, due, posting, replying
from consult.actions.change import Desk
from consult.actions.contesting import Contention
from consult.core.contesting import doubtful
from consult.core.ledger import instant
from consult.core.life import NotNow, State
from consult.core.round import NewComment, Remark, content_hash, table_of
from consult.core.schedule import NoticeKind
from consult.queries.memory import of_member
from consult.queries.receipts import counted_version, receipt
from consult.queries.round import receipt as receipt_of
from consult.queries.silence import objections
from consult.tables import (
    Consultation,
    Heartbeat,
    LedgerEntry,
    Notice,
    Reply,
    RollEntry,
    reading,
    writing,
)
from tests import build
from tests.build import set_clock
from tests.stored import faults, kinds, letter
from tests.world import round_content

CLAUSE = {"minutes": 30, "hours": 2, "extension_minutes": 60}
END = build.CLOSES_AT
SETTLED = END + timedelta(seconds=120)
LONGER = END + timedelta(minutes=60)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def council(desk: Desk) -> dict[str, Any]:
    build.council(desk, members=3)
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in ["ARG", "BHS"]},
    }


@pytest.fixture
def slug(desk: Desk, council: dict[str, Any]) -> str:
    drafted = build.draft(desk, council["officer"], outage=CLAUSE)
    build.open_it(desk, drafted, council["officer"], council["approver"])
    return drafted


def lived(desk: Desk, *away: tuple[datetime, datetime]) -> None:
    """Write a sign each minute around the deadline, but while *away*."""
    first = END - timedelta(hours=3)
    with writing(desk.engine) as session:
        session.add_all(
            Heartbeat(at=at)
            for at in (first + n * MINUTE for n in range(182))
            if not any(a < at < b for a, b in away)
        )


def away(minutes: int) -> tuple[datetime, datetime]:
    return END - 60 * MINUTE, END - 60 * MINUTE + minutes * MINUTE


def test_the_opening_declares_the_clause(desk: Desk, slug: str) -> None:
    assert kinds(desk).count("opening") == 1
    assert letter(desk).outage == CLAUSE
    assert faults(desk) == []


def test_a_service_that_was_there_closes_at_the_deadline(desk: Desk, slug: str) -> None:
    lived(desk, away(30))
    set_clock(desk, SETTLED)
    closing.close(desk, slug)
    assert letter(desk).state is State.CLOSED
    assert letter(desk).closes_at == END


def test_an_outage_extends_the_deadline_once_and_tells_everybody(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    lived(desk, away(31))
    set_clock(desk, SETTLED)
    due.queue_due(desk)
    assert letter(desk).state is State.OPEN
    assert letter(desk).closes_at == LONGER
    assert kinds(desk)[-2:] == ["outage-extension", "notices-queued"]
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.EXTENSION)).all()
    assert {row.member for row in told} == {"ARG", "BHS", None}
    assert {row.data["outage"]["minutes"] for row in told} == {31}
    assert {row.data["closes_at"] for row in told} == {instant(LONGER)}
    with pytest.raises(NotNow):
        posting.state_post(desk, slug, council["officer"])

    set_clock(desk, LONGER + timedelta(seconds=120))
    due.queue_due(desk)
    assert letter(desk).state is State.CLOSED
    assert kinds(desk).count("outage-extension") == 1
    assert faults(desk) == []


def test_a_reply_registered_as_late_meanwhile_counts(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    lived(desk, away(40))
    set_clock(desk, END + timedelta(seconds=30))
    said = build.answer("ARG", "approve", "approve", None)
    replying.reply(desk, slug, council["ARG"], build.sent(desk, said))
    set_clock(desk, SETTLED)
    closing.close(desk, slug)
    with reading(desk.engine) as session:
        assert session.scalars(select(Reply.late)).all() == [True]
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert line.replied_at == END + timedelta(seconds=30)
    assert not line.complete
    assert not receipt(desk.engine, slug, "ARG", 1, desk.clock(), "en").late
    assert receipt(desk.engine, slug, "ARG", 1, desk.clock(), "en").versions[0].counts

    set_clock(desk, LONGER + timedelta(seconds=120))
    build.confirm(desk, posting.state_post(desk, slug, council["officer"]), council["approver"])
    result = letter(desk)
    with reading(desk.engine) as session:
        result = session.scalar(select(Consultation.result))
    assert result["questions"]["1"]["positions"]["ARG"] == "approve"
    assert faults(desk) == []


def test_a_reply_in_the_time_that_an_outage_added_is_neither_late_nor_contested(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T76: what counts and was sent by the member itself needs no contest."""
    lived(desk, away(40))
    set_clock(desk, END + timedelta(seconds=30))
    said = build.answer("ARG", "approve", "approve", None)
    replying.reply(desk, slug, council["ARG"], build.sent(desk, said))
    set_clock(desk, SETTLED)
    closing.close(desk, slug)
    set_clock(desk, LONGER + timedelta(seconds=120))
    build.confirm(desk, posting.state_post(desk, slug, council["officer"]), council["approver"])
    with reading(desk.engine) as session:
        rows = session.scalars(select(LedgerEntry.entry).order_by(LedgerEntry.number))
        assert doubtful([json.loads(row) for row in rows]) == ()
        assert counted_version(session, letter(desk).id, "ARG") == 1
    (past,) = of_member(desk.engine, "ARG", desk.clock(), "en", own=True).letters
    assert (past.counted, past.late) == (1, ())
    with pytest.raises(NotNow):
        contesting.contest(desk, slug, council["ARG"], Contention("ARG", 1, "It was in time."))


def test_a_comment_in_the_time_that_an_outage_added_stands_in_the_round_s_table(
    desk: Desk, council: dict[str, Any]
) -> None:
    """T66: as a reply in that time counts."""
    slug = build.draft(desk, council["officer"], outage=CLAUSE, **round_content())
    build.open_it(desk, slug, council["officer"], council["approver"])
    lived(desk, away(40))
    set_clock(desk, END + timedelta(seconds=30))
    said = (Remark("1", "1", "Say which hall.", "", "en"),)
    new = NewComment("ARG", said, 0, "a key", desk.clock(), "en", content_hash(said))
    commenting.comment(desk, slug, council["ARG"], new)
    kept = receipt_of(desk.engine, slug, "ARG", 1, desk.clock())
    assert kept is not None
    assert kept.late
    set_clock(desk, SETTLED)
    closing.close(desk, slug)
    assert letter(desk).closes_at == LONGER
    set_clock(desk, LONGER + timedelta(seconds=120))
    build.confirm(desk, posting.state_post(desk, slug, council["officer"]), council["approver"])
    with reading(desk.engine) as session:
        rows = session.scalars(select(LedgerEntry.entry).order_by(LedgerEntry.number))
        table = table_of([json.loads(row) for row in rows])
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert (table["commented"], table["late"]) == (["ARG"], [])
    assert line.replied_at == END + timedelta(seconds=30)
    kept = receipt_of(desk.engine, slug, "ARG", 1, desk.clock())
    assert kept is not None
    assert not kept.late
    assert faults(desk) == []


def test_signs_of_life_come_once_a_minute_and_are_kept_for_ninety_days(desk: Desk) -> None:
    assert beating.beat(desk)
    build.later(desk, seconds=59)
    assert not beating.beat(desk)
    build.later(desk, seconds=1)
    assert beating.beat(desk)
    build.later(desk, days=91)
    assert beating.beat(desk)
    with reading(desk.engine) as session:
        assert session.scalars(select(Heartbeat.at)).all() == [desk.clock()]


def test_an_objection_that_was_late_and_now_counts_breaks_the_silence(
    desk: Desk, council: dict[str, Any]
) -> None:
    silence = rules.load_data("silence-un-74-544")
    drafted = build.draft(desk, council["officer"], outage=CLAUSE, rule=silence, reminders=[])
    build.open_it(desk, drafted, council["officer"], council["approver"])
    lived(desk, away(40))
    set_clock(desk, END + timedelta(seconds=30))
    for code, item in (("ARG", 1), ("BHS", 2)):
        choices = ["object" if place == item else None for place in (1, 2, 3)]
        said = build.answer(code, *choices, **{f"c{item}": "No."})
        replying.reply(desk, drafted, council[code], build.sent(desk, said))
    set_clock(desk, SETTLED)
    closing.close(desk, drafted)
    assert [one for one in kinds(desk) if one in {"outage-extension", "broken"}] == [
        "outage-extension",
        "broken",
        "broken",
    ]
    with reading(desk.engine) as session:
        assert [one.member for one in objections(session, 1)] == ["ARG", "BHS"]
    set_clock(desk, LONGER + timedelta(seconds=120))
    asked = posting.state_post(desk, drafted, council["officer"])
    build.confirm(desk, asked, council["approver"])
    assert faults(desk) == []
