"""A comment on a text under vote may name its paragraph, from the form to the record."""

import io

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.actions import certifying, posting, publishing
from consult.actions.change import Desk
from consult.queries.verifying import verify_database
from tests import build
from tests.forms import form_with, send
from tests.office import SLUG, Office, office_of, page

TEXT = "The Council decides:\n\nto adopt the budget;\n\nto meet again."


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    found = office_of(app, desk, 5)
    text = build.item("1", "Draft Decision", kind="text", text=build.in_all(TEXT))
    found.open(items=[text, build.item("2", "Question", text=build.in_all(TEXT))])
    return found


def address(of: Office, place: int = 0) -> str:
    return f"/en/c/{SLUG}/{of.codes[place]}"


def write(of: Office, client: FlaskClient, place: int = 0, **typed: str) -> TestResponse:
    shown = form_with(page(client, address(of, place)), "base")
    said = {name.replace("_", "-"): words for name, words in typed.items()}
    return send(client, address(of, place), shown, "review", **said)


def sent(of: Office, place: int, **typed: str) -> str:
    client = of.browser(of.codes[place])
    checked = page(client, write(of, client, place, p_1="approve", p_2="approve", **typed).location)
    receipt = send(client, "", form_with(checked, "shown"))
    assert receipt.status_code == 303
    return page(client, receipt.location)


def test_the_form_offers_the_paragraphs_of_a_text_alone(of: Office) -> None:
    shown = page(of.browser(of.codes[0]), address(of))
    assert '<option value="2">2: to adopt the budget;</option>' in shown
    assert 'name="n-2"' not in shown


def test_what_was_chosen_is_kept_and_checked_and_in_the_receipt(of: Office) -> None:
    client = of.browser(of.codes[0])
    saved = write(of, client, p_1="approve", c_1="Too dear.", n_1="2")
    form = form_with(page(client, address(of)), "n-1")
    assert (form.fields["n-1"], form.fields["c-1"]) == ("2", "Too dear.")
    checked = page(client, saved.location)
    assert "Paragraph 2: Too dear." in checked
    receipt = send(client, "", form_with(checked, "shown"))
    assert "Paragraph 2: Too dear." in page(client, receipt.location)


@pytest.mark.parametrize("number", ["9", "2; --", ""])
def test_a_paragraph_that_is_not_there_is_none(of: Office, number: str) -> None:
    client = of.browser(of.codes[0])
    write(of, client, p_1="approve", c_1="Too dear.", n_1=number)
    form = form_with(page(client, address(of)), "n-1")
    assert (form.fields["n-1"], form.fields["c-1"]) == ("", "Too dear.")


def test_a_fault_keeps_the_paragraph(of: Office) -> None:
    client = of.browser(of.codes[0])
    refused = write(of, client, c_1="x" * 10_001, n_1="3")
    assert refused.status_code == 422
    assert form_with(refused.text, "n-1").fields["n-1"] == "3"
    assert write(of, client, p_1="approve", c_1="x" * 10_000, n_1="3").status_code == 303


def test_the_record_has_the_comments_paragraph_by_paragraph(of: Office) -> None:
    sent(of, 0, c_1="On the last.", n_1="3")
    sent(of, 1, c_1="On the middle.", n_1="2")
    sent(of, 2, c_1="On all of it.")
    of.close()
    officer, approver = of.people["officer"], of.people["approver"]
    build.confirm(of.desk, posting.state_post(of.desk, SLUG, officer), approver)
    said = certifying.Conclusion(texts=build.in_all("So it is."), adopted={})
    build.confirm(of.desk, certifying.conclude(of.desk, SLUG, officer, said), approver)
    publishing.publish(of.desk, SLUG, officer)
    reader = of.app.test_client()
    record = page(reader, f"/en/decisions/{SLUG}")
    order = [record.index(words) for words in ("On all of it.", "On the middle.", "On the last.")]
    assert order == sorted(order)
    assert "Paragraph 2" in record
    assert "¶" not in record
    word = Document(io.BytesIO(reader.get(f"/en/decisions/{SLUG}.docx").data))
    assert any("Paragraph 3" in one.text for one in word.paragraphs)
    assert reader.get(f"/en/decisions/{SLUG}.pdf").data.startswith(b"%PDF-")
    assert all(found.holds for _reference, found in verify_database(of.desk.engine))
