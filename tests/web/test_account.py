"""Signing in by a mailed link, setting up an account, sessions and their end."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.actions import passwords
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.core.life import Actor, Role
from consult.core.schedule import NoticeKind
from consult.tables import Invitation, LoginSession, Notice, Person, SignInRequest, reading, writing
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.forms import form_with, send
from tests.links import invitation_token, sign_in_code, sign_in_token

PASSWORD = "seven grey herons by the weir"  # noqa: S105


@pytest.fixture
def ana(desk: Desk) -> Actor:
    council(desk, 3)
    return person(desk, "Ana Focal", member="ARG")


@pytest.fixture
def olga(desk: Desk) -> Actor:
    return person(
        desk, "Olga Officer", Role.OFFICER, password_hash=passwords.make_hash(PASSWORD, 19456)
    )


def ask(client: FlaskClient, address: str, **more: str) -> str:
    """Ask for a link as a browser does; return the page that comes."""
    form = form_with(client.get("/en/sign-in").text, "address")
    answer = send(client, "/en/sign-in", form, address=address, **more)
    assert answer.status_code == 303
    return client.get(answer.location).text


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/en/me").status_code == 200


def count(desk: Desk, table: type) -> int:
    with reading(desk.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_link_signs_in_where_it_was_asked_for(client: FlaskClient, desk: Desk, ana: Actor):
    """T7, T8, T16."""
    ask(client, "ana.focal@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    shown = client.get(address)
    assert "Sign in as Ana Focal" in shown.text
    assert not is_signed_in(client)
    answer = send(client, address, form_with(shown.text, "csrf_token"))
    assert answer.status_code == 303
    assert is_signed_in(client)
    with reading(desk.engine) as session:
        row = session.scalars(select(LoginSession)).one()
        assert row.factors == "link"
        assert len(row.token_hash) == 64


def test_opening_the_link_ten_times_spends_nothing(client: FlaskClient, desk: Desk, ana: Actor):
    """T36: mail scanners follow links."""
    ask(client, "ana.focal@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    for _ in range(10):
        assert client.get(address).status_code == 200
    send(client, address, form_with(client.get(address).text, "csrf_token"))
    assert is_signed_in(client)


def test_a_link_works_once(client: FlaskClient, desk: Desk, ana: Actor):
    """T8."""
    ask(client, "ana.focal@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    form = form_with(client.get(address).text, "csrf_token")
    send(client, address, form)
    assert client.get(address).status_code == 410


def test_a_link_ends_after_thirty_minutes(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
):
    """T8."""
    ask(client, "ana.focal@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    clock.forward(minutes=29, seconds=59)
    assert client.get(address).status_code == 200
    clock.forward(seconds=1)
    assert client.get(address).status_code == 410


def test_using_one_link_voids_the_others(client: FlaskClient, desk: Desk, ana: Actor):
    """T8."""
    ask(client, "ana.focal@example.org")
    first = f"/en/sign-in/link/{sign_in_token(desk)}"
    ask(client, "ana.focal@example.org")
    second = f"/en/sign-in/link/{sign_in_token(desk)}"
    send(client, second, form_with(client.get(second).text, "csrf_token"))
    assert client.get(first).status_code == 410


def test_at_most_five_links_are_outstanding(client: FlaskClient, desk: Desk, ana: Actor):
    """T8."""
    for _ in range(7):
        ask(client, "ana.focal@example.org")
    with reading(desk.engine) as session:
        outstanding = session.scalar(
            select(func.count()).select_from(SignInRequest).where(SignInRequest.used_at.is_(None))
        )
    assert outstanding == 5


def test_elsewhere_the_link_shows_a_code_that_signs_in_where_it_was_asked(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    """T9."""
    page = ask(client, "ana.focal@example.org")
    elsewhere = app.test_client()
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    shown = elsewhere.get(address).text
    code = sign_in_code(desk)
    assert f"{code[:4]} {code[4:]}" in shown
    assert "Sign in as" in shown
    assert '<button class="btn' not in shown
    send(client, "/en/sign-in/sent", form_with(page, "code"), code=f"{code[:4]} {code[4:].lower()}")
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_a_link_posted_from_another_browser_signs_nobody_in(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    """T9: a stolen link is worth nothing without the browser that asked."""
    ask(client, "ana.focal@example.org")
    thief = app.test_client()
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    token = form_with(thief.get("/en/sign-in").text, "address").fields["csrf_token"]
    answer = thief.post(address, data={"csrf_token": token})
    assert answer.status_code == 410
    assert not is_signed_in(thief)


def test_five_wrong_codes_end_the_request(client: FlaskClient, desk: Desk, ana: Actor):
    """T9."""
    page = ask(client, "ana.focal@example.org")
    form = form_with(page, "code")
    for left in (4, 3, 2, 1):
        answer = send(client, "/en/sign-in/sent", form, code="AAAA AAAA")
        assert answer.status_code == 422
        assert f"{left} attempt" in answer.text
    assert send(client, "/en/sign-in/sent", form, code="AAAA AAAA").status_code == 410
    assert send(client, "/en/sign-in/sent", form, code=sign_in_code(desk)).status_code == 410


def test_an_unknown_address_sees_the_same_page_and_gets_no_mail(
    client: FlaskClient, desk: Desk, ana: Actor
):
    """T3."""
    known = ask(client, "ana.focal@example.org")
    unknown = ask(client, "nobody@example.org")
    assert _without_tokens(known) == _without_tokens(unknown)
    assert count(desk, SignInRequest) == 2
    assert count(desk, Notice) == 1


def test_a_disabled_person_is_as_unknown(client: FlaskClient, desk: Desk, ana: Actor):
    """T3, T18."""
    sign_in(client, desk, ana)
    assert is_signed_in(client)
    with writing(desk.engine) as session:
        session.get_one(Person, ana.person_id).disabled_at = desk.clock()
    assert not is_signed_in(client)
    ask(client, "ana.focal@example.org")
    assert count(desk, Notice) == 0


def test_mail_goes_to_the_address_stored_whatever_case_was_typed(
    client: FlaskClient, desk: Desk, ana: Actor
):
    """T5."""
    ask(client, "ANA.Focal@EXAMPLE.org")
    with reading(desk.engine) as session:
        notice = session.scalars(select(Notice)).one()
        assert notice.kind is NoticeKind.SIGN_IN
        assert notice.person_id == ana.person_id
        assert "token" not in str(notice.data)


def test_a_shared_mailbox_says_who_one_is(client: FlaskClient, desk: Desk, ana: Actor):
    """T5."""
    bea = person(desk, "Bea Alternate", member="ARG", head=False, address="ana.focal@example.org")
    ask(client, "ana.focal@example.org")
    assert count(desk, Notice) == 1
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    form = form_with(client.get(address).text, "csrf_token")
    unsaid = send(client, address, form)
    assert unsaid.status_code == 422
    send(client, address, form, person=bea.opaque)
    assert "Bea Alternate" in client.get("/en/me").text


def test_staff_need_their_password_beside_the_link(client: FlaskClient, desk: Desk, olga: Actor):
    """T12."""
    ask(client, "olga.officer@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    form = form_with(client.get(address).text, "password")
    assert send(client, address, form).status_code == 422
    wrong = send(client, address, form, password="not " + PASSWORD)
    assert wrong.status_code == 422
    assert "4 attempts are left" in wrong.text
    assert not is_signed_in(client)
    assert send(client, address, form, password=PASSWORD).status_code == 303
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession.factors)).one() == "link password"


def test_staff_by_code_are_asked_for_the_password_after_the_code(
    client: FlaskClient, desk: Desk, olga: Actor
):
    """T9, T12."""
    page = ask(client, "olga.officer@example.org")
    code = sign_in_code(desk)
    second = send(client, "/en/sign-in/sent", form_with(page, "code"), code=code)
    assert second.status_code == 200
    form = form_with(second.text, "password")
    assert send(client, "/en/sign-in/sent", form).status_code == 422
    send(client, "/en/sign-in/sent", form, password=PASSWORD)
    assert is_signed_in(client)


def test_a_password_is_hashed_anew_when_the_setting_rose(
    app: Flask, client: FlaskClient, desk: Desk
):
    """T2."""
    old = passwords.make_hash(PASSWORD, 8192)
    olga = person(desk, "Olga Officer", Role.OFFICER, password_hash=old)
    ask(client, "olga.officer@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    send(client, address, form_with(client.get(address).text, "password"), password=PASSWORD)
    with reading(desk.engine) as session:
        kept = session.get_one(Person, olga.person_id).password_hash or ""
    assert "m=19456,t=2,p=1" in kept
    assert kept.startswith("$argon2id$")


def test_the_way_back_is_kept_and_leads_nowhere_else(client: FlaskClient, desk: Desk, ana: Actor):
    """T21, T31."""
    answer = client.get("/en/me")
    assert answer.location == "/en/sign-in?back=/en/me"
    form = form_with(client.get(answer.location).text, "address")
    send(client, answer.location, form, address="ana.focal@example.org")
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    entered = send(client, address, form_with(client.get(address).text, "csrf_token"))
    assert entered.location == "/en/me"


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "evil",
        "/\n/evil",
        "javascript:",
    ],
)
def test_a_way_back_to_elsewhere_is_dropped(client: FlaskClient, desk: Desk, ana: Actor, back: str):
    """T21."""
    form = form_with(client.get("/en/sign-in").text, "address")
    client.post(
        "/en/sign-in",
        query_string={"back": back},
        data={**form.fields, "address": "ana.focal@example.org"},
    )
    address = f"/en/sign-in/link/{sign_in_token(desk)}"
    entered = send(client, address, form_with(client.get(address).text, "csrf_token"))
    assert entered.location == "/en/"


def test_an_invitation_is_spent_by_its_button_alone(client: FlaskClient, desk: Desk):
    """T6: Invitation, account set up, signed in; a scanner's GET spends nothing."""
    council(desk, 3)
    _invited(desk, "Nia New")
    address = f"/en/invitations/{invitation_token(desk)}"
    for _ in range(3):
        assert "Set up the account of Nia New" in client.get(address).text
    form = form_with(client.get(address).text, "language")
    answer = send(client, address, form, language="fr", zone="Europe/Zurich")
    assert answer.status_code == 303
    assert answer.location == "/fr/"
    assert is_signed_in(client)
    assert client.get(address).status_code == 410
    with reading(desk.engine) as session:
        nia = session.scalars(select(Person)).one()
        assert (nia.language, nia.zone, nia.set_up_at) == ("fr", "Europe/Zurich", desk.clock())


def test_staff_set_a_password_of_at_least_twelve_characters(client: FlaskClient, desk: Desk):
    """T1, T12."""
    _invited(desk, "Nia New", Role.APPROVER)
    address = f"/en/invitations/{invitation_token(desk)}"
    form = form_with(client.get(address).text, "password")
    for refused in ("", "eleven sign", "Nia New Consult", "x" * 129):
        answer = send(client, address, form, password=refused, again=refused)
        assert answer.status_code == 422
    assert send(client, address, form, password=PASSWORD, again="other").status_code == 422
    assert count(desk, LoginSession) == 0
    assert send(client, address, form, password=PASSWORD, again=PASSWORD).status_code == 303
    assert is_signed_in(client)


def test_an_invitation_ends_after_seven_days_and_is_renewed_by_asking(
    client: FlaskClient, desk: Desk, clock: StandingClock
):
    """T6."""
    _invited(desk, "Nia New")
    old = f"/en/invitations/{invitation_token(desk)}"
    clock.forward(days=7)
    assert client.get(old).status_code == 410
    ask(client, "nia.new@example.org")
    renewed = f"/en/invitations/{invitation_token(desk)}"
    assert renewed != old
    assert client.get(renewed).status_code == 200
    assert count(desk, Invitation) == 2
    with reading(desk.engine) as session:
        kinds = session.scalars(select(Notice.kind)).all()
    assert set(kinds) == {NoticeKind.ACCOUNT}


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    """T18, T111."""
    sign_in(client, desk, ana)
    copy = app.test_client()
    with client.session_transaction() as mine, copy.session_transaction() as stolen:
        stolen["_user_id"] = mine["_user_id"]
    assert is_signed_in(copy)
    answer = send(client, "/en/sign-out", form_with(client.get("/en/me").text, "csrf_token"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_signed_in(client)
    assert not is_signed_in(copy)


def test_a_session_idles_out_sooner_for_staff(
    app: Flask, desk: Desk, ana: Actor, olga: Actor, clock: StandingClock
):
    """T17."""
    office, mission = app.test_client(), app.test_client()
    sign_in(office, desk, olga)
    sign_in(mission, desk, ana)
    clock.forward(minutes=30)
    assert not is_signed_in(office)
    assert is_signed_in(mission)
    clock.forward(hours=2)
    assert not is_signed_in(mission)


def test_use_keeps_a_session_alive_for_twelve_hours_at_most(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
):
    """T17."""
    sign_in(client, desk, ana)
    for _ in range(11):
        clock.forward(hours=1)
        assert is_signed_in(client)
    clock.forward(hours=1)
    assert not is_signed_in(client)


def test_last_seen_is_written_once_a_minute(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
):
    """T36."""
    sign_in(client, desk, ana)
    began = desk.clock()
    clock.forward(seconds=59)
    client.get("/en/me")
    assert _seen_at(desk) == began
    clock.forward(seconds=1)
    client.get("/en/me")
    assert _seen_at(desk) == desk.clock()


def test_people_end_their_other_sessions(app: Flask, client: FlaskClient, desk: Desk, ana: Actor):
    """T18."""
    other = app.test_client()
    sign_in(client, desk, ana)
    sign_in(other, desk, ana)
    page = client.get("/en/me").text
    ending = next(f for f in page.split('action="') if f.startswith("/en/me/sessions/"))
    address = ending.split('"')[0]
    token = form_with(page, "language").fields["csrf_token"]
    assert client.post(address, data={"csrf_token": token}).status_code == 303
    assert not is_signed_in(other)
    assert is_signed_in(client)


def test_nobody_ends_the_session_of_another(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, olga: Actor
):
    """T31."""
    other = app.test_client()
    sign_in(client, desk, ana)
    sign_in(other, desk, olga)
    with reading(desk.engine) as session:
        hashes = session.scalars(select(LoginSession.token_hash)).all()
    token = form_with(client.get("/en/me").text, "language").fields["csrf_token"]
    for each in hashes:
        answer = client.post(f"/en/me/sessions/{each[:16]}/end", data={"csrf_token": token})
        assert answer.status_code == 404
    assert is_signed_in(other)


def test_settings_change_language_and_zone(client: FlaskClient, desk: Desk, ana: Actor):
    sign_in(client, desk, ana)
    form = form_with(client.get("/en/me").text, "language")
    answer = send(client, "/en/me", form, language="ar", zone="Europe/Zurich")
    assert answer.location == "/ar/me"
    assert 'dir="rtl"' in client.get(answer.location).text


def test_the_demo_lists_its_people_and_their_password(client: FlaskClient, desk: Desk):
    person(desk, "Demo Officer", Role.OFFICER, address="officer@demo.consult.example")
    person(desk, "Real Person", address="someone@example.org")
    page = client.get("/en/sign-in").text
    assert "Demo Officer" in page
    assert passwords.DEMO in page
    assert "Real Person" not in page


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def _seen_at(desk: Desk) -> object:
    with reading(desk.engine) as session:
        return session.scalars(select(LoginSession.seen_at)).one()


def _invited(desk: Desk, name: str, *roles: Role) -> None:
    made = person(desk, name, *roles)
    with writing(desk.engine) as session:
        row = session.get_one(Person, made.person_id)
        row.set_up_at = None
        invite(desk, session, row, desk.clock())
