"""The demo's captured mail, and whether the service is well."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from mailbox import Maildir

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.app import create_app
from consult.keys import Keyring
from consult.settings import Settings
from tests.build import person
from tests.conftest import StandingClock
from tests.forms import form_with, send
from tests.links import sign_in_token


@pytest.fixture
def captured(settings: Settings) -> list[str]:
    """Two mails in the folder, the second with an enclosure and a link."""
    folder = Maildir(settings.mailbox, create=True)
    keys = []
    for number, subject in enumerate(("First", "Second <b>")):
        mail = EmailMessage()
        mail["Subject"], mail["To"], mail["From"] = subject, "a@x.example", "c@x.example"
        mail["Date"] = f"Fri, 17 Jul 2020 14:0{number}:00 +0000"
        mail.set_content(f"Words\n{settings.public_url}/en/desk\nhttps://evil.example/\n")
        mail.add_alternative("<p>Words</p>", subtype="html")
        mail.add_attachment(b"{}", maintype="application", subtype="json", filename="r.json")
        keys.append(folder.add(mail.as_bytes()))
    return keys


def test_captured_mail_is_listed_newest_first(client: FlaskClient, captured: list[str]):
    page = client.get("/en/mail").text
    assert page.index("Second &lt;b&gt;") < page.index("First")


def test_a_mail_shows_its_text_its_links_and_what_it_encloses(
    client: FlaskClient, captured: list[str]
):
    page = client.get(f"/en/mail/{captured[1]}").text
    assert "/en/desk" in page
    assert "&lt;p&gt;Words&lt;/p&gt;" in page
    assert 'href="https://evil.example/"' not in page
    assert "r.json" in page
    enclosed = client.get(f"/en/mail/{captured[1]}/0")
    assert enclosed.data == b"{}"
    assert enclosed.headers["Content-Disposition"].startswith("attachment")
    assert enclosed.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("key", ["no-such-mail", "..%2f..%2fetc%2fpasswd", "x" * 300])
def test_no_other_file_is_read(client: FlaskClient, captured: list[str], key: str):
    assert client.get(f"/en/mail/{key}").status_code == 404


def test_it_answers_on_loopback_alone(client: FlaskClient, captured: list[str]):
    """T4, T113."""
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/en/mail", environ_base=far).status_code == 404
    assert client.get(f"/en/mail/{captured[0]}", environ_base=far).status_code == 404


def test_before_any_mail_the_page_says_what_will_fill_it(client: FlaskClient):
    assert "Nothing was sent yet" in client.get("/en/mail").text


def test_production_knows_neither_mail_nor_demo(
    settings: Settings, clock: StandingClock, app: Flask
):
    """T4."""
    engine = app.extensions["consult"].engine
    real = replace(settings, profile="production", public_url="https://consult.example.org")
    Keyring(real.keys, makes_own=False).make()
    client = create_app(real, clock, engine=engine).test_client()
    base = "https://consult.example.org"
    assert client.get("/en/mail", base_url=base).status_code == 404
    page = client.get("/en/sign-in", base_url=base)
    assert "Demonstration" not in page.text
    assert "People of this demonstration" not in page.text
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-consult=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_health_says_that_the_process_lives(client: FlaskClient):
    assert client.get("/healthz").json == {"alive": True}


def test_readiness_compares_the_clocks(client: FlaskClient, clock: StandingClock):
    """T71, T72."""
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["clock"] is False
    assert answer.json["migrations"] is True


def test_readiness_holds_with_the_right_time(app: Flask, client: FlaskClient):
    """T71."""
    from consult import clock  # noqa: PLC0415 - the real one, for once

    desk = app.extensions["consult"]
    app.extensions["consult"] = replace(desk, clock=clock.now)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ready"] is True
    assert answer.json["outbox_age_seconds"] == 0


def test_in_the_demo_the_page_after_asking_leads_to_the_link_in_the_mail(
    client: FlaskClient, app: Flask, settings: Settings
):
    desk = app.extensions["consult"]
    person(desk, "Ana Focal", address="ana@demo.consult.example")
    form = form_with(client.get("/en/sign-in").text, "address")
    send(client, "/en/sign-in", form, address="ana@demo.consult.example")
    assert "Has the mail arrived?" in client.get("/en/sign-in/sent").text
    link = f"{settings.public_url}/en/sign-in/link/{sign_in_token(desk)}"
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Your link", "Ana Focal <ana@demo.consult.example>"
    mail.set_content(f"Sign in:\n{link}\n", cte="quoted-printable")
    Maildir(settings.mailbox, create=True).add(mail.as_bytes(policy=SMTP))
    assert f'href="{link}"' in client.get("/en/sign-in/sent").text
    assert link not in app.test_client().get("/en/sign-in/sent").text
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert link not in client.get("/en/sign-in/sent", environ_base=far).text
