"""A withdrawal of a letter, or of an item of it: by two persons, while open, told to all."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import certifying, due, extending, posting, publishing, replying, withdrawing
from consult.actions.change import Desk
from consult.actions.withdrawing import NewWithdrawal
from consult.core.extension import SECRETARIAT, NewDeadline
from consult.core.life import NotNow, Revising, State
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_record
from consult.documents.record import view
from consult.errors import BadInput, Changed, NotAllowed, Withdrawn
from consult.queries.desk import desk as focal_desk
from consult.tables import (
    Item,
    LedgerEntry,
    Notice,
    Record,
    Reply,
    ReplyDraft,
    RollEntry,
    reading,
    writing,
)
from consult.wording.refusals import sentence
from tests import build, revising
from tests.build import set_clock
from tests.meanwhile import once_read
from tests.revising import replies
from tests.stored import faults, letter

CODES = ["ARG", "BHS", "BRA"]
WHY, ON = "The matter is settled.", "Chair, letter of 1 July 2020"


@pytest.fixture
def council(desk: Desk) -> dict[str, Any]:
    build.council(desk, members=3)
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


def withdraw(desk: Desk, slug: str, council: dict[str, Any], *items: str) -> None:
    asked = withdrawing.withdraw(
        desk, slug, council["officer"], NewWithdrawal(items or None, WHY, ON)
    )
    build.confirm(desk, asked, council["approver"])


def reply(desk: Desk, slug: str, who: Any, *choices: str | None, base: int = 0) -> None:
    [member] = who.members
    replying.reply(desk, slug, who, build.sent(desk, build.answer(member, *choices, base=base)))


def test_a_withdrawn_letter_accepts_nothing_and_is_told_to_all(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    reply(desk, slug, council["ARG"], "approve", "approve", "approve")
    withdraw(desk, slug, council)
    assert letter(desk).state is State.WITHDRAWN
    with pytest.raises(Withdrawn):
        reply(desk, slug, council["BHS"], "approve", "approve", "approve")
    said = build.answer("BHS", "approve", "approve", "approve")
    with pytest.raises(Withdrawn):
        replying.save_draft(desk, slug, council["BHS"], said, expected_hash=None)
    set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))
    assert due.queue_due(desk) == 0
    with pytest.raises(Withdrawn):
        reply(desk, slug, council["BRA"], "approve", "approve", "approve")
    with pytest.raises(NotNow):
        posting.state_post(desk, slug, council["officer"])
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.WITHDRAWAL)).all()
        assert len(session.scalars(select(Reply)).all()) == 1
    assert sorted(str(row.member) for row in told) == [*CODES, "None", "None"]
    assert {row.data["reason"] for row in told} == {WHY}
    [line] = focal_desk(desk.engine, frozenset({"ARG"}), desk.clock(), "en").lines
    assert line.state is State.WITHDRAWN
    assert line.changes.withdrawn is not None
    assert faults(desk) == []


def test_what_waits_lapses_with_the_letter(desk: Desk, slug: str, council: dict[str, Any]) -> None:
    asked = withdrawing.withdraw(desk, slug, council["officer"], NewWithdrawal(None, WHY, ON))
    build.confirm(desk, asked, council["approver"])
    with pytest.raises(NotNow):
        withdraw(desk, slug, council)
    new = NewDeadline(build.CLOSES_AT + timedelta(days=1), SECRETARIAT, WHY, ON)
    with pytest.raises(NotNow):
        extending.extend(desk, slug, council["officer"], new)


def test_a_letter_goes_on_without_an_item_that_is_withdrawn(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    reply(desk, slug, council["ARG"], "approve", None, "approve")
    reply(desk, slug, council["BHS"], "approve", "object", None)
    kept = build.answer("BRA", "approve", "object", None, c2="No.")
    replying.save_draft(desk, slug, council["BRA"], kept, expected_hash=None)
    withdraw(desk, slug, council, "2")

    with reading(desk.engine) as session:
        gone = session.scalars(select(Item.code).where(Item.withdrawn_at.is_not(None))).all()
        complete = dict(session.execute(select(RollEntry.member, RollEntry.complete)).all())
        draft = session.scalars(select(ReplyDraft)).one()
    assert gone == ["2"]
    assert complete == {"ARG": True, "BHS": False, "BRA": False}
    assert draft.choices == {"1": "approve", "2": None, "3": None}
    assert draft.comments == {}

    with pytest.raises(BadInput) as refused:
        reply(desk, slug, council["BHS"], "approve", "object", "approve", base=1)
    assert refused.value.faults == {"2": "item-withdrawn"}
    reply(desk, slug, council["BHS"], "approve", None, "object", base=1)
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == "BHS")).one()
        newest = session.scalars(select(Reply).order_by(Reply.id.desc())).first()
    assert line.complete
    assert newest is not None
    assert newest.choices == {"1": "approve", "2": None, "3": "object"}
    assert faults(desk) == []


def test_who_is_asked_to_confirm_another_item_has_no_complete_reply(
    desk: Desk, council: dict[str, Any]
) -> None:
    slug = build.draft(desk, council["officer"], unconfirmed="lapses")
    build.open_it(desk, slug, council["officer"], council["approver"])
    reply(desk, slug, council["ARG"], "approve", "approve", "approve")
    reply(desk, slug, council["BHS"], "approve", None, "approve")
    two = council["officer"], council["approver"]
    revising.revise(desk, *two, Revising.CORRIGENDUM, revising.redated(desk))
    withdraw(desk, slug, council, "2")
    with reading(desk.engine) as session:
        complete = dict(session.execute(select(RollEntry.member, RollEntry.complete)).all())
    assert complete == {"ARG": False, "BHS": False, "BRA": False}
    withdraw(desk, slug, council, "1")
    with reading(desk.engine) as session:
        complete = dict(session.execute(select(RollEntry.member, RollEntry.complete)).all())
    assert complete == {"ARG": True, "BHS": True, "BRA": False}


def test_a_reply_sent_again_after_an_item_of_it_was_withdrawn_is_that_same_reply(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T67: its first answer was lost; what it says fitted the letter then."""
    new = build.sent(desk, build.answer("ARG", "approve", "object", "approve", c2="No."))
    assert replying.reply(desk, slug, council["ARG"], new) == 1
    withdraw(desk, slug, council, "2")
    assert replying.reply(desk, slug, council["ARG"], new) == 1
    assert len(replies(desk)) == 1


def test_a_reply_read_before_a_withdrawal_is_refused_for_what_it_is(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    said = build.answer("ARG", "approve", "object", "approve")
    replying.save_draft(desk, slug, council["ARG"], said, expected_hash=None)
    with (
        once_read(desk.engine, lambda: withdraw(desk, slug, council, "2")),
        pytest.raises(Changed) as refused,
    ):
        reply(desk, slug, council["ARG"], "approve", "object", "approve")
    assert refused.value.facts == {"what": "items"}
    assert sentence(refused.value).startswith("An item was withdrawn while you wrote.")
    reply(desk, slug, council["ARG"], "approve", None, "approve")
    assert faults(desk) == []


def test_the_case_and_the_record_leave_the_item_out_and_say_why(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    withdraw(desk, slug, council, "2")
    reply(desk, slug, council["ARG"], "approve", None, "approve")
    new = NewDeadline(build.CLOSES_AT + timedelta(days=1), "BRA", "A holiday.", ON)
    build.confirm(desk, extending.extend(desk, slug, council["officer"], new), council["approver"])
    set_clock(desk, new.closes_at + timedelta(seconds=120))
    build.confirm(desk, posting.state_post(desk, slug, council["officer"]), council["approver"])
    said = certifying.Conclusion(texts=build.in_all("So be it."), adopted={}, authority=ON)
    build.confirm(
        desk, certifying.conclude(desk, slug, council["officer"], said), council["approver"]
    )
    publishing.publish(desk, slug, council["officer"])

    with reading(desk.engine) as session:
        content = session.scalars(select(Record.content)).one()
    assert verify_record(content.encode()).faults == []
    record = json.loads(content)
    assert list(record["result"]["questions"]) == ["1", "3"]
    assert faults(desk) == []


def test_the_printed_record_has_a_line_for_each_change(
    app: Any, desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    test_the_case_and_the_record_leave_the_item_out_and_say_why(desk, slug, council)
    with reading(desk.engine) as session:
        content = session.scalars(select(Record.content)).one()
    with app.app_context():
        shown = view(json.loads(content), "en")
    facts = {fact.term: fact.value for fact in shown.facts}
    assert facts["Extended"] == (
        "From Friday 17 July 2020, 16:00 Geneva (14:00 UTC) to Saturday 18 July 2020, 16:00 Geneva"
        f" (14:00 UTC), at the request of Brazil: A holiday. (authority: {ON})"
    )
    assert facts["Withdrawn"] == (
        f"Item 2, while the consultation was open: {WHY} (authority: {ON})"
    )
    assert [item.number for item in shown.items] == ["1", "3"]


def test_what_is_left_under_silence_is_published(desk: Desk, council: dict[str, Any]) -> None:
    silence = rules.load_data("silence-un-74-544")
    slug = build.draft(desk, council["officer"], rule=silence, reminders=[])
    build.open_it(desk, slug, council["officer"], council["approver"])
    withdraw(desk, slug, council, "2")
    set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))
    build.confirm(desk, posting.state_post(desk, slug, council["officer"]), council["approver"])
    words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    asked = certifying.conclude(desk, slug, council["officer"], words)
    build.confirm(desk, asked, council["approver"])
    assert publishing.publish(desk, slug, council["officer"]) == "2020/1"
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.RESULT)).all()
    assert {tuple(notice.data["silence"].items()) for notice in told} == {(("1", 0), ("3", 0))}
    assert faults(desk) == []


@pytest.mark.parametrize(
    ("items", "code"),
    [([], "no-item-named"), (["9"], "no-such-item"), (["1", "2", "3"], "last-item")],
)
def test_items_that_cannot_be_withdrawn_are_refused(
    desk: Desk, slug: str, council: dict[str, Any], items: list[str], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        withdrawing.withdraw(desk, slug, council["officer"], NewWithdrawal(items, "", ON))
    assert refused.value.faults == {"reason": "missing", "items": code}


def test_only_an_officer_asks_and_only_while_it_is_open(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed):
        withdrawing.withdraw(desk, slug, council["approver"], NewWithdrawal(None, WHY, ON))
    set_clock(desk, build.CLOSES_AT)
    with pytest.raises(NotNow):
        withdrawing.withdraw(desk, slug, council["officer"], NewWithdrawal(None, WHY, ON))


def test_an_item_withdrawn_without_an_entry_is_found(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T48: the table says what no entry says."""
    with writing(desk.engine) as session:
        item = session.scalars(select(Item).where(Item.code == "2")).one()
        item.withdrawn_at = desk.clock()
    assert "the items withdrawn are not those that the ledger names" in faults(desk)[0]


def test_the_ledger_names_the_items(desk: Desk, slug: str, council: dict[str, Any]) -> None:
    withdraw(desk, slug, council, "3", "1")
    with reading(desk.engine) as session:
        entry = session.scalars(
            select(LedgerEntry.entry).where(LedgerEntry.what == "withdrawal")
        ).one()
    assert json.loads(entry)["facts"]["items"] == ["1", "3"]
