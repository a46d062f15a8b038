"""A consultation that is carried through its count, and what is contested and ruled in it."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions import certifying, posting, publishing
from consult.core.life import Act
from consult.tables import Consultation, LedgerEntry, Reply, reading
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, SLUG, Office, decide, page

GROUNDS = "It was sent at 15:59, see the log."
REASONS = "The log of the mission shows it."
AUTHORITY = "Letter of the Chair, 20 July 2020"


def receipt(member: str, version: int = 1) -> str:
    return f"/en/c/{SLUG}/{member}/receipts/{version}"


def late_reply(office: Office, member: str, *choices: str) -> None:
    """Reply at the deadline, which is late."""
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    office.reply(member, *choices)


def state_post(office: Office) -> None:
    """Close, state the post and count."""
    office.close()
    request = posting.state_post(office.desk, SLUG, office.people["officer"])
    build.confirm(office.desk, request, office.people["approver"])


def certify(office: Office, **texts: str) -> None:
    said = certifying.Conclusion(texts=texts or build.in_all("So decided."), adopted={})
    request = certifying.conclude(office.desk, SLUG, office.people["officer"], said)
    build.confirm(office.desk, request, office.people["approver"])


def publish(office: Office) -> str:
    return publishing.publish(office.desk, SLUG, office.people["officer"])


def contest(
    client: FlaskClient, member: str, version: int = 1, proof: bytes = b"", **typed: str
) -> TestResponse:
    """Contest a reply from its receipt, as the page's form does."""
    form = form_with(page(client, receipt(member, version)), "grounds")
    fields: dict[str, Any] = {**form.fields, "grounds": GROUNDS, **typed}
    if proof:
        fields["proof"] = FileStorage(io.BytesIO(proof), "proof.pdf", None, "application/pdf")
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(form.action, data=body, content_type=kind)


def entry_of(office: Office, member: str, version: int = 1) -> int:
    """Return the number of the ledger entry of a reply."""
    with reading(office.desk.engine) as session:
        return session.scalars(
            select(Reply.number).where(Reply.member == member, Reply.version == version)
        ).one()


def ask_ruling(
    client: FlaskClient, office: Office, member: str, *, counts: bool, version: int = 1
) -> TestResponse:
    """Enter a ruling as an officer."""
    address = f"{HERE}/late/{entry_of(office, member, version)}/rule"
    said = {"counts": "counts" if counts else "out", "reasons": REASONS, "authority": AUTHORITY}
    return send(client, address, form_with(page(client, address), "reasons"), **said)


def rule(office: Office, member: str, *, counts: bool, version: int = 1) -> None:
    """Enter a ruling, and let a second person confirm it."""
    asked = ask_ruling(office.browser("officer"), office, member, counts=counts, version=version)
    assert asked.status_code == 303, asked.text
    assert decide(office.browser("approver"), office.waits(Act.RULE)).status_code == 303


def whats(office: Office) -> list[str]:
    with reading(office.desk.engine) as session:
        return list(session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)))


def state(office: Office) -> str:
    with reading(office.desk.engine) as session:
        return session.scalars(select(Consultation.state)).one().value
