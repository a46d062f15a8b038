"""The one cookie that holds a session: for whom it is, and how it is signed."""

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import Engine

from consult import app as application
from consult.actions.change import Desk
from consult.settings import load
from tests.build import council, officer, sign_in
from tests.conftest import StandingClock

PUBLIC = "https://consult.example.org"


@pytest.fixture
def behind_tls(tmp_path, engine: Engine, clock: StandingClock) -> Flask:  # type: ignore[no-untyped-def]
    """A service on loopback that people reach under https."""
    given = {"CONSULT_INSTANCE": str(tmp_path), "CONSULT_PUBLIC_URL": "https://localhost"}
    return application.create_app(load(given), clock, engine)


def test_the_cookie_is_for_this_host_for_https_and_for_no_script(behind_tls: Flask) -> None:
    """T19."""
    answer = behind_tls.test_client().get("/en/sign-in", base_url="https://localhost")
    assert answer.status_code == 200
    (cookie,) = answer.headers.getlist("Set-Cookie")
    said = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= said
    assert not any(part.startswith("domain") for part in said)


def test_what_the_cookie_holds_is_signed_with_sha_256(app: Flask, desk: Desk) -> None:
    """T110: and a cookie signed otherwise signs nobody in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert serializer.signer_kwargs["digest_method"] is sha256
    council(desk, 3)
    client = app.test_client()
    sign_in(client, desk, officer(desk))
    assert client.get("/en/me").status_code == 200
    name = str(app.config["SESSION_COOKIE_NAME"])
    cookie = client.get_cookie(name)
    assert cookie is not None
    said = cookie.value
    other = "A" if said[-2] != "A" else "B"  # the last sign has bits that say nothing
    client.set_cookie(name, said[:-2] + other + said[-1])
    assert client.get("/en/me").status_code == 303
