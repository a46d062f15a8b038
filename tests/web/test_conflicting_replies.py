"""A reply on the website and one on paper: both stand, the later received counts, it is said."""

import pytest
from flask import Flask

from consult.actions import documents, recording
from consult.actions.change import Desk
from consult.core.answer import OnBehalf
from consult.core.life import Channel
from consult.core.upload import EVIDENCE
from consult.queries.verifying import verify_database
from tests import build
from tests.contests import state_post
from tests.office import HERE, Office, decide, office_of, page, request_page
from tests.replies import valid


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    """Canada replied on the website; an hour later its paper reached the secretariat."""
    made = office_of(app, desk, 5)
    made.open()
    made.reply("CAN", "object", "object", "object")
    build.later(desk, hours=1)
    return made


def test_both_are_said_where_a_paper_is_recorded_and_confirmed(office: Office) -> None:
    form = page(office.browser("officer"), f"{HERE}/record-reply?member=CAN")
    valid(form)
    assert "also replied on this website" in form
    assert "also replied" not in page(office.browser("officer"), f"{HERE}/record-reply?member=BRA")
    number = office.record("CAN")
    shown = page(office.browser("approver"), request_page(number))
    valid(shown)
    assert "The paper is the later: it counts." in shown


def test_the_overview_lists_that_both_came_and_no_position(office: Office) -> None:  # T33
    assert decide(office.browser("approver"), office.record("CAN")).status_code == 303
    shown = page(office.browser("auditor"), HERE)
    valid(shown)
    assert "Replied on this website and on paper" in shown
    assert "Object" not in shown


def test_the_record_marks_it(office: Office) -> None:
    decide(office.browser("approver"), office.record("CAN"))
    state_post(office)
    shown = page(office.browser("officer"), f"{HERE}/record")
    assert "Canada replied on the website and otherwise." in shown
    for _reference, findings in verify_database(office.desk.engine):
        assert findings.faults == []


def test_nothing_is_listed_where_a_member_replied_one_way(office: Office) -> None:
    assert "Replied on this website and on paper" not in page(office.browser("officer"), HERE)


def test_an_email_is_kept_whole_and_shown_as_text(office: Office) -> None:  # T93
    mail = (
        b"Received: from mission.example by mx.itu.example; Fri, 17 Jul 2020 15:59:57 +0200\r\n"
        b"From: Mission <note@mission.example>\r\nSubject: Our reply\r\n\r\nWe <b>approve</b>.\r\n"
    )
    kept = documents.keep(office.desk, mail, "reply.eml", "message/rfc822", EVIDENCE)
    said = OnBehalf(
        draft=build.answer("BRA", "approve", "approve", "approve"),
        key="keymail",
        channel=Channel.EMAIL,
        received_at=office.desk.clock(),
        scan=kept.sha256,
        reason="It came by e-mail.",
        language="en",
    )
    number = recording.record(office.desk, "CONS-2020-1", office.people["officer"], said, kept)
    shown = page(office.browser("approver"), request_page(number))
    valid(shown)
    assert "from mission.example by mx.itu.example" in shown
    assert "We &lt;b&gt;approve&lt;/b&gt;." in shown
    assert "mission.example" not in page(office.browser("auditor"), request_page(number))
