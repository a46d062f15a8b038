"""Forty-eight focal points reply at once through HTTP; the record says exactly what they said."""

import json
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, posting, publishing
from consult.actions.change import Desk
from consult.core.life import Actor
from consult.core.verify import verify_record
from consult.queries.verifying import verify_database
from consult.tables import Record, reading
from tests import build
from tests.forms import form_with, send

CHOICES = ("approve", "object", "abstain", "")


def said(place: int, item: int) -> str:
    """What the member in that place says on an item: every mix occurs."""
    return CHOICES[(place * (item + 1) + place // 7) % 4] or ("" if item > 1 else "approve")


def reply(app: Flask, desk: Desk, place: int, code: str, who: Actor) -> int:
    """Go the whole way from the form to the receipt; return the last status."""
    client = app.test_client()
    build.sign_in(client, desk, who)
    address = f"/en/c/CONS-2020-1/{code}"
    typed = {f"p-{item}": said(place, item) for item in (1, 2, 3)}
    send(client, address, form_with(client.get(address).text, "review"), "review", **typed)
    check = client.get(f"{address}/check")
    return send(client, address, form_with(check.text, "key")).status_code


def test_48_reply_at_once_and_the_record_is_exact(app: Flask, desk: Desk) -> None:
    """T42, T61, T64: none is lost, none counted twice."""
    codes = build.council(desk)
    asks, confirms = build.officer(desk), build.approver(desk)
    slug = build.draft(desk, asks)
    build.open_it(desk, slug, asks, confirms)
    people = [build.person(desk, f"Head of {code}", member=code) for code in codes]

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda place: reply(app, desk, place, codes[place], people[place]),
                range(len(codes)),
            )
        )
    assert answers == [303] * 48

    desk.clock.set(build.CLOSES_AT)
    build.later(desk, seconds=120)
    build.confirm(desk, posting.state_post(desk, slug, asks), confirms)
    conclusion = certifying.Conclusion(texts=build.in_all("Done."), adopted={})
    build.confirm(desk, certifying.conclude(desk, slug, asks, conclusion), confirms)
    publishing.publish(desk, slug, asks)

    with reading(desk.engine) as session:
        record = session.scalars(select(Record.content)).one()
    positions = {
        item: question["positions"]
        for item, question in json.loads(record)["result"]["questions"].items()
    }
    assert positions == {
        str(item): {code: said(place, item) or "silent" for place, code in enumerate(codes)}
        for item in (1, 2, 3)
    }
    assert verify_record(record.encode()).faults == []
    assert all(found.holds for _, found in verify_database(desk.engine))
