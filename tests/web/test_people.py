"""An administrator looks at people, ends their sessions and resets what they have lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.core.schedule import NoticeKind
from consult.tables import (
    Authenticator,
    FactorChange,
    LoginSession,
    Notice,
    Person,
    RecoveryCode,
    reading,
)
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.factors import set_password, set_up_app
from tests.forms import form_with, send
from tests.links import invitation_token
from tests.statements import statements

REASON = "Called back on the number in the register."


@pytest.fixture
def ana(desk: Desk) -> Actor:
    council(desk, 3)
    return person(desk, "Ana Focal", member="ARG")


@pytest.fixture
def admin(desk: Desk, client: FlaskClient, ana: Actor) -> Actor:
    who = person(desk, "E. Administrator", Role.ADMINISTRATOR)
    sign_in(client, desk, who)
    return who


def test_people_are_found_by_name_address_and_member(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
):
    person(desk, "Bea Other", member="BHS")
    assert client.get("/en/").status_code in (200, 302, 303)
    everybody = client.get("/en/admin/people").text
    assert "Ana Focal" in everybody
    assert "E. Administrator" in everybody
    for sought in ("ana", "ana.focal@", "arg"):
        page = client.get(f"/en/admin/people?q={sought}").text
        assert "Ana Focal" in page
        assert "Bea Other" not in page
    assert "Nobody fits" in client.get("/en/admin/people?q=%25").text


def test_the_list_and_the_page_cost_the_same_however_many_there_are(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
):
    def costs(address: str) -> int:
        with statements(desk.engine) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    page = f"/en/admin/people/{ana.opaque}"
    before = costs("/en/admin/people"), costs(page)
    for number in range(20):
        person(desk, f"P. Number{number}", member="ARG", head=False)
        sign_in(client.application.test_client(), desk, ana)
    assert (costs("/en/admin/people"), costs(page)) == before


def test_nobody_else_sees_them(app: Flask, desk: Desk, ana: Actor):
    """T30."""
    for who in (ana, person(desk, "O. Officer", Role.OFFICER), person(desk, "U", Role.AUDITOR)):
        client = app.test_client()
        sign_in(client, desk, who)
        assert client.get("/en/admin/people").status_code == 403
        assert client.get(f"/en/admin/people/{ana.opaque}").status_code == 403


def test_an_administrator_ends_one_session_or_all(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
):
    """T18."""
    browsers = [app.test_client() for _ in range(3)]
    for each in browsers:
        sign_in(each, desk, ana)
    address = f"/en/admin/people/{ana.opaque}"
    page = client.get(address).text
    token = form_with(page, "reason").fields["csrf_token"]
    one = page.split(f'action="{address}/sessions/')[1].split('"')[0]
    assert client.post(f"{address}/sessions/{one}", data={"csrf_token": token}).status_code == 303
    assert sorted(each.get("/en/me").status_code for each in browsers) == [200, 200, 303]
    answer = client.post(f"{address}/sessions/end", data={"csrf_token": token})
    assert answer.status_code == 303
    assert [each.get("/en/me").status_code for each in browsers] == [303] * 3
    assert "Nowhere at present" in client.get(address).text
    for wrong in (f"{address}/sessions/none/end", "/en/admin/people/none/sessions/end"):
        assert client.post(wrong, data={"csrf_token": token}).status_code == 404


def test_a_reset_takes_everything_and_tells_the_colleagues(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
):
    """T15."""
    bea = person(desk, "Bea Alternate", member="ARG", head=False)
    other = person(desk, "Cy Other", member="BHS")
    set_password(desk, ana)
    set_up_app(desk, ana)
    sign_in(client, desk, admin)
    theirs = app.test_client()
    sign_in(theirs, desk, ana)
    address = f"/en/admin/people/{ana.opaque}"
    form = form_with(client.get(address).text, "reason")
    unsaid = send(client, address, form)
    assert unsaid.status_code == 422
    assert "Write the reason" in unsaid.text
    assert send(client, address, form, reason=REASON).status_code == 303
    assert theirs.get("/en/me").status_code == 303
    with reading(desk.engine) as session:
        row = session.get_one(Person, ana.person_id)
        assert (row.password_hash, row.set_up_at) == (None, None)
        assert session.scalars(select(Authenticator)).all() == []
        assert session.scalars(select(RecoveryCode)).all() == []
        last = session.scalars(select(FactorChange).order_by(FactorChange.id.desc())).first()
        assert last is not None
        assert (last.what, last.by_id, last.reason) == ("reset", admin.person_id, REASON)
        told = session.execute(
            select(Notice.person_id, Notice.data).where(Notice.kind == NoticeKind.FACTORS)
        ).all()
    assert other.person_id not in {one for one, _data in told}
    assert [data.get("of") for one, data in told if one == bea.person_id] == ["Ana Focal"]
    page = client.get(address).text
    assert REASON in page
    assert "Invited, not set up yet" in page
    assert theirs.get(f"/en/invitations/{invitation_token(desk)}").status_code == 200


def test_an_administrator_does_not_reset_the_own_account(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
):
    """T12: whoever sits at an open browser would walk in for good."""
    page = client.get(f"/en/admin/people/{admin.opaque}").text
    assert "Reset everything" not in page
    token = form_with(page, "csrf_token").fields["csrf_token"]
    answer = client.post(
        f"/en/admin/people/{admin.opaque}/reset", data={"csrf_token": token, "reason": REASON}
    )
    assert answer.status_code == 403
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession.ended_at)).all() == [None]


def test_a_reset_asks_for_a_factor_of_the_last_five_minutes(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor, clock: StandingClock
):
    """T15."""
    address = f"/en/admin/people/{ana.opaque}"
    form = form_with(client.get(address).text, "reason")
    clock.forward(minutes=6)
    assert "/confirm" in send(client, address, form, reason=REASON).location
