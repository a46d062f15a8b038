"""A state's acknowledged reply is never lost, changed or counted twice; nothing late counts."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from consult.actions import certifying, closing, posting, replying
from consult.actions.change import Desk
from consult.core.life import Actor
from consult.core.schedule import NoticeKind
from consult.errors import (
    BadInput,
    Changed,
    Closed,
    KeyReused,
    NoPosition,
    NotFound,
    NotOpenYet,
    Overtaken,
    Refused,
)
from consult.tables import LedgerEntry, Notice, Reply, ReplyDraft, RollEntry, reading
from tests import build


@pytest.fixture
def slug(desk: Desk) -> str:
    return build.open_consultation(desk, members=4)


@pytest.fixture
def ana(desk: Desk, slug: str) -> Actor:
    return build.person(desk, "Ana", member="ARG")


def yes(**more: object) -> object:
    return build.answer("ARG", "approve", "approve", "approve", **more)


def versions(desk: Desk) -> list[tuple[int, bool]]:
    with reading(desk.engine) as session:
        return [
            (row.version, row.late)
            for row in session.execute(select(Reply.version, Reply.late).order_by(Reply.version))
        ]


def test_a_reply_is_kept_with_its_entry_its_receipt_and_notices(
    desk: Desk, slug: str, ana: Actor
) -> None:
    """T45, T57, T61, T86."""
    build.person(desk, "Alternate of Argentina", member="ARG", head=False)
    assert replying.reply(desk, slug, ana, build.sent(desk, yes())) == 1

    with reading(desk.engine) as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.what == "reply")).one()
        told = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.ACKNOWLEDGEMENT)
        ).all()
        stored = session.scalars(select(Reply)).one()
    assert json.loads(stored.receipt)["entry"] == json.loads(entry.entry)
    facts = json.loads(entry.entry)["facts"]
    assert set(facts["choices"].values()) == {"approve"}
    assert (facts["member"], facts["channel"], facts["version"], facts["base"]) == (
        "ARG",
        "web",
        1,
        0,
    )
    assert set(facts["answered"]) == {"revision", "language", "texts"}
    assert facts["received_at"].endswith("Z")
    assert facts["mandate"] is not None
    assert {notice.member for notice in told} == {"ARG"}
    assert len(told) == 2
    assert {notice.data["by"] for notice in told} == {"Ana"}


def test_a_double_click_makes_one_version(desk: Desk, slug: str, ana: Actor) -> None:
    """T67."""
    new = build.sent(desk, yes(), key="k1")
    assert replying.reply(desk, slug, ana, new) == 1
    assert replying.reply(desk, slug, ana, new) == 1
    assert versions(desk) == [(1, False)]


def test_a_retry_after_the_deadline_shows_the_version_that_was_stored(
    desk: Desk, slug: str, ana: Actor
) -> None:
    """T67, T70."""
    new = build.sent(desk, yes(), key="k1")
    replying.reply(desk, slug, ana, new)
    desk.clock.set(build.CLOSES_AT + timedelta(hours=1))
    assert replying.reply(desk, slug, ana, new) == 1
    assert versions(desk) == [(1, False)]


def test_other_content_under_the_same_key_is_refused(desk: Desk, slug: str, ana: Actor) -> None:
    """T67."""
    replying.reply(desk, slug, ana, build.sent(desk, yes(), key="k1"))
    other = build.answer("ARG", "object", "object", "object", base=1)
    with pytest.raises(KeyReused):
        replying.reply(desk, slug, ana, build.sent(desk, other, key="k1"))


def test_sixteen_at_once_under_eight_keys_are_eight_versions_at_the_most(
    desk: Desk, slug: str, ana: Actor
) -> None:
    """T64, T67, T68: all start from nothing, so one is stored and the others are told."""

    def send(n: int) -> object:
        try:
            return replying.reply(desk, slug, ana, build.sent(desk, yes(), key=f"k{n % 8}"))
        except Changed as changed:
            return changed.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(16)))
    assert versions(desk) == [(1, False)]
    assert set(answers) == {1, "changed"}


def test_a_colleague_is_never_overwritten_unseen(desk: Desk, slug: str, ana: Actor) -> None:
    """T68."""
    ben = build.person(desk, "Ben", member="ARG", head=False)
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    with pytest.raises(Changed) as refusal:
        replying.reply(desk, slug, ben, build.sent(desk, yes()))
    assert refusal.value.facts["version"] == 1
    assert replying.reply(desk, slug, ben, build.sent(desk, yes(base=1))) == 2


def test_what_was_shown_is_what_is_sent(desk: Desk, slug: str, ana: Actor) -> None:
    """A colleague who saves another draft after the check page stops the sending."""
    shown = yes()
    seen = replying.save_draft(desk, slug, ana, shown, expected_hash=None)
    other = build.answer("ARG", "object", None, None)
    ben = build.person(desk, "Ben", member="ARG", head=False)
    replying.save_draft(desk, slug, ben, other, expected_hash=seen)
    with pytest.raises(Changed):
        replying.reply(desk, slug, ana, build.sent(desk, shown))
    assert versions(desk) == []


def test_a_draft_saved_meanwhile_is_not_overwritten(desk: Desk, slug: str, ana: Actor) -> None:
    replying.save_draft(desk, slug, ana, yes(), expected_hash=None)
    with pytest.raises(Changed):
        replying.save_draft(
            desk, slug, ana, build.answer("ARG", None, None, "object"), expected_hash="0" * 64
        )


def test_sending_uses_up_the_draft(desk: Desk, slug: str, ana: Actor) -> None:
    replying.save_draft(desk, slug, ana, yes(), expected_hash=None)
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    with reading(desk.engine) as session:
        assert session.scalars(select(ReplyDraft)).all() == []


@pytest.mark.parametrize(
    ("before", "late"), [(timedelta(microseconds=1), False), (timedelta(0), True)]
)
def test_the_deadline_is_an_instant_to_the_microsecond(
    desk: Desk, slug: str, ana: Actor, before: timedelta, late: bool
) -> None:
    """T65, T66, T72, T74."""
    desk.clock.set(build.CLOSES_AT - before)
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    assert versions(desk) == [(1, late)]


def test_waiting_for_the_lock_makes_nobody_late(desk: Desk, slug: str, ana: Actor) -> None:
    """T65: received in time, stored after the deadline."""
    new = build.sent(desk, yes(), received_at=build.CLOSES_AT - timedelta(seconds=1))
    desk.clock.set(build.CLOSES_AT + timedelta(seconds=59))
    replying.reply(desk, slug, ana, new)
    assert versions(desk) == [(1, False)]


def test_what_waited_too_long_is_not_acknowledged(desk: Desk, slug: str, ana: Actor) -> None:
    """T66."""
    new = build.sent(desk, yes(), received_at=build.CLOSES_AT - timedelta(seconds=1))
    desk.clock.set(build.CLOSES_AT + timedelta(seconds=60))
    with pytest.raises(Overtaken):
        replying.reply(desk, slug, ana, new)
    assert versions(desk) == []


def test_nothing_in_time_is_stored_once_the_closing_stands(
    desk: Desk, slug: str, ana: Actor
) -> None:
    """T66."""
    new = build.sent(desk, yes(), received_at=build.CLOSES_AT - timedelta(seconds=1))
    desk.clock.set(build.CLOSES_AT + timedelta(seconds=120))
    closing.close(desk, slug)
    desk.clock.set(build.CLOSES_AT + timedelta(seconds=30))
    with pytest.raises(Overtaken):
        replying.reply(desk, slug, ana, new)


def test_a_late_reply_replaces_nothing(desk: Desk, slug: str, ana: Actor) -> None:
    """T74."""
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    desk.clock.set(build.CLOSES_AT)
    replying.reply(
        desk, slug, ana, build.sent(desk, build.answer("ARG", "object", None, None, base=1))
    )
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert versions(desk) == [(1, False), (2, True)]
    assert line.complete


def test_late_replies_are_registered_until_certification(desk: Desk, slug: str, ana: Actor) -> None:
    desk.clock.set(build.CLOSES_AT + timedelta(seconds=120))
    asks, confirms = build.officer(desk, "O2"), build.approver(desk, "A2")
    build.confirm(desk, posting.state_post(desk, slug, asks), confirms)
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    said = certifying.Conclusion(texts=build.in_all("None."), adopted={})
    build.confirm(desk, certifying.conclude(desk, slug, asks, said), confirms)
    with pytest.raises(Closed):
        replying.reply(desk, slug, ana, build.sent(desk, yes(base=1)))


def test_nothing_is_taken_before_the_opening(desk: Desk) -> None:
    build.council(desk, 2)
    asks, confirms = build.officer(desk), build.approver(desk)
    ana = build.person(desk, "Ana", member="ARG")
    slug = build.draft(desk, asks, opens_at="2020-06-22T07:00:00.000000Z")
    with pytest.raises(NotFound):
        replying.reply(desk, slug, ana, build.sent(desk, yes()))
    build.open_it(desk, slug, asks, confirms)
    with pytest.raises(NotOpenYet):
        replying.reply(desk, slug, ana, build.sent(desk, yes()))


def test_nobody_replies_for_another_member(desk: Desk, slug: str, ana: Actor) -> None:
    """T31: as if there were no such thing."""
    with pytest.raises(NotFound):
        replying.reply(desk, slug, ana, build.sent(desk, build.answer("BRA", "approve")))


def test_a_first_reply_says_something(desk: Desk, slug: str, ana: Actor) -> None:
    with pytest.raises(NoPosition):
        replying.reply(desk, slug, ana, build.sent(desk, build.answer("ARG", None, None, None)))


def test_a_blank_version_takes_the_reply_back(desk: Desk, slug: str, ana: Actor) -> None:
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    blank = build.answer("ARG", None, None, None, base=1)
    assert replying.reply(desk, slug, ana, build.sent(desk, blank)) == 2
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert (line.complete, line.replied_at) == (False, None)


def test_reasons_are_required_where_the_letter_asks(desk: Desk) -> None:
    slug = build.open_consultation(desk, members=2, comments="required_to_object")
    ana = build.person(desk, "Ana", member="ARG")
    with pytest.raises(BadInput) as refusal:
        replying.reply(
            desk, slug, ana, build.sent(desk, build.answer("ARG", "approve", "object", None))
        )
    assert refusal.value.faults == {"2": "reasons-required"}


@pytest.mark.parametrize("statement", ["UPDATE reply SET late = NULL", "DELETE FROM reply"])
def test_the_database_refuses_to_change_a_reply(
    desk: Desk, slug: str, ana: Actor, statement: str
) -> None:
    """T43."""
    replying.reply(desk, slug, ana, build.sent(desk, yes()))
    with pytest.raises(sa.exc.DBAPIError), desk.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert versions(desk) == [(1, False)]


def test_all_members_at_once_are_all_counted_and_chained(desk: Desk) -> None:
    """T42, T64."""
    slug = build.open_consultation(desk, members=24)
    with reading(desk.engine) as session:
        codes = session.scalars(select(RollEntry.member)).all()
    people = {code: build.person(desk, f"Head of {code}", member=code) for code in codes}

    def send(code: str) -> int | str:
        draft = build.answer(code, "approve", "object", "abstain")
        try:
            return replying.reply(desk, slug, people[code], build.sent(desk, draft))
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, codes)) == {1}
    with reading(desk.engine) as session:
        numbers = session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)).all()
        replied = session.scalars(select(Reply.member)).all()
    assert sorted(replied) == sorted(codes)
    assert list(numbers) == list(range(len(numbers)))
