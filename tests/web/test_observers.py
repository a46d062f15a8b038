"""Observers of a body: who invites them, what they read, and what they never see."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.actions import documents, observing, opening, people
from consult.actions.change import Desk
from consult.core.life import Role
from consult.core.schedule import NoticeKind
from consult.errors import BadInput
from consult.queries.sessions import actor_of
from consult.tables import Grant, Notice, Observer, Person, reading, writing
from tests import build, office, published, replies
from tests.forms import form_with, send
from tests.statements import statements

LIST = "/en/office/bodies/itu-council/observers"
MINE = "/en/observe"
LETTER = f"{MINE}/{office.SLUG}"
STEP = f"{office.HERE}/draft/3"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    return office.office_of(app, desk, members=3)


def observer(app: Flask, desk: Desk, officer: Any, body: str = build.BODY) -> FlaskClient:
    """Name an observer whose account is set up; return its browser, signed in."""
    new = observing.NewObserver(body, "Olga Observer", "olga@unesco.example", "en", "UNESCO")
    observing.name(desk, officer, new)
    with writing(desk.engine) as session:
        person = session.scalars(select(Person).where(Person.name == new.name)).one()
        person.set_up_at = desk.clock()
        number = person.id
    with reading(desk.engine) as session:
        actor = actor_of(session, number, desk.clock())
    client = app.test_client()
    build.sign_in(client, desk, actor)
    return client


def opened_to_observers(bureau: office.Office) -> FlaskClient:
    bureau.open(observers=True)
    return observer(bureau.app, bureau.desk, bureau.people["officer"])


def test_an_officer_invites_an_observer_who_gets_a_link(bureau: office.Office) -> None:
    """T6."""
    client = bureau.browser("officer")
    form = form_with(office.page(client, LIST), "for_whom")
    typed = {"name": "Olga Observer", "address": "olga@unesco.example", "for_whom": "UNESCO"}
    assert send(client, LIST, form, **typed).status_code == 303
    page = office.page(bureau.browser("auditor"), LIST)
    replies.valid(page)
    assert "Olga Observer" in page
    assert "UNESCO" in page
    assert 'name="for_whom"' not in page
    with reading(bureau.desk.engine) as session:
        person = session.scalars(select(Person).where(Person.name == "Olga Observer")).one()
        roles = session.scalars(select(Grant.role).where(Grant.person_id == person.id)).all()
        mails = session.scalars(select(Notice.kind).where(Notice.person_id == person.id)).all()
    assert not person.staff
    assert (roles, mails) == ([Role.OBSERVER], [NoticeKind.ACCOUNT])


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"name": "", "address": "olga@unesco.example"}, "name-e"),
        ({"name": "Olga Observer", "address": "no address"}, "address-e"),
        ({"name": "Olga Observer", "address": "{ARG}"}, "address-e"),  # T5
    ],
)
def test_faults_stand_beside_their_fields(
    bureau: office.Office, typed: dict[str, str], where: str
) -> None:
    client = bureau.browser("officer")
    with reading(bureau.desk.engine) as session:
        taken = session.get_one(Person, bureau.people["ARG"].person_id).address
    typed = {**typed, "address": typed["address"].replace("{ARG}", taken)}
    answer = send(client, LIST, form_with(office.page(client, LIST), "for_whom"), **typed)
    assert answer.status_code == 422
    assert f'id="{where}"' in answer.text
    replies.valid(answer.text)


def test_nobody_is_named_twice(bureau: office.Office) -> None:
    observer(bureau.app, bureau.desk, bureau.people["officer"])
    client = bureau.browser("officer")
    typed = {"name": "Olga Observer", "address": "olga@unesco.example"}
    answer = send(client, LIST, form_with(office.page(client, LIST), "for_whom"), **typed)
    assert answer.status_code == 422
    assert "observes the body already" in answer.text


def test_only_an_officer_changes_the_list(bureau: office.Office) -> None:
    """T30."""
    for who, status in (("auditor", 403), ("approver", 403), ("ARG", 403)):
        client = bureau.browser(who)
        token = form_with(office.page(client, "/en/me"), "csrf_token").fields
        assert client.post(LIST, data=token).status_code == status
        assert client.post(f"{LIST}/1/end", data=token).status_code == status
    assert bureau.browser("ARG").get(LIST).status_code == 403
    assert bureau.browser("officer").get("/en/office/bodies/none/observers").status_code == 404


@pytest.mark.parametrize("address", [MINE, LETTER, f"{LETTER}/letter.pdf", f"{LETTER}/documents/1"])
def test_nobody_but_an_observer_comes_here(bureau: office.Office, address: str) -> None:
    """T30, T31."""
    bureau.open(observers=True)
    for who in ("ARG", "officer", "auditor", "administrator"):
        assert bureau.browser(who).get(address).status_code == 403
    assert bureau.app.test_client().get(address).status_code == 303


def test_an_observer_reads_letter_documents_and_status_and_finds_no_office(
    bureau: office.Office,
) -> None:
    """T31, T33."""
    slug = bureau.draft(observers=True)
    officer = bureau.people["officer"]
    kept = documents.keep(bureau.desk, office.PDF, "annex.pdf", "application/pdf")
    number = documents.add(
        bureau.desk, slug, officer, kept, documents.About(title=build.in_all("Annex"))
    )
    build.open_it(bureau.desk, slug, officer, bureau.people["approver"])
    bureau.reply("ARG", "object", "object", "object", c1="Not in June.")
    scan = bureau.record("BRA")
    client = observer(bureau.app, bureau.desk, officer)
    assert client.get("/en/").location.endswith(MINE) or MINE in office.page(client, MINE)
    for address in (MINE, LETTER):
        page = office.page(client, address)
        replies.valid(page)
        assert "Observer" in page
        assert "Not in June" not in page
        assert "of 3 Member States" not in page
        assert "Head of ARG" not in page
        assert "<button" not in page.split("<main")[1]
    assert office.page(client, LETTER).count(f"{LETTER}/documents/{number}") >= 1
    with client.get(f"{LETTER}/documents/{number}") as sent:
        assert sent.data == office.PDF
    assert client.get(f"{LETTER}/documents/{number + 1}").status_code == 404  # the scan
    assert client.get(f"{LETTER}/letter.pdf").data.startswith(b"%PDF")
    for hidden in ("", "/replies", "/notices", "/history", "/ready", "/record", "/late"):
        assert client.get(f"{office.HERE}{hidden}").status_code == 403
    assert client.get(office.request_page(scan)).status_code == 403
    assert client.get(replies.LETTER).status_code == 404
    assert client.get("/en/office/mandates").status_code == 403
    assert client.get(f"/en/decisions/{slug}").status_code == 404


def test_what_is_not_open_to_observers_does_not_exist_for_them(bureau: office.Office) -> None:
    """T31."""
    bureau.open()
    client = observer(bureau.app, bureau.desk, bureau.people["officer"])
    assert "Nothing is open to observers" in office.page(client, MINE)
    assert client.get(LETTER).status_code == 404
    assert client.get(f"{LETTER}/letter.pdf").status_code == 404


def test_a_letter_of_another_body_or_a_draft_is_not_theirs(bureau: office.Office) -> None:
    """T31."""
    slug = bureau.draft(observers=True)
    client = observer(bureau.app, bureau.desk, bureau.people["officer"])
    assert client.get(f"{MINE}/{slug}").status_code == 404
    build.open_it(bureau.desk, slug, bureau.people["officer"], bureau.people["approver"])
    assert client.get(f"{MINE}/{slug}").status_code == 200
    with writing(bureau.desk.engine) as session:
        session.scalars(select(Observer)).one().until_at = bureau.desk.clock()
    assert client.get(f"{MINE}/{slug}").status_code == 404


def test_after_publication_they_read_the_record_that_is_for_the_members(
    app: Flask, desk: Desk
) -> None:
    """T33."""
    of = published.office(desk)
    slug = published.publish(desk, of, observers=True, public=False)
    other = published.publish(desk, of, reference="CONS-2020/2", public=False)
    client = observer(app, desk, of.officer)
    assert f"/en/decisions/{slug}" in office.page(client, f"{MINE}/{slug}")
    replies.valid(office.page(client, f"/en/decisions/{slug}"))
    register = office.page(client, "/en/decisions")
    assert "CONS-2020/1" in register
    assert "CONS-2020/2" not in register
    assert client.get(f"/en/decisions/{other}").status_code == 404
    assert app.test_client().get(f"/en/decisions/{slug}").status_code == 404


def test_an_observer_who_is_ended_is_signed_out_at_once(bureau: office.Office) -> None:
    """T18."""
    client = opened_to_observers(bureau)
    assert client.get(LETTER).status_code == 200
    officer = bureau.browser("officer")
    token = form_with(office.page(officer, LIST), "for_whom").fields["csrf_token"]
    with reading(bureau.desk.engine) as session:
        number = session.scalars(select(Observer.id)).one()
    ended = officer.post(f"{LIST}/{number}/end", data={"csrf_token": token})
    assert ended.status_code == 303
    assert officer.post(f"{LIST}/{number}/end", data={"csrf_token": token}).status_code == 404
    assert client.get(LETTER).status_code == 303
    with reading(bureau.desk.engine) as session:
        held = select(func.count()).where(Grant.role == Role.OBSERVER)
        assert session.scalar(held) == 0


def test_an_officer_opens_a_draft_to_observers_and_the_second_person_is_told(
    bureau: office.Office,
) -> None:
    """T35."""
    bureau.draft()
    client = bureau.browser("officer")
    form = form_with(office.page(client, STEP), "members")
    assert send(client, STEP, form, "next", observers="y").status_code == 303
    assert form_with(office.page(client, STEP), "members").fields["observers"] == "y"
    request = opening.submit(bureau.desk, office.SLUG, bureau.people["officer"])
    shown = office.page(bureau.browser("approver"), office.request_page(request))
    assert "Observers of the body read this letter" in shown
    build.confirm(bureau.desk, request, bureau.people["approver"])
    client = observer(bureau.app, bureau.desk, bureau.people["officer"])
    assert client.get(LETTER).status_code == 200


def test_import_people_takes_observers_of_a_body(bureau: office.Office) -> None:
    head = "member,role,name,address,language,body\n"
    line = ",observer,Olga Observer,olga@unesco.example,fr,"
    taken = people.import_people(bureau.desk, f"{head}{line}itu-council\n", "observers.csv")
    assert (taken.people, taken.roles) == (1, 1)
    again = people.import_people(bureau.desk, f"{head}{line}itu-council\n", "observers.csv")
    assert (again.people, again.roles, again.kept) == (0, 0, 1)
    for wrong in (f"{line}\n", f"{line}none\n", ",auditor,Z,z@example.org,en,itu-council\n"):
        with pytest.raises(BadInput) as refused:
            people.import_people(bureau.desk, head + wrong, "observers.csv")
        assert [place for place in refused.value.faults if "body" in place]


def test_the_pages_cost_the_same_however_many_members_there_are(app: Flask, desk: Desk) -> None:
    full = office.office_of(app, desk, members=48)
    client = opened_to_observers(full)
    for address, most in ((MINE, 4), (LETTER, 16)):
        office.page(client, address)
        with statements(desk.engine) as ran:
            office.page(client, address)
        assert len(ran) <= most, ran


def test_a_session_of_an_observer_idles_as_that_of_a_focal_point(bureau: office.Office) -> None:
    client = opened_to_observers(bureau)
    build.later(bureau.desk, minutes=90)
    assert client.get(MINE).status_code == 200
    bureau.desk.clock.forward(hours=3)  # type: ignore[attr-defined]
    assert client.get(MINE).status_code == 303
