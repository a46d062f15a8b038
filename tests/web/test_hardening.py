"""What every answer carries whatever was asked, and numbers and methods that fit nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from tests import build

_HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
    "Content-Type",
)
_ADDRESSES = (
    "/", "/en/", "/en/sign-in", "/en/no/such/page", "/en/desk", "/en/sign-out", "/healthz",
    "/readyz", "/static/consult.css", "/static/none.css", "/en/office", "/en/decisions?page=x",
    "/en/decisions?back=/a&back=/b",
)  # fmt: skip


@pytest.mark.parametrize("address", _ADDRESSES)
def test_every_answer_carries_the_headers_and_its_type(client: FlaskClient, address: str) -> None:
    """T91, T113: pages, files, redirects, refusals and errors alike."""
    for method in ("GET", "POST", "PUT", "TRACE"):
        with client.open(address, method=method) as answer:
            assert [name for name in _HEADERS if name not in answer.headers] == [], method
            if answer.mimetype.startswith("text/"):
                assert answer.content_type.endswith("; charset=utf-8")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_no_other_method_is_taken(client: FlaskClient, method: str) -> None:
    """T101."""
    for address in ("/", "/en/sign-in", "/en/no/such/page", "/static/consult.css", "/healthz"):
        assert client.open(address, method=method).status_code == 405


def test_another_host_is_refused_without_a_word(client: FlaskClient) -> None:
    """T101: not even an address is made of it."""
    answer = client.get("/en/sign-in", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.data) == (400, b"")
    assert "Content-Security-Policy" in answer.headers


_OF_THE_LIBRARY = (
    "endpoint",
    "_scheme",
    "_external",
    "_anchor",
    "_method",
    "values",
    "self",
    "lang",
)


@pytest.mark.parametrize("name", _OF_THE_LIBRARY)
def test_no_name_in_an_address_chooses_where_its_links_lead(client: FlaskClient, name: str) -> None:
    """T106: the switch of languages carries the query along as words."""
    answer = client.get(f"/en/decisions?{name}=javascript&q=a+b")
    assert answer.status_code == 200
    assert f'href="/fr/decisions?{name}=javascript&amp;q=a+b"' in answer.text


@pytest.mark.parametrize("number", ["2147483648", "9" * 19, "9" * 400])
def test_a_number_that_no_column_holds_names_nothing(app: Flask, desk: Desk, number: str) -> None:
    """T96, T106: on each database, in every address with a number in it."""
    slug = build.open_consultation(desk, members=3)
    client = app.test_client()
    build.sign_in(client, desk, build.officer(desk, "O2"))
    for rule in app.url_map.iter_rules():
        if "<int:" in rule.rule and "GET" in (rule.methods or ()):
            address = rule.rule.replace("<lang:lang>", "en").replace("<slug>", slug)
            for name in rule.arguments:
                address = address.replace(f"<int:{name}>", number).replace(f"<{name}>", "ARG")
            assert client.get(address).status_code == 404, address
