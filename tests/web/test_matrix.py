"""Every address, tried by everybody: on one's own object, on another's and on one that is absent.

The table of answers is `tests.matrix`; what it leaves open follows from each route's policy.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.core.life import Role
from consult.tables.migrating import upgrade
from consult.web.policy import Policy, policy_of
from tests import world as worlds
from tests.databases import beside
from tests.forms import form_with
from tests.matrix import rows
from tests.matrix_row import ABSENT, Row
from tests.statements import statements, tables_written
from tests.web.fuzz.sheets import FORMS, sheets_of
from tests.world import FOREIGN, PEOPLE, World

pytestmark = pytest.mark.xdist_group("matrix")  # its world is built once for each database

SIGN_IN = 303
ENDS_SESSIONS = frozenset({"account.sign_out", "account.end_others"})
_MEMBERS = frozenset({"head", "alternate", "adviser"})
_TOKEN = re.compile(rb'(name="csrf_token"[^>]*value=")[^"]*"')


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("matrix")
    if request.param == "sqlite":
        (folder / "consult.db").write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        with worlds.made(f"sqlite:///{folder / 'consult.db'}", folder) as made:
            yield made
        return
    with beside(request.getfixturevalue("postgresql")) as url:
        upgrade(url)
        with worlds.made(url, folder) as made:
            yield made


class Browser:
    """One person's browser, with the mark that its forms carry."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.client: FlaskClient = world.visitor(name)
        start = "/en/sign-in" if name == "stranger" else "/en/me"
        page = self.client.get(start).text
        self.nothing = masked(self.client.get("/en/no/such/page").data)
        self.token = str(form_with(page, "csrf_token").fields["csrf_token"])

    def ask(self, method: str, address: str) -> TestResponse:
        data = {"csrf_token": self.token} if method == "POST" else None
        return self.client.open(address, method=method, data=data)


def let_in(policy: Policy, name: str) -> bool:
    """Say whether the policy lets that person come to an object of ARG."""
    if not policy.signed_in:
        return True
    if name == "stranger":
        return False
    held = {Role(name)} if name in set(Role) else set()
    if policy.or_roles & held:
        return True
    if policy.own_member:
        return name in _MEMBERS
    return not policy.roles or bool(policy.roles & held)


def expected(row: Row, policy: Policy, name: str, method: str) -> int:
    """Return the status with which that person is answered on an object of ARG."""
    if let_in(policy, name):
        if name in row.unable:
            return 403
        return row.but.get(name, row.answers[method])
    if name == "stranger":
        return SIGN_IN if method == "GET" else 400
    return 404 if policy.own_member else 403


def absent(row: Row, *, each: bool) -> Iterator[Row]:
    """Return the row with *each* part of its address naming nothing in turn, or all at once."""
    nothing = {
        part: ABSENT.get(part, 999999 if isinstance(value, int) else "none-such")
        for part, value in row.values.items()
        if part not in row.fixed
    }
    for one in [{part: nothing[part]} for part in nothing] if each else [nothing] * bool(nothing):
        yield replace(row, values={**row.values, **one})


def address(app: Flask, row: Row, method: str) -> str:
    return app.url_map.bind("127.0.0.1").build(row.endpoint, {"lang": "en", **row.values}, method)


def test_the_table_states_every_address_and_method(world: World) -> None:
    """T30: a new route is not served before this table says what it answers."""
    stated = {(row.endpoint, method) for row in rows(world) for method in row.answers}
    served = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert served - stated == set()
    assert stated - served == set()


def judge(answer: TestResponse, status: int, nothing: bytes) -> str:
    """Return what is wrong with an answer; empty if it is as expected."""
    if answer.status_code != status:
        return f"{answer.status_code}, not {status}"
    if status == 404 and masked(answer.data) != nothing:
        return "404 with other bytes than what is absent"
    return ""


def way_back(answer: TestResponse, asked: str) -> str:
    """Return what is wrong with how a stranger is sent to sign in."""
    if answer.status_code == SIGN_IN and answer.location != f"/en/sign-in?back={quote(asked)}":
        return f"sent to {answer.location}"
    return ""


def masked(page: bytes) -> bytes:
    return _TOKEN.sub(rb"\1", page)


def _unlooked_for(
    world: World, browser: Browser, answer: TestResponse, asked: str, seen: list[str]
) -> str:
    """Return what a page has that it may not: something it wrote, a form that nobody tries."""
    if changed := tables_written(seen):
        return f"reading it wrote {changed}"
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return ""
    known = FORMS.read_text(encoding="utf-8").splitlines()
    for sheet in sheets_of(world.app, answer.text, asked, browser.name, ""):
        if sheet.line not in known:
            return f"a form that is not in {FORMS.name}: {sheet.line}"
    return ""


def _as_refused(browser: Browser, asked: str, status: int) -> Iterator[str]:
    """Try the methods that go where GET goes."""
    for method in ("HEAD", "OPTIONS"):
        answer = browser.ask(method, asked)
        if answer.status_code != status:
            yield f"{method} {asked}: {answer.status_code}, not {status}"


def _tries(row: Row, policy: Policy, name: str, method: str) -> Iterator[tuple[Row, int]]:
    """Return one's own object, another's, and each part of it naming nothing, with the status."""
    comes = let_in(policy, name)
    refused = expected(replace(row, but={}), policy, name, method)
    yield row, expected(row, policy, name, method)
    if policy.own_member and name != "other" and (not comes or name in _MEMBERS):
        other = replace(row, values={**row.values, "member": FOREIGN})
        yield other, refused if name == "stranger" else 404
    for one in absent(row, each=comes):
        whatever = 403 if name in row.unable else row.missing
        mine = one.values.get("member") == row.values.get("member") or not policy.own_member
        yield one, refused if not comes else whatever if mine else 404


def _faults(world: World, browser: Browser, row: Row, method: str) -> Iterator[str]:
    """Try an address in every way."""
    policy = policy_of(world.app, row.endpoint)
    assert policy is not None
    for one, status in _tries(row, policy, browser.name, method):
        if status:
            asked = address(world.app, one, method)
            if method == "GET" and not let_in(policy, browser.name):
                yield from _as_refused(browser, asked, status)
            with statements(world.desk.engine) as seen:
                answer = browser.ask(method, asked)
            fault = judge(answer, status, browser.nothing)
            if method == "GET":
                fault = fault or _unlooked_for(world, browser, answer, asked, seen)
            answer.close()
            if not fault and policy.signed_in and browser.name == "stranger" and method == "GET":
                fault = way_back(answer, asked)
            if fault:
                yield f"{method} {asked} ({row.endpoint}): {fault}"


@pytest.mark.parametrize("name", PEOPLE)
def test_each_person_on_each_address(world: World, name: str) -> None:
    """T30, T31, T33, T36: own 200, wrong role 403, another's or absent 404 with the same bytes."""
    wrong: list[str] = []
    browser = Browser(world, name)
    for row in rows(world):
        for method in row.answers:
            wrong += _faults(world, browser, row, method)
        if row.endpoint in ENDS_SESSIONS:
            browser = Browser(world, name)
    assert not wrong, "\n".join(wrong)
