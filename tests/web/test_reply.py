"""A focal point reads the letter, drafts, checks, sends and keeps the receipt."""

import html5lib
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.actions.change import Desk
from consult.core.life import Actor
from tests import build
from tests.forms import form_with, send

LETTER = "/en/c/CONS-2020-1/ARG"


def valid(page: str) -> None:
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.fixture
def ana(desk: Desk) -> Actor:
    """The head of Argentina, with a letter open."""
    build.open_consultation(desk, members=5)
    return build.person(desk, "Ana Alvarez", member="ARG")


def write(client: FlaskClient, button: str, **typed: str) -> TestResponse:
    """Fill in the form of the letter and press a button."""
    page = client.get(LETTER)
    return send(client, LETTER, form_with(page.text, "review"), button, **typed)


def confirm(client: FlaskClient) -> TestResponse:
    """Send what the check page shows."""
    page = client.get(f"{LETTER}/check")
    return send(client, LETTER, form_with(page.text, "key"))


def test_a_reply_is_written_checked_sent_and_its_receipt_shown(
    client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    build.sign_in(client, desk, ana)
    letter = client.get(LETTER)
    assert letter.status_code == 200
    valid(letter.text)
    kept = write(client, "review", **{"p-1": "approve", "p-2": "object", "c-2": "Not this one."})
    assert kept.status_code == 303
    check = client.get(kept.headers["Location"])
    assert "Item 3 has no position" in check.text
    assert "1 approve, 1 object, 0 abstain" in check.text
    valid(check.text)
    sent = confirm(client)
    assert sent.status_code == 303
    receipt = client.get(sent.headers["Location"])
    assert "Your reply has been received" in receipt.text
    assert "Not this one." in receipt.text
    valid(receipt.text)
