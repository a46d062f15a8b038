"""A focal point whose letter is revised: sees what changed, confirms or changes, loses nothing."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor, Revising
from tests import build
from tests import revising as these
from tests.forms import form_with, send
from tests.replies import ALL_APPROVE, LETTER, confirm, draft, reply, stored, valid, write
from tests.statements import statements


@dataclass
class Here:
    client: FlaskClient
    desk: Desk
    asks: Actor
    confirms: Actor

    def revise(self, kind: Revising = Revising.CORRIGENDUM) -> None:
        build.later(self.desk, minutes=5)
        make = these.extended if kind is Revising.ADDENDUM else these.redated
        these.revise(self.desk, self.asks, self.confirms, kind, make(self.desk))
        build.later(self.desk, minutes=5)


def here_of(app: Flask, desk: Desk, members: int = 3, **more: str) -> Here:
    build.council(desk, members)
    asks, confirms = build.officer(desk), build.approver(desk)
    build.open_it(desk, build.draft(desk, asks, **more), asks, confirms)
    client = app.test_client()
    build.sign_in(client, desk, build.person(desk, "Ana Alvarez", member="ARG"))
    return Here(client, desk, asks, confirms)


@pytest.fixture
def here(app: Flask, desk: Desk) -> Here:
    return here_of(app, desk)


def test_the_letter_says_beforehand_what_becomes_of_a_reply(app: Flask, desk: Desk) -> None:
    here = here_of(app, desk, unconfirmed="lapses")
    page = here.client.get(LETTER).text
    assert "otherwise the Member State is recorded as silent on the revised items" in page


def test_a_changed_item_is_shown_with_its_differences_and_confirmed(here: Here) -> None:
    reply(here.client, **ALL_APPROVE)
    here.revise()
    page = here.client.get(LETTER).text
    valid(page)
    assert "This letter was revised: Rev.1" in page
    assert "Your earlier position is kept below. Confirm or change it." in page
    assert page.count("Changed by Rev.1 on") == 1
    assert "Sunday 20 June 2021" in page
    assert "the earlier reply of Argentina stands as it is" in page
    shown = send(here.client, LETTER, form_with(page, "confirm"), "confirm")
    assert shown.headers["Location"].endswith("/check")
    assert confirm(here.client).status_code == 303
    first, second = stored(here.desk)
    assert (first.revision, second.revision) == (0, 1)
    assert first.choices == second.choices
    assert "Confirm the reply as it stands" not in here.client.get(LETTER).text


def test_where_it_lapses_the_page_says_so(app: Flask, desk: Desk) -> None:
    here = here_of(app, desk, unconfirmed="lapses")
    reply(here.client, **ALL_APPROVE)
    here.revise()
    page = here.client.get(LETTER).text
    assert "Until it is confirmed, Argentina is recorded as silent on what was changed." in page


def test_a_new_item_is_marked_and_the_check_names_it_as_a_gap(here: Here) -> None:
    reply(here.client, **ALL_APPROVE)
    here.revise(Revising.ADDENDUM)
    page = here.client.get(LETTER).text
    valid(page)
    assert "Added by Rev.1" in page
    send(here.client, LETTER, form_with(page, "confirm"), "confirm")
    assert "Item 4 has no position" in here.client.get(f"{LETTER}/check").text


def test_a_form_of_before_is_refused_and_keeps_what_was_typed(here: Here) -> None:
    opened = form_with(here.client.get(LETTER).text, "review")
    here.revise()
    refused = send(
        here.client, LETTER, opened, "review", **{**ALL_APPROVE, "p-2": "object", "c-2": "Mine"}
    )
    assert refused.status_code == 409
    valid(refused.text)
    assert "The letter was revised while you wrote: Rev.1" in refused.text
    assert "Item 1: Changed by Rev.1: look at it again" in refused.text
    assert "Mine" in refused.text
    assert draft(here.desk) is None
    again = form_with(refused.text, "review")
    assert (again.fields["p-1"], again.fields["p-2"]) == ("approve", "object")
    assert send(here.client, LETTER, again, "review").status_code == 303
    assert confirm(here.client).status_code == 303
    assert stored(here.desk)[0].revision == 1


def test_a_check_page_of_before_is_not_sent(here: Here) -> None:
    write(here.client, "review", **ALL_APPROVE)
    shown = form_with(here.client.get(f"{LETTER}/check").text, "key")
    here.revise()
    refused = send(here.client, LETTER, shown)
    assert refused.status_code == 409
    valid(refused.text)
    assert stored(here.desk) == []
    assert form_with(refused.text, "review").fields["p-3"] == "approve"
    assert here.client.get(f"{LETTER}/check").headers["Location"].endswith("#reply")
    send(here.client, LETTER, form_with(refused.text, "review"), "review")
    assert confirm(here.client).status_code == 303


def test_an_editorial_correction_asks_for_nothing(here: Here) -> None:
    reply(here.client, **ALL_APPROVE)
    build.later(here.desk, minutes=5)
    content = these.retitled(here.desk, 0, "Session", "en")
    these.revise(here.desk, here.asks, here.confirms, Revising.EDITORIAL, content, "en")
    page = here.client.get(LETTER).text
    assert "This letter was revised: Rev.1" in page
    assert "Confirm or change it" not in page
    assert "Confirm the reply as it stands" not in page


def test_a_corrected_roll_does_not_disturb_who_is_about_to_send(here: Here) -> None:
    write(here.client, "review", **ALL_APPROVE)
    shown = form_with(here.client.get(f"{LETTER}/check").text, "key")
    line = {**these.on_roll(here.desk, "BRA"), "entitled": False, "no_vote_under": "169"}
    these.correct_roll(here.desk, here.asks, here.confirms, "BRA", line)
    assert send(here.client, LETTER, shown).status_code == 303
    assert stored(here.desk)[0].revision == 1


def test_a_revised_letter_costs_one_statement_more(app: Flask, desk: Desk) -> None:
    here = here_of(app, desk, members=40)
    reply(here.client, **ALL_APPROVE)
    with statements(desk.engine) as before:
        here.client.get(LETTER)
    here.revise()
    here.revise(Revising.ADDENDUM)
    here.client.get(LETTER)  # notes that the session was seen
    with statements(desk.engine) as after:
        here.client.get(LETTER)
    assert len(after) == len(before) + 1
