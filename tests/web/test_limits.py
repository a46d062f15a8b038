"""How often one may ask, on every way where it counts, and what is said then (T97)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.actions import throttling
from consult.actions.change import Desk
from consult.core.throttle import EXPORTS, REPLIES, SIGN_IN_NETWORK
from consult.web import policy
from tests import build
from tests.build import council, person, sign_in
from tests.forms import form_with
from tests.links import sign_in_token
from tests.replies import ALL_APPROVE, reply

HERE = "127.0.0.0/24"
# Published records are for everybody, who may sit behind one address; caches keep them.
PUBLIC = "register."


@pytest.fixture
def limits(app: Flask) -> None:
    """Limits so narrow that one try reaches them."""
    there = app.extensions["consult"]
    numbers = {SIGN_IN_NETWORK.name: 1, REPLIES.name: 1}
    app.extensions["consult"] = replace(there, limits=True, limit_numbers=numbers)


def mark(client: FlaskClient) -> str:
    return str(form_with(client.get("/en/sign-in").text, "address").fields["csrf_token"])


def by_code(client: FlaskClient, desk: Desk) -> TestResponse:
    given = {"csrf_token": mark(client), "code": "AAAABBBB"}
    return client.post("/en/sign-in/sent", data=given)


def by_link(client: FlaskClient, desk: Desk) -> TestResponse:
    given = {"csrf_token": mark(client)}
    client.post("/en/sign-in", data={**given, "address": "ana.focal@example.org"})
    given["password"] = "not the right one"  # noqa: S105
    return client.post(f"/en/sign-in/link/{sign_in_token(desk)}", data=given)


def by_password(client: FlaskClient, desk: Desk) -> TestResponse:
    given = {"p-address": "a@b.org", "p-password": "x", "p-second": "y"}
    return client.post("/en/sign-in/password", data={"csrf_token": mark(client), **given})


def by_invitation(client: FlaskClient, desk: Desk) -> TestResponse:
    given = {"csrf_token": mark(client)}
    return client.post(f"/en/invitations/{'x' * 43}", data=given)


def by_provider(client: FlaskClient, desk: Desk) -> TestResponse:
    return client.post("/en/sign-in/provider", data={"csrf_token": mark(client)})


@pytest.mark.parametrize("way", [by_code, by_link, by_password, by_invitation, by_provider])
def test_a_network_that_signs_in_too_often_waits_on_every_way(
    client: FlaskClient, desk: Desk, limits: None, way: Callable[[FlaskClient, Desk], TestResponse]
) -> None:
    """T97: a readable page that says when to come back."""
    council(desk, 3)
    person(desk, "Ana Focal", member="ARG")
    way(client, desk)
    answer = way(client, desk)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "<h1>" in answer.text


@pytest.mark.parametrize("way", [by_code, by_link])
def test_in_the_last_hour_before_a_deadline_a_link_always_signs_in(
    client: FlaskClient, desk: Desk, limits: None, way: Callable[[FlaskClient, Desk], TestResponse]
) -> None:
    """T97."""
    build.open_consultation(desk, members=3)
    person(desk, "Ana Focal", member="ARG")
    build.set_clock(desk, build.CLOSES_AT)
    build.later(desk, minutes=-59)
    assert {way(client, desk).status_code for _ in range(4)} & {429} == set()


def test_every_table_and_archive_has_the_limit_of_exports(app: Flask) -> None:
    """T97."""
    open_ = []
    for rule in app.url_map.iter_rules():
        if rule.rule.endswith((".csv", ".xlsx", "dossier.zip", "data.json")):
            view = app.view_functions[rule.endpoint]
            limit, _methods = getattr(view, policy._LIMIT, (None, ()))
            if limit is not EXPORTS and not rule.endpoint.startswith(PUBLIC):
                open_.append(rule.endpoint)
    assert open_ == []


def test_a_member_replies_so_often_an_hour_whoever_sends(
    app: Flask, desk: Desk, limits: None
) -> None:
    """T97: refused it keeps what was typed, and another member is not concerned."""
    slug = build.open_consultation(desk, members=3)
    people = [person(desk, f"Ana {number}", member="ARG", head=False) for number in range(2)]
    people.append(person(desk, "Bea Other", member="BHS", head=False))
    statuses = []
    for who in people:
        client = app.test_client()
        sign_in(client, desk, who)
        address = f"/en/c/{slug}/{next(iter(who.members))}"
        statuses.append(reply(client, address, **ALL_APPROVE).status_code)
    assert statuses == [303, 429, 303]


def test_where_limits_are_off_nothing_is_counted(client: FlaskClient, desk: Desk) -> None:
    """T97: for load tests on loopback."""
    for _ in range(400):
        throttling.take(desk, SIGN_IN_NETWORK, HERE)
        throttling.take_early(desk, REPLIES, "ARG")
