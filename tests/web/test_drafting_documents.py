"""Files are attached to letter and items, entitled, sent out as attachments, and taken away."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions.change import Desk
from consult.queries.drafting import Draft, draft_of
from tests import build
from tests.forms import form_with, send

PDF = b"%PDF-1.7\nthe letter\n"


@pytest.fixture
def slug(desk: Desk, client: FlaskClient) -> str:
    build.council(desk, 3)
    who = build.officer(desk)
    build.sign_in(client, desk, who)
    return build.draft(desk, who)


def address(slug: str, rest: str = "") -> str:
    return f"/en/office/{slug}/draft/documents{rest}"


def attach(
    client: FlaskClient,
    slug: str,
    data: bytes = PDF,
    name: str = "letter.pdf",
    declared: str = "application/pdf",
    **typed: str,
) -> TestResponse:
    opened = form_with(client.get(address(slug)).get_data(as_text=True), "purpose")
    fields = {**opened.fields, **typed, "file": FileStorage(io.BytesIO(data), name, None, declared)}
    return post(client, address(slug), fields)


def post(client: FlaskClient, where: str, fields: dict[str, Any]) -> TestResponse:
    """Send *fields* as one body of bytes: the client would leave a large one open on disk."""
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(where, data=body, content_type=kind)


def draft(desk: Desk, slug: str) -> Draft:
    return draft_of(desk.engine, slug)


def test_a_document_is_attached_entitled_and_shown_with_its_item(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    response = attach(client, slug, item="3", symbol="C20/2", title="A report")
    assert response.status_code == 303
    (document,) = draft(desk, slug).documents
    assert (document.item, document.symbol, document.title) == ("3", "C20/2", {"en": "A report"})
    opened = form_with(client.get(response.location).get_data(as_text=True), "title-fr")
    response = send(client, "", opened, "save", title_fr="Un rapport")
    assert response.location == f"/en/office/{slug}/draft/2/items/3#documents"
    assert draft(desk, slug).documents[0].title == {"en": "A report", "fr": "Un rapport"}
    html = client.get(f"/en/office/{slug}/draft/2/items/3").get_data(as_text=True)
    assert "letter.pdf" in html


def test_the_signed_letter_is_one_file_in_each_language(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    link = f"{address(slug)}?purpose=signed&amp;language=fr"
    assert f'href="{link}"' in client.get(f"/en/office/{slug}/draft/1").get_data(as_text=True)
    assert attach(client, slug, purpose="signed", language="fr").status_code == 303
    (document,) = draft(desk, slug).documents
    assert (document.purpose, document.language, document.item) == ("signed", "fr", None)
    twice = attach(client, slug, purpose="signed", language="fr")
    assert twice.status_code == 422
    assert "The signed letter in this language is there" in twice.get_data(as_text=True)
    untold = attach(client, slug, purpose="signed")
    assert "Choose the language in which it is signed." in untold.get_data(as_text=True)


def test_a_file_goes_out_as_an_attachment_in_which_nothing_runs(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    attach(client, slug, name="Lettre signée.pdf")
    (document,) = draft(desk, slug).documents
    response = client.get(address(slug, f"/{document.id}/file"))
    assert response.get_data() == PDF
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Lettre%20sign%C3%A9e.pdf" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "no-store"
    response.close()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((b"<svg/>", "a.svg", "image/svg+xml"), "Choose a PDF, DOCX, ODT, PNG or JPEG file."),
        ((b"<html>", "a.pdf", "application/pdf"), "Its content is not what its name says."),
        ((b"", "a.pdf", "application/pdf"), "Choose a file that is not empty."),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_in_words(
    desk: Desk, slug: str, client: FlaskClient, sent: tuple[bytes, str, str], words: str
) -> None:
    response = attach(client, slug, *sent, title="Kept as typed")
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert words in html
    assert "Kept as typed" in html
    assert draft(desk, slug).documents == ()


def test_this_address_alone_takes_more_than_a_form(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    big = PDF + bytes(3 * 1024 * 1024)
    assert attach(client, slug, big).status_code == 303
    elsewhere = post(
        client, f"/en/office/{slug}/draft/1", {"file": FileStorage(io.BytesIO(big), "letter.pdf")}
    )
    assert elsewhere.status_code == 413
    assert attach(client, slug, PDF + bytes(21 * 1024 * 1024)).status_code == 413


def test_a_document_is_taken_away(desk: Desk, slug: str, client: FlaskClient) -> None:
    where = attach(client, slug).location
    opened = form_with(client.get(where).get_data(as_text=True), "title-fr")
    response = send(client, "", opened, "remove")
    assert response.location == f"/en/office/{slug}/draft/1#documents"
    assert draft(desk, slug).documents == ()
    assert client.get(where).status_code == 404


def test_documents_of_other_drafts_are_not_to_be_seen(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    attach(client, slug)
    (document,) = draft(desk, slug).documents
    other = build.draft(desk, build.officer(desk, "C. Officer"), reference="OTHER/1")
    assert client.get(address(other, f"/{document.id}")).status_code == 404
    assert client.get(address(other, f"/{document.id}/file")).status_code == 404
