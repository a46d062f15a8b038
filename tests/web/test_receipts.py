"""Receipts as pages and files, and the leaves by which anyone checks the ledger."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.core.verify import verify
from consult.tables import LedgerEntry, reading
from tests import build
from tests.published import count, office, publish
from tests.replies import ALL_APPROVE, LETTER, reply, stored, valid


@pytest.fixture
def ana(client: FlaskClient, desk: Desk) -> Actor:
    build.open_consultation(desk, members=3)
    who = build.person(desk, "Ana Alvarez", member="ARG")
    build.sign_in(client, desk, who)
    return who


@pytest.mark.usefixtures("ana")
def test_a_receipt_says_all_that_a_member_keeps(client: FlaskClient, desk: Desk) -> None:
    """T55."""
    reply(client, **ALL_APPROVE, **{"c-1": "Gladly", "c-general": "On the whole"})
    page = client.get(f"{LETTER}/receipts/1").text
    with reading(desk.engine) as session:
        leaf = session.scalars(select(LedgerEntry.leaf).where(LedgerEntry.what == "reply")).one()
    for words in (
        "CONS-2020/1-ARG-1",
        "Saturday 20 June 2020, 10:00:00 Geneva (08:00:00 UTC)",
        "Ana Alvarez",
        "3 approve, 0 object, 0 abstain",
        "shown in: English",
        " ".join(leaf[at : at + 4] for at in range(0, 64, 4)),
        "Gladly",
        "On the whole",
        "The one exception is a reply recorded on your behalf",
    ):
        assert words in page
    assert "All versions" not in page


@pytest.mark.usefixtures("ana")
def test_the_file_is_the_stored_bytes_and_verifies(client: FlaskClient, desk: Desk) -> None:
    """T57."""
    reply(client, **ALL_APPROVE, **{"c-1": "Gladly"})
    first, again = (client.get(f"{LETTER}/receipts/1.json") for _ in range(2))
    assert first.data == again.data == stored(desk)[0].receipt.encode()
    assert first.headers["Cache-Control"] == "no-store"
    assert verify(first.data, []).faults == []
    pdf = client.get(f"{LETTER}/receipts/1.pdf")
    assert pdf.data.startswith(b"%PDF")


@pytest.mark.usefixtures("ana")
def test_all_versions_stay_visible_and_one_is_said_to_count(
    client: FlaskClient, desk: Desk
) -> None:
    for choice in ("approve", "object"):
        build.later(desk, minutes=1)
        reply(client, **{"p-1": choice})
    former = client.get(f"{LETTER}/receipts/1").text
    assert "This reply was replaced by a later one" in former
    assert "Version 2 counts instead." in former
    assert f'href="{LETTER}/receipts/2"' in former
    valid(former)
    assert "No: replaced by a later version" in client.get(f"{LETTER}/receipts/2").text
    assert client.get(f"{LETTER}/receipts/3").status_code == 404


def test_an_auditor_reads_receipts_once_they_are_disclosed(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    """T33."""
    of = office(desk, members=3)
    build.sign_in(client, desk, build.person(desk, "D. Auditor", Role.AUDITOR))
    slug = count(desk, of)
    build.sign_in(client, desk, build.person(desk, "E. Auditor", Role.AUDITOR))
    page = client.get(f"/en/c/{slug}/ARG/receipts/1")
    assert page.status_code == 200
    assert "Change the reply" not in page.text
    valid(page.text)
    build.sign_in(client, desk, of.officer)
    assert client.get(f"/en/c/{slug}/ARG/receipts/1").status_code == 404


def test_a_receipt_links_to_the_published_record(client: FlaskClient, desk: Desk) -> None:
    of = office(desk, members=3)
    slug = publish(desk, of)
    build.sign_in(client, desk, of.heads["ARG"])
    page = client.get(f"/en/c/{slug}/ARG/receipts/1").text
    assert f"/en/decisions/{slug}" in page
    assert "shown to nobody" not in page


@pytest.mark.usefixtures("ana")
def test_leaves_are_for_whoever_may_see_the_letter_and_say_nothing_else(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    """T40, T51."""
    reply(client, **ALL_APPROVE)
    leaves = json.loads(client.get("/en/c/CONS-2020-1/leaves.json").data)
    with reading(desk.engine) as session:
        rows = session.execute(
            select(LedgerEntry.number, LedgerEntry.leaf, LedgerEntry.head).order_by(
                LedgerEntry.number
            )
        ).all()
    assert leaves["leaves"] == [dict(row._mapping) for row in rows]
    assert set(leaves) == {"ledger", "reference", "leaves"}
    mine = json.loads(client.get(f"{LETTER}/receipts/1.json").data)
    assert leaves["leaves"][mine["number"]]["head"] == mine["head"]
    staff = app.test_client()
    build.sign_in(staff, desk, build.person(desk, "C. Officer", Role.OFFICER))
    assert staff.get("/en/c/CONS-2020-1/leaves.json").status_code == 200
    other = app.test_client()
    build.sign_in(other, desk, build.person(desk, "Kim", member=None))
    assert other.get("/en/c/CONS-2020-1/leaves.json").status_code == 404
