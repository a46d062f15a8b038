"""The secretariat's whole way over HTTP: from a submitted draft to the published record."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import opening
from consult.actions.change import Desk
from consult.core.life import Act, State
from consult.core.verify import verify_record
from consult.tables import Consultation, Record, Reply, reading
from tests import build
from tests.forms import form_with, forms_of, send
from tests.office import HERE, SLUG, Office, decide, office_of, page, paper_form, send_paper


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def test_from_the_submitted_draft_to_the_published_record(office: Office) -> None:
    desk = office.desk
    officer, approver = office.browser("officer"), office.browser("approver")
    number = opening.submit(desk, office.draft(), office.people["officer"])
    desk_page = page(approver, "/en/office")
    assert "1 thing needs you now." in desk_page
    assert f'href="/en/office/requests/{number}"' in desk_page
    assert decide(approver, number).location == HERE
    for code in ("ARG", "BHS", "BRA"):
        office.reply(code, "approve", "object", "approve", c2="Not this one.")
    overview = page(officer, HERE)
    assert "3 of 5" in overview

    desk.clock.set(build.CLOSES_AT - timedelta(hours=1))  # type: ignore[attr-defined]
    officer, approver = office.browser("officer"), office.browser("approver")
    answer = send_paper(officer, paper_form(officer))
    assert (answer.status_code, answer.location) == (303, HERE)
    assert decide(approver, office.waits(Act.RECORD)).location == HERE

    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    office.reply("CUB")
    build.later(desk, seconds=120)
    officer, approver = office.browser("officer"), office.browser("approver")
    closing = page(officer, HERE)
    assert "Closed: waiting for the post" in closing
    assert "1 reply: Canada" in closing
    assert "Cuba, Friday 17 July 2020, 16:00:00 Geneva" in closing
    stated = send(officer, HERE, form_with(closing, "recorded"), post="some")
    assert stated.location == HERE
    assert decide(approver, office.waits(Act.STATE_POST)).location == f"{HERE}/record"

    assert "Not this one." in page(officer, f"{HERE}/record")
    form = form_with(page(officer, f"{HERE}/conclusion"), "texts-en")
    typed = {"texts_en": "The dates stand.", "number_3": "Decision 620 (C20)"}
    answer = send(officer, f"{HERE}/conclusion", form, **typed)
    assert answer.location == f"{HERE}/record"
    assert decide(approver, office.waits(Act.CERTIFY)).location == f"{HERE}/record"

    (publish,) = [
        one for one in forms_of(page(officer, f"{HERE}/record")) if one.action.endswith("/publish")
    ]
    assert send(officer, "", publish).location == f"/en/decisions/{SLUG}"
    assert "2020/1" in page(officer, "/en/office/published")
    with reading(desk.engine) as session:
        record = session.scalars(select(Record)).one()
        assert session.scalars(select(Consultation.state)).one() is State.PUBLISHED
        assert len(session.scalars(select(Reply)).all()) == 5
    assert verify_record(record.content.encode()).faults == []


def test_what_is_recorded_after_the_deadline_counts_by_when_it_came(office: Office) -> None:
    """T69: and the closing is entered before the statement all the same."""
    office.open()
    desk = office.desk
    office.close()
    officer, approver = office.browser("officer"), office.browser("approver")
    fields = paper_form(officer)
    assert send_paper(officer, fields).status_code == 303
    late = {**paper_form(officer), "member": "BRA", "received-day": "17", "received-time": "16:00"}
    assert send_paper(officer, late).status_code == 303
    number = office.waits(Act.RECORD)
    assert "is not counted" in page(approver, f"/en/office/requests/{number}")
    refused = send(officer, HERE, form_with(page(officer, HERE), "recorded"), post="none")
    assert refused.status_code == 409
    assert decide(approver, number - 1).status_code == 303
    assert decide(approver, number).status_code == 303
    form = form_with(page(officer, HERE), "recorded")
    assert send(officer, HERE, form, post="some").status_code == 303
    assert decide(approver, office.waits(Act.STATE_POST)).status_code == 303
    with reading(desk.engine) as session:
        rows = session.execute(select(Reply.member, Reply.late).order_by(Reply.id)).all()
        result = session.scalars(select(Consultation.result)).one()
    assert [tuple(row) for row in rows] == [("CAN", False), ("BRA", True)]
    assert result["questions"]["1"]["counts"]["replied"] == 1
    # What comes now is recorded all the same: it counts only by a ruling (T75).
    assert officer.get(f"{HERE}/record-reply").status_code == 200
