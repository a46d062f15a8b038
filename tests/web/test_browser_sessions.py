"""A browser holds one session: a new sign-in ends the row of the one before (T16)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.core.life import Actor, Role
from consult.tables import LoginSession, Person, reading, writing
from tests.build import council, person, sign_in
from tests.factors import PASSWORD, code_of, set_password, set_up_app
from tests.forms import form_with
from tests.links import invitation_token, sign_in_code, sign_in_token

OLGA = "olga.officer@example.org"
Way = Callable[[FlaskClient, Desk, Actor, str], TestResponse]


def _ask(client: FlaskClient, mark: str) -> None:
    client.post("/en/sign-in", data={"csrf_token": mark, "address": OLGA})


def by_link(client: FlaskClient, desk: Desk, olga: Actor, mark: str) -> TestResponse:
    _ask(client, mark)
    given = {"csrf_token": mark, "password": PASSWORD}
    return client.post(f"/en/sign-in/link/{sign_in_token(desk)}", data=given)


def by_code(client: FlaskClient, desk: Desk, olga: Actor, mark: str) -> TestResponse:
    _ask(client, mark)
    given = {"csrf_token": mark, "code": sign_in_code(desk), "password": PASSWORD}
    return client.post("/en/sign-in/sent", data=given)


def by_password(client: FlaskClient, desk: Desk, olga: Actor, mark: str) -> TestResponse:
    given = {"p-address": OLGA, "p-password": PASSWORD, "p-second": code_of(desk, olga)}
    return client.post("/en/sign-in/password", data={"csrf_token": mark, **given})


def by_invitation(client: FlaskClient, desk: Desk, olga: Actor, mark: str) -> TestResponse:
    with writing(desk.engine) as session:
        row = session.get_one(Person, olga.person_id)
        row.set_up_at = None
        invite(desk, session, row, desk.clock())
    given = {"csrf_token": mark, "language": "en", "password": PASSWORD, "again": PASSWORD}
    return client.post(f"/en/invitations/{invitation_token(desk)}", data=given)


@pytest.mark.parametrize("way", [by_link, by_code, by_password, by_invitation])
def test_a_new_sign_in_ends_the_session_that_the_browser_held(
    app: Flask, client: FlaskClient, desk: Desk, way: Way
) -> None:
    """T16: also another person's, and no session of another browser."""
    council(desk, 3)
    ana = person(desk, "Ana Focal", member="ARG")
    olga = person(desk, "Olga Officer", Role.OFFICER)
    set_password(desk, olga)
    set_up_app(desk, olga)
    elsewhere = app.test_client()
    for each in (client, elsewhere):
        sign_in(each, desk, ana)
    before = client.get_cookie("consult")
    assert before is not None
    mark = str(form_with(client.get("/en/me").text, "language").fields["csrf_token"])
    assert way(client, desk, olga, mark).status_code == 303
    assert "Olga Officer" in client.get("/en/me").text
    assert elsewhere.get("/en/me").status_code == 200
    with reading(desk.engine) as session:
        rows = session.execute(select(LoginSession.person_id, LoginSession.ended_at)).all()
    assert sorted((who == ana.person_id, bool(ended)) for who, ended in rows) == [
        (False, False),
        (True, False),
        (True, True),
    ]
    copied = app.test_client()
    copied.set_cookie("consult", before.value)
    assert copied.get("/en/me").status_code == 303


def test_a_sign_in_that_fails_ends_nothing(client: FlaskClient, desk: Desk) -> None:
    """T13, T16."""
    council(desk, 3)
    ana = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, ana)
    mark = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    given = {"p-address": OLGA, "p-password": PASSWORD, "p-second": "000000"}
    answer = client.post("/en/sign-in/password", data={"csrf_token": mark, **given})
    assert answer.status_code == 422
    assert "Ana Focal" in client.get("/en/me").text
