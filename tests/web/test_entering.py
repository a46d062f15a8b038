"""Signing in without mail, guessing, and what is asked too often."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions.change import Desk
from consult.actions.throttling import forget
from consult.core.life import Actor, Role
from consult.tables import Counter, LoginSession, Person, reading, writing
from tests import build
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.factors import PASSWORD, code_of, set_password, set_up_app, told
from tests.forms import form_with, send
from tests.links import sign_in_token

OLGA, NOBODY = "olga.officer@example.org", "nobody@example.org"
WRONG = "not " + PASSWORD


@pytest.fixture
def olga(desk: Desk) -> Actor:
    """An officer with a password and an app."""
    council(desk, 3)
    who = person(desk, "Olga Officer", Role.OFFICER)
    set_password(desk, who)
    set_up_app(desk, who)
    return who


@pytest.fixture
def limits(app: Flask) -> None:
    """The limits of production."""
    app.extensions["consult"] = replace(app.extensions["consult"], limits=True)


def enter(
    client: FlaskClient, code: str, password: str = PASSWORD, address: str = OLGA, back: str = ""
) -> TestResponse:
    where = f"/en/sign-in?back={back}" if back else "/en/sign-in"
    form = form_with(client.get(where).text, "p-password")
    return send(client, where, form, p_address=address, p_password=password, p_second=code)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/en/me").status_code == 200


@contextmanager
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count the hashes that are computed, made or compared."""
    seen: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(argon2.PasswordHasher, name)

        def counted(self, *given, real=real, name=name):  # type: ignore[no-untyped-def]
            seen.append(name)
            return real(self, *given)

        monkeypatch.setattr(argon2.PasswordHasher, name, counted)
    yield seen
    monkeypatch.undo()


def test_a_password_with_a_code_signs_in_without_mail(client: FlaskClient, desk: Desk, olga: Actor):
    """T12, T21."""
    entered = enter(client, code_of(desk, olga), back="/en/office")
    assert entered.location == "/en/office"
    assert is_signed_in(client)
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession.factors)).one() == "password app"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_that_is_one_step_off_is_forgiven(
    client: FlaskClient, desk: Desk, olga: Actor, steps: int
):
    """T10."""
    assert enter(client, code_of(desk, olga, steps)).status_code == 303


@pytest.mark.parametrize("steps", [-2, 2])
def test_two_steps_are_not(client: FlaskClient, desk: Desk, olga: Actor, steps: int):
    """T10."""
    assert enter(client, code_of(desk, olga, steps)).status_code == 422


def test_a_code_is_never_accepted_again(
    app: Flask, client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T10: nor is one of a step before it."""
    code, before = code_of(desk, olga), code_of(desk, olga, -1)
    assert enter(client, code).status_code == 303
    other = app.test_client()
    assert enter(other, code).status_code == 422
    clock.forward(seconds=1)
    assert enter(other, before).status_code == 422
    clock.forward(seconds=31)
    assert enter(other, code_of(desk, olga)).status_code == 303


def test_a_recovery_code_works_once_in_place_of_the_app(
    app: Flask, client: FlaskClient, desk: Desk
):
    """T10, T15: its use is told."""
    council(desk, 3)
    olga = person(desk, "Olga Officer", Role.OFFICER)
    set_password(desk, olga)
    code = set_up_app(desk, olga)[3]
    assert enter(client, code.lower().replace("-", " ")).status_code == 303
    assert enter(app.test_client(), code).status_code == 422
    assert told(desk, olga) == ["app-added", "recovery-used"]


def test_a_code_goes_beside_the_mailed_link_too(client: FlaskClient, desk: Desk, olga: Actor):
    """T12."""
    form = form_with(client.get("/en/sign-in").text, "address")
    send(client, "/en/sign-in", form, address=OLGA)
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    page = client.get(address)
    assert "one of the two" in page.text
    form = form_with(page.text, "second")
    assert send(client, address, form).status_code == 422
    wrong = send(client, address, form, second="000 000")
    assert "The code is not right. 4 attempts are left" in wrong.text
    code = code_of(desk, olga)
    assert send(client, address, form, second=f"{code[:3]} {code[3:]}").status_code == 303
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession.factors)).one() == "link app"


def test_nothing_tells_an_unknown_address_from_a_wrong_password(
    app: Flask,
    client: FlaskClient,
    desk: Desk,
    olga: Actor,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
):
    """T3: the same text, status and number of hashes, also for who is disabled or has no app."""
    person(desk, "Ana Focal", member="ARG")
    gone = person(desk, "Gone Officer", Role.OFFICER)
    set_password(desk, gone)
    with writing(desk.engine) as session:
        session.get_one(Person, gone.person_id).disabled_at = desk.clock()
    pages, computed = set(), []
    for address, password, code in (
        (OLGA, WRONG, code_of(desk, olga)),
        (OLGA, PASSWORD, "000000"),
        (NOBODY, PASSWORD, "000000"),
        ("ana.focal@example.org", PASSWORD, "000000"),
        ("gone.officer@example.org", PASSWORD, "000000"),
        ("not an address", PASSWORD, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"),
    ):
        clock.forward(minutes=1)
        with hashes(monkeypatch) as seen:
            answer = enter(client, code, password, address)
        assert answer.status_code == 422
        computed.append(len(seen))
        pages.add(
            "\n".join(
                line
                for line in answer.text.replace(address, "").splitlines()
                if "csrf_token" not in line
            )
        )
    assert computed == [1] * 6
    assert len(pages) == 1
    assert "what you gave does not fit together" in pages.pop()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("p_address", "Write the address"),
        ("p_password", "Write your password"),
        ("p_second", "Write the code"),
    ],
)
def test_what_is_left_empty_is_a_fault_and_no_try(
    client: FlaskClient, desk: Desk, olga: Actor, limits: None, left: str, said: str
):
    """T13, T97: beside its field, what was typed kept, counted nowhere."""
    given = {"p_address": OLGA, "p_password": PASSWORD, "p_second": code_of(desk, olga)}
    form = form_with(client.get("/en/sign-in").text, "p-password")
    for empty in ("", "   ") * 6:
        typed = given | {left: "" if left == "p_password" else empty}
        refused = send(client, "/", form, **typed)
        assert refused.status_code == 422
        assert said in refused.text.split(f'for="{left.replace("_", "-")}"')[1].split("<input")[0]
    assert (OLGA in refused.text) == (left != "p_address")
    with reading(desk.engine) as session:
        assert session.scalars(select(Counter)).all() == []
    assert send(client, "/", form, **given).status_code == 303


def test_showing_nothing_again_is_a_fault_and_no_try(client: FlaskClient, desk: Desk, olga: Actor):
    """T13, T15."""
    sign_in(client, desk, olga)
    form = form_with(client.get("/en/me/confirm").text, "password")
    refused = send(client, "/en/me/confirm", form)
    assert refused.status_code == 422
    assert "Write your password or a code" in refused.text
    with reading(desk.engine) as session:
        assert session.scalars(select(Counter)).all() == []


def test_nothing_tells_an_unknown_address_when_a_link_is_asked_for(
    client: FlaskClient, desk: Desk, olga: Actor, monkeypatch: pytest.MonkeyPatch
):
    """T3."""
    with hashes(monkeypatch) as seen:
        answers = []
        for address in (OLGA, NOBODY):
            form = form_with(client.get("/en/sign-in").text, "address")
            answers.append(send(client, "/en/sign-in", form, address=address))
    assert seen == []
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1


def test_the_delay_doubles_and_is_said(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T13: for a person from one network; others of the network are not slowed down."""
    for wait in (1, 2, 4, 8):
        assert enter(client, "000000").status_code == 422
        soon = enter(client, code_of(desk, olga))
        assert soon.status_code == 429
        assert soon.headers["Retry-After"] == str(wait)
        assert "Try again after this time" in soon.text
        assert "Send me a link" in soon.text
        clock.forward(seconds=wait)
    assert enter(client, "000000", address=NOBODY).status_code == 422
    assert enter(client, code_of(desk, olga)).status_code == 303


def test_after_ten_failures_from_anywhere_a_link_is_asked_for_too(
    app: Flask, client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T13: nobody is locked out: the link works, and who is signed in stays so."""
    inside = app.test_client()
    sign_in(inside, desk, olga)
    for number in range(10):
        stranger = app.test_client()
        form = form_with(stranger.get("/en/sign-in").text, "p-password").fields
        stranger.post(
            "/en/sign-in/password",
            data={**form, "p-address": OLGA, "p-password": WRONG, "p-second": "000000"},
            environ_base={"REMOTE_ADDR": f"203.0.{number}.7"},
        )
    refused = enter(client, code_of(desk, olga))
    assert refused.status_code == 422
    assert "Ask for a link" in refused.text
    assert is_signed_in(inside)
    form = form_with(client.get("/en/sign-in").text, "address")
    send(client, "/en/sign-in", form, address=OLGA)
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    form = form_with(client.get(address).text, "password")
    assert send(client, address, form, password=PASSWORD).status_code == 303
    clock.forward(minutes=1)
    other = app.test_client()
    assert enter(other, code_of(desk, olga)).status_code == 303


def test_an_unknown_address_is_asked_for_a_link_too(
    app: Flask, client: FlaskClient, desk: Desk, clock: StandingClock
):
    """T3, T13: the tenth failure tells nothing either."""
    for _ in range(10):
        enter(client, "000000", address=NOBODY)
        clock.forward(minutes=15)
    assert "Ask for a link" in enter(client, "000000", address=NOBODY).text


def test_a_network_that_fails_a_lot_waits(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T13."""
    for number in range(31):
        assert enter(client, "000000", address=f"a{number}@example.org").status_code == 422
    assert enter(client, code_of(desk, olga)).status_code == 429
    clock.forward(seconds=1)
    assert enter(client, code_of(desk, olga)).status_code == 303


def test_failures_are_forgotten_and_their_rows_dropped(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    enter(client, "000000")
    with reading(desk.engine) as session:
        rows = session.scalars(select(Counter)).all()
        assert len(rows) == 3
        assert not any(OLGA in row.key or "127" in row.key[:3] for row in rows)
    clock.forward(hours=24)
    with writing(desk.engine) as session:
        forget(session, desk.clock())
    with reading(desk.engine) as session:
        assert session.scalars(select(Counter)).all() == []


def test_five_links_an_hour_for_one_address_known_or_not(
    client: FlaskClient, desk: Desk, olga: Actor, limits: None, clock: StandingClock
):
    """T97, T3."""
    for address in (OLGA, NOBODY):
        form = form_with(client.get("/en/sign-in").text, "address")
        statuses = [
            send(client, "/en/sign-in", form, address=address).status_code for _ in range(6)
        ]
        assert statuses == [303] * 5 + [429]
    answer = send(client, "/en/sign-in", form, address=OLGA)
    assert int(answer.headers["Retry-After"]) == 3600 - 60  # the app was set up for a minute
    assert "This was asked too often" in answer.text
    assert OLGA in answer.text
    clock.forward(hours=1)
    assert send(client, "/en/sign-in", form, address=OLGA).status_code == 303


def test_in_the_last_hour_before_a_deadline_no_link_is_refused(
    client: FlaskClient, desk: Desk, limits: None
):
    """T97."""
    build.open_consultation(desk, members=3)
    build.set_clock(desk, build.CLOSES_AT)
    build.later(desk, minutes=-59)
    form = form_with(client.get("/en/sign-in").text, "address")
    for _ in range(8):
        assert send(client, "/en/sign-in", form, address=NOBODY).status_code == 303


def test_ten_sign_ins_a_minute_for_one_person(
    client: FlaskClient, desk: Desk, olga: Actor, limits: None
):
    """T97."""
    form = form_with(client.get("/en/sign-in").text, "p-password")
    statuses = [
        send(client, "/", form, p_address=NOBODY, p_password="x", p_second="y").status_code  # noqa: S106
        for _ in range(11)
    ]
    assert statuses[0] == 422
    assert set(statuses[1:]) == {429}


@pytest.mark.parametrize("signed", [True, False], ids=["exports", "checks"])
def test_exports_and_checks_have_a_limit(
    client: FlaskClient, desk: Desk, olga: Actor, limits: None, signed: bool
):
    """T97: a readable page that says when to come back."""
    if signed:
        sign_in(client, desk, olga)
        ask = lambda: client.get(f"/en/office/bodies/{build.BODY}/ready.csv")  # noqa: E731
        most = 30
    else:
        token = form_with(client.get("/en/verify").text, "csrf_token").fields["csrf_token"]
        ask = lambda: client.post("/en/verify", data={"csrf_token": token})  # noqa: E731
        most = 60
    for _ in range(most):
        assert ask().status_code != 429
    answer = ask()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many requests" in answer.text


def test_guessing_in_a_session_is_slowed_and_never_ends_it(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T13."""
    sign_in(client, desk, olga)
    form = form_with(client.get("/en/me/confirm").text, "password")
    assert send(client, "/en/me/confirm", form, password=WRONG).status_code == 422
    soon = send(client, "/en/me/confirm", form, password=PASSWORD)
    assert soon.status_code == 429
    assert soon.headers["Retry-After"] == "1"
    clock.forward(seconds=1)
    assert is_signed_in(client)
    assert send(client, "/en/me/confirm", form, password=PASSWORD).status_code == 303


def test_the_sign_in_page_says_whom_to_call_and_how_to_reply_by_letter(
    client: FlaskClient, desk: Desk, olga: Actor
):
    """T12."""
    page = client.get("/en/sign-in").text
    assert "+41 22 000 00 00" in page
    assert "by letter, fax or e-mail before the deadline" in page
