"""Passkeys: made, used, named, removed, and what does not hold (T11), with a key in software."""

import html
import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.tables import LoginSession, Passkey, Person, reading, writing
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.factors import SoftKey, set_password, told
from tests.forms import Form, forms_of, send

HOST, ORIGIN = "consult.example.org", "https://consult.example.org"


@pytest.fixture(autouse=True)
def named(app: Flask) -> None:
    """A service whose address is a name: a key takes no number."""
    settings = app.extensions["consult_settings"]
    app.extensions["consult_settings"] = replace(settings, public_url=ORIGIN)


@pytest.fixture
def ana(desk: Desk, client: FlaskClient) -> Actor:
    council(desk, 3)
    who = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, who)
    return who


@pytest.fixture
def key() -> SoftKey:
    return SoftKey(ORIGIN, HOST)


def asked(client: FlaskClient, address: str) -> tuple[Form, dict[str, Any]]:
    """The form of a page that asks for a passkey, and what the browser is asked."""
    page = client.get(address).text
    form = next(form for form in forms_of(page) if "challenge" in form.fields)
    raw = page.split('data-passkey="')[1].split('"')[0]
    return form, json.loads(html.unescape(raw))


def add(client: FlaskClient, key: SoftKey, name: str = "Telephone") -> TestResponse:
    form, options = asked(client, "/en/me/passkeys")
    return send(client, "/en/me/passkeys", form, name=name, answer=key.make(options))


def enter(client: FlaskClient, key: SoftKey, where: str = "/en/sign-in") -> TestResponse:
    form, options = asked(client, where)
    return send(client, where, form, answer=key.sign(options))


def factors_of(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(LoginSession.factors).order_by(LoginSession.made_at)))


def test_a_passkey_is_added_and_signs_in_alone_as_two_factors(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    assert add(client, key).location == "/en/me/passkeys"
    assert "Telephone" in client.get("/en/me/passkeys").text
    assert told(desk, ana) == ["passkey-added"]
    other = app.test_client()
    entered = enter(other, key, "/en/sign-in?back=/en/desk")
    assert entered.location == "/en/desk"
    assert "Ana Focal" in other.get("/en/me").text
    assert "passkey" in factors_of(desk)


def test_a_passkey_ends_the_session_that_the_browser_held(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    """T16."""
    add(client, key)
    bea = person(desk, "Bea Other", member="BHS")
    sign_in(client, desk, bea)
    mark = next(f for f in forms_of(client.get("/en/me").text) if "language" in f.fields)
    form, options = asked(app.test_client(), "/en/sign-in")
    form.fields["csrf_token"] = mark.fields["csrf_token"]
    assert send(client, "/", form, answer=key.sign(options)).status_code == 303
    assert "Ana Focal" in client.get("/en/me").text
    with reading(desk.engine) as session:
        ended = select(LoginSession.ended_at).where(LoginSession.person_id == bea.person_id)
        assert session.scalars(ended).one() is not None


def test_staff_need_nothing_beside_it(app: Flask, client: FlaskClient, desk: Desk, key: SoftKey):
    """T11, T12."""
    council(desk, 3)
    sign_in(client, desk, person(desk, "Olga Officer", Role.OFFICER))
    add(client, key)
    other = app.test_client()
    enter(other, key)
    assert other.get("/en/office").status_code == 200


def test_the_browser_is_asked_to_check_its_person_for_our_address_alone(
    client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    _form, options = asked(client, "/en/me/passkeys")
    assert options["rp"]["id"] == HOST
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    add(client, key)
    _form, options = asked(client, "/en/me/passkeys")
    assert len(options["excludeCredentials"]) == 1
    client.post("/en/sign-out")
    _form, options = asked(client.application.test_client(), "/en/sign-in")
    assert (options["rpId"], options["userVerification"]) == (HOST, "required")
    assert options["allowCredentials"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"verifies": False},
    ],
    ids=["another origin", "another service", "person not checked"],
)
def test_what_does_not_hold_is_neither_kept_nor_signs_in(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey, wrong: dict[str, Any]
):
    bad = add(client, replace(key, **wrong))
    assert bad.status_code == 422
    assert "It does not fit: try again" in bad.text
    assert 'value="Telephone"' in bad.text
    add(client, key)
    other = app.test_client()
    refused = enter(other, replace(key, **wrong))
    assert refused.status_code == 422
    assert "The passkey did not sign you in" in refused.text
    assert other.get("/en/me").status_code == 303


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 1}', "[" * 3000, "x" * 30_000])
def test_what_is_no_answer_at_all_is_refused_in_words(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, answer: str
):
    form, _options = asked(client, "/en/me/passkeys")
    assert send(client, "/en/me/passkeys", form, name="X", answer=answer).status_code == 422
    other = app.test_client()
    form, _options = asked(other, "/en/sign-in")
    assert send(other, "/en/sign-in", form, answer=answer).status_code == 422


def test_a_challenge_is_answered_once_and_within_the_hour(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey, clock: StandingClock
):
    add(client, key)
    thief = app.test_client()
    form, options = asked(thief, "/en/sign-in")
    answer = key.sign(options)
    assert send(thief, "/", form, answer=answer).status_code == 303
    again = app.test_client()
    fresh, options = asked(again, "/en/sign-in")
    replayed = {**fresh.fields, "challenge": form.fields["challenge"], "answer": answer}
    assert again.post(fresh.action, data=replayed).status_code == 422
    forged = {**fresh.fields, "challenge": "mine.9999999999.mine", "answer": key.sign(options)}
    assert again.post(fresh.action, data=forged).status_code == 422
    late, options = asked(again, "/en/sign-in")
    clock.forward(hours=1)
    assert send(again, "/", late, answer=key.sign(options)).status_code == 422


def test_a_challenge_to_add_signs_nobody_in(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    """T109: a token of one purpose is worth nothing to another."""
    add(client, key)
    to_add, options = asked(client, "/en/me/passkeys")
    other = app.test_client()
    form, _options = asked(other, "/en/sign-in")
    fields = {
        **form.fields,
        "challenge": to_add.fields["challenge"],
        "answer": key.sign(options),
    }
    assert other.post(form.action, data=fields).status_code == 422


def test_a_counter_that_goes_back_is_a_copy(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    add(client, key)
    key.count = 7
    assert enter(app.test_client(), key).status_code == 303
    key.count = 3
    assert enter(app.test_client(), key).status_code == 422


def test_a_disabled_person_s_key_is_as_unknown(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    """T3."""
    add(client, key)
    unknown = replace(key, credential=b"never seen")
    with writing(desk.engine) as session:
        session.get_one(Person, ana.person_id).disabled_at = desk.clock()
    answers = [enter(app.test_client(), each) for each in (key, unknown)]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_key_belongs_to_one_person(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    add(client, key)
    other = app.test_client()
    sign_in(other, desk, person(desk, "Bea Other", member="BHS"))
    assert add(other, key).status_code == 422


def test_a_key_is_named_anew_and_removed_by_its_owner_alone(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey
):
    """T31."""
    unnamed = add(client, key, name=" ")
    assert "Write the name" in unnamed.text
    add(client, key)
    page = client.get("/en/me/passkeys").text
    named = next(form for form in forms_of(page) if form.action.endswith("/name"))
    assert send(client, "/", named, name="Office key").status_code == 303
    assert send(client, "/", named, name="").status_code == 422
    assert "Office key" in client.get("/en/me").text
    removing = next(form for form in forms_of(page) if form.action.endswith("/remove"))
    other = app.test_client()
    sign_in(other, desk, person(desk, "Bea Other", member="BHS"))
    token = next(f for f in forms_of(other.get("/en/me").text)).fields["csrf_token"]
    assert other.post(removing.action, data={"csrf_token": token}).status_code == 404
    assert other.post(named.action, data={"csrf_token": token, "name": "X"}).status_code == 404
    assert send(client, "/", removing).status_code == 303
    with reading(desk.engine) as session:
        assert session.scalars(select(Passkey)).all() == []
    assert told(desk, ana) == ["passkey-added", "passkey-removed"]


def test_a_passkey_confirms_and_another_person_s_does_not(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, key: SoftKey, clock: StandingClock
):
    """T15."""
    add(client, key)
    other, bea = app.test_client(), person(desk, "Bea Other", member="BHS")
    set_password(desk, bea)
    sign_in(other, desk, bea)
    theirs = SoftKey(ORIGIN, HOST, credential=b"of Bea")
    add(other, theirs)
    clock.forward(minutes=6)
    away = client.get("/en/me/password").location
    form, options = asked(client, away)
    assert len(options["allowCredentials"]) == 1
    assert send(client, "/", form, answer=theirs.sign(options)).status_code == 422
    form, options = asked(client, away)
    assert send(client, "/", form, answer=key.sign(options)).location == "/en/me/password"
    assert client.get("/en/me/password").status_code == 200


def test_without_a_name_for_the_service_there_are_no_passkeys(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    settings = app.extensions["consult_settings"]
    app.extensions["consult_settings"] = replace(settings, public_url="http://127.0.0.1:8000")
    assert client.get("/en/me/passkeys").status_code == 404
    assert "Passkeys" not in client.get("/en/me").text
    assert "passkey.js" not in app.test_client().get("/en/sign-in").text
