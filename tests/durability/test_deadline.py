"""Around the deadline, with threads that wait: nobody is late for having queued (T65, T66)."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waits
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, closing, due, extending, posting, replying
from consult.actions.change import Desk, change
from consult.core.answer import NewReply
from consult.core.extension import NewDeadline
from consult.core.life import SYSTEM, State
from consult.errors import Changed, Closed, Overtaken, Refused
from consult.tables import Consultation, Reply, reading
from tests import build
from tests.forms import form_with, send
from tests.office import Office, office_of, page
from tests.replies import LETTER
from tests.revising import SLUG
from tests.stored import faults, kinds, letter

MEMBERS = 6
BEFORE = build.CLOSES_AT - timedelta(seconds=1)


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    made = office_of(app, desk, MEMBERS)
    made.open()
    build.set_clock(desk, BEFORE)
    return made


@contextmanager
def held(desk: Desk) -> Iterator[None]:
    """Hold the lock of the consultation, as a slow act of somebody else does."""
    has, release = Event(), Event()

    def hold() -> None:
        with change(desk, SLUG, SYSTEM):
            has.set()
            release.wait(30)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        assert has.wait(10)
        try:
            yield
        finally:
            release.set()
            holder.result(timeout=30)


def new(desk: Desk, member: str, key: str = "k") -> NewReply:
    return build.sent(desk, build.answer(member, "approve", "object", "abstain"), key=key * 32)


def sends(office: Office, reply: NewReply) -> int | str:
    """Send it; say its version, or how it was refused."""
    who = office.people[reply.draft.member]
    try:
        return replying.reply(office.desk, SLUG, who, reply)
    except Refused as refused:
        return refused.code


def stored(desk: Desk) -> dict[str, bool]:
    """Return of each member that replied whether its one reply is late."""
    with reading(desk.engine) as session:
        rows = session.scalars(select(Reply)).all()
    assert len({row.member for row in rows}) == len(rows)
    return {row.member: row.late for row in rows}


def still_waits(*waiting: Future[Any]) -> None:
    for one in waiting:
        with pytest.raises(Waits):
            one.result(timeout=0.1)


def counted(office: Office) -> dict[str, str]:
    """State the post and count; return the positions on item 1."""
    desk = office.desk
    request = posting.state_post(desk, SLUG, office.people["officer"])
    build.confirm(desk, request, office.people["approver"])
    with reading(desk.engine) as session:
        result = session.scalars(select(Consultation.result)).one()
    found: dict[str, str] = result["questions"]["1"]["positions"]
    return found


def test_replies_that_wait_across_the_deadline_count(office: Office) -> None:
    """T65, T66."""
    desk = office.desk
    waiting = [new(desk, code) for code in office.codes]
    with ThreadPoolExecutor(MEMBERS) as pool:
        with held(desk):
            sent = [pool.submit(sends, office, one) for one in waiting]
            still_waits(*sent)
            build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=59))
        assert {one.result(timeout=30) for one in sent} == {1}
    assert stored(desk) == dict.fromkeys(office.codes, False)
    office.close()
    assert set(counted(office).values()) == {"approve"}
    assert faults(desk) == []


def test_what_waited_longer_than_a_minute_is_not_acknowledged(office: Office) -> None:
    """T66."""
    desk = office.desk
    waiting = [new(desk, code) for code in office.codes]
    with ThreadPoolExecutor(MEMBERS) as pool:
        with held(desk):
            sent = [pool.submit(sends, office, one) for one in waiting]
            still_waits(*sent)
            build.set_clock(desk, BEFORE + timedelta(seconds=61))
        assert {one.result(timeout=30) for one in sent} == {Overtaken.code}
    assert stored(desk) == {}


def test_who_waited_too_long_reads_so_and_is_late_when_trying_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T66, T74: over HTTP; the receipt of the second try says late."""
    desk, browser = office.desk, office.browser("ARG")
    typed = {"p-1": "approve", "c-1": "We agree."}
    send(browser, LETTER, form_with(page(browser, LETTER), "review"), "review", **typed)
    form = form_with(page(browser, f"{LETTER}/check"), "key")
    stamped, really = Event(), replying.reply

    def reply(*given: Any) -> int:
        stamped.set()
        return really(*given)

    monkeypatch.setattr(replying, "reply", reply)
    with ThreadPoolExecutor(1) as pool:
        with held(desk):
            sent = pool.submit(send, browser, LETTER, form)
            assert stamped.wait(20)
            build.set_clock(desk, BEFORE + timedelta(seconds=61))
        answer = sent.result(timeout=30)
    assert answer.status_code == 503
    assert form_with(answer.text, "key").fields["key"] == form.fields["key"]
    assert stored(desk) == {}
    again = send(browser, LETTER, form)
    assert again.status_code == 303
    assert stored(desk) == {"ARG": True}


def test_nothing_in_time_is_acknowledged_once_the_closing_stands(office: Office) -> None:
    """T66: closing and replies take the same lock."""
    desk = office.desk
    waiting = [new(desk, code) for code in office.codes]
    office.close()
    closing.close(desk, SLUG)
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=30))
    with ThreadPoolExecutor(MEMBERS) as pool:
        assert set(pool.map(lambda one: sends(office, one), waiting)) == {Overtaken.code}
    assert stored(desk) == {}


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at once; return the answers."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(20)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_an_extension_that_races_with_replies_loses_none(office: Office) -> None:
    """T64, T66."""
    desk, people = office.desk, office.people
    to = build.CLOSES_AT + timedelta(days=2)
    asked = extending.extend(
        desk, SLUG, people["officer"], NewDeadline(to, "BRA", "A holiday.", "Chair")
    )
    replies = [lambda c=code: sends(office, new(desk, c)) for code in office.codes]
    answers = together(*replies, lambda: build.confirm(desk, asked, people["approver"]))

    assert answers == [*[1] * MEMBERS, None]
    assert letter(desk).closes_at == to
    assert stored(desk) == dict.fromkeys(office.codes, False)
    build.set_clock(desk, build.CLOSES_AT)
    again = build.answer("ARG", "object", "object", "object", base=1)
    replying.reply(desk, SLUG, people["ARG"], build.sent(desk, again))
    build.set_clock(desk, to + timedelta(seconds=120))
    assert counted(office) == {**dict.fromkeys(office.codes, "approve"), "ARG": "object"}
    assert faults(desk) == []


def test_late_replies_that_race_with_closing_and_count_are_stored_and_change_nothing(
    office: Office,
) -> None:
    """T66, T74, T75."""
    desk, people = office.desk, office.people
    replying.reply(desk, SLUG, people["ARG"], new(desk, "ARG"))
    office.close()
    late = office.codes[1:]
    replies = [lambda c=code: sends(office, new(desk, c)) for code in late]
    answers = together(*replies, *[lambda: due.queue_due(desk)] * 2, lambda: counted(office))

    assert answers[: len(late)] == [1] * len(late)
    assert stored(desk) == {"ARG": False, **dict.fromkeys(late, True)}
    assert answers[-1] == {"ARG": "approve", **dict.fromkeys(late, "silent")}
    assert kinds(desk).count("closing") == 1
    assert faults(desk) == []


def test_late_replies_that_race_with_certification_are_stored_or_refused(
    office: Office,
) -> None:
    """T64, T74: what is acknowledged stands in the ledger that was certified, or before it."""
    desk, people = office.desk, office.people
    office.close()
    counted(office)
    words = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    request = certifying.conclude(desk, SLUG, people["officer"], words)

    def certify() -> str:
        try:
            build.confirm(desk, request, people["approver"])
        except Changed as changed:
            return changed.code
        return "certified"

    replies = [lambda c=code: sends(office, new(desk, c)) for code in office.codes]
    *answers, certified = together(*replies, certify)

    acknowledged = {code for code, answer in zip(office.codes, answers, strict=True) if answer == 1}
    assert set(answers) <= {1, Closed.code}
    assert stored(desk) == dict.fromkeys(acknowledged, True)
    is_certified = certified == "certified"
    assert (letter(desk).state is State.CERTIFIED) is is_certified
    assert is_certified is (not acknowledged)  # one reply more, and another count was shown
    assert faults(desk) == []
