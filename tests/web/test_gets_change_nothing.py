"""T36: a mail scanner may follow every link: no GET, HEAD or OPTIONS changes anything."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from consult.actions import replying
from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.tables import Base, reading
from tests import build

GIVEN = {
    "lang": "en",
    "slug": "CONS-2020-1",
    "body": "itu-council",
    "member": "ARG",
    "version": "1",
    "step": "1",
    "number": "1",
    "document": "1",
    "item": "1",
    "code": "1",
    "kind": "letter",
    "table": "turnout",
    "key": "none",
    "place": "0",
    "token": "none",
    "person": "none",
    "path": "en/",
    "filename": "consult.css",
    "sha256": "0" * 64,
}


def content(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is stored, but when a session was last seen."""
    with reading(desk.engine) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    select(*(c for c in table.c if c.name != "seen_at")).order_by(
                        *table.primary_key.columns
                    )
                )
            ]
            for table in Base.metadata.sorted_tables
        }


def addresses(app: Flask) -> Iterator[str]:
    """Every address that can be read, with the given parts filled in."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield adapter.build(rule.endpoint, _given(rule), append_unknown=False)


def _given(rule: Rule) -> dict[str, object]:
    missing = rule.arguments - set(rule.defaults or {}) - GIVEN.keys()
    assert not missing, f"{rule.rule}: say what {missing} shall be"
    given: dict[str, object] = dict(rule.defaults or {})
    for name in rule.arguments - given.keys():
        whole = f"<int:{name}>" in rule.rule
        given[name] = int(GIVEN[name]) if whole else GIVEN[name]
    return given


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor | None]:
    slug = build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    replying.reply(desk, slug, ana, build.sent(desk, build.answer("ARG", "approve", None, None)))
    build.draft(desk, build.officer(desk, "O2"), reference="CONS-2020/2")
    every = build.person(desk, "Every role", *Role)
    return {"stranger": None, "focal point": ana, "staff": every}


@pytest.mark.parametrize("who", ["stranger", "focal point", "staff"])
def test_reading_changes_nothing(
    app: Flask, desk: Desk, people: dict[str, Actor | None], who: str
) -> None:
    client = app.test_client()
    actor = people[who]
    if actor is not None:
        build.sign_in(client, desk, actor)
    before = content(desk)
    statuses = {}
    for address in addresses(app):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = client.open(address, method=method)
            statuses[method, address] = answer.status_code
            answer.close()
    assert content(desk) == before
    # Whether the service is ready depends on its clock and its outbox.
    broken = {k: s for k, s in statuses.items() if s >= 500 and "readyz" not in k[1]}
    assert broken == {}
