"""Who may read and answer a letter: its member's people, from the opening on."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult import rules
from consult.actions import documents
from consult.actions.change import Desk
from consult.core.ledger import instant
from consult.core.life import Role
from consult.tables import Consultation, Document, Member, Seat, reading, writing
from tests import build
from tests.forms import form_with, send
from tests.replies import ALL_APPROVE, LETTER, confirm, reply, stored, valid, write

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_another_s_letter_is_as_if_it_were_not_there(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    """T31: the same bytes for what is absent and what is another's."""
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    build.sign_in(client, desk, ana)
    reply(client, **ALL_APPROVE)
    other = app.test_client()
    build.sign_in(other, desk, build.person(desk, "Bea", member="BRA"))
    missing = other.get("/en/c/NO-SUCH/BRA")
    assert missing.status_code == 404
    for address in (
        LETTER,
        f"{LETTER}/check",
        f"{LETTER}/receipts/1",
        f"{LETTER}/receipts/1.json",
        f"{LETTER}/receipts/1.pdf",
        f"{LETTER}/documents/1",
        "/en/c/CONS-2020-1/BRA/receipts/1",
        "/en/c/CONS-2020-1/XXX",
        "/en/c/NO-SUCH",
        "/en/c/NO-SUCH/leaves.json",
    ):
        answer = other.get(address)
        assert (answer.status_code, answer.data) == (404, missing.data), address
    form = form_with(other.get(LETTER.replace("ARG", "BRA")).text, "review")
    token = {"csrf_token": form.fields["csrf_token"], "base": "0", "p-1": "object"}
    for end in ("draft", "check", "send"):
        assert other.post(f"{LETTER}/{end}", data=token).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR])
def test_no_role_of_the_secretariat_reads_what_a_member_writes(
    app: Flask, client: FlaskClient, desk: Desk, role: Role
) -> None:
    """T33."""
    build.open_consultation(desk, members=3)
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    reply(client, **ALL_APPROVE)
    write(client, "save", **{"p-1": "object"})
    staff = app.test_client()
    build.sign_in(staff, desk, build.person(desk, "Somebody", role))
    for end in ("", "/check", "/receipts/1", "/receipts/1.json", "/receipts/1.pdf"):
        assert staff.get(LETTER + end).status_code == 404, end


def test_a_stranger_is_led_to_sign_in_and_back(client: FlaskClient, desk: Desk) -> None:
    build.open_consultation(desk, members=3)
    for address in (LETTER, "/en/desk", "/en/c/CONS-2020-1", f"{LETTER}/receipts/1"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert "/sign-in?back=" in answer.headers["Location"]


def test_before_its_opening_a_letter_is_not_there(client: FlaskClient, desk: Desk) -> None:
    opens_at = desk.clock() + timedelta(days=2)
    build.open_consultation(desk, members=3, opens_at=instant(opens_at))
    ana = build.person(desk, "Ana", member="ARG")
    build.sign_in(client, desk, ana)
    assert client.get(LETTER).status_code == 404
    assert client.get("/en/c/CONS-2020-1").status_code == 404
    assert client.get("/en/c/CONS-2020-1/leaves.json").status_code == 404
    assert "Dates and chairs" not in client.get("/en/desk").text
    desk.clock.set(opens_at)  # type: ignore[attr-defined]
    build.sign_in(client, desk, ana)
    assert client.get(LETTER).status_code == 200


def test_the_letter_s_own_address_leads_to_the_member_or_asks(
    client: FlaskClient, desk: Desk
) -> None:
    """T34."""
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    build.sign_in(client, desk, ana)
    assert client.get("/en/c/CONS-2020-1").headers["Location"] == LETTER
    build.also_for(desk, ana, "BRA")
    asked = client.get("/en/c/CONS-2020-1")
    assert asked.status_code == 200
    assert "For whom do you reply?" in asked.text
    assert f'href="{LETTER}"' in asked.text
    valid(asked.text)


def test_one_person_replies_for_two_members_each_for_itself(
    client: FlaskClient, desk: Desk
) -> None:
    """T34."""
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    build.also_for(desk, ana, "BRA")
    build.sign_in(client, desk, ana)
    brazil = LETTER.replace("ARG", "BRA")
    reply(client, **ALL_APPROVE)
    page = client.get(brazil).text
    assert "You answer for Brazil" in page
    assert form_with(page, "review").fields["base"] == "0"
    reply(client, brazil, **{"p-1": "object"})
    assert [(one.member, one.version) for one in stored(desk)] == [("ARG", 1), ("BRA", 1)]


def test_a_member_without_the_right_to_vote_reads_and_is_told_why(
    client: FlaskClient, desk: Desk
) -> None:
    build.council(desk, 3)
    with writing(desk.engine) as session:
        seat = session.scalars(
            select(Seat).join(Member, Member.id == Seat.member_id).where(Member.code == "ARG")
        ).one()
        seat.vote_to_on, seat.no_vote_under = date(2020, 1, 1), "No. 169 of the Constitution"
    asks = build.officer(desk)
    build.open_it(desk, build.draft(desk, asks), asks, build.approver(desk))
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    page = client.get(LETTER)
    assert "Argentina is not entitled to vote (No. 169 of the Constitution)" in page.text
    assert 'name="p-1"' not in page.text
    valid(page.text)
    desk_page = client.get("/en/desk").text
    assert "Without the right to vote (No. 169 of the Constitution)." in desk_page
    assert "Nothing needs your reply" in desk_page


def test_a_document_goes_to_the_member_and_not_once_removed(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    """T93."""
    build.council(desk, 3)
    asks = build.officer(desk)
    slug = build.draft(desk, asks)
    kept = documents.keep(desk, PDF, "annex.pdf", "application/pdf")
    with writing(desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        session.add(
            Document(
                consultation_id=letter.id,
                purpose="annex",
                title=build.in_all("Annex"),
                filename=kept.filename,
                media_type=kept.media_type,
                sha256=kept.sha256,
                size=kept.size,
                added_at=desk.clock(),
            )
        )
    build.open_it(desk, slug, asks, build.approver(desk))
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    with reading(desk.engine) as session:
        number = session.scalars(select(Document.id)).one()
    assert f'href="{LETTER}/documents/{number}"' in client.get(LETTER).text
    with client.get(f"{LETTER}/documents/{number}") as file:
        assert file.data == PDF
        assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with writing(desk.engine) as session:
        session.get_one(Document, number).removed_at = desk.clock()
    assert client.get(f"{LETTER}/documents/{number}").status_code == 404


def test_a_letter_that_asks_for_objections_asks_nothing_else(
    client: FlaskClient, desk: Desk
) -> None:
    build.open_consultation(
        desk,
        members=3,
        rule=rules.load_data("silence-un-74-544"),
        reminders=[],
        comments="required_to_object",
    )
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    page = client.get(LETTER)
    for words in (
        "No action is needed unless Argentina objects.",
        "Silence is consent.",
        "Argentina consents to every item that is not ticked",
        "Confirm that Argentina has no objection",
        "An objection is sent to all Member States at once",
    ):
        assert words in page.text
    assert page.text.count('type="checkbox"') == 3
    assert 'type="radio"' not in page.text
    valid(page.text)
    assert "No action is needed unless Argentina objects." in client.get("/en/desk").text
    refused = write(client, "review", **{"p-2": "object"})
    assert "Item 2: Give your reasons for objecting" in refused.text
    valid(refused.text)
    write(client, "review", **{"p-2": "object", "c-2": "Not so."})
    check = client.get(f"{LETTER}/check").text
    assert "Argentina objects to item 2. It consents to items 1 and 3." in check
    assert "has no position" not in check
    valid(check)
    confirm(client)
    assert stored(desk)[0].choices == {"1": None, "2": "object", "3": None}


def test_that_there_is_no_objection_can_be_confirmed(client: FlaskClient, desk: Desk) -> None:
    build.open_consultation(
        desk, members=3, rule=rules.load_data("silence-un-74-544"), reminders=[]
    )
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    page = client.get(LETTER).text
    forms = page.split("<form")
    assert "/check" in forms[-1]
    fields = form_with("<form" + forms[-1], "base")
    asked = send(client, LETTER, fields)
    assert asked.headers["Location"] == f"{LETTER}/check"
    check = client.get(f"{LETTER}/check").text
    assert "Argentina has no objection." in check
    assert confirm(client).headers["Location"] == f"{LETTER}/receipts/1"
    assert "No objection" in client.get("/en/desk").text
