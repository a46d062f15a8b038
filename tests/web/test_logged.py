"""Each request is one line of the log: numbered, its route and outcome, without people (T100)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.app import create_app
from consult.core.life import Actor, Role
from consult.settings import Settings
from tests.build import council, person, sign_in
from tests.lines import lines_of


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    with lines_of("consult") as written:
        yield written


@pytest.fixture
def olga(desk: Desk) -> Actor:
    council(desk, 3)
    return person(desk, "Olga Officer", Role.OFFICER)


def test_a_request_is_noted_with_who_asked_and_with_what_outcome(
    client: FlaskClient, desk: Desk, olga: Actor, lines: list[dict[str, Any]]
) -> None:
    sign_in(client, desk, olga)
    client.get("/en/office")
    client.get("/en/sign-in/link/a-token-of-somebody?back=/en/a-secret-address")
    client.get("/static/consult.css").close()
    client.get("/healthz")
    first, second = [line for line in lines if line["event"] == "answered"]
    assert (first["method"], first["route"], first["status"]) == ("GET", "office.desk", 200)
    assert first["person"] == olga.opaque
    assert first["ms"] >= 0
    assert second["route"] == "account.link"
    assert first["request"] != second["request"]
    assert "secret" not in json.dumps(lines)
    assert "a-token" not in json.dumps(lines)


def test_all_that_one_request_writes_has_its_number(
    client: FlaskClient, desk: Desk, lines: list[dict[str, Any]]
) -> None:
    """T37: so a refusal is found beside the request that was refused."""
    council(desk, 3)
    sign_in(client, desk, person(desk, "A. Focal", member="ARG"))
    assert client.get("/en/office").status_code == 403
    refused, answered = lines
    assert refused["logger"] == "consult.security"
    assert answered["status"] == 403
    assert refused["request"] == answered["request"]


@pytest.fixture
def numbered(settings: Settings, desk: Desk) -> Callable[[int], Flask]:
    def made(hops: int) -> Flask:
        return create_app(replace(settings, hops=hops), desk.clock, desk.engine)

    return made


@pytest.mark.parametrize(
    ("hops", "given", "kept"),
    [(0, "of-the-proxy-17", False), (1, "of-the-proxy-17", True), (1, "two words, {}", False)],
)
def test_the_number_is_the_proxy_s_where_one_is_trusted(
    numbered: Callable[[int], Flask],
    lines: list[dict[str, Any]],
    hops: int,
    given: str,
    kept: bool,
) -> None:
    numbered(hops).test_client().get("/en/", headers={"X-Request-ID": given})
    assert (lines[0]["request"] == given) is kept
