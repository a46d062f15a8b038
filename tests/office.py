"""The secretariat in its browsers: who looks, what is recorded, what waits for whom."""

import io
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consult.actions import documents, recording, replying
from consult.actions.change import Desk
from consult.core.answer import OnBehalf
from consult.core.life import Act, Actor, Channel, Role
from consult.core.upload import EVIDENCE
from consult.tables import Request, reading
from tests import build
from tests.forms import form_with, send

PDF = b"%PDF-1.7\na note verbale\n"
SLUG = "CONS-2020-1"
HERE = f"/en/office/{SLUG}"
PARTS = ("", "/replies", "/notices", "/documents", "/history", "/record")


@dataclass
class Office:
    """A council, its people, and a browser for each of them."""

    app: Flask
    desk: Desk
    codes: list[str]
    people: dict[str, Actor]

    def browser(self, name: str) -> FlaskClient:
        """Sign somebody in, in a browser of their own."""
        client = self.app.test_client()
        build.sign_in(client, self.desk, self.people[name])
        return client

    def draft(self, **more: Any) -> str:
        return build.draft(self.desk, self.people["officer"], **more)

    def open(self, **more: Any) -> str:
        slug = self.draft(**more)
        build.open_it(self.desk, slug, self.people["officer"], self.people["approver"])
        return slug

    def reply(self, member: str, *choices: str | None, base: int = 0, **comments: str) -> None:
        said = build.answer(member, *(choices or ("approve",) * 3), base=base, **comments)
        replying.reply(self.desk, SLUG, self.people[member], build.sent(self.desk, said))

    def record(self, member: str, who: str = "officer", **comments: str) -> int:
        """Record a reply on behalf; return its request."""
        kept = documents.keep(self.desk, PDF, "note.pdf", "application/pdf", EVIDENCE)
        said = OnBehalf(
            draft=build.answer(member, "approve", "object", "abstain", **comments),
            key=f"key{member}",
            channel=Channel.NOTE_VERBALE,
            received_at=self.desk.clock(),
            scan=kept.sha256,
            reason="The mission had no access.",
            language="en",
        )
        return recording.record(self.desk, SLUG, self.people[who], said, kept)

    def close(self) -> None:
        self.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
        build.later(self.desk, seconds=120)

    def waits(self, act: Act) -> int:
        """Return the newest request of that act."""
        with reading(self.desk.engine) as session:
            found = session.scalars(
                select(Request.id).where(Request.act == act).order_by(Request.id.desc())
            ).first()
        assert found is not None
        return found


def office_of(app: Flask, desk: Desk, members: int) -> Office:
    codes = build.council(desk, members)
    people = {
        "officer": build.officer(desk),
        "second": build.person(desk, "D. Officer", Role.OFFICER),
        "approver": build.approver(desk),
        "other": build.person(desk, "E. Approver", Role.APPROVER),
        "both": build.person(desk, "F. Both", Role.OFFICER, Role.APPROVER),
        "auditor": build.person(desk, "C. Auditor", Role.AUDITOR),
        "administrator": build.person(desk, "G. Administrator", Role.ADMINISTRATOR),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in codes},
    }
    return Office(app, desk, codes, people)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.location)
    return answer.text


def request_page(number: int) -> str:
    return f"/en/office/requests/{number}"


def decide(client: FlaskClient, number: int, button: str = "confirm", **typed: str) -> TestResponse:
    """Press a button of a request as its page shows it."""
    address = request_page(number)
    return send(client, address, form_with(page(client, address), "reason"), button, **typed)


def paper_form(client: FlaskClient) -> dict[str, Any]:
    """Return the form of a reply on behalf, filled but for its scan."""
    opened = form_with(page(client, f"{HERE}/record-reply"), "key")
    return {
        **opened.fields,
        "member": "CAN",
        "channel": "note_verbale",
        "received-day": "10",
        "received-month": "7",
        "received-year": "2020",
        "received-time": "09:40:12",
        "reason": "The mission had no access.",
        "p-1": "approve",
        "p-2": "object",
        "p-3": "abstain",
    }


def send_paper(client: FlaskClient, fields: dict[str, Any], data: bytes = PDF) -> TestResponse:
    """Send it with its scan, as one body of bytes; an empty scan is none."""
    scan = FileStorage(io.BytesIO(data), "note.pdf", None, "application/pdf")
    boundary, body = encode_multipart({**fields, **({"file": scan} if data else {})})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"{HERE}/record-reply", data=body, content_type=kind)
