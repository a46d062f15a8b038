"""What may happen to a comment round while it is open: it is withdrawn as a whole, or stays."""

from datetime import timedelta

import pytest
from flask import Flask

from consult.actions import commenting, corrected_roll, revising, withdrawing
from consult.actions.change import Desk
from consult.actions.corrected_roll import Correction
from consult.actions.withdrawing import NewWithdrawal
from consult.core.life import Revising
from consult.core.round import NewComment, Remark, content_hash
from consult.errors import BadInput, NotFound, Withdrawn
from tests import build, forms
from tests.forms import form_with, forms_of
from tests.office import HERE, SLUG, Office, office_of, page
from tests.revising import on_roll
from tests.stored import faults
from tests.world import round_content

COMMENTS = f"/en/c/{SLUG}/ARG/comments"
REMARKS = (Remark("1", "2", "Say which hall.", "", "en"),)


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    found = office_of(app, desk, 3)
    slug = found.draft(**round_content())
    build.open_it(desk, slug, found.people["officer"], found.people["approver"])
    return found


def withdraw(office: Office) -> None:
    new = NewWithdrawal(None, "It is settled.", "Chair, 1 July")
    asked = withdrawing.withdraw(office.desk, SLUG, office.people["officer"], new)
    build.confirm(office.desk, asked, office.people["approver"])


def send(office: Office) -> int:
    said = content_hash(REMARKS)
    new = NewComment("ARG", REMARKS, 0, "k" * 32, office.desk.clock(), "en", said)
    return commenting.comment(office.desk, SLUG, office.people["ARG"], new)


@pytest.mark.parametrize("seconds", [-600, 1], ids=["in time", "late"])
def test_a_withdrawn_round_takes_no_comment(office: Office, seconds: int) -> None:
    withdraw(office)
    build.set_clock(office.desk, build.CLOSES_AT + timedelta(seconds=seconds))
    with pytest.raises(Withdrawn):
        send(office)
    assert faults(office.desk) == []


def test_the_page_of_a_withdrawn_round_says_so_and_keeps_no_draft(office: Office) -> None:
    browser = office.browser("ARG")
    form = form_with(page(browser, COMMENTS), "seen")
    withdraw(office)
    typed = {**form.fields, "t-1:2": "Say which hall.", "do": "save"}
    assert browser.post(COMMENTS, data=typed).status_code == 410
    shown = page(browser, COMMENTS)
    assert "The consultation is withdrawn" in shown
    assert "It is settled." in shown
    assert [found for found in forms_of(shown) if "seen" in found.fields] == []


def test_no_document_of_a_round_is_withdrawn_alone(office: Office) -> None:
    new = NewWithdrawal(["1"], "It is settled.", "Chair, 1 July")
    with pytest.raises(BadInput) as refused:
        withdrawing.withdraw(office.desk, SLUG, office.people["officer"], new)
    assert refused.value.faults == {"items": "last-item"}
    officer = office.browser("officer")
    form = form_with(shown := page(officer, f"{HERE}/withdraw"), "reason")
    said = {"what": "whole", "reason": "It is settled.", "authority": "Chair, 1 July"}
    assert "The items ticked below" not in shown
    assert forms.send(officer, f"{HERE}/withdraw", form, **said).status_code == 303


def test_texts_and_roll_of_an_open_round_stay_as_they_are(office: Office) -> None:
    """Both were asked for and could not be confirmed: a round has no case to correct."""
    desk, officer = office.desk, office.people["officer"]
    with pytest.raises(NotFound):
        revising.begin(desk, SLUG, officer, Revising.CORRIGENDUM, None)
    line = {**on_roll(desk, "BHS"), "entitled": False}
    with pytest.raises(NotFound):
        corrected_roll.submit(desk, SLUG, officer, Correction("BHS", line, "Arrears."))
    browser = office.browser("officer")
    for address in ("revise", "roll", "roll/BHS"):
        assert browser.get(f"{HERE}/{address}").status_code == 404
    shown = page(browser, HERE)
    assert "Extend the deadline" in shown
    assert "Revise the letter" not in shown
    assert "Correct the roll" not in shown
