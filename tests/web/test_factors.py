"""One's own password, authenticator app and recovery codes, and what a change of them asks."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.actions import authenticator, passkeys
from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.errors import LastFactor
from consult.tables import (
    Authenticator,
    LoginSession,
    Passkey,
    Person,
    RecoveryCode,
    reading,
    writing,
)
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.factors import PASSWORD, app_of, code_of, set_password, set_up_app, told
from tests.forms import form_with, send

CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){5}")


@pytest.fixture
def ana(desk: Desk, client: FlaskClient) -> Actor:
    """A focal point who has just signed in."""
    council(desk, 3)
    who = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, who)
    return who


@pytest.fixture
def olga(desk: Desk) -> Actor:
    who = person(desk, "Olga Officer", Role.OFFICER)
    set_password(desk, who)
    return who


def press(client: FlaskClient, page: str, action: str, **typed: str):  # type: ignore[no-untyped-def]
    token = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    return client.post(action, data={"csrf_token": token, **typed})


def begin(client: FlaskClient) -> str:
    assert press(client, "/en/me/app", "/en/me/app/begin").status_code == 303
    return client.get("/en/me/app").text


def test_an_app_is_set_up_by_its_picture_or_its_key_and_its_first_code(
    client: FlaskClient, desk: Desk, ana: Actor
):
    """T10."""
    assert "Set up an app" in client.get("/en/me/app").text
    page = begin(client)
    assert "<svg viewBox=" in page[page.index('class="qr"') :]
    with reading(desk.engine) as session:
        sealed = session.scalars(select(Authenticator.seed)).one()
    seed = app_of(desk, ana).secret
    assert seed not in sealed
    assert sealed.startswith("v1.")
    assert " ".join(seed[at : at + 4] for at in range(0, 32, 4)) in page
    wrong = send(client, "/en/me/app", form_with(page, "code"), code="000000")
    assert wrong.status_code == 422
    assert "The code is not right" in wrong.text
    done = send(client, "/en/me/app", form_with(page, "code"), code=code_of(desk, ana))
    assert done.status_code == 200
    codes = set(CODE.findall(done.text))
    assert len(codes) == 10
    with reading(desk.engine) as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert not codes & set(kept)
    assert told(desk, ana) == ["app-added"]
    again = client.get("/en/me/app").text
    assert not CODE.search(again)
    assert "10 recovery codes are left" in again


def test_the_codes_are_given_as_a_file_while_they_are_shown(
    client: FlaskClient, desk: Desk, ana: Actor
):
    """T10."""
    shown = send(
        client, "/en/me/app", form_with(begin(client), "code"), code=code_of(desk, ana)
    ).text
    file = send(client, "/en/me/codes.txt", form_with(shown, "codes"))
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert set(CODE.findall(file.text)) == set(CODE.findall(shown))


def test_new_codes_replace_the_old_ones(client: FlaskClient, desk: Desk, ana: Actor):
    """T10."""
    old = set_up_app(desk, ana)
    page = press(client, "/en/me/app", "/en/me/codes").text
    assert len(set(CODE.findall(page)) - set(old)) == 10
    with reading(desk.engine) as session:
        assert len(session.scalars(select(RecoveryCode.code_hash)).all()) == 10
    assert told(desk, ana) == ["app-added", "codes-renewed"]


def test_without_an_app_there_are_no_codes(client: FlaskClient, desk: Desk, ana: Actor):
    assert press(client, "/en/me/app", "/en/me/codes").status_code == 404
    assert press(client, "/en/me/app", "/en/me/app/remove").status_code == 404


def test_a_password_is_set_changed_and_removed(client: FlaskClient, desk: Desk, ana: Actor):
    """T1, T15."""
    form = form_with(client.get("/en/me/password").text, "again")
    for typed, again, said in (
        ("short", "short", "at least 12 characters"),
        ("passwordpassword", "passwordpassword", "guessed first"),
        ("Ana Focal 12345", "Ana Focal 12345", "Choose other words"),
        (PASSWORD, "another", "the same password twice"),
    ):
        refused = send(client, "/en/me/password", form, password=typed, again=again)
        assert refused.status_code == 422
        assert said in refused.text
    saved = send(client, "/en/me/password", form, password=PASSWORD, again=PASSWORD)
    assert saved.location == "/en/me"
    assert "end the others" in client.get("/en/me").text
    removed = press(client, "/en/me/password", "/en/me/password/remove")
    assert removed.status_code == 303
    assert told(desk, ana) == ["password-set", "password-removed"]


def test_the_last_second_thing_of_staff_cannot_be_removed(
    client: FlaskClient, desk: Desk, olga: Actor
):
    """T12."""
    sign_in(client, desk, olga)
    refused = press(client, "/en/me/password", "/en/me/password/remove")
    assert refused.status_code == 409
    assert "add another way first" in refused.text
    set_up_app(desk, olga)
    assert press(client, "/en/me/password", "/en/me/password/remove").status_code == 303
    assert press(client, "/en/me/app", "/en/me/app/remove").status_code == 409
    with reading(desk.engine) as session:
        assert session.get_one(Person, olga.person_id).password_hash is None
        assert session.get(Authenticator, olga.person_id) is not None


def test_after_five_minutes_a_factor_is_asked_again(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T15, T16: shown again it opens the page, and the session has a new token."""
    sign_in(client, desk, olga)
    clock.forward(minutes=5)
    assert client.get("/en/me/password").status_code == 200
    clock.forward(seconds=1)
    away = client.get("/en/me/password")
    assert away.location == "/en/me/confirm?back=/en/me/password"
    page = client.get(away.location).text
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    wrong = send(client, away.location, form_with(page, "password"), password="not it at all")  # noqa: S106
    assert wrong.status_code == 422
    assert "does not fit" in wrong.text
    clock.forward(seconds=1)
    right = send(client, away.location, form_with(page, "password"), password=PASSWORD)
    assert right.location == "/en/me/password"
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
    assert client.get("/en/me/password").status_code == 200
    with reading(desk.engine) as session:
        ended = session.scalars(select(LoginSession.ended_at).order_by(LoginSession.made_at)).all()
    assert len([one for one in ended if one]) == 1


def test_a_change_after_five_minutes_is_not_made(
    client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T15: the page that stood open is no way round."""
    sign_in(client, desk, olga)
    form = form_with(client.get("/en/me/password").text, "again")
    clock.forward(minutes=6)
    other = "eleven blue boats at the quay"
    answer = send(client, "/en/me/password", form, password=other, again=other)
    assert answer.status_code == 303
    assert "/confirm" in answer.location
    assert told(desk, olga) == []


def test_ending_sessions_asks_for_a_factor_of_the_last_five_minutes(
    app: Flask, client: FlaskClient, desk: Desk, olga: Actor, clock: StandingClock
):
    """T18: a stranger at an open browser does not throw the owner out; signing out asks nothing."""
    sign_in(client, desk, olga)
    owner = app.test_client()
    sign_in(owner, desk, olga)
    page = client.get("/en/me").text
    one = page.split('action="/en/me/sessions/')[1].split('"')[0]
    clock.forward(minutes=6)
    for action in (f"/en/me/sessions/{one}", "/en/me/sessions/end-others"):
        assert press(client, page, action).location == "/en/me/confirm?back="
    assert owner.get("/en/me").status_code == 200
    form = form_with(client.get("/en/me/confirm").text, "password")
    assert send(client, "/en/me/confirm", form, password=PASSWORD).location == "/en/me"
    assert press(client, page, "/en/me/sessions/end-others").location == "/en/me"
    assert owner.get("/en/me").status_code == 303
    clock.forward(minutes=6)
    assert press(client, page, "/en/sign-out").status_code == 200


def test_whoever_has_only_the_link_confirms_by_a_link(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
):
    """T15."""
    clock.forward(minutes=6)
    page = client.get("/en/me/confirm?back=/en/me/app").text
    sent = send(client, "/en/me/confirm", form_with(page, "address"))
    assert sent.location == "/en/sign-in/sent"


def test_a_session_of_one_factor_gets_no_further_than_the_second(
    client: FlaskClient, desk: Desk, olga: Actor
):
    """T12: staff, whatever led to such a session."""
    sign_in(client, desk, olga, factors="provider")
    away = client.get("/en/office")
    assert away.location == "/en/me/confirm?back=/en/office"
    assert client.get("/en/me/password").location.startswith("/en/me/confirm")
    page = client.get(away.location).text
    assert "Your role needs a second thing" in page
    # A password counts only beside something that one has.
    send(client, away.location, form_with(page, "password"), password=PASSWORD)
    assert client.get("/en/office").status_code == 303
    set_up_app(desk, olga)
    page = client.get(away.location).text
    shown = send(client, away.location, form_with(page, "second"), second=code_of(desk, olga))
    assert shown.location == "/en/office"
    assert client.get("/en/office").status_code == 200


def test_where_two_are_asked_of_focal_points_they_set_up_the_second(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    """T12."""
    app.extensions["consult_settings"] = replace(
        app.extensions["consult_settings"], focal_point_factors=2
    )
    away = client.get("/en/desk")
    assert away.location == "/en/me/confirm?back=/en/desk"
    assert "Set up the second one now" in client.get(away.location).text
    form = form_with(client.get("/en/me/password").text, "again")
    send(client, "/en/me/password", form, password=PASSWORD, again=PASSWORD)
    assert client.get("/en/desk").status_code == 200


def test_my_account_says_how_one_signs_in(client: FlaskClient, desk: Desk, ana: Actor):
    """T15, T18."""
    set_password(desk, ana)
    set_up_app(desk, ana)
    page = client.get("/en/me").text
    assert "In use, 10 recovery codes are left" in page
    assert "An authenticator app was added" in page
    assert "mailed link" in page


@pytest.mark.parametrize("kept", ["app", "second key"])
def test_two_removals_at_once_leave_one_factor(desk: Desk, kept: str):
    """T12: each would count on what the other takes away."""
    for turn in range(5):
        who = person(desk, f"Officer {turn}", Role.OFFICER)
        number = int(who.person_id or 0)
        removals = [partial(passkeys.remove, desk, number, one) for one in keys(desk, number, turn)]
        if kept == "app":
            set_up_app(desk, who)
            removals[1] = partial(authenticator.remove, desk, number)
            passkeys.remove(desk, number, int(removals[0].args[2]) + 1)
        gate = Barrier(2)

        def take(removal: Callable[[], None], gate: Barrier = gate) -> bool:
            gate.wait()
            try:
                removal()
            except LastFactor:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(take, removals)) == 1


def keys(desk: Desk, number: int, turn: int) -> list[int]:
    """Give the person two passkeys; return their numbers."""
    with writing(desk.engine) as session:
        rows = [
            Passkey(
                person_id=number,
                credential_hash=f"{turn}-{one}",
                credential="",
                public_key="",
                sign_count=0,
                name=f"Key {one}",
                made_at=desk.clock(),
            )
            for one in "ab"
        ]
        for row in rows:
            session.add(row)
            session.flush()
        return [row.id for row in rows]
