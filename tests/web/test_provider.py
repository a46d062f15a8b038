"""Signing in by the identity provider, and what of it is not believed (T14, T112)."""

from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions import provider as linking
from consult.actions.change import Desk
from consult.app import create_app
from consult.core.life import Actor, Role
from consult.settings import load
from consult.tables import LoginSession, Person, ProviderAccount, reading, writing
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.factors import code_of, set_up_app, told
from tests.forms import form_with, forms_of, send
from tests.provider import CLIENT, ISSUER, Provider, mount

BACK = "/sign-in/provider/done"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, clock: StandingClock) -> Provider:
    made = Provider()
    mount(monkeypatch, made, clock)
    return made


@pytest.fixture(autouse=True)
def same_time(clock: StandingClock):  # type: ignore[no-untyped-def]
    """The library reads the clock of this process."""
    with time_machine.travel(clock(), tick=False):
        yield


@pytest.fixture
def app(clock: StandingClock, engine: sa.Engine, tmp_path: Any) -> Flask:
    settings = load(
        {
            "CONSULT_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "CONSULT_INSTANCE": str(tmp_path / "instance"),
            "CONSULT_SECRET_KEY": "a secret for tests that is long enough",
            "CONSULT_OIDC_ISSUER": ISSUER,
            "CONSULT_OIDC_CLIENT_ID": CLIENT,
            "CONSULT_OIDC_CLIENT_SECRET": "their secret",
            "CONSULT_OIDC_NAME": "Delegates Login",
            "CONSULT_OIDC_TWO_FACTORS": "mfa, urn:two",
        }
    )
    made = create_app(settings, clock, engine=engine)
    made.testing = True
    return made


@pytest.fixture
def ana(desk: Desk, provider: Provider) -> Actor:
    """A focal point whose account is linked."""
    council(desk, 3)
    who = person(desk, "Ana Focal", member="ARG")
    linking.link(desk, int(who.person_id or 0), ISSUER, provider.subject)
    return who


def go(client: FlaskClient, where: str = "/en/sign-in") -> str:
    """Press the button; return where the browser is sent."""
    form = next(form for form in forms_of(client.get(where).text) if "provider" in form.action)
    answer = send(client, "/", form)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def enter(client: FlaskClient, provider: Provider, where: str = "/en/sign-in") -> TestResponse:
    return client.get(BACK + provider.authorize(go(client, where)))


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/en/me").status_code == 200


def factors(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(LoginSession.factors)))


def test_a_linked_account_signs_in(client: FlaskClient, desk: Desk, ana: Actor, provider: Provider):
    address = go(client)
    assert address.startswith(f"{ISSUER}/authorize?")
    for part in ("response_type=code", "code_challenge_method=S256", "nonce=", "state="):
        assert part in address
    entered = client.get(BACK + provider.authorize(address))
    assert entered.status_code == 303
    assert is_signed_in(client)
    assert factors(desk) == ["provider"]


def test_the_provider_ends_the_session_that_the_browser_held(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T16."""
    bea = person(desk, "Bea Other", member="BHS")
    sign_in(client, desk, bea)
    mark = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    away = client.post("/en/sign-in/provider", data={"csrf_token": mark})
    assert client.get(BACK + provider.authorize(str(away.location))).status_code == 303
    assert "Ana Focal" in client.get("/en/me").text
    with reading(desk.engine) as session:
        ended = select(LoginSession.ended_at).where(LoginSession.person_id == bea.person_id)
        assert session.scalars(ended).one() is not None


def test_the_way_back_and_the_language_are_kept(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T21."""
    assert enter(client, provider, "/fr/sign-in?back=/fr/desk").location == "/fr/desk"


def test_the_form_may_lead_there_and_nowhere_else(client: FlaskClient):
    """T91."""
    policy = client.get("/en/sign-in").headers["Content-Security-Policy"]
    assert f"form-action 'self' {ISSUER};" in policy


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_a_provider_that_sends_us_on_is_not_followed(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider, path: str
):
    """T14, T94: the settings name every partner, and each answer is waited for so long."""
    provider.moved = path
    form = next(f for f in forms_of(client.get("/en/sign-in").text) if "provider" in f.action)
    answer = send(client, "/", form)
    if answer.status_code == 302:
        answer = client.get(BACK + provider.authorize(str(answer.location)))
    assert answer.status_code == 422
    assert not is_signed_in(client)
    asked = [address for address, _patience in provider.seen]
    assert asked[-1] == ISSUER + path
    assert not [address for address in asked if not address.startswith(ISSUER)]
    assert {patience for _address, patience in provider.seen} == {10}


def test_nobody_is_sent_there_without_a_click(client: FlaskClient, desk: Desk, ana: Actor):
    """T112."""
    assert client.get("/en/sign-in/provider").status_code in (404, 405)
    assert "Sign in with Delegates Login" in client.get("/en/sign-in").text


def test_an_account_that_is_not_linked_signs_nobody_in_whatever_its_address(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T14: never by e-mail."""
    provider.subject = "somebody else"
    provider.claims = {"email": "ana.focal@example.org", "email_verified": True}
    refused = enter(client, provider)
    assert refused.status_code == 422
    assert "not linked to a person here" in refused.text
    assert not is_signed_in(client)


def _other_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "1"})


@pytest.mark.parametrize(
    "bent",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"iss": ISSUER + "/"}},
        {"claims": {"aud": "another service"}},
        {"claims": {"exp": 1}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
        {"claims": {"amr": "mfa"}},
        {"signs_with": _other_key},
        {"metadata": {"issuer": "https://evil.example"}},
        {"metadata": {"issuer": ISSUER + "/"}},
    ],
    ids=lambda bent: str(bent)[:40],
)
def test_what_cannot_be_believed_leads_to_the_sign_in_page_with_a_sentence(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider, bent: dict[str, Any]
):
    for name, value in bent.items():
        setattr(provider, name, value() if callable(value) else value)
    refused = enter(client, provider)
    assert refused.status_code == 422
    assert "The provider did not sign you in" in refused.text
    assert "Send me a link" in refused.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "query",
    ["", "?code=x&state=forged", "?error=access_denied&state=x", "?code=x", "?state=x"],
)
def test_a_forged_return_is_refused_in_words(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider, query: str
):
    assert client.get(BACK + query).status_code == 422
    go(client)
    assert client.get(BACK + query).status_code == 422
    assert not is_signed_in(client)


def test_another_browser_s_return_signs_nobody_in(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """The state belongs to the browser that clicked."""
    query = provider.authorize(go(client))
    assert app.test_client().get(BACK + query).status_code == 422


def test_a_code_is_worth_nothing_twice(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    query = provider.authorize(go(client))
    assert client.get(BACK + query).status_code == 303
    assert client.get(BACK + query).status_code in (303, 422)
    assert len(factors(desk)) == 1


def test_a_provider_that_is_away_is_said(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    provider.down = True
    form = next(f for f in forms_of(client.get("/en/sign-in").text) if "provider" in f.action)
    refused = send(client, "/", form)
    assert refused.status_code == 422
    assert "cannot be reached now" in refused.text


@pytest.mark.parametrize(
    ("claims", "two"),
    [
        ({}, False),
        ({"acr": "urn:one", "amr": ["pwd"]}, False),
        ({"acr": "urn:two"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": ["urn:two"]}, False),
    ],
)
def test_two_factors_of_the_provider_count_only_if_the_setting_names_them(
    client: FlaskClient,
    desk: Desk,
    provider: Provider,
    clock: StandingClock,
    claims: dict[str, Any],
    two: bool,
):
    """T12, T14: staff with one factor are asked for the second."""
    council(desk, 3)
    olga = person(desk, "Olga Officer", Role.OFFICER)
    linking.link(desk, int(olga.person_id or 0), ISSUER, provider.subject)
    set_up_app(desk, olga)
    provider.claims = claims
    with time_machine.travel(clock(), tick=False):
        enter(client, provider)
        assert factors(desk) == ["provider-two" if two else "provider"]
        assert client.get("/en/office").status_code == (200 if two else 303)
        if not two:
            away = "/en/me/confirm?back=/en/office"
            form = form_with(client.get(away).text, "second")
            answer = send(client, away, form, second=code_of(desk, olga))
            assert answer.location == "/en/office"
            assert client.get("/en/office").status_code == 200


def test_an_account_is_linked_by_whoever_is_signed_in_and_says_so(
    app: Flask, client: FlaskClient, desk: Desk, provider: Provider
):
    """T14, T15."""
    council(desk, 3)
    ana = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, ana)
    asked = client.get(BACK + provider.authorize(go(client, "/en/me")))
    assert asked.location == "/en/me/provider"
    page = client.get(asked.location).text
    assert provider.subject in page
    assert ISSUER in page
    with reading(desk.engine) as session:
        assert session.scalars(select(ProviderAccount)).all() == []
    form = next(f for f in forms_of(page) if not f.action)
    assert send(client, "/en/me/provider", form).location == "/en/me"
    assert told(desk, ana) == ["provider-linked"]
    other = app.test_client()
    assert enter(other, provider).status_code == 303
    assert is_signed_in(other)
    unlink = next(f for f in forms_of(client.get("/en/me").text) if f.action.endswith("/remove"))
    assert send(client, "/", unlink).status_code == 303
    assert told(desk, ana) == ["provider-linked", "provider-unlinked"]
    assert enter(app.test_client(), provider).status_code == 422


def test_an_account_of_another_person_is_not_linked(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    sign_in(client, desk, person(desk, "Bea Other", member="BHS"))
    client.get(BACK + provider.authorize(go(client, "/en/me")))
    form = next(f for f in forms_of(client.get("/en/me/provider").text) if not f.action)
    refused = send(client, "/en/me/provider", form)
    assert refused.status_code == 409
    assert "belongs to another person" in refused.text


def test_the_page_that_links_shows_nothing_without_an_account(
    client: FlaskClient, desk: Desk, ana: Actor
):
    sign_in(client, desk, ana)
    assert client.get("/en/me/provider").location == "/en/me"


def test_the_provider_confirms_who_one_is_and_nobody_else(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider, clock: StandingClock
):
    """T15."""
    sign_in(client, desk, ana)
    clock.forward(minutes=6)
    with time_machine.travel(clock(), tick=False):
        away = client.get("/en/me/password").location
        address = go(client, away)
        assert "prompt=login" in address
        assert client.get(BACK + provider.authorize(address)).location == "/en/me/password"
        assert client.get("/en/me/password").status_code == 200
        clock.forward(minutes=6)
    with time_machine.travel(clock(), tick=False):
        provider.subject = "somebody else"
        answer = client.get(BACK + provider.authorize(go(client, away)))
        assert answer.status_code == 303
        assert client.get("/en/me/password").status_code == 303


def test_a_disabled_person_does_not_come_in(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T18."""
    with writing(desk.engine) as session:
        session.get_one(Person, ana.person_id).disabled_at = desk.clock()
    assert enter(client, provider).status_code == 422


def test_signing_out_offers_to_sign_out_there_too(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T112."""
    enter(client, provider)
    form = next(f for f in forms_of(client.get("/en/me").text) if f.action.endswith("/sign-out"))
    page = send(client, "/", form).text
    assert f'href="{provider.ends}"' in page
    assert "Sign out there too" in page


def test_no_token_of_the_provider_is_left_with_the_browser(
    client: FlaskClient, desk: Desk, ana: Actor, provider: Provider
):
    """T112."""
    enter(client, provider)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_user_id", "_fresh", "csrf_token", "provider_end"}
