"""A focal point's way through the pages: letter, draft, check, send."""

import html5lib
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions.change import Desk
from consult.tables import Reply, ReplyDraft, reading
from tests.forms import form_with, send

LETTER = "/en/c/CONS-2020-1/ARG"
ALL_APPROVE = {"p-1": "approve", "p-2": "approve", "p-3": "approve"}


def valid(page: str) -> None:
    """Refuse a page that does not parse as HTML strictly, or that repeats an id."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert "style=" not in page


def write(client: FlaskClient, button: str, address: str = LETTER, /, **typed: str) -> TestResponse:
    """Fill in the form of the letter and press a button."""
    page = client.get(address)
    return send(client, address, form_with(page.text, "review"), button, **typed)


def confirm(client: FlaskClient, address: str = LETTER) -> TestResponse:
    """Send what the check page shows."""
    page = client.get(f"{address}/check")
    return send(client, address, form_with(page.text, "key"))


def reply(client: FlaskClient, address: str = LETTER, /, **typed: str) -> TestResponse:
    """Write, check and send."""
    write(client, "review", address, **typed)
    return confirm(client, address)


def stored(desk: Desk) -> list[Reply]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Reply).order_by(Reply.member, Reply.version)))


def draft(desk: Desk) -> ReplyDraft | None:
    with reading(desk.engine) as session:
        return session.scalar(select(ReplyDraft))
