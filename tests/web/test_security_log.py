"""The stream of security events: what is noted of each way in, and what never is (T37, T100)."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor, Role
from tests.build import council, draft, person, sign_in
from tests.factors import PASSWORD, code_of, set_password, set_up_app
from tests.forms import form_with, send
from tests.lines import lines_of
from tests.links import sign_in_code, sign_in_token

OLGA = "olga.officer@example.org"
WRONG = "not " + PASSWORD


class Stream:
    """What the stream says, as it is written."""

    def __init__(self, written: list[dict[str, Any]]) -> None:
        self.written = written

    def said(self) -> list[tuple[str, ...]]:
        """Each event with its way, or what changed, and its reason; read once."""
        names = ("way", "what", "which", "reason")
        found = [
            (line["event"], *(line[name] for name in names if name in line))
            for line in self.written
        ]
        self.written.clear()
        return found


@pytest.fixture
def stream() -> Iterator[Stream]:
    with lines_of("consult.security") as written:
        yield Stream(written)


@pytest.fixture
def olga(desk: Desk) -> Actor:
    council(desk, 3)
    who = person(desk, "Olga Officer", Role.OFFICER)
    set_password(desk, who)
    set_up_app(desk, who)
    return who


def ask(client: FlaskClient) -> None:
    send(client, "/en/sign-in", form_with(client.get("/en/sign-in").text, "address"), address=OLGA)


def press(client: FlaskClient, action: str, **typed: str) -> int:
    mark = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    return client.post(action, data={"csrf_token": mark, **typed}).status_code


def test_what_goes_wrong_beside_a_mailed_link_is_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T37, T100: wrong codes, passwords and codes of the app, and a link that has ended."""
    ask(client)
    form = form_with(client.get("/en/sign-in/sent").text, "code")
    send(client, "/en/sign-in/sent", form, code="AAAABBBB")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    form = form_with(client.get(address).text, "password")
    send(client, address, form)
    send(client, address, form, password=WRONG)
    send(client, address, form, second="000000")
    send(client, address, form, password=PASSWORD)
    press(client, address)
    assert stream.said() == [
        ("sign-in refused", "code", "wrong-code"),
        ("sign-in refused", "link", "wrong-password"),
        ("sign-in refused", "link", "wrong-second"),
        ("signed in", "link"),
        ("sign-in refused", "link", "link-ended"),
    ]


def test_a_sign_in_by_code_and_a_sign_out_are_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T100: with the opaque name of who it was."""
    ask(client)
    form = form_with(client.get("/en/sign-in/sent").text, "code")
    form = form_with(
        send(client, "/en/sign-in/sent", form, code=sign_in_code(desk)).text, "password"
    )
    send(client, "/en/sign-in/sent", form, code=sign_in_code(desk), password=PASSWORD)
    assert press(client, "/en/sign-out") == 200
    assert {line["person"] for line in stream.written} == {olga.opaque}
    assert stream.said() == [("signed in", "code"), ("signed out",)]


def test_a_password_and_an_invitation_are_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T100."""
    form = form_with(client.get("/en/sign-in").text, "p-password")
    given = {"p_address": OLGA, "p_password": PASSWORD}
    send(client, "/", form, p_second="000000", **given)
    send(client, "/", form, p_second=code_of(desk, olga), **given)  # too soon
    client.get(f"/en/invitations/{'x' * 43}")
    assert stream.said() == [
        ("sign-in refused", "password", "not-proven"),
        ("refused", "too-often"),
    ]


def test_every_change_of_how_one_signs_in_is_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T15, T100."""
    sign_in(client, desk, olga)
    other = "eleven blue boats at the quay"
    press(client, "/en/me/password", password=other, again=other)
    press(client, "/en/me/codes")
    press(client, "/en/me/password/remove")
    press(client, "/en/me/password", password=other, again=other)
    press(client, "/en/me/app/remove")
    press(client, "/en/me/app/begin")
    press(client, "/en/me/app", code=code_of(desk, olga))
    press(client, "/en/me/confirm", password=WRONG)
    desk.clock.forward(seconds=5)  # type: ignore[attr-defined]
    press(client, "/en/me/confirm", password=other)
    press(client, "/en/me/sessions/end-others")
    assert stream.said() == [
        ("factors changed", "password-set"),
        ("factors changed", "codes-renewed"),
        ("factors changed", "password-removed"),
        ("factors changed", "password-set"),
        ("factors changed", "app-removed"),
        ("factors changed", "app-added"),
        ("factor refused", "not-proven"),
        ("factor shown",),
        ("session ended", "others"),
    ]


def test_what_an_administrator_does_to_others_is_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T15, T18, T100: who did it, and to whom."""
    admin = person(desk, "E. Administrator", Role.ADMINISTRATOR)
    sign_in(client, desk, admin)
    sign_in(client.application.test_client(), desk, olga)
    address = f"/en/admin/people/{olga.opaque}"
    one = client.get(address).text.split(f'action="{address}/sessions/')[1].split('"')[0]
    press(client, f"{address}/sessions/{one}")
    press(client, f"{address}/sessions/end")
    press(client, f"{address}/reset", reason="Called back on the number in the register.")
    assert {(line["person"], line["of"]) for line in stream.written} == {
        (admin.opaque, olga.opaque)
    }
    assert stream.said() == [
        ("session ended", "one"),
        ("session ended", "all"),
        ("factors changed", "reset"),
    ]


def test_attempts_to_get_round_the_rules_are_noted(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T37: repeated parameters, forged and foreign forms, another role, what is too large."""
    sign_in(client, desk, olga)
    client.get("/en/me?back=/en/a&back=/en/b")
    client.post("/en/me", data={"language": "en"})
    mark = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    given = {"csrf_token": mark}
    client.post("/en/me", data=given, headers={"Origin": "https://evil.example"})
    client.get("/en/admin/people")
    client.post("/en/me", data={**given, "language": "x" * 3_000_000})
    assert {line["person"] for line in stream.written} == {olga.opaque}
    assert stream.said() == [
        ("refused", "parameter-repeated"),
        ("refused", "the form has no mark"),
        ("refused", "foreign origin"),
        ("refused", "not-allowed"),
        ("refused", "too-large"),
    ]


def test_what_is_asked_too_often_is_noted(
    app: Flask, client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T97, T100."""
    app.extensions["consult"] = replace(app.extensions["consult"], limits=True)
    for _ in range(6):
        ask(client)
    assert stream.said() == [("refused", "too-often")]


def test_a_refused_file_is_noted_by_what_is_wrong_with_it(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T93, T100: never its name."""
    slug = draft(desk, olga)
    sign_in(client, desk, olga)
    address = f"/en/office/{slug}/draft/documents"
    form = form_with(client.get(address).text, "title")
    sent = (io.BytesIO(b"<svg/>"), "the position of Kenya.svg")
    answer = client.post(address, data={**form.fields, "file": sent, "title": "Annex"})
    assert answer.status_code == 422
    (line,) = stream.written
    assert line["event"] == "file refused"
    assert re.fullmatch("file-[a-z-]+", line["reason"])
    assert "Kenya" not in json.dumps(line)


def test_no_line_holds_an_address_a_token_or_what_was_typed(
    client: FlaskClient, desk: Desk, olga: Actor, stream: Stream
):
    """T100: of everything above, each field is a code, a number or an opaque name."""
    ask(client)
    token = sign_in_token(desk)
    address = f"/en/sign-in/link/{token}"
    form = form_with(client.get(address).text, "password")
    send(client, address, form, password=WRONG)
    send(client, address, form, password=PASSWORD)
    press(client, "/en/sign-out")
    form = form_with(client.get("/en/sign-in").text, "p-password")
    send(client, "/", form, p_address=OLGA, p_password=WRONG, p_second="123456")
    assert len(stream.written) == 4
    allowed = {"at", "level", "logger", "event", "request", "person", "route", "way"}
    allowed |= {"factors", "reason"}
    for line in stream.written:
        assert set(line) <= allowed
        whole = json.dumps(line)
        assert not [word for word in (OLGA, token, WRONG, PASSWORD, "123456", "@") if word in whole]
