"""The mark that every form carries: how it is signed, and what is refused without it."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine

from consult.actions.change import Desk
from consult.app import create_app
from consult.settings import load
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.forms import form_with, send

SECRET = "a secret for tests that is long enough"  # noqa: S105
SALT = "consult/form/1"


def signer(digest: Any = hashlib.sha256, secret: str = SECRET, salt: str = SALT) -> Any:
    how = {"key_derivation": "hmac", "digest_method": digest}
    return URLSafeTimedSerializer(secret, salt=salt, signer_kwargs=how)


def post(client: FlaskClient, mark: str, **headers: str) -> int:
    given = {"csrf_token": mark, "address": "ana@example.org"}
    return client.post("/en/sign-in", data=given, headers=headers).status_code


def mark_of(client: FlaskClient) -> str:
    return str(form_with(client.get("/en/sign-in").text, "address").fields["csrf_token"])


def held_by(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["csrf_token"])


def test_a_mark_is_signed_with_sha_256_for_this_purpose_alone(app: Flask, client: FlaskClient):
    """T109, T110: what the same secret signs otherwise, or for something else, is no mark."""
    mark = mark_of(client)
    secret = str(app.secret_key)
    assert signer(secret=secret).loads(mark) == held_by(client)
    for other in (
        signer(hashlib.sha1, secret),
        signer(secret=secret, salt="cookie-session"),
        signer(secret="another secret that is long enough"),  # noqa: S106
        URLSafeTimedSerializer(secret, salt="wtf-csrf-token"),
    ):
        assert post(client, other.dumps(held_by(client))) == 400
    other = "A" if mark[-2] != "A" else "B"  # the last sign has bits that say nothing
    assert post(client, mark[:-2] + other + mark[-1]) == 400
    assert post(client, signer(secret=secret).dumps(["a list"])) == 400
    assert post(client, mark) == 303


def test_a_mark_belongs_to_its_session(app: Flask, client: FlaskClient, desk: Desk):
    """T20: neither another browser's nor that of before the sign-in will do."""
    council(desk, 3)
    stranger, before = app.test_client(), mark_of(client)
    assert post(stranger, before) == 400
    mark_of(stranger)
    assert post(stranger, before) == 400
    sign_in(client, desk, person(desk, "Ana Focal", member="ARG"))
    out = client.post("/en/sign-out", data={"csrf_token": before})
    assert out.status_code == 200
    assert post(client, before) == 400


def test_a_form_may_stand_open_for_days(client: FlaskClient, desk: Desk, clock: StandingClock):
    """T20: a delegate waits for the capital; the mark lives as long as its session."""
    mark = mark_of(client)
    clock.forward(days=3)
    assert post(client, mark) == 303


def test_marks_made_with_a_former_secret_hold(
    client: FlaskClient, settings: Any, engine: Engine, clock: StandingClock, app: Flask
):
    """T99: nobody loses a form because the secret was changed."""
    given = {
        "CONSULT_DATABASE_URL": settings.database,
        "CONSULT_INSTANCE": str(settings.instance),
        "CONSULT_SECRET_KEY": "the secret that took its place, as long",
    }
    mark, cookie = mark_of(client), client.get_cookie("consult")
    assert cookie is not None
    for fallbacks, status in ((str(app.secret_key), 303), ("", 400)):
        said = {**given, "CONSULT_SECRET_KEY_FALLBACKS": fallbacks}
        after = create_app(load(said), clock, engine=engine).test_client()
        after.set_cookie("consult", cookie.value)
        assert post(after, mark) == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Origin": "https://localhost"}, 303),
        ({"Referer": "https://localhost/en/sign-in"}, 303),
        ({"Referer": "https://evil.example/"}, 400),
        ({"Referer": "https://localhost:1/"}, 400),
        ({}, 400),
    ],
)
def test_under_https_a_form_says_where_it_is_from(
    client: FlaskClient, said: dict[str, str], status: int
):
    """T20."""
    page = client.get("/en/sign-in", base_url="https://localhost").text
    given = {"csrf_token": form_with(page, "address").fields["csrf_token"], "address": "a@b.org"}
    answer = client.post("/en/sign-in", data=given, headers=said, base_url="https://localhost")
    assert answer.status_code == status


def test_a_form_with_a_prefix_carries_its_mark_under_it(client: FlaskClient):
    mark = mark_of(client)
    given = {"p-csrf_token": mark, "p-address": "a@b.org"}
    assert client.post("/en/sign-in/password", data=given).status_code == 422
    assert (
        send(
            client, "/en/sign-in", form_with(client.get("/en/sign-in").text, "p-password")
        ).status_code
        == 422
    )
