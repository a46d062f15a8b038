"""The frame of every page: languages, headers, the way in, no inline script or style."""

import re
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.wording import LANGUAGES
from tests.build import also_for, council, officer, person, sign_in

_ROOT = Path(__file__).parents[2]
_PUBLIC = (
    "/en/accessibility",
    "/en/rules",
    "/en/trust",
    "/en/privacy",
    "/en/contact",
    "/en/sign-in",
)
_SCRIPT_LIMIT = 5 * 1024


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_page_is_in_the_language_of_its_address(client: FlaskClient, language: str):
    page = client.get(f"/{language}/contact").text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    for code, name in LANGUAGES.items():
        if code == language:
            assert f'<b lang="{code}" aria-current="true">{name}</b>' in page
        else:
            link = f'<a href="/{code}/contact" lang="{code}" hreflang="{code}">{name}</a>'
            assert link in page


def test_the_switch_keeps_the_query(client: FlaskClient):
    page = client.get("/en/sign-in?back=/en/me").text
    assert "/ar/sign-in?back=/en/me" in page


@pytest.mark.parametrize(
    ("asked", "led"), [("fr;q=0.9, en;q=0.5", "/fr/contact"), ("de", "/en/contact")]
)
def test_without_a_language_the_browser_s_decides(client: FlaskClient, asked: str, led: str):
    answer = client.get("/contact", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.location) == (302, led)


def test_signed_in_the_person_s_own_language_decides(client: FlaskClient, desk: Desk):
    council(desk, 3)
    sign_in(client, desk, person(desk, "Ana Focal", member="ARG", language="es"))
    answer = client.get("/contact", headers={"Accept-Language": "ru"})
    assert answer.location == "/es/contact"


def test_the_identity_line_says_for_whom_one_acts(app: Flask, desk: Desk):
    """T34."""
    council(desk, 3)
    head = person(desk, "Ana Focal", member="ARG")
    for who, said in (
        (head, "Argentina: head focal point"),
        (person(desk, "Al Ternate", member="BHS", head=False), "Bahamas"),
        (officer(desk), "Secretariat: officer"),
    ):
        client = app.test_client()
        sign_in(client, desk, who)
        page = client.get("/en/me").text
        assert said in page
        assert "Sign out" in page
    both = app.test_client()
    sign_in(both, desk, also_for(desk, head, "BRA"))
    assert "Brazil: head focal point" in both.get("/en/member/BRA").text


@pytest.mark.parametrize("address", [*_PUBLIC, "/en/no-such-page", "/healthz", "/en/me"])
def test_every_answer_has_the_headers(client: FlaskClient, address: str):
    """T91."""
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_told_to_stay(client: FlaskClient):
    """T91."""
    answer = client.get("/en/contact", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_static_files_carry_a_fingerprint_and_stay_in_the_cache(client: FlaskClient):
    page = client.get("/en/contact").text
    (address,) = re.findall(r'href="(/static/consult\.css[^"]*)"', page)
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer.headers


def test_the_host_must_be_ours(client: FlaskClient):
    """T101."""
    assert client.get("/en/contact", headers={"Host": "evil.example"}).status_code == 400


def test_no_template_holds_a_script_or_a_style():
    """T91: the policy forbids them; a page with one would be broken."""
    mails_and_documents = {"mail", "documents"}
    on_its_own = _ROOT / "templates" / "keys" / "check.html"  # with a policy that names its script
    for path in (_ROOT / "templates").rglob("*.html"):
        if path.parent.name in mails_and_documents or path == on_its_own:
            continue
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"<style|\sstyle=|javascript:|\son[a-z]+=", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path


def test_the_script_is_small_and_sends_nothing():
    script = (_ROOT / "consult/static/consult.js").read_text(encoding="utf-8")
    assert len(script.encode()) <= _SCRIPT_LIMIT
    for forbidden in ("fetch(", "XMLHttpRequest", "sendBeacon", ".submit(", "localStorage", "eval"):
        assert forbidden not in script


@pytest.mark.parametrize("address", [*_PUBLIC, "/ar/sign-in", "/en/no-such-page", "/en/mail"])
def test_pages_are_well_formed(client: FlaskClient, desk: Desk, address: str):
    council(desk, 3)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(client.get(address).text)
    assert parser.errors == []


def test_a_page_says_what_it_is_before_the_name_of_the_service(client: FlaskClient):
    assert "<title>Sign in - Consult</title>" in client.get("/en/sign-in").text


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "zh", "ar"])
def test_everybody_reads_in_each_language_what_is_promised_and_what_cannot_be(
    client: FlaskClient, language: str
) -> None:
    """T49, T105."""
    shown = client.get(f"/{language}/trust")
    assert shown.status_code == 200
    assert "consult verify record.json" in shown.text
    assert f"/{language}/verify" in shown.text
    assert f"/{language}/trust" in client.get(f"/{language}/contact").text
