"""The secretariat's whole way over HTTP: from a submitted draft to the published record."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions import opening, replying
from consult.actions.change import Desk
from consult.core.life import Actor, Role, State
from consult.core.verify import verify_record
from consult.tables import Consultation, Record, Reply, reading
from tests import build
from tests.forms import form_with, forms_of, send

PDF = b"%PDF-1.7\na note verbale\n"
SLUG = "CONS-2020-1"
HERE = f"/en/office/{SLUG}"


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor]:
    build.council(desk, 5)
    codes = ["ARG", "BHS", "BRA", "CAN", "CUB"]
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        "auditor": build.person(desk, "C. Auditor", Role.AUDITOR),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in codes},
    }


class Browser:
    """Whose turn it is, at one service."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self._app, self._desk = app, desk

    def of(self, who: Actor) -> FlaskClient:
        client = self._app.test_client()
        build.sign_in(client, self._desk, who)
        return client


@pytest.fixture
def browser(app: Flask, desk: Desk) -> Browser:
    return Browser(app, desk)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.location)
    return answer.text


def confirm(client: FlaskClient, number: int) -> TestResponse:
    address = f"/en/office/requests/{number}"
    return send(client, address, form_with(page(client, address), "reason"), "confirm")


def record_reply(client: FlaskClient, **typed: str) -> TestResponse:
    """Record a reply on behalf, with its scan."""
    address = f"{HERE}/record-reply"
    form = form_with(page(client, address), "key")
    fields = {
        **form.fields,
        "channel": "note_verbale",
        "received-day": "10",
        "received-month": "7",
        "received-year": "2020",
        "received-time": "09:40:12",
        "reason": "The mission had no access.",
        "p-1": "approve",
        "p-2": "object",
        "p-3": "abstain",
        **typed,
        "file": FileStorage(io.BytesIO(PDF), "note.pdf", None, "application/pdf"),
    }
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind)


def test_from_the_submitted_draft_to_the_published_record(
    desk: Desk, browser: Browser, people: dict[str, Actor]
) -> None:
    officer, approver = browser.of(people["officer"]), browser.of(people["approver"])
    slug = build.draft(desk, people["officer"])
    number = opening.submit(desk, slug, people["officer"])

    desk_page = page(approver, "/en/office")
    assert "1 thing needs you now." in desk_page
    assert f'href="/en/office/requests/{number}"' in desk_page
    assert "Waiting for a second officer." in page(officer, f"/en/office/requests/{number}")
    assert confirm(approver, number).location == HERE

    for code in ("ARG", "BHS", "BRA"):
        draft = build.answer(code, "approve", "object", "approve", c2="Not this one.")
        replying.reply(desk, slug, people[code], build.sent(desk, draft))
    overview = page(officer, HERE)
    assert "3 of 5" in overview
    assert "Not this one." not in overview

    desk.clock.set(build.CLOSES_AT - timedelta(hours=1))
    officer, approver = browser.of(people["officer"]), browser.of(people["approver"])
    answer = record_reply(officer, member="CAN")
    assert (answer.status_code, answer.location) == (303, HERE), answer.text[:3000]
    asked = build_request(desk, "reply-on-behalf")
    page(approver, f"/en/office/requests/{asked}")
    assert confirm(approver, asked).location == HERE

    desk.clock.set(build.CLOSES_AT)
    draft = build.answer("CUB", "approve", "approve", "approve")
    replying.reply(desk, slug, people["CUB"], build.sent(desk, draft))
    build.later(desk, seconds=120)
    officer, approver = browser.of(people["officer"]), browser.of(people["approver"])
    closing = page(officer, HERE)
    assert "Closed: waiting for the post" in closing
    assert "Cuba, " in closing
    form = form_with(closing, "recorded")
    assert send(officer, HERE, form, post="some").status_code == 303
    assert confirm(approver, build_request(desk, "post-stated")).location == f"{HERE}/record"

    assert "Not this one." in page(officer, f"{HERE}/record")
    assert page(browser.of(people["auditor"]), f"{HERE}/record")
    conclusion = page(officer, f"{HERE}/conclusion")
    typed = {"texts_en": "The dates stand.", "number_3": "Decision 620 (C20)"}
    form = form_with(conclusion, "texts-en")
    answer = send(officer, f"{HERE}/conclusion", form, **typed)
    assert answer.status_code == 303, answer.text
    assert confirm(approver, build_request(desk, "certification")).location == f"{HERE}/record"

    publish = [one for one in forms_of(page(officer, f"{HERE}/record")) if "publish" in one.action]
    answer = send(officer, "", publish[0])
    assert answer.location == f"/en/decisions/{SLUG}"
    with reading(desk.engine) as session:
        record = session.scalars(select(Record)).one()
        assert session.scalars(select(Consultation.state)).one() is State.PUBLISHED
        assert len(session.scalars(select(Reply)).all()) == 5
    assert verify_record(record.content.encode()).faults == []


def build_request(desk: Desk, act: str) -> int:
    """Return the newest request of that act."""
    from consult.tables import Request

    with reading(desk.engine) as session:
        found = session.scalars(
            select(Request.id).where(Request.act == act).order_by(Request.id.desc())
        ).first()
    assert found is not None
    return found
