"""An exchange of views before a vote: two persons open it, all members read, opening ends it."""

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import opening, viewing
from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.schedule import NoticeKind
from consult.errors import NotAllowed
from consult.queries.verifying import verify_database
from consult.tables import Notice, ViewStatement, reading
from tests import build
from tests.forms import form_with, send
from tests.office import HERE, SLUG, Office, decide, office_of, page

OFFICE = f"{HERE}/views"


def views_of(member: str) -> str:
    return f"/en/c/{SLUG}/{member}/views"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 3)


def exchange(office: Office, **typed: str) -> None:
    """Ask for an exchange of views as an officer, and open it as an approver."""
    office.draft()
    officer = office.browser("officer")
    form = form_with(page(officer, OFFICE), "reason")
    said = {"asked_for_by": "ARG", "reason": "Argentina asks for it.", **typed}
    assert send(officer, OFFICE, form, **said).location == OFFICE
    assert decide(office.browser("approver"), office.waits(Act.VIEWS)).status_code == 303


def say(office: Office, member: str, text: str) -> int:
    client, here = office.browser(member), views_of(member)
    form = form_with(page(client, here), "text")
    return send(client, here, form, text=text).status_code


def test_two_persons_open_it_and_every_member_is_told_and_reads_what_all_state(
    office: Office,
) -> None:
    exchange(office)
    with reading(office.desk.engine) as session:
        told = session.scalars(
            select(Notice.member).where(Notice.kind == NoticeKind.VIEWS).order_by(Notice.member)
        ).all()
    assert told == ["ARG", "BHS", "BRA"]
    assert say(office, "ARG", "We would rather meet in May.") == 303
    build.later(office.desk, hours=1)
    assert say(office, "BHS", "June suits us.") == 303
    assert views_of("BRA") in page(office.browser("BRA"), "/en/desk")
    shown = page(office.browser("BRA"), views_of("BRA"))
    assert shown.index("We would rather meet in May.") < shown.index("June suits us.")
    assert "Argentina" in shown
    assert "2021 session of the Council" in shown
    assert "June suits us." in page(office.browser("auditor"), OFFICE)


def test_before_it_is_opened_a_member_sees_nothing_of_the_draft(office: Office) -> None:
    """T33: nor anything but subject and items once it is."""
    office.draft()
    client = office.browser("ARG")
    for address in (views_of("ARG"), f"/en/c/{SLUG}/ARG", f"/en/c/{SLUG}"):
        assert client.get(address).status_code == 404


def test_a_draft_stays_closed_but_for_its_exchange(office: Office) -> None:
    exchange(office)
    client = office.browser("ARG")
    shown = page(client, views_of("ARG"))
    assert "Rule 3.2 of the Rules of Procedure." not in shown
    assert "The Council could not meet in person." not in shown
    assert client.get(f"/en/c/{SLUG}/ARG").status_code == 404
    assert client.get(views_of("BHS")).status_code == 404
    assert client.get(OFFICE).status_code == 403


def test_opening_ends_it_and_the_record_has_it_as_an_annex(office: Office) -> None:
    exchange(office)
    assert say(office, "ARG", "We would rather meet in May.") == 303
    client, here = office.browser("BHS"), views_of("BHS")
    form = form_with(page(client, here), "text")
    request = opening.submit(office.desk, SLUG, office.people["officer"])
    build.confirm(office.desk, request, office.people["approver"])
    assert send(client, here, form, text="Too late.").status_code == 409
    shown = page(client, here)
    assert "The exchange ended when the consultation opened." in shown
    assert "<textarea" not in shown
    office.close()
    officer = office.browser("officer")
    send(officer, HERE, form_with(page(officer, HERE), "recorded"), post="none")
    decide(office.browser("approver"), office.waits(Act.STATE_POST))
    record = page(officer, f"{HERE}/record")
    assert "Annex: exchange of views before the vote" in record
    assert "We would rather meet in May." in record
    assert [f.faults for _ref, f in verify_database(office.desk.engine) if not f.holds] == []


def test_its_own_time_ends_it_too(office: Office) -> None:
    until = {"until_day": "21", "until_month": "6", "until_year": "2020", "until_time": "10:00"}
    exchange(office, **until)
    client, here = office.browser("ARG"), views_of("ARG")
    form = form_with(page(client, here), "text")
    build.later(office.desk, days=1)
    assert send(office.browser("ARG"), here, form, text="Late.").status_code in {400, 409}
    assert "The exchange has ended." in page(office.browser("ARG"), here)


def test_what_is_wrong_stands_beside_its_field_and_typed_text_is_kept(office: Office) -> None:
    exchange(office)
    client, here = office.browser("ARG"), views_of("ARG")
    form = form_with(page(client, here), "text")
    assert "Fill this in" in send(client, here, form, text="  ").text
    answer = send(client, here, form, text="x" * 10_001)
    assert answer.status_code == 422
    assert "Shorten it to 10000 characters" in answer.text
    assert "x" * 10_001 in answer.text


def test_a_double_click_is_one_statement(office: Office) -> None:
    """T67."""
    exchange(office)
    client, here = office.browser("ARG"), views_of("ARG")
    form = form_with(page(client, here), "text")
    for _click in range(2):
        assert send(client, here, form, text="Once.").status_code == 303
    assert send(client, here, form, text="Twice.").status_code == 409
    with reading(office.desk.engine) as session:
        assert session.scalars(select(ViewStatement.text)).all() == ["Once."]


def test_an_exchange_is_asked_for_once_and_with_its_reason(office: Office) -> None:
    office.draft()
    officer = office.browser("officer")
    form = form_with(page(officer, OFFICE), "reason")
    answer = send(officer, OFFICE, form, asked_for_by="rule", reason="")
    assert answer.status_code == 422
    assert "Fill this in" in answer.text
    assert send(officer, OFFICE, form, asked_for_by="rule", reason="Rule 7.").status_code == 303
    assert send(officer, OFFICE, form, asked_for_by="rule", reason="Rule 7.").status_code == 409
    assert office.browser("auditor").post(OFFICE).status_code in {400, 403}


def test_an_adviser_reads_the_exchange_and_states_nothing_in_it(office: Office) -> None:
    """T68: what an adviser writes is not the member's own word."""
    ada = build.person(office.desk, "Ada Adviser", member="ARG", adviser=True)
    exchange(office)
    with pytest.raises(NotAllowed):
        viewing.state_view(office.desk, SLUG, ada, "ARG", "June suits us.", "en", "k" * 32)
    with reading(office.desk.engine) as session:
        assert session.scalars(select(ViewStatement)).all() == []
