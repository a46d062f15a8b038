"""Four eyes in the browser: what is shown to whom, confirmed as shown, sent back with a reason."""

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, mandates, opening, posting
from consult.actions.change import Desk
from consult.actions.naming import Naming
from consult.core.life import Act, State
from consult.tables import Consultation, FocalPoint, Member, Reply, Seat, reading, writing
from tests import build
from tests.forms import form_with, send
from tests.office import (
    HERE,
    PDF,
    SLUG,
    Office,
    decide,
    office_of,
    page,
    paper_form,
    request_page,
    send_paper,
)
from tests.replies import valid

CANARY = "Canary of the note"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def submitted(office: Office) -> int:
    return opening.submit(office.desk, office.draft(), office.people["officer"])


def state(desk: Desk) -> State:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.state)).one()


def test_an_opening_is_shown_whole_in_each_language(office: Office) -> None:
    number = submitted(office)
    client = office.browser("approver")
    html = page(client, request_page(number))
    valid(html)
    assert "The roll of 5 Member States is frozen" in html
    assert "5 Member States on the roll" in html
    assert "3 of 5 must approve." in html
    assert "Draft Decision" in html
    assert "Open the consultation" in html
    assert "Dates and chairs (fr)" in page(client, f"{request_page(number)}?language=fr")


def test_who_asked_sees_it_without_buttons_and_cannot_confirm_it(office: Office) -> None:
    """T35."""
    number = opening.submit(office.desk, office.draft(), office.people["both"])
    other = form_with(page(office.browser("approver"), request_page(number)), "reason")
    client = office.browser("both")
    html = page(client, request_page(number))
    assert "Waiting for a second officer." in html
    assert "Send it back" not in html
    token = form_with(page(client, "/en/office"), "csrf_token").fields["csrf_token"]
    typed = {**other.fields, "csrf_token": token, "do": "confirm"}
    assert client.post(request_page(number), data=typed).status_code == 403
    assert state(office.desk) is State.SUBMITTED
    assert "Nothing needs you now" in page(client, "/en/office")


def test_an_officer_may_look_and_not_decide(office: Office) -> None:
    number = submitted(office)
    client = office.browser("second")
    html = page(client, request_page(number))
    assert "Waiting for an approver, another person than the one who asked." in html
    assert client.post(request_page(number), data={}).status_code in {400, 403}
    token = form_with(html, "csrf_token").fields["csrf_token"]
    assert client.post(request_page(number), data={"csrf_token": token}).status_code == 403


def test_it_is_sent_back_only_with_a_reason(office: Office) -> None:
    number = submitted(office)
    client = office.browser("approver")
    refused = decide(client, number, "back")
    assert refused.status_code == 422
    assert "Say why you send it back" in refused.text
    valid(refused.text)
    answer = decide(client, number, "back", reason="The date in item 1 is wrong.")
    assert answer.location == "/en/office"
    assert state(office.desk) is State.DRAFT
    desk_page = page(office.browser("officer"), "/en/office")
    assert "B. Approver sent it back: The date in item 1 is wrong." in desk_page
    assert "Sent back by B. Approver" in page(client, request_page(number))


def test_a_roll_that_changed_meanwhile_is_shown_and_not_confirmed(office: Office) -> None:
    """T35: both are shown."""
    number = submitted(office)
    client = office.browser("approver")
    opened = form_with(page(client, request_page(number)), "reason")
    with writing(office.desk.engine) as session:
        member = session.scalars(select(Member).where(Member.code == "CUB")).one()
        seat = session.scalars(select(Seat).where(Seat.member_id == member.id)).one()
        seat.vote_to_on, seat.no_vote_under = seat.from_on, "No. 169"
    refused = send(client, request_page(number), opened, "confirm")
    assert refused.status_code == 409
    assert "It has changed since it was asked for" in refused.text
    assert "right to vote were otherwise when it was asked for: Cuba." in refused.text
    valid(refused.text)
    assert decide(client, number).status_code == 409
    assert state(office.desk) is State.SUBMITTED
    assert decide(client, number, "back", reason="The roll changed.").status_code == 303


def test_a_reply_on_behalf_is_seen_by_its_two_officers_alone(office: Office) -> None:
    """T33."""
    office.open()
    number = office.record("ARG", c1=CANARY)
    address = request_page(number)
    approver, officer = office.browser("approver"), office.browser("officer")
    html = page(approver, address)
    valid(html)
    assert CANARY in html
    assert "The mission had no access." in html
    scan = html.split('href="')[1:]
    (paper,) = [one.split('"')[0] for one in scan if "/documents/" in one.split('"')[0]]
    for client in (approver, officer):
        sent = client.get(paper)
        assert sent.data == PDF
        sent.close()
    assert CANARY in page(officer, address)
    for name in ("second", "auditor"):
        client = office.browser(name)
        seen = page(client, address)
        assert CANARY not in seen
        assert "note.pdf" not in seen
        assert "seen by the two officers concerned alone" in seen
        assert client.get(paper).status_code == 404
    assert decide(approver, number).status_code == 303
    other = office.browser("other")
    assert CANARY not in page(other, address)
    assert other.get(paper).status_code == 404
    assert CANARY in page(approver, address)


def test_what_is_recorded_and_sent_back_is_not_stored(office: Office) -> None:
    office.open()
    number = office.record("ARG")
    client = office.browser("approver")
    assert decide(client, number, "back", reason="Not signed.").status_code == 303
    with reading(office.desk.engine) as session:
        assert session.scalars(select(Reply)).all() == []
    assert "Not signed." in page(office.browser("officer"), request_page(number))


def test_a_second_decision_comes_too_late(office: Office) -> None:
    office.open()
    number = office.record("ARG")
    first, second = office.browser("approver"), office.browser("other")
    opened = form_with(page(second, request_page(number)), "reason")
    assert decide(first, number).status_code == 303
    late = send(second, request_page(number), opened, "confirm")
    assert late.status_code == 409
    assert "The request was decided before" in late.text
    with reading(office.desk.engine) as session:
        assert len(session.scalars(select(Reply)).all()) == 1


def test_a_statement_whose_figures_changed_is_shown_and_not_confirmed(office: Office) -> None:
    office.open()
    office.close()
    stated = posting.state_post(office.desk, SLUG, office.people["officer"])
    recorded = office.record("ARG")
    client = office.browser("approver")
    assert decide(client, recorded).status_code == 303
    html = page(client, request_page(stated))
    assert "is recorded: 1 reply." in html
    assert "When it was asked for, 0 were recorded and 0 sent back." in html
    assert decide(client, stated).status_code == 409
    assert state(office.desk) is State.CLOSED


def test_a_certification_shows_result_and_conclusion(office: Office) -> None:
    number = asked_to_certify(office)
    html = page(office.browser("approver"), request_page(number))
    valid(html)
    assert "Les dates restent." in html
    assert "Missing: readers of this language get the first one." in html
    assert "Decision 620 (C20), in force on publication" in html
    assert "3 of 5" in html


def test_a_late_reply_since_the_certification_was_asked_for_is_shown(office: Office) -> None:
    number = asked_to_certify(office)
    office.reply("CAN")
    client = office.browser("approver")
    refused = decide(client, number)
    assert refused.status_code == 409
    assert "replies were registered as late since it was asked" in refused.text
    assert decide(client, number, "back", reason="Ask again.").status_code == 303
    officer = office.browser("officer")
    form = form_with(page(officer, f"{HERE}/conclusion"), "texts-en")
    assert form.fields["texts-fr"] == "Les dates restent."
    assert form.fields["number-3"] == "Decision 620 (C20)"
    assert "Ask again." in page(officer, f"{HERE}/conclusion")
    assert send(officer, f"{HERE}/conclusion", form).status_code == 303
    assert decide(client, office.waits(Act.CERTIFY)).status_code == 303


def asked_to_certify(office: Office) -> int:
    office.open()
    for code in ("ARG", "BHS", "BRA"):
        office.reply(code)
    office.close()
    stated = posting.state_post(office.desk, SLUG, office.people["officer"])
    build.confirm(office.desk, stated, office.people["approver"])
    said = certifying.Conclusion(
        texts={"en": "The dates stand.", "fr": "Les dates restent."},
        adopted={"3": certifying.Adoption("Decision 620 (C20)", None)},
    )
    return certifying.conclude(office.desk, SLUG, office.people["officer"], said)


def test_a_mandate_says_who_for_whom_and_on_what_paper(office: Office) -> None:
    """T6."""
    office.open()
    new = Naming("ARG", False, "Ana Alternate", "ana@mission.example", "es", None, "note 12/2020")
    (number,) = mandates.name(office.desk, office.people["officer"], new)
    client = office.browser("approver")
    html = page(client, request_page(number))
    assert "Ana Alternate may reply for Argentina" in html
    assert "note 12/2020" in html
    assert decide(client, number).location == HERE
    with reading(office.desk.engine) as session:
        papers = session.scalars(select(FocalPoint.paper).where(FocalPoint.paper.is_not(None)))
        assert papers.all() == ["note 12/2020"]


def test_what_is_wrong_with_a_paper_stands_beside_its_field(office: Office) -> None:
    office.open()
    build.later(office.desk, days=1)
    client = office.browser("officer")
    wrong = {
        **paper_form(client),
        "member": "",
        "channel": "web",
        "received-day": "31",
        "received-month": "6",
        "reason": "",
        "p-1": "",
        "p-2": "",
        "p-3": "",
        "c-1": "Kept as typed",
    }
    refused = send_paper(client, wrong, b"")
    assert refused.status_code == 422
    valid(refused.text)
    for words in (
        "Choose the Member State",
        "Say how the reply reached the secretariat",
        "That month has no such day",
        "Choose the scan: it is what the second officer confirms",
        "Say why, such as",
        "Give a position on one item at least",
        "Kept as typed",
    ):
        assert words in refused.text, words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"received-day": "1", "received-month": "6"}, "Must be after the opening"),
        ({"received-day": "30", "received-month": "12"}, "Must not be later than now"),
        ({"received-time": "25:00"}, "Write a time of 24 hours"),
        ({"received-time": "12:00:61"}, "Write a time of 24 hours"),
        ({"received-day": "", "received-year": ""}, "Fill this in"),
    ],
)
def test_a_paper_must_have_come_while_it_was_open_and_before_now(
    office: Office, typed: dict[str, str], words: str
) -> None:
    office.open()
    build.later(office.desk, days=1)
    client = office.browser("officer")
    fields = {**paper_form(client), "received-day": "20", "received-month": "6", **typed}
    refused = send_paper(client, fields)
    assert refused.status_code == 422
    assert words in refused.text


def test_a_scan_that_is_none_is_refused_in_words(office: Office) -> None:
    office.open()
    build.later(office.desk, days=1)
    client = office.browser("officer")
    fields = {**paper_form(client), "received-day": "21", "received-month": "6"}
    fields["received-time"] = "09:00"
    refused = send_paper(client, fields, b"<html>")
    assert refused.status_code == 422
    assert "Its content is not what its name says" in refused.text


def test_a_paper_that_is_sent_twice_is_asked_for_once(office: Office) -> None:
    """T67."""
    office.open()
    build.later(office.desk, days=1)
    client = office.browser("officer")
    fields = {**paper_form(client), "received-day": "21", "received-month": "6"}
    fields["received-time"] = "09:00:03"
    assert send_paper(client, fields).status_code == 303
    first = office.waits(Act.RECORD)
    assert send_paper(client, fields).status_code == 303
    assert office.waits(Act.RECORD) == first
    other = send_paper(client, {**fields, "p-1": "object"})
    assert other.status_code == 409


def test_a_scan_of_twenty_megabytes_is_taken_from_officers_alone(office: Office) -> None:
    """T93."""
    office.open()
    build.later(office.desk, days=1)
    client = office.browser("officer")
    fields = {**paper_form(client), "received-day": "21", "received-month": "6"}
    fields["received-time"] = "09:00"
    large = PDF + b" " * (20 * 1024 * 1024 - len(PDF))
    assert send_paper(client, fields, large).status_code == 303
    assert send_paper(client, fields, large + b" ").status_code == 422
    assert send_paper(office.browser("auditor"), fields, large).status_code in {400, 413}
