"""The members of a body: who may look, what an officer changes, faults, who can be reached."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.tables import Member, RollEntry, Seat, reading
from tests import build, office, replies
from tests.forms import form_with, send
from tests.statements import statements

BODY = "/en/office/bodies/itu-council"
ARG = f"{BODY}/members/ARG"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def seat(desk: Desk) -> Seat:
    with reading(desk.engine) as session:
        return session.scalars(
            select(Seat).join(Member, Member.id == Seat.member_id).where(Member.code == "ARG")
        ).one()


@pytest.mark.parametrize("address", [BODY, f"{BODY}/ready", f"{BODY}/ready.csv"])
def test_the_secretariat_alone_comes_here(bureau: office.Office, address: str) -> None:
    assert bureau.browser("auditor").get(address).status_code == 200
    assert bureau.browser("ARG").get(address).status_code == 403
    assert bureau.app.test_client().get(address).status_code == 303


def test_only_an_officer_changes_a_seat(bureau: office.Office) -> None:
    assert bureau.browser("auditor").get(ARG).status_code == 403
    assert bureau.browser("officer").get(f"{BODY}/members/XXX").status_code == 404


def test_an_officer_notes_arrears_and_everybody_of_the_staff_reads_the_ground(
    bureau: office.Office,
) -> None:
    client = bureau.browser("officer")
    form = form_with(office.page(client, ARG), "provision")
    answer = send(
        client,
        ARG,
        form,
        **{"vote_to-day": "31", "vote_to-month": "1", "vote_to-year": "2020"},
        provision="No. 169 of the Constitution",
        ground="arrears of two years",
    )
    assert answer.status_code == 303, answer.text
    kept = seat(bureau.desk)
    assert (kept.vote_to_on, kept.no_vote_ground) == (date(2020, 1, 31), "arrears of two years")
    page = office.page(bureau.browser("auditor"), BODY)
    replies.valid(page)
    assert "not entitled: No. 169 of the Constitution" in page
    assert "arrears of two years" in page


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"groups": "Z"}, "groups-e"),
        ({"vote_to-day": "40", "vote_to-month": "1", "vote_to-year": "2020"}, "vote_to-day-e"),
    ],
)
def test_faults_stand_beside_their_fields(
    bureau: office.Office, typed: dict[str, str], where: str
) -> None:
    client = bureau.browser("officer")
    answer = send(client, ARG, form_with(office.page(client, ARG), "provision"), **typed)
    assert answer.status_code == 422
    assert f'id="{where}"' in answer.text
    assert next(iter(typed.values())) in answer.text
    replies.valid(answer.text)


def test_the_board_says_who_can_be_reached(bureau: office.Office) -> None:
    page = office.page(bureau.browser("officer"), f"{BODY}/ready")
    replies.valid(page)
    assert "0 members have nobody named" in page
    assert "3 have one person only" in page
    text = bureau.browser("officer").get(f"{BODY}/ready.csv").text
    assert text.splitlines()[1].startswith("ARG,Argentina,yes,1,1,")


def test_the_pages_cost_the_same_however_many_members_there_are(app: Flask, desk: Desk) -> None:
    full = office.office_of(app, desk, members=48)
    client = full.browser("officer")
    for address, most in ((BODY, 4), (f"{BODY}/ready", 5)):
        office.page(client, address)
        with statements(desk.engine) as ran:
            office.page(client, address)
        assert len(ran) <= most, ran


def test_a_letter_may_ask_a_part_of_the_body(bureau: office.Office) -> None:
    slug = bureau.draft()
    step = f"/en/office/{slug}/draft/3"
    client = bureau.browser("officer")
    wrong = send(client, step, form_with(office.page(client, step), "members"), members="XXX")
    assert wrong.status_code == 422
    assert "Use the codes of members of the body" in wrong.text
    form = form_with(office.page(client, step), "members")
    assert send(client, step, form, "next", members="arg bhs").status_code == 303
    assert "2 Member States, 2 with the right to vote" in office.page(client, step)
    build.open_it(bureau.desk, slug, bureau.people["officer"], bureau.people["approver"])
    with reading(bureau.desk.engine) as session:
        roll = select(RollEntry.member).order_by(RollEntry.place)
        assert session.scalars(roll).all() == ["ARG", "BHS"]
    assert bureau.browser("BRA").get(f"/en/c/{slug}/BRA").status_code == 404
