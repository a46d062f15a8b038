"""A session has a time zone of its own, a candidate a curriculum vitae."""

import pytest
from flask import Flask
from icalendar import Calendar

from consult.actions import certifying, documents, drafting, posting, publishing
from consult.actions.change import Desk
from consult.actions.documents import ANNEX, About
from consult.queries.drafting import draft_of
from consult.queries.verifying import verify_database
from consult.tables import Member, writing
from tests import build
from tests.forms import form_with, send
from tests.office import PDF, SLUG, Office, office_of, page

ITEM = f"/en/office/{SLUG}/draft/2/items/"
SAID = "Time zone: Dubai (UTC+04:00)."


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    found = office_of(app, desk, 5)
    with writing(desk.engine) as session:
        member = session.query(Member).filter_by(code=found.codes[0]).one()
        member.zone, member.capital = "Asia/Dubai", build.in_all("Dubai")
    found.draft()
    return found


def save(of: Office, code: str, **typed: str) -> None:
    officer = of.browser("officer")
    form = form_with(page(officer, ITEM + code), "title")
    assert send(officer, ITEM + code, form, "save", **typed).status_code == 303


def publish(of: Office) -> None:
    for code in of.codes:
        of.reply(code)
    of.close()
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)
    adopted = {"3": certifying.Adoption("Decision 1", None)}
    said = certifying.Conclusion(texts=build.in_all("So it is."), adopted=adopted)
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, officer, said), approver)
    publishing.publish(of.desk, SLUG, officer)


def test_the_zone_of_a_session_stands_in_letter_record_and_calendar(of: Office) -> None:
    assert "Time zone:" not in page(of.browser("officer"), ITEM + "1")
    save(of, "1", zone="Asia/Dubai")
    build.open_it(of.desk, SLUG, of.people["officer"], of.people["approver"])
    assert SAID in page(of.browser(of.codes[0]), f"/en/c/{SLUG}/{of.codes[0]}")
    publish(of)
    reader = of.app.test_client()
    assert SAID in page(reader, f"/en/decisions/{SLUG}")
    (event,) = Calendar.from_ical(reader.get(f"/en/decisions/{SLUG}.ics").data).walk("VEVENT")
    assert SAID in str(event["DESCRIPTION"])
    assert all(found.holds for _reference, found in verify_database(of.desk.engine))


def test_a_zone_that_is_none_is_refused(of: Office) -> None:
    officer = of.browser("officer")
    form = form_with(page(officer, ITEM + "1"), "title")
    assert send(officer, ITEM + "1", form, "save", zone="../etc").status_code == 422


def test_a_curriculum_vitae_is_words_and_one_of_the_documents(of: Office) -> None:
    seen = draft_of(of.desk.engine, SLUG).version
    drafting.save(of.desk, SLUG, of.people["officer"], {"languages": ["en"]}, seen=seen)
    kept = documents.keep(of.desk, PDF, "cv.pdf", "application/pdf")
    about = About(title={"en": "CV of A"}, purpose=ANNEX, item=None, language=None, symbol=None)
    documents.add(of.desk, SLUG, of.people["officer"], kept, about)
    save(of, "2", cv="Ten years. https://example.org/cv", cv_document=kept.sha256)
    item = draft_of(of.desk.engine, SLUG).item("2")
    assert item["cv"] == {"en": "Ten years. https://example.org/cv"}
    assert item["cv_document"] == kept.sha256
    build.open_it(of.desk, SLUG, of.people["officer"], of.people["approver"])
    letter = page(of.browser(of.codes[0]), f"/en/c/{SLUG}/{of.codes[0]}")
    assert "Curriculum vitae: Ten years. https://example.org/cv" in letter
    assert 'href="https://example.org/cv"' not in letter
    assert "Curriculum vitae: CV of A" in letter
    assert "Open the document with the curriculum vitae" in letter


def test_a_document_that_is_not_there_is_none_and_another_kind_drops_both(of: Office) -> None:
    save(of, "2", cv="Ten years.", cv_document="f" * 64)
    assert draft_of(of.desk.engine, SLUG).item("2")["cv_document"] is None
    save(of, "1", zone="Asia/Dubai")
    save(of, "1", kind="question")
    save(of, "2", kind="question")
    items = draft_of(of.desk.engine, SLUG).content["items"]
    assert (items[0]["zone"], items[1]["cv"]) == (None, {})
