"""The pages of a silence procedure: what one need not do, who objects, what that breaks."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult import rules
from consult.actions import due, opening, posting
from consult.actions.change import Desk
from consult.core.life import NotNow, State
from consult.core.schedule import NoticeKind
from consult.core.silence import Breaks
from consult.errors import Incomplete
from consult.mail.render import preview
from consult.queries.verifying import verify_database
from consult.tables import Consultation, Notice, reading
from tests import build
from tests.forms import form_with, forms_of, send
from tests.office import HERE, PARTS, Office, office_of, page
from tests.replies import LETTER, confirm, reply, stored, valid, write

SILENCE = rules.load_data("silence-un-74-544")
WHY = "The dates collide with the Assembly."
ARG, BRA = LETTER, "/en/c/CONS-2020-1/BRA"
OBJECTS = {"p-2": "object", "c-2": WHY}


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 4)


@pytest.fixture
def argentina(office: Office) -> FlaskClient:
    return office.browser("ARG")


@pytest.fixture
def brazil(office: Office) -> FlaskClient:
    return office.browser("BRA")


def opened(office: Office, **more: object) -> None:
    office.open(rule=SILENCE, reminders=[], **more)


def state(desk: Desk) -> State:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.state)).one()


def test_no_action_is_needed_unless_one_objects(office: Office, argentina: FlaskClient) -> None:
    opened(office)
    shown = page(argentina, ARG)
    valid(shown)
    assert "No action is needed unless Argentina objects." in shown
    assert "An objection is sent to all Member States at once" in shown
    assert "Confirm that Argentina has no objection" in shown
    assert "No action is needed unless your government objects" in shown  # in the letter
    assert "approve" not in {v for f in forms_of(shown) for n, v in f.fields.items() if n == "p-1"}


def test_an_objection_without_reasons_is_refused_beside_its_field(
    office: Office, argentina: FlaskClient
) -> None:
    opened(office, comments="none")
    answer = write(argentina, "review", ARG, **{"p-2": "object"})
    assert answer.status_code == 422
    assert "Item 2: Give your reasons for objecting" in answer.text
    assert 'id="e-2"' in answer.text


def test_the_check_says_what_an_objection_does(office: Office, argentina: FlaskClient) -> None:
    opened(office)
    write(argentina, "review", ARG, **OBJECTS)
    shown = page(argentina, f"{ARG}/check")
    valid(shown)
    assert "Argentina objects to item 2. It consents to items 1 and 3." in shown
    assert "goes to all Member States at once, with the name of Argentina and its reasons" in shown
    assert "Argentina may lift it until the deadline" in shown


def test_others_read_who_objects_and_why_and_are_not_asked(
    office: Office, argentina: FlaskClient, brazil: FlaskClient, desk: Desk
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    shown = page(brazil, BRA)
    valid(shown)
    assert "Silence broken: not adopted" in shown
    assert "Argentina objects." in shown
    assert WHY in shown
    assert "p-2-object" not in shown

    reply(brazil, BRA, **{"p-1": "object", "c-1": "Too early.", "p-2": "object", "c-2": "forged"})
    assert stored(desk)[-1].choices == {"1": "object", "2": None, "3": None}


def test_a_second_objection_that_was_on_its_way_is_kept_and_told(
    office: Office, argentina: FlaskClient, brazil: FlaskClient, desk: Desk
) -> None:
    opened(office)
    write(brazil, "review", BRA, **{"p-2": "object", "c-2": "Brazil too."})
    ready = form_with(page(brazil, f"{BRA}/check"), "key")
    reply(argentina, ARG, **OBJECTS)
    assert send(brazil, BRA, ready).status_code == 303
    assert stored(desk)[-1].choices["2"] == "object"
    assert "Brazil objects." in page(argentina, ARG)


def test_who_objects_may_lift_it_until_the_deadline(
    office: Office, argentina: FlaskClient, brazil: FlaskClient
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    shown = page(argentina, ARG)
    valid(shown)
    assert "Take the objection back here to lift it" in shown
    form = form_with(shown, "review")
    del form.fields["p-2"]
    send(argentina, ARG, form, "review")
    shown = page(argentina, f"{ARG}/check")
    assert "This lifts the objection of Argentina to item 2. All Member States are told." in shown
    confirm(argentina, ARG)
    assert "Silence broken" not in page(brazil, BRA)


def test_a_later_reply_on_another_item_keeps_the_objection(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    reply(argentina, ARG, **{"p-3": "object", "c-3": "This too."})
    assert stored(desk)[-1].choices == {"1": None, "2": "object", "3": "object"}


def test_to_confirm_that_there_is_no_objection_makes_a_receipt(
    office: Office, brazil: FlaskClient, desk: Desk
) -> None:
    opened(office)
    form = next(f for f in forms_of(page(brazil, BRA)) if f.action.endswith("/check"))
    send(brazil, f"{BRA}/check", form)
    shown = page(brazil, f"{BRA}/check")
    assert "Brazil has no objection." in shown
    answer = send(brazil, BRA, form_with(shown, "key"))
    receipt = page(brazil, answer.location)
    valid(receipt)
    assert "No objection" in receipt
    assert "No position" not in receipt
    assert "An objection is sent to all Member States at once." in receipt
    assert "No objection" in page(brazil, "/en/desk")
    [one] = stored(desk)
    assert (one.choices, one.complete) == ({"1": None, "2": None, "3": None}, True)


def test_the_check_warns_that_the_whole_breaks_for_good(
    office: Office, argentina: FlaskClient, brazil: FlaskClient, desk: Desk
) -> None:
    opened(office, breaks="whole")
    write(argentina, "review", ARG, **OBJECTS)
    shown = page(argentina, f"{ARG}/check")
    assert "It breaks the silence on the whole letter" in shown
    assert "the objection can no longer be lifted" in shown
    assert "You may send a new reply until the deadline" not in shown
    confirm(argentina, ARG)
    assert state(desk) is State.BROKEN

    for client, address in ((argentina, ARG), (brazil, BRA)):
        shown = page(client, address)
        valid(shown)
        assert "An objection has broken the silence on the whole letter." in shown
        assert "Argentina objects." in shown
        assert WHY in shown
        assert not [form for form in forms_of(shown) if form.action.endswith("/draft")]


def test_nothing_is_accepted_once_the_whole_is_broken(
    office: Office, argentina: FlaskClient, brazil: FlaskClient, desk: Desk
) -> None:
    opened(office, breaks="whole")
    write(brazil, "review", BRA, **{"p-1": "object", "c-1": "Too early."})
    ready = form_with(page(brazil, f"{BRA}/check"), "key")
    reply(argentina, ARG, **OBJECTS)
    answer = send(brazil, BRA, ready)
    assert answer.status_code == 410
    assert "An objection has broken the silence on the whole letter." in answer.text
    assert [one.member for one in stored(desk)] == ["ARG"]
    assert brazil.get(f"{BRA}/check").status_code == 303


def test_other_comments_of_who_objects_stay_closed(
    office: Office, argentina: FlaskClient, brazil: FlaskClient, desk: Desk
) -> None:
    """T33: an objection is told, and nothing else of the reply that holds it."""
    items = build.three_items()
    items[0]["rule"] = rules.load_data("itu-council")
    opened(office, items=items, breaks="whole", comments="optional")
    reply(
        argentina, ARG, **{"p-1": "object", "c-1": "canary-1", "c-general": "canary-0"}, **OBJECTS
    )
    clients = [brazil, *(office.browser(who) for who in ("officer", "approver", "auditor"))]
    seen = [page(brazil, BRA)]
    seen += [
        client.get(f"{HERE}{part}").text
        for client in clients[1:]
        for part in ("", "/replies", "/notices", "/documents", "/history", "/record")
    ]
    assert any(WHY in text for text in seen)
    assert not any("canary" in text for text in seen)
    with reading(desk.engine) as session:
        notices = session.scalars(select(Notice).where(Notice.member.is_distinct_from("ARG"))).all()
    assert notices
    assert "canary" not in str([notice.data for notice in notices])


def test_the_office_sees_objections_and_no_confirmation(
    office: Office, argentina: FlaskClient, brazil: FlaskClient
) -> None:
    """That nobody objected is nobody's business before the count; who objects is everybody's."""
    opened(office)
    officer = office.browser("officer")
    assert "Nobody has objected so far." in page(officer, HERE)
    form = next(f for f in forms_of(page(brazil, BRA)) if f.action.endswith("/check"))
    send(brazil, f"{BRA}/check", form)
    confirm(brazil, BRA)
    assert [part for part in PARTS if "Brazil" in page(officer, f"{HERE}{part}")] == ["/notices"]
    assert "Acknowledgement" not in page(officer, f"{HERE}/notices")
    assert "A reply was received" in page(officer, f"{HERE}/history")
    assert not [part for part in PARTS if "Head of BRA" in page(officer, f"{HERE}{part}")]

    reply(argentina, ARG, **OBJECTS)
    shown = page(officer, HERE)
    valid(shown)
    assert "Argentina objects." in shown
    assert WHY in shown
    assert "has not replied" not in shown
    assert "An objection broke the silence on item 2" in page(officer, f"{HERE}/history")
    valid(page(officer, "/en/office"))


def test_a_broken_letter_is_put_to_a_vote(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    opened(office, breaks="whole")
    reply(argentina, ARG, **OBJECTS)
    officer = office.browser("officer")
    assert "Broken (1)" in page(officer, "/en/office")
    valid(page(officer, "/en/office/broken"))
    shown = page(officer, HERE)
    valid(shown)
    assert "closed without a decision" in shown
    assert f"{HERE}/vote" in shown

    asked = page(officer, f"{HERE}/vote")
    valid(asked)
    answer = send(officer, f"{HERE}/vote", form_with(asked, "reference"))
    assert answer.status_code == 422
    assert "Reference: Write one." in answer.text
    answer = send(officer, f"{HERE}/vote", form_with(asked, "reference"), reference="CONS-2020/2")
    assert answer.status_code == 303

    with reading(desk.engine) as session:
        vote = session.scalars(
            select(Consultation).where(Consultation.reference == "CONS-2020/2")
        ).one()
        assert (vote.follows_id, vote.follows_as) == (1, "vote")
        assert vote.rule["id"] == "itu-council"
    assert "CONS-2020/2" in page(officer, HERE)
    letter = page(officer, answer.location)
    assert "Argentina objected to item 2" in letter
    assert WHY in letter
    again = send(officer, f"{HERE}/vote", form_with(asked, "reference"), reference="CONS-2020/3")
    assert again.status_code == 409


def test_only_an_officer_begins_a_vote_and_only_on_a_broken_letter(
    office: Office, argentina: FlaskClient
) -> None:
    opened(office, breaks="whole")
    officer = office.browser("officer")
    assert officer.get(f"{HERE}/vote").status_code == 409
    reply(argentina, ARG, **OBJECTS)
    for who in ("auditor", "approver", "ARG"):
        assert office.browser(who).get(f"{HERE}/vote").status_code == 403


def test_the_record_says_what_was_broken_and_what_nobody_objected_to(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    office.close()
    build.confirm(
        desk,
        posting.state_post(desk, "CONS-2020-1", office.people["officer"]),
        office.people["approver"],
    )
    shown = page(office.browser("officer"), f"{HERE}/record")
    valid(shown)
    assert "Silence broken: not adopted" in shown
    assert "Objected: Argentina." in shown
    assert WHY in shown
    assert "Approved: no objection" in shown
    assert "said nothing: the rule takes their silence as their position" in shown


def test_nobody_is_reminded_of_what_nobody_need_do(office: Office, desk: Desk) -> None:
    opened(office)
    with pytest.raises(NotNow):
        due.remind(desk, "CONS-2020-1", office.people["officer"], ["ARG"])
    build.later(desk, days=25)
    due.queue_due(desk)
    with reading(desk.engine) as session:
        assert NoticeKind.REMINDER not in session.scalars(select(Notice.kind)).all()


def test_one_notice_for_information_goes_to_all_alike(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    office.open(rule=SILENCE, reminders=[24 * 60])
    reply(argentina, ARG, **OBJECTS)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, hours=-23)
    due.queue_due(desk)
    with reading(desk.engine) as session:
        notices = session.scalars(select(Notice).where(Notice.kind == NoticeKind.REMINDER)).all()
        assert {notice.member for notice in notices} == set(office.codes)
        said = next(notice.data for notice in notices if notice.member == "ARG")
    with office.app.app_context():
        text = preview(NoticeKind.REMINDER, said, "en", "ARG", "https://x.example").text
    assert "No action is needed unless Argentina objects by" in text
    assert "missing" not in text


def test_two_reminders_are_refused_before_it_opens(office: Office, desk: Desk) -> None:
    slug = office.draft(rule=SILENCE)
    with pytest.raises(Incomplete) as refused:
        opening.submit(desk, slug, office.people["officer"])
    assert ("reminders", "reminders-nag") in refused.value.facts["missing"]  # type: ignore[operator]


def test_choosing_the_rule_takes_the_reminders_away_and_asks_what_breaks(office: Office) -> None:
    slug = office.draft()
    officer = office.browser("officer")
    address = f"/en/office/{slug}/draft/4"
    shown = page(officer, address)
    assert 'id="breaks"' not in shown
    form = form_with(shown, "comments")
    send(officer, address, form, "save", rule="silence-un-74-544")
    shown = page(officer, address)
    valid(shown)
    assert 'id="breaks"' in shown
    send(officer, address, form_with(shown, "comments"), "save", breaks="whole")
    with reading(office.desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        assert (letter.breaks, letter.reminders) == (Breaks.WHOLE, [])


def test_the_mail_says_who_objects_what_and_what_follows(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    reply(argentina, ARG)
    with reading(desk.engine) as session:
        kept = session.scalars(
            select(Notice)
            .where(Notice.kind == NoticeKind.OBJECTION, Notice.member == "BRA")
            .order_by(Notice.id)
        ).all()
        staff = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.OBJECTION, Notice.member.is_(None))
        ).first()
    with office.app.app_context():
        mails = [
            preview(notice.kind, notice.data, "en", notice.member, "https://x.example")
            for notice in (*kept, staff)
            if notice
        ]
    first = " ".join(mails[0].text.split())
    assert "Argentina objects to item 2" in first
    assert WHY in first
    assert "The other items go on. The objection may be lifted until the deadline." in first
    assert "https://x.example/en/c/CONS-2020-1/BRA" in first
    assert "https://x.example/en/office/CONS-2020-1" in mails[-1].text


def test_the_items_that_were_broken_are_put_to_a_vote_once_the_letter_has_ended(
    office: Office, argentina: FlaskClient, desk: Desk
) -> None:
    opened(office)
    reply(argentina, ARG, **OBJECTS)
    officer = office.browser("officer")
    assert officer.get(f"{HERE}/vote").status_code == 409  # it may still be lifted
    assert f"{HERE}/vote" not in page(officer, HERE)
    office.close()
    statement = posting.state_post(desk, "CONS-2020-1", office.people["officer"])
    build.confirm(desk, statement, office.people["approver"])
    officer = office.browser("officer")
    assert f"{HERE}/vote" in page(officer, HERE)
    asked = form_with(page(officer, f"{HERE}/vote"), "reference")
    answer = send(officer, f"{HERE}/vote", asked, reference="CONS-2020/2")
    assert answer.status_code == 303
    draft = page(officer, "/en/office/CONS-2020-2/draft/2")
    assert "Chair of CWG-COP" in draft
    assert "2021 session" not in draft
    assert all(found.holds for _reference, found in verify_database(desk.engine))
