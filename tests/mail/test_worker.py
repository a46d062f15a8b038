"""The worker: every notice once, over a real line, whatever breaks."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from mailbox import Maildir
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.actions import due, replying, sending
from consult.actions.change import Desk
from consult.actions.mailing import post
from consult.core.schedule import NoticeKind, NoticeState
from consult.logs import JsonLines
from consult.settings import Settings
from consult.tables import Consultation, LedgerEntry, Notice, Person, reading, writing
from consult.worker import Worker, once
from tests import build
from tests.mail.conftest import CODES, Server, parsed

Hire = Callable[..., Worker]


def states(desk: Desk, kind: NoticeKind) -> dict[NoticeState, int]:
    with reading(desk.engine) as session:
        return {
            row[0]: row[1]
            for row in session.execute(
                select(Notice.state, func.count()).where(Notice.kind == kind).group_by(Notice.state)
            )
        }


def rows(desk: Desk, **where: Any) -> list[Notice]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Notice).filter_by(**where).order_by(Notice.id)))


def test_each_person_gets_each_notice_once(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    """T78, T87: one recipient, no Cc, no Bcc; sent, it is not sent again."""
    first, second = hired(), hired()
    assert first.tick() == 6
    assert (first.tick(), second.tick()) == (0, 0)
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 5}
    assert sorted(to for _, [to], _ in server.taken) == [
        f"head.of.{code.lower()}@example.org" for code in CODES
    ]
    for message in server.messages:
        assert len(message["To"].addresses) == 1
        assert message["Cc"] is None
        assert message["Bcc"] is None


def test_the_wire_carries_ascii_alone_and_every_script_survives(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    hired().tick()
    languages = set()
    for (_, _, raw), message in zip(server.taken, server.messages, strict=True):
        raw.decode("ascii")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        languages.add(message["Content-Language"])
        body = message.get_body(("plain",))
        assert body is not None
        if message["Content-Language"] != "en":
            assert f"Dates and chairs ({message['Content-Language']})" in body.get_content()
    assert languages == {"en", "es", "ru", "fr", "ar"}


def test_a_worker_that_dies_leaves_its_notices_to_others_after_the_lease(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    """T79: nothing is lost, nothing is sent twice."""
    assert len(sending.claim(desk, "dead", limit=4)) == 4
    worker = hired()
    assert worker.tick() == 2
    build.later(desk, minutes=5, seconds=1)
    assert worker.tick() == 4
    keys = [message["Message-ID"] for message in server.messages]
    assert len(keys) == len(set(keys)) == 5


def test_a_crash_after_the_server_took_it_sends_the_same_message_once_more(
    desk: Desk, slug: str, server: Server, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T80: the only double there may be bears the same Message-ID, and the same bytes."""

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    worker = hired()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "mark_sent", killed)
        with pytest.raises(Killed):
            worker.tick()
    assert len(server.taken) == 1
    build.later(desk, minutes=6)
    hired().tick()
    raws = [raw for _, _, raw in server.taken]
    assert len(raws) == 6
    assert len(set(raws)) == 5


def test_who_lost_the_lease_neither_sends_nor_marks(desk: Desk, slug: str) -> None:
    [notice] = sending.claim(desk, "slow", limit=1)
    build.later(desk, minutes=6)
    assert sending.claim(desk, "quick", limit=1) == [notice]
    assert sending.take(desk, "slow", notice) is None
    sending.mark_sent(desk, "slow", notice)
    assert rows(desk, id=notice)[0].state is NoticeState.SENDING


def test_a_refused_connection_defers_all_and_nothing_is_dropped(
    desk: Desk, slug: str, server: Server, hired: Hire, closed_port: int
) -> None:
    """T81, T88: 1, 2, 4 … at most 30 minutes apart; two days later all goes out, once."""
    worker = hired(closed_port)
    waits = []
    for _ in range(7):
        worker.tick()
        row = rows(desk, kind=NoticeKind.INVITATION)[0]
        assert row.state is NoticeState.DEFERRED
        waits.append((row.not_before - desk.clock()).total_seconds() / 60)
        build.later(desk, minutes=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    build.later(desk, hours=47)
    hired().tick()
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 5}
    assert len(server.taken) == 5


def test_a_temporary_refusal_is_tried_again_and_the_others_are_not_held_up(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    server.answers["head.of.arg@example.org"] = "451 greylisted"
    worker = hired()
    worker.tick()
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 4, NoticeState.DEFERRED: 1}
    server.answers.clear()
    build.later(desk, minutes=1)
    worker.tick()
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 5}


def test_a_permanent_refusal_fails_is_entered_and_reaches_colleagues_who_lack_it(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    """T81: 5xx for a recipient."""
    server.answers["head.of.arg@example.org"] = "550 no such mailbox"
    build.person(desk, "Alternate of ARG", member="ARG", head=False, language="fr")
    worker = hired()
    worker.tick()
    failed, copy = rows(desk, member="ARG", kind=NoticeKind.INVITATION)
    assert (failed.state, failed.cause) == (NoticeState.FAILED, "550 no such mailbox")
    assert (copy.state, copy.language, copy.occasion) == (NoticeState.SENT, "fr", failed.occasion)
    with reading(desk.engine) as session:
        entries = session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)).all()
    assert entries[-2:] == ["notice-failed", "notices-queued"]


def test_a_notice_is_given_up_after_72_hours_but_not_before_the_deadline(
    desk: Desk, slug: str, council: dict[str, Any], server: Server, hired: Hire
) -> None:
    """T81: an acknowledgement of 20 June is tried until the deadline, of 17 July until the 20th."""
    server.answers["head.of.bhs@example.org"] = "451 later"
    draft = build.answer("BHS", "approve", "object", "approve")
    replying.reply(desk, slug, council["BHS"], build.sent(desk, draft))
    worker = hired()
    for days in range(1, 28):
        worker.tick()
        [row] = rows(desk, member="BHS", kind=NoticeKind.ACKNOWLEDGEMENT)
        assert row.state is NoticeState.DEFERRED, days
        build.later(desk, days=1)
    build.later(desk, days=1)
    worker.tick()
    [row] = rows(desk, member="BHS", kind=NoticeKind.ACKNOWLEDGEMENT)
    assert (row.state, row.cause) == (NoticeState.FAILED, "451 later")


def test_what_has_become_pointless_is_cancelled_with_the_reason(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    """T88: an invitation after the deadline, a request that is decided."""
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    hired().tick()
    assert server.taken == []
    assert {row.cause for row in rows(desk, kind=NoticeKind.INVITATION)} == {"deadline-passed"}
    assert {row.cause for row in rows(desk, kind=NoticeKind.REQUEST)} == {"request-decided"}


def test_a_mail_that_cannot_be_made_holds_up_no_other(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    worker = hired()
    with writing(desk.engine) as session:
        broken = session.scalars(select(Notice).where(Notice.member == "BRA")).one()
        broken.data = {**broken.data, "items": None, "body": None}
    worker.tick()
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 4, NoticeState.DEFERRED: 1}
    assert rows(desk, member="BRA")[0].cause == "defect"


def test_a_reply_is_acknowledged_to_every_focal_point_with_its_receipt(
    desk: Desk, slug: str, council: dict[str, Any], server: Server, hired: Hire
) -> None:
    """T86."""
    build.person(desk, "Alternate of BHS", member="BHS", head=False)
    draft = build.answer("BHS", "approve", "object", None)
    replying.reply(desk, slug, council["BHS"], build.sent(desk, draft))
    worker = hired()
    worker.tick()
    acknowledged = [m for m in server.messages if "Received" in m["Subject"]]
    assert {m["To"].addresses[0].addr_spec for m in acknowledged} == {
        "head.of.bhs@example.org",
        "alternate.of.bhs@example.org",
    }
    for message in acknowledged:
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "Head of BHS replied for Bahamas" in text
        assert "2. Chair of CWG-COP: Object" in text
        assert "3. Draft Decision: No position" in text
        [receipt] = message.iter_attachments()
        assert receipt.get_filename() == "CONS-2020-1-receipt-BHS-1.json"
        assert '"version":1' in receipt.get_content().decode()


def test_the_invitation_encloses_the_letter_in_its_reader_s_language(
    app: Flask, desk: Desk, slug: str, settings: Settings
) -> None:
    """Printed once for each language, captured in the Maildir of the demo."""
    assert once(app) == 6
    taken = [parsed(message.as_bytes()) for message in Maildir(settings.mailbox, create=False)]
    assert len(taken) == 5
    for message in taken:
        letter, deadline = message.iter_attachments()
        assert letter.get_filename() == f"CONS-2020-1-{message['Content-Language']}.pdf"
        assert letter.get_content().startswith(b"%PDF-")
        assert deadline.get_content_type() == "text/calendar"
        assert deadline["Content-Type"].params["method"] == "PUBLISH"


def test_told_to_stop_a_worker_gives_back_what_it_claimed(
    desk: Desk, slug: str, server: Server, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = hired()
    mark = sending.mark_sent

    def stopping(*marked: Any) -> None:
        mark(*marked)
        worker.stop.set()

    monkeypatch.setattr(sending, "mark_sent", stopping)
    worker.tick()
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.SENT: 1, NoticeState.QUEUED: 4}
    worker.run()  # ends at once


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_no_mail_leaves_in_the_clear_where_encryption_is_asked_for(
    desk: Desk, slug: str, server: Server, hired: Hire, tls: str
) -> None:
    """T101: the server offers none, so everything waits."""
    hired(tls=tls).tick()
    assert server.taken == []
    assert states(desk, NoticeKind.INVITATION) == {NoticeState.DEFERRED: 5}


def test_nothing_in_the_log_says_to_whom(
    desk: Desk, slug: str, server: Server, hired: Hire
) -> None:
    """T100: an event with fields, never an address."""
    server.answers["head.of.arg@example.org"] = "550 head.of.arg@example.org unknown"
    logger, written = logging.getLogger("consult.worker"), StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        hired().tick()
    finally:
        logger.removeHandler(handler)
    events = [json.loads(line)["event"] for line in written.getvalue().splitlines()]
    assert (events.count("notice sent"), events.count("notice refused")) == (4, 1)
    assert "@" not in written.getvalue()


def test_a_link_that_somebody_waits_for_goes_before_all_others(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    build.later(desk, minutes=1)
    with writing(desk.engine) as session:
        person = session.get_one(Person, council["BHS"].person_id)
        post(session, person, NoticeKind.SIGN_IN, "sign-in-1", desk.clock(), request=1)
    [first] = sending.claim(desk, "w", limit=1)
    assert rows(desk, id=first)[0].kind is NoticeKind.SIGN_IN


def test_a_reminder_counts_to_the_deadline_it_was_queued_for(desk: Desk, slug: str) -> None:
    """T82: after an extension the old reminders are cancelled."""
    desk.clock.set(build.CLOSES_AT - timedelta(days=7))  # type: ignore[attr-defined]
    due.queue_due(desk)
    with writing(desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        letter.closes_at = build.CLOSES_AT + timedelta(days=3)
    for notice in sending.claim(desk, "w", limit=50):
        sending.take(desk, "w", notice)
    assert {row.cause for row in rows(desk, kind=NoticeKind.REMINDER)} == {"deadline-changed"}


def test_mail_about_no_letter_fails_without_any_ledger(
    desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    with writing(desk.engine) as session:
        person = session.get_one(Person, council["BHS"].person_id)
        post(session, person, NoticeKind.SIGN_IN, "sign-in-1", desk.clock(), request=1)
    [notice] = sending.claim(desk, "w", limit=1)
    sending.fail(desk, "w", notice, "550 unknown")
    [row] = rows(desk, kind=NoticeKind.SIGN_IN)
    assert (row.state, row.cause) == (NoticeState.FAILED, "550 unknown")


def test_a_failed_mail_to_the_secretariat_is_shown_and_copied_to_nobody(
    desk: Desk, slug: str
) -> None:
    claimed = sending.claim(desk, "w", limit=50)
    request = rows(desk, kind=NoticeKind.REQUEST)[0].id
    assert request in claimed
    sending.fail(desk, "w", request, "550 unknown")
    assert states(desk, NoticeKind.REQUEST) == {NoticeState.FAILED: 1}
