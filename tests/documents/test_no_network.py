"""Nothing that is made of what people wrote asks for anything outside."""

import socket

import pytest
from flask import Flask

from consult.actions.change import Desk
from tests.office import HERE, office_of

LURES = (
    "![a picture](https://evil.example/p.png) <img src=https://evil.example/p.png> "
    '#image("https://evil.example/p.png") #include "/etc/passwd" https://evil.example/'
)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_letters_and_pages_with_addresses_in_them_fetch_nothing(
    app: Flask, desk: Desk, request: pytest.FixtureRequest
) -> None:
    """T92, T94."""
    if desk.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is a connection; what is made does not differ")
    office = office_of(app, desk, 3)
    office.open()
    member = office.codes[0]
    office.reply(member, c1=LURES)
    officer, reader = office.browser("officer"), office.browser(member)
    request.getfixturevalue("alone")
    for client, address in (
        (officer, HERE),
        (reader, f"/en/c/CONS-2020-1/{member}/receipts/1.pdf"),
        (reader, f"/en/c/CONS-2020-1/{member}"),
        (reader, f"/en/c/CONS-2020-1/{member}/receipts/1"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b'src="https://evil' not in answer.data
        assert b'href="https://evil' not in answer.data
