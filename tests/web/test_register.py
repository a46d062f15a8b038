"""The register and its records as anybody, members and the secretariat meet them."""

import io
import json

import html5lib
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from consult.actions.change import Desk
from consult.queries.exporting import ledger_text
from tests import build
from tests.published import Office, office, publish
from tests.statements import statements


@pytest.fixture
def of(desk: Desk) -> Office:
    return office(desk)


def valid(page: str) -> None:
    """Refuse a page that does not parse as HTML strictly."""
    html5lib.HTMLParser(strict=True).parse(page)


def test_a_stranger_meets_the_register_at_home(client: FlaskClient) -> None:
    page = client.get("/en/")
    assert page.status_code == 200
    assert "The register is empty." in page.text
    valid(page.text)


def test_who_is_signed_in_is_led_to_the_desk(client: FlaskClient, desk: Desk, of: Office) -> None:
    build.sign_in(client, desk, of.heads["ARG"])
    assert client.get("/en/").headers["Location"].endswith("/en/desk")


def test_the_register_finds_and_keeps_its_filters_in_the_address(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    publish(desk, of)
    publish(desk, of, "approve", "approve", "approve", reference="CONS-2020/2")
    page = client.get("/en/decisions?q=dates&year=2020&outcome=not_adopted&body=itu-council")
    assert "CONS-2020/1" in page.text
    assert "CONS-2020/2" not in page.text
    assert 'value="dates"' in page.text
    assert "1 decision record, newest first." in page.text
    valid(page.text)


@pytest.mark.parametrize(
    "query", ["year=x", "page=-1", "page=999", "outcome=won", "q=%25%27%22", "year=99999999999"]
)
def test_a_filter_that_is_not_understood_does_not_narrow(client: FlaskClient, query: str) -> None:
    assert client.get(f"/en/decisions?{query}").status_code == 200


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh"])
def test_the_record_is_a_valid_page_in_each_language(
    client: FlaskClient, desk: Desk, of: Office, language: str
) -> None:
    slug = publish(desk, of, illustrative="Invented for a test.")
    page = client.get(f"/{language}/decisions/{slug}")
    assert page.status_code == 200
    assert page.text.count("Invented for a test.") >= 1
    assert "style=" not in page.text
    valid(page.text)


def test_the_record_says_the_outcome_the_members_and_how_to_check(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    """T60."""
    slug = publish(desk, of)
    page = client.get(f"/en/decisions/{slug}").text
    content = client.get(f"/en/decisions/{slug}.json")
    for words in ("Not appointed", "Argentina", "no reply", f"consult verify {slug}.json"):
        assert words in page
    assert content.get_etag()[0] in page.replace(" ", "")


def test_a_published_page_reads_one_record_row(client: FlaskClient, desk: Desk, of: Office) -> None:
    slug = publish(desk, of)
    client.get(f"/en/decisions/{slug}")
    with statements(desk.engine) as seen:
        client.get(f"/en/decisions/{slug}")
    assert len(seen) <= 7


@pytest.mark.parametrize("kind", ["pdf", "docx", "json", "csv"])
def test_a_file_goes_out_as_an_attachment_that_runs_nothing(
    client: FlaskClient, desk: Desk, of: Office, kind: str
) -> None:
    """T93."""
    slug = publish(desk, of)
    file = client.get(f"/en/decisions/{slug}.{kind}")
    assert file.status_code == 200
    assert f"filename*=UTF-8''{slug}.{kind}" in file.headers["Content-Disposition"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "public" in file.headers["Cache-Control"]
    again = client.get(
        f"/en/decisions/{slug}.{kind}", headers={"If-None-Match": file.headers["ETag"]}
    )
    assert again.status_code == 304


def test_what_one_may_not_see_is_as_if_it_were_not_there(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    """T31."""
    slug = publish(desk, of, public=False)
    for ending in ("", ".pdf", ".json"):
        hidden = client.get(f"/en/decisions/{slug}{ending}")
        missing = client.get(f"/en/decisions/NO-SUCH{ending}")
        assert (hidden.status_code, hidden.data) == (404, missing.data)
    build.sign_in(client, desk, of.heads["BRA"])
    assert client.get(f"/en/decisions/{slug}").status_code == 200
    assert client.get(f"/en/decisions/{slug}.json").headers["Cache-Control"] == "no-store"


def test_a_record_that_is_not_published_is_not_there(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    """T33."""
    slug = build.draft(desk, of.officer)
    build.open_it(desk, slug, of.officer, of.approver)
    assert client.get(f"/en/decisions/{slug}").status_code == 404


def test_an_uploaded_record_is_checked_and_found_in_the_register(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    slug = publish(desk, of)
    content = client.get(f"/en/decisions/{slug}.json").data
    page = upload(client, content)
    assert "All of it holds" in page
    assert "record 2020/1 of this register" in page
    valid(page)
    changed = json.loads(content)
    changed["result"]["questions"]["1"]["counts"]["approve"] = 5
    page = upload(client, json.dumps(changed).encode())
    assert "result.questions.1.counts.approve" in page
    valid(page)


def test_the_line_of_a_mail_is_looked_up_without_signing_in(
    client: FlaskClient, desk: Desk, of: Office
) -> None:
    """T50."""
    slug = publish(desk, of)
    link = json.loads(ledger_text(desk.engine, desk.keys, slug))["entries"][5]
    line = f"Ledger CONS-2020/1 #5 {link['head'][:32]}"
    assert "The line is in the ledger" in upload(client, None, line)
    other = f"Ledger CONS-2020/1 #6 {link['head'][:32]}"
    assert "The line is not in the ledger" in upload(client, None, other)


def test_what_cannot_be_read_is_said_and_nothing_breaks(client: FlaskClient, desk: Desk) -> None:
    assert "The file cannot be read" in upload(client, b"\xff not JSON")
    assert "choose a file" in upload(client, None)
    assert "as it stands in the mail" in upload(client, None, "nonsense")


def test_a_file_of_some_megabytes_is_let_in(client: FlaskClient, desk: Desk) -> None:
    assert "The file cannot be read" in upload(client, b" " * (3 * 1024 * 1024))


def upload(client: FlaskClient, content: bytes | None, line: str = "") -> str:
    """Give a file or a line to be checked, as the page's own form does."""
    page = client.get("/en/verify").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    data: dict[str, object] = {"csrf_token": token, "line": line}
    if content is not None:
        data["file"] = FileStorage(io.BytesIO(content), "file.json")
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/en/verify", data=body, content_type=kind).text
