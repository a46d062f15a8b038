"""Several candidates for one post, from the draft to the published record."""

import io

import pytest
from docx import Document
from flask import Flask

from consult.actions import certifying, posting, publishing
from consult.actions.change import Desk
from consult.queries.verifying import verify_database
from tests import build
from tests.forms import form_with, send
from tests.office import SLUG, Office, office_of, page

FIRST = f"/en/office/{SLUG}/draft/2/items/1"


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def candidate(code: str, **more: object) -> dict[str, object]:
    return build.item(
        code,
        f"Chair of CWG-COP: candidate {code}",
        kind="appointment",
        group="CWG-COP",
        post=build.in_all("Chair"),
        candidate=build.in_all(f"Candidate {code}"),
        **more,
    )


def test_the_number_of_posts_is_a_field_of_the_candidate(of: Office) -> None:
    of.draft(items=[candidate("1"), candidate("2")])
    officer = of.browser("officer")
    form = form_with(page(officer, FIRST), "seats")
    wrong = send(officer, FIRST, form, "save", seats="0")
    assert wrong.status_code == 422
    assert "Write a number from 1 to 99" in wrong.text
    assert send(officer, FIRST, form, "save", seats="1").status_code == 303
    assert 'value="1"' in page(officer, FIRST)
    check = page(officer, f"/en/office/{SLUG}/draft/7")
    assert "Say the same number of posts for every candidate for this post." in check


def test_equal_candidates_for_one_post_are_no_decision(of: Office) -> None:
    of.open(items=[candidate("1", seats=1), candidate("2", seats=1), candidate("3", seats=1)])
    for code in of.codes[:4]:
        of.reply(code, "approve", "approve", "object")
    of.close()
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)
    said = certifying.Conclusion(texts=build.in_all("It goes to the session."), adopted={})
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, officer, said), approver)
    publishing.publish(of.desk, SLUG, officer)
    record = page(of.app.test_client(), f"/en/decisions/{SLUG}")
    assert record.count("No decision: equal approvals for the post") >= 2
    assert "2 without decision: equal approvals" in record
    assert "There is 1 post" in record
    assert all(found.holds for _reference, found in verify_database(of.desk.engine))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_table_of_candidates_stands_in_draft_letter_and_record(
    of: Office, language: str
) -> None:
    first = candidate("1", nominated_by="BRA", region="A")
    of.draft(items=[first, candidate("2", region="B"), build.item("3", "Other")])
    officer = of.browser("officer")
    there = officer.get(f"/{language}/office/{SLUG}/draft/2").text
    letter = officer.get(f"/{language}/office/{SLUG}/draft/preview/letter?language={language}").text
    build.open_it(of.desk, SLUG, of.people["officer"], of.people["approver"])
    own = of.browser(of.codes[0]).get(f"/{language}/c/{SLUG}/{of.codes[0]}").text
    region = build.in_all("Region B")[language]
    for shown in (there, letter, own):
        assert f'<th scope="row"><bdi>{region}</bdi></th>' in shown
    for code in of.codes:
        of.reply(code)
    of.close()
    person, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, person), approver)
    said = certifying.Conclusion(texts=build.in_all("So it is."), adopted={})
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, person, said), approver)
    publishing.publish(of.desk, SLUG, person)
    reader = of.app.test_client()
    record = reader.get(f"/{language}/decisions/{SLUG}").text
    assert f'<th scope="row"><bdi>{region}</bdi></th>' in record
    assert reader.get(f"/{language}/decisions/{SLUG}.pdf").data.startswith(b"%PDF-")
    word = Document(io.BytesIO(reader.get(f"/{language}/decisions/{SLUG}.docx").data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert region in cells
    printed = of.browser("officer").get(f"/{language}/office/{SLUG}/letter.pdf")
    assert printed.data.startswith(b"%PDF-")
