"""What the secretariat sees, who of it, at what cost, and what nobody sees before the count."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import due, posting
from consult.actions.change import Desk
from consult.core.life import Act
from consult.tables import Notice, reading
from tests import build
from tests.forms import form_with
from tests.office import (
    HERE,
    PARTS,
    SLUG,
    Office,
    decide,
    office_of,
    page,
    request_page,
)
from tests.replies import valid
from tests.statements import statements

CANARY = "Canary in a comment"
LISTS = ("", "/drafts", "/to-certify", "/published")


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def test_the_desk_says_what_needs_its_reader(office: Office) -> None:
    office.draft(reference="CONS-2020/2")
    office.open()
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    office.desk.clock.forward(days=-3)  # type: ignore[attr-defined]
    officer = page(office.browser("officer"), "/en/office")
    assert "2 things need you now." in officer
    assert "5 Member States have no complete reply, 3 days left" in officer
    assert (
        "The next reminder goes out on its own on Wednesday 15 July 2020, 16:00 Geneva" in officer
    )
    assert "Finish the draft: Dates and chairs" in officer
    assert "Nothing needs you now." in page(office.browser("approver"), "/en/office")
    assert "Nothing needs you now." in page(office.browser("auditor"), "/en/office")


def test_each_list_is_an_address(office: Office) -> None:
    office.draft(reference="CONS-2020/2")
    office.open()
    client = office.browser("officer")
    for part in LISTS:
        html = page(client, f"/en/office{part}")
        assert "Open (1)" in html
        assert "Drafts (1)" in html
        valid(html)
    assert "0 of 5" in page(client, "/en/office")
    assert "CONS-2020/2" in page(client, "/en/office/drafts")
    assert "Nothing is to be certified" in page(client, "/en/office/to-certify")


def test_the_overview_says_who_is_silent_and_what_it_would_take(office: Office) -> None:
    office.open()
    office.reply("ARG")
    office.reply("BHS", "approve", None, "object")
    html = page(office.browser("officer"), HERE)
    valid(html)
    assert "2 of 5" in html
    assert "An item needs 3 approvals. With 2 replies that is not possible yet." in html
    silent = set(form_with(html, "to").fields)
    assert silent == {"csrf_token", "to"}
    named = re.findall(r'name="to" value="(\w+)"', html)
    assert named == ["BHS", "BRA", "CAN", "CUB"]
    assert "replied with gaps" in html


def test_once_enough_replied_it_is_possible_and_not_known(office: Office) -> None:
    office.open()
    for code in ("ARG", "BHS", "BRA"):
        office.reply(code)
    html = page(office.browser("auditor"), HERE)
    assert "With 3 replies that is possible; it is not known, as positions are closed." in html
    assert 'name="to"' not in html


def test_a_reminder_is_looked_at_and_sent_to_those_ticked(office: Office) -> None:
    office.open()
    client = office.browser("officer")
    opened = form_with(page(client, HERE), "to")
    fields = {**opened.fields, "to": ["BRA", "CAN"]}
    shown = client.post(opened.action, data=fields)
    assert "2 Member States" in shown.text
    assert "Reply by" in shown.text
    valid(shown.text)
    ready = form_with(shown.text, "note")
    note = "The mission may call us."
    answer = client.post(ready.action, data={**ready.fields, "to": ["BRA", "CAN"], "note": note})
    assert answer.location == HERE
    assert "The reminder is queued for 2 people." in page(client, HERE)
    with reading(office.desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == "reminder")).all()
    assert {(one.member, one.data["note"]) for one in told} == {("BRA", note), ("CAN", note)}


def test_a_reminder_to_nobody_or_with_too_long_a_note_is_not_sent(office: Office) -> None:
    office.open()
    client = office.browser("officer")
    opened = form_with(page(client, HERE), "to")
    del opened.fields["to"]
    assert client.post(opened.action, data=opened.fields).location == f"{HERE}#nr"
    shown = client.post(opened.action, data={**opened.fields, "to": ["BRA"]})
    ready = form_with(shown.text, "note")
    typed = {**ready.fields, "note": "x" * (due.LONGEST_NOTE + 1)}
    refused = client.post(ready.action, data=typed)
    assert refused.status_code == 422
    assert "Shorten it to 500 characters" in refused.text
    assert typed["note"] in refused.text


def test_replies_and_notices_are_listed_without_what_they_say(office: Office) -> None:
    office.open()
    office.reply("ARG", c1=CANARY)
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    office.reply("BHS", "object", "object", "object")
    client = office.browser("officer")
    html = page(client, f"{HERE}/replies")
    assert "complete" in html
    assert "Late: Friday 17 July 2020, 16:00:00 Geneva" in html
    assert "nothing in time" in html
    assert "Invitation to reply: Waiting to be sent" in page(client, f"{HERE}/notices")
    history = page(client, f"{HERE}/history")
    assert "Reply of Argentina, version 1" in history
    assert "received late on Friday 17 July 2020, 16:00:00 Geneva" in history
    assert "The consultation was opened and its roll frozen" in history


def test_no_page_knows_a_position_before_the_post_is_stated(office: Office) -> None:
    """T33: neither page nor file nor refusal, for any role."""
    office.open(comments="optional")
    for code in office.codes:
        office.reply(code, "object", "object", "object", c1=CANARY, cgeneral=CANARY)
    for closed in (False, True):
        if closed:
            office.close()
            posting.state_post(office.desk, SLUG, office.people["officer"])
        for role in ("officer", "approver", "auditor"):
            client = office.browser(role)
            seen = [client.get(f"/en/office{part}").text for part in LISTS]
            seen += [client.get(HERE + part).text for part in PARTS]
            seen += [
                client.get(f"{HERE}/conclusion").text,
                client.get(f"{HERE}/letter.pdf").data.decode("latin-1"),
            ]
            if closed:
                seen.append(client.get(request_page(office.waits(Act.STATE_POST))).text)
            for html in seen:
                assert CANARY not in html
                assert not re.search(r'class="(m|said|outcome) x"', html)


def test_after_the_count_the_auditor_reads_all_and_changes_nothing(office: Office) -> None:
    office.open()
    office.reply("ARG", c1=CANARY)
    office.close()
    stated = posting.state_post(office.desk, SLUG, office.people["officer"])
    build.confirm(office.desk, stated, office.people["approver"])
    client = office.browser("auditor")
    for part in PARTS:
        valid(page(client, HERE + part))
    assert CANARY in page(client, f"{HERE}/record")
    assert "0 things" not in page(client, "/en/office")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client, "/en/office"))
    assert token is not None
    sent = {"csrf_token": token[1]}
    for address in (
        f"{HERE}/post",
        f"{HERE}/publish",
        f"{HERE}/conclusion",
        f"{HERE}/record-reply",
        f"{HERE}/reminder",
        request_page(stated),
    ):
        assert client.post(address, data=sent).status_code == 403, address
    assert client.get(f"{HERE}/conclusion").status_code == 403


def test_wrong_roles_are_refused_and_strangers_sent_to_sign_in(office: Office, app: Flask) -> None:
    office.open()
    asked = office.record("ARG")
    everything = [f"/en/office{part}" for part in LISTS] + [HERE + part for part in PARTS]
    everything += [f"{HERE}/record-reply", f"{HERE}/conclusion", request_page(asked)]
    for who in ("administrator", "BHS"):
        client = office.browser(who)
        assert {client.get(address).status_code for address in everything} == {403}
    stranger = app.test_client()
    assert {stranger.get(address).status_code for address in everything} == {303}
    approver = office.browser("approver")
    assert approver.get(f"{HERE}/conclusion").status_code == 403
    assert approver.get(f"{HERE}/record-reply").status_code == 200


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    slug = office.open()
    client = office.browser("officer")
    for part in PARTS:
        assert client.get(f"/en/office/NO-SUCH{part}").status_code == 404
    for address in (
        f"/en/office/{slug}/documents/4711",
        "/en/office/requests/4711",
        "/en/office/NO-SUCH/record-reply",
        "/en/office/NO-SUCH/conclusion",
        "/en/office/NO-SUCH/letter.pdf",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("closes_at", [build.content()["closes_at"], None])
def test_a_draft_leads_its_officer_to_where_it_is_written(
    office: Office, closes_at: str | None
) -> None:
    office.draft(closes_at=closes_at)
    assert office.browser("officer").get(HERE).location == f"{HERE}/draft/1"
    assert "An officer is drafting it." in page(office.browser("approver"), HERE)
    assert office.browser("officer").get(f"{HERE}/letter.pdf").status_code == 404


def test_the_letter_is_printed_in_each_language(office: Office) -> None:
    office.open()
    client = office.browser("officer")
    assert f'href="/ar/office/{SLUG}/letter.pdf"' in page(client, f"{HERE}/documents")
    answer = client.get(f"/ru/office/{SLUG}/letter.pdf")
    assert answer.data.startswith(b"%PDF")
    assert "CONS-2020-1-ru.pdf" in answer.headers["Content-Disposition"]


# What each page costs: signing in and the organisation are two of them.
COSTS = {
    "/en/office": 12,
    HERE: 22,
    f"{HERE}/replies": 6,
    f"{HERE}/notices": 6,
    f"{HERE}/documents": 11,
    f"{HERE}/history": 8,
    f"{HERE}/record": 3,
    f"{HERE}/record-reply": 8,
}


@pytest.mark.parametrize("members", [5, 48])
def test_a_page_costs_the_same_for_every_roll(app: Flask, desk: Desk, members: int) -> None:
    office = office_of(app, desk, members)
    office.open()
    for code in office.codes[: members // 2]:
        office.reply(code)
    office.record(office.codes[-1])
    build.later(desk, minutes=2)
    client = office.browser("officer")
    page(client, "/en/office")  # the first look enters when the session was seen
    seen = {}
    for address in COSTS:
        with statements(desk.engine) as ran:
            page(client, address)
        seen[address] = len(ran)
    assert seen == COSTS


def test_a_long_history_has_pages(office: Office) -> None:
    office.open()
    for base in range(9):
        for code in office.codes:
            office.desk.clock.forward(seconds=1)  # type: ignore[attr-defined]
            office.reply(code, base=base)
    client = office.browser("officer")
    first = page(client, f"{HERE}/history")
    assert "Page 1 of 2" in first
    assert "No. 0</span>" not in first
    assert "The ledger was opened" in page(client, f"{HERE}/history?page=2")
    assert "Page 2 of 2" in page(client, f"{HERE}/history?page=99")
    assert "Page 1 of 2" in page(client, f"{HERE}/history?page=x")


def test_the_decided_request_says_who_decided(office: Office) -> None:
    office.open()
    number = office.record("ARG")
    assert decide(office.browser("approver"), number).status_code == 303
    assert "Confirmed by B. Approver" in page(office.browser("officer"), request_page(number))
