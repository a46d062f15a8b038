"""An officer revises an open letter in the browser, another confirms what is shown, all read."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from consult.actions.change import Desk
from consult.core.life import Act, Revising
from consult.queries.verifying import verify_database
from tests import build
from tests import revising as these
from tests.forms import form_with, send
from tests.office import HERE, Office, decide, office_of, page, request_page
from tests.replies import valid
from tests.statements import statements

REVISE, ROLL = f"{HERE}/revise", f"{HERE}/roll"


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    found = office_of(app, desk, 4)
    found.open()
    build.later(desk, hours=1)
    return found


def begin(office: Office, kind: str, language: str = "") -> None:
    client = office.browser("officer")
    answer = send(
        client,
        REVISE,
        form_with(page(client, REVISE), "begin"),
        "begin",
        kind=kind,
        language=language,
    )
    assert answer.status_code == 303, answer.text


def type_item(office: Office, code: str, language: str = "en", **typed: str) -> None:
    client = office.browser("officer")
    address = f"{REVISE}/items/{code}?language={language}"
    answer = send(client, address, form_with(page(client, address), "title"), "next", **typed)
    assert answer.status_code == 303, answer.text


def submit(office: Office, **typed: str) -> int:
    client = office.browser("officer")
    typed = {"reason": "The last day was wrong.", **typed}
    answer = send(client, REVISE, form_with(page(client, REVISE), "reason"), "submit", **typed)
    assert answer.status_code == 303, answer.text
    return office.waits(Act.CORRECT)


def test_an_officer_revises_and_an_approver_confirms_what_is_shown(office: Office, desk: Desk):
    assert REVISE in page(office.browser("officer"), HERE)
    begin(office, "corrigendum")
    type_item(office, "1", to_day="20")
    written = page(office.browser("officer"), REVISE)
    valid(written)
    assert "Friday 18 June 2021" in written
    assert "Sunday 20 June 2021" in written
    number = submit(office)
    shown = page(office.browser("approver"), request_page(number))
    valid(shown)
    assert "The last day was wrong." in shown
    assert "Sunday 20 June 2021" in shown
    assert "Confirm a revision of the letter" in shown
    assert decide(office.browser("approver"), number).status_code == 303
    assert these.letter(desk).revision == 1
    assert all(not findings.faults for _reference, findings in verify_database(desk.engine))
    assert "Sunday 20 June 2021" not in page(office.browser("officer"), request_page(number))


def test_each_revision_is_read_for_ever_with_its_differences(office: Office, desk: Desk):
    officer, approver = office.people["officer"], office.people["approver"]
    these.revise(desk, officer, approver, Revising.REVISION, these.retitled(desk, 2, "A Decision"))
    first = office.browser("auditor").get(f"{HERE}/revisions/1").text
    valid(first)
    assert "<del>" in first
    assert "<ins>" in first
    assert "Taken out:" in first
    assert these.REASON in first
    opened = page(office.browser("auditor"), f"{HERE}/revisions/0")
    valid(opened)
    assert "Draft Decision" in opened
    assert office.browser("auditor").get(f"{HERE}/revisions").location.endswith("/revisions/1")
    assert office.browser("auditor").get(f"{HERE}/revisions/2").status_code == 404
    own = page(office.browser("ARG"), "/en/c/CONS-2020-1/ARG/revisions/1")
    valid(own)
    assert "<ins>" in own
    assert office.browser("ARG").get("/en/c/CONS-2020-1/BRA/revisions/1").status_code == 404


def test_an_editorial_correction_edits_one_language_alone(office: Office, desk: Desk):
    begin(office, "editorial", "fr")
    client = office.browser("officer")
    shown = page(client, f"{REVISE}/items/1")
    assert "2021 session of the Council (fr)" in shown
    assert 'lang="fr"' in shown
    assert "First day" not in shown
    type_item(office, "1", "en", title="Session de 2021")
    number = submit(office)
    assert decide(office.browser("approver"), number).status_code == 303
    (_opened, kept) = these.kept(desk)
    assert kept.content["items"][0]["title"]["fr"] == "Session de 2021"
    assert kept.content["items"][0]["title"]["en"] == "2021 session of the Council"


def test_an_addendum_adds_an_item_in_every_language(office: Office, desk: Desk):
    begin(office, "addendum")
    client = office.browser("officer")
    added = send(client, REVISE, form_with(page(client, REVISE), "reason"), "add:question")
    assert added.location.endswith("/revise/items/4")
    refused = send(
        client, REVISE, form_with(page(client, REVISE), "reason"), "submit", reason="More."
    )
    assert refused.status_code == 422
    assert "missing" in refused.text
    for code in build.LANGUAGES:
        type_item(office, "4", code, title=f"Another question ({code})")
    assert client.get(f"{REVISE}/items/1").status_code == 404
    assert decide(office.browser("approver"), submit(office)).status_code == 303
    assert [item["id"] for item in these.kept(desk)[1].content["items"]] == ["1", "2", "3", "4"]


def test_the_sections_of_the_letter_are_corrected(office: Office, desk: Desk):
    begin(office, "corrigendum")
    client, address = office.browser("officer"), f"{REVISE}/letter"
    valid(page(client, address))
    form = form_with(page(client, address), "subject")
    answer = send(client, address, form, "next", section_background_text="It could not meet.")
    assert answer.status_code == 303
    decide(office.browser("approver"), submit(office))
    assert these.letter(desk).revision == 1
    assert these.kept(desk)[1].changed == []


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(office: Office):
    client = office.browser("officer")
    opened = form_with(page(client, REVISE), "begin")
    assert "Choose what kind" in send(client, REVISE, opened, "begin").text
    refused = send(client, REVISE, opened, "begin", kind="editorial")
    assert (refused.status_code, "Fill this in" in refused.text) == (422, True)
    begin(office, "corrigendum")
    address = f"{REVISE}/items/1"
    wrong = send(
        client,
        address,
        form_with(page(client, address), "title"),
        "next",
        to_day="99",
        title="Kept",
    )
    assert wrong.status_code == 422
    valid(wrong.text)
    assert "Write the day as a number from 1 to 31." in wrong.text
    assert 'value="Kept"' in wrong.text
    nothing = send(
        client, REVISE, form_with(page(client, REVISE), "reason"), "submit", reason="So."
    )
    assert nothing.status_code == 422
    assert "Change something first" in nothing.text
    assert "So." in nothing.text


def test_what_a_colleague_saved_meanwhile_is_shown_beside(office: Office):
    begin(office, "corrigendum")
    client, address = office.browser("officer"), f"{REVISE}/items/1"
    old = form_with(page(client, address), "title")
    type_item(office, "1", title="Theirs")
    torn = send(client, address, old, "next", title="Mine")
    assert torn.status_code == 409
    valid(torn.text)
    assert "Theirs" in torn.text
    again = send(client, address, form_with(torn.text, "title"), "next")
    assert again.status_code == 303


def test_a_revision_is_given_up(office: Office, desk: Desk):
    begin(office, "revision")
    client = office.browser("officer")
    answer = send(client, REVISE, form_with(page(client, REVISE), "reason"), "discard")
    assert answer.status_code == 303
    assert "Begin the revision" in page(client, REVISE)
    assert client.get(f"{REVISE}/items/1").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("approver", 403), ("auditor", 403), ("ARG", 403), ("officer", 200)]
)
def test_officers_alone_write_revisions(office: Office, who: str, status: int):
    for address in (REVISE, ROLL, f"{ROLL}/ARG"):
        assert office.browser(who).get(address).status_code == status


def test_nothing_is_revised_after_the_deadline(office: Office):
    office.close()
    client = office.browser("officer")
    assert client.get(REVISE).status_code == 409
    assert client.get(ROLL).status_code == 409
    assert client.get(f"{HERE}/revisions/0").status_code == 200


def test_the_roll_is_corrected_with_what_it_takes_before_and_after(office: Office, desk: Desk):
    client = office.browser("officer")
    valid(page(client, ROLL))
    address = f"{ROLL}/ARG"
    opened = form_with(page(client, address), "entitled")
    missing = send(client, address, opened, "submit", entitled="no", reason="Arrears.")
    assert missing.status_code == 422
    assert "Name the provision" in missing.text
    typed = {"entitled": "no", "no_vote_under": "Convention, No. 169", "reason": "Arrears."}
    checked = send(client, address, opened, "check", **typed)
    assert checked.status_code == 200
    assert "It takes then" in checked.text
    asked = send(client, address, opened, "submit", **typed)
    assert asked.status_code == 303
    number = office.waits(Act.CORRECT)
    shown = page(office.browser("approver"), request_page(number))
    valid(shown)
    assert "Convention, No. 169" in shown
    assert "3 of 4" in shown
    assert "2 of 3" in shown
    assert decide(office.browser("approver"), number).status_code == 303
    assert not these.line(desk, "ARG").entitled
    own = page(office.browser("ARG"), "/en/c/CONS-2020-1/ARG/revisions/1")
    assert "Convention, No. 169" in own


def counted(of: Callable[[], object], desk: Desk) -> int:
    with statements(desk.engine) as seen:
        of()
    return len(seen)


def test_pages_cost_the_same_whatever_the_roll(app: Flask, desk: Desk):
    office = office_of(app, desk, 40)
    office.open()
    client = office.browser("officer")
    assert counted(lambda: page(client, REVISE), desk) <= 13
    assert counted(lambda: page(client, ROLL), desk) <= 7
    assert counted(lambda: page(client, f"{HERE}/revisions/0"), desk) <= 9


def test_the_notices_name_what_changed(office: Office, desk: Desk):
    officer, approver = office.people["officer"], office.people["approver"]
    office.reply("ARG")
    these.revise(desk, officer, approver, Revising.CORRIGENDUM, these.redated(desk))
    board = page(office.browser("officer"), f"{HERE}/notices")
    assert "Revision of the letter" in board
    assert "A corrigendum to the letter was made: Rev.1" in page(
        office.browser("officer"), f"{HERE}/history"
    )


def test_a_revision_that_waits_is_shown_and_not_written_on(office: Office):
    begin(office, "corrigendum")
    type_item(office, "1", title="Other")
    submit(office)
    waits = page(office.browser("officer"), REVISE)
    valid(waits)
    assert "A revision waits for a second officer" in waits
    assert "Submit the revision" not in waits


def test_what_becomes_of_an_unconfirmed_reply_is_chosen_in_the_draft(app: Flask, desk: Desk):
    office = office_of(app, desk, 3)
    slug = office.draft()
    client, address = office.browser("officer"), f"/en/office/{slug}/draft/4"
    form = form_with(page(client, address), "unconfirmed")
    assert form.fields["unconfirmed"] == "stands"
    assert send(client, address, form, "save", unconfirmed="lapses").status_code == 303
    assert these.letter(desk).unconfirmed.value == "lapses"


def test_an_addendum_adds_a_document_that_members_then_find_with_the_letter(
    office: Office, desk: Desk
):
    begin(office, "addendum")
    officer, attach = office.browser("officer"), f"{REVISE}/documents"
    assert attach in page(officer, REVISE)
    form = form_with(page(officer, attach), "title-en")
    titles = {f"title-{code}": f"Annexe ({code})" for code in build.LANGUAGES}
    typed = {**form.fields, **titles, "title-en": "Draft Decision 5, as annexed"}
    refused = officer.post(attach, data=typed, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Draft Decision 5, as annexed" in refused.text
    file = (BytesIO(b"%PDF-1.7\nthe annex\n"), "annex.pdf", "application/pdf")
    sent = {**typed, "file": file}
    assert officer.post(attach, data=sent, content_type="multipart/form-data").status_code == 303
    assert "annex.pdf" in page(officer, REVISE)
    number = submit(office, reason="The annex was forgotten.")
    assert "Draft Decision 5, as annexed" in page(office.browser("approver"), request_page(number))
    member = office.browser(office.codes[0])
    assert "as annexed" not in member.get(f"/en/c/CONS-2020-1/{office.codes[0]}").text
    assert decide(office.browser("approver"), number).status_code == 303
    assert "as annexed" in member.get(f"/en/c/CONS-2020-1/{office.codes[0]}").text
    assert [list(f.faults) for _r, f in verify_database(desk.engine)] == [[]]


def test_a_document_is_taken_out_of_an_addendum_before_it_is_submitted(office: Office):
    begin(office, "addendum")
    officer, attach = office.browser("officer"), f"{REVISE}/documents"
    form = form_with(page(officer, attach), "title-en")
    file = (BytesIO(b"%PDF-1.7\nthe annex\n"), "annex.pdf", "application/pdf")
    titles = {f"title-{code}": f"Annex ({code})" for code in build.LANGUAGES}
    typed = {**form.fields, **titles, "file": file}
    assert officer.post(attach, data=typed, content_type="multipart/form-data").status_code == 303
    written = form_with(page(officer, REVISE), "reason")
    answer = officer.post(f"{attach}/0/remove", data=written.fields)
    assert answer.status_code == 303
    assert "annex.pdf" not in page(officer, REVISE)
