"""Every route says who may come, and a stranger comes no further than that."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Role
from consult.web.policy import policy_of
from tests.build import council, officer, person, sign_in
from tests.forms import form_with

_VALUES = {"member": "ARG", "slug": "NO-SUCH", "token": "x" * 43, "key": "x", "kind": "invitation"}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Of each route: endpoint, method and an address that fits its pattern."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: _VALUES.get(name, "1" if "int" in str(rule) else "en") for name in rule.arguments
        }
        values["lang"] = "en"
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "IntegerConverter":
                values[name] = 1
        built = rule.build(values)
        if built is not None:
            methods = sorted((rule.methods or set()) & {"GET", "POST"})
            found += [(rule.endpoint, method, built[1].removeprefix("|")) for method in methods]
    return found


def test_every_route_has_a_policy(app: Flask):
    """T30."""
    assert all(policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules())


def test_a_stranger_is_sent_to_sign_in_or_served_what_is_public(app: Flask, desk: Desk):
    """T30, T31: the matrix of a stranger on every route."""
    council(desk, 3)
    client = app.test_client()
    for endpoint, method, address in routes(app):
        policy = policy_of(app, endpoint)
        assert policy is not None
        answer = client.open(address, method=method)
        where = f"{method} {address} ({endpoint}): {answer.status_code}"
        if not policy.signed_in:
            assert answer.status_code != 500, where
            assert "/sign-in?" not in (answer.location or ""), where
        elif method == "GET":
            assert answer.status_code == 303, where
            assert answer.location.startswith("/en/sign-in?back="), where
        else:
            assert answer.status_code == 400, where


def test_a_focal_point_finds_no_office_and_no_other_member(app: Flask, desk: Desk):
    """T31: wrong role 403, another's 404."""
    council(desk, 3)
    client = app.test_client()
    sign_in(client, desk, person(desk, "Ana Focal", member="BHS"))
    for endpoint, method, address in routes(app):
        policy = policy_of(app, endpoint)
        assert policy is not None
        if method != "GET" or not (policy.roles or policy.own_member):
            continue
        expected = 404 if policy.own_member else 403
        assert client.get(address).status_code == expected, f"{address} ({endpoint})"


def test_a_route_without_a_policy_stops_the_start(settings, clock, engine, monkeypatch):  # type: ignore[no-untyped-def]
    """T30."""
    from consult import app as application  # noqa: PLC0415

    def naked(app: Flask) -> None:
        app.add_url_rule("/naked", view_func=lambda: "")

    monkeypatch.setattr(application.frame, "fallback", naked)
    with pytest.raises(RuntimeError, match="/naked has no policy"):
        application.create_app(settings, clock, engine=engine)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_from_another_site_is_refused(client: FlaskClient, desk: Desk, origin: str):
    """T20."""
    form = form_with(client.get("/en/sign-in").text, "address")
    fields = {**form.fields, "address": "ana@example.org"}
    refused = client.post("/en/sign-in", data=fields, headers={"Origin": origin})
    assert refused.status_code == 400
    ours = client.post("/en/sign-in", data=fields, headers={"Origin": "http://localhost"})
    assert ours.status_code == 303


def test_a_form_without_its_token_is_refused(client: FlaskClient):
    """T20."""
    assert client.post("/en/sign-in", data={"address": "ana@example.org"}).status_code == 400


@pytest.mark.parametrize("where", ["query", "form"])
def test_a_parameter_that_comes_twice_is_refused(client: FlaskClient, where: str):
    """T32: which of the two would count?"""
    if where == "query":
        assert client.get("/en/sign-in?back=/en/a&back=/en/b").status_code == 400
        return
    form = form_with(client.get("/en/sign-in").text, "address")
    twice = {**form.fields, "address": ["ana@example.org", "bea@example.org"]}
    assert client.post("/en/sign-in", data=twice).status_code == 400


def test_a_refusal_that_matters_is_logged_without_an_address(
    client: FlaskClient, desk: Desk, caplog: pytest.LogCaptureFixture
):
    """T37, T100."""
    council(desk, 3)
    ana = person(desk, "Ana Focal", member="BHS")
    sign_in(client, desk, ana)
    with caplog.at_level("WARNING", logger="consult.security"):
        client.get("/en/member/ARG")
    (record,) = [each for each in caplog.records if each.name == "consult.security"]
    assert record.person == ana.opaque  # type: ignore[attr-defined]
    assert record.route == "member.page"  # type: ignore[attr-defined]
    assert record.reason == "not-found"  # type: ignore[attr-defined]
    assert not re.search(r"@|127\.0", str(vars(record)))


def test_officers_see_the_register_of_every_member(client: FlaskClient, desk: Desk):
    council(desk, 3)
    sign_in(client, desk, officer(desk))
    assert client.get("/en/member/ARG").status_code == 200
    assert client.get("/en/member/NOP").status_code == 404


def test_an_approver_does_not(client: FlaskClient, desk: Desk):
    council(desk, 3)
    sign_in(client, desk, person(desk, "B. Approver", Role.APPROVER))
    assert client.get("/en/member/ARG").status_code == 404
