"""Letters and turnout over the years: others read that a member replied, never what it said."""

import pytest
from flask import Flask

from consult.actions import commenting, due
from consult.actions.change import Desk
from consult.core.round import NewComment, Remark, content_hash
from consult.documents.record_csv import read
from tests import build, contests
from tests.office import SLUG, Office, office_of, page
from tests.statements import statements
from tests.world import round_content

FIGURES = f"/en/office/bodies/{build.BODY}/figures"


@pytest.fixture
def of(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 5)


def closed(of: Office) -> None:
    """Two reply, one of them after the reminder; the letter closes."""
    of.open()
    of.reply(of.codes[0], "approve", "object", "abstain")
    of.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(of.desk, days=-2)
    due.queue_due(of.desk)
    build.later(of.desk, hours=1)
    of.reply(of.codes[1])
    of.close()


def test_turnout_counts_closed_letters_alone(of: Office) -> None:
    officer = of.browser("officer")
    assert "Nothing to tell yet" in page(officer, FIGURES)
    of.open()
    of.reply(of.codes[0])
    assert "Nothing to tell yet" in page(of.browser("officer"), FIGURES)


def test_a_comment_round_asks_for_no_reply_and_is_not_among_the_letters(of: Office) -> None:
    item = build.item("1", "Dates", kind="text", text=build.in_all("It is held in Geneva."))
    slug = of.draft(kind="comments", rule=None, items=[item])
    build.open_it(of.desk, slug, of.people["officer"], of.people["approver"])
    of.close()
    assert "Nothing to tell yet" in page(of.browser("officer"), FIGURES)


def test_a_comment_round_stands_among_a_member_s_letters_and_in_no_number(of: Office) -> None:
    slug, code = of.draft(**round_content()), of.codes[0]
    build.open_it(of.desk, slug, of.people["officer"], of.people["approver"])
    said = (Remark("1", "1", "Say which hall.", "", "en"),)
    new = NewComment(code, said, 0, "a key", of.desk.clock(), "en", content_hash(said))
    commenting.comment(of.desk, slug, of.people[code], new)
    own = page(of.browser(code), f"/en/member/{code}/letters")
    assert "Comments sent, version 1" in own
    assert f"/en/c/{slug}/{code}/comments/1" in own
    assert "0 of 0" in own
    silent = page(of.browser(of.codes[1]), f"/en/member/{of.codes[1]}/letters")
    assert "No comments" in silent
    table = read(of.browser("officer").get(f"/en/member/{code}/letters.csv").data)
    assert table[1][5:7] == ["1", "1"]


def test_each_figure_is_told_as_table_and_as_csv(of: Office) -> None:
    closed(of)
    officer = of.browser("officer")
    shown = page(officer, FIGURES)
    assert "2 of 5" in shown
    turnout = read(officer.get(f"{FIGURES}/turnout.csv").data)
    assert turnout[1][0] == "CONS-2020/1"
    assert turnout[1][3:6] == ["5", "2", "0"]
    reminders = read(officer.get(f"{FIGURES}/reminders.csv").data)
    assert reminders[1][3:] == ["4", "1"]
    assert sum(int(row[1]) for row in read(officer.get(f"{FIGURES}/days.csv").data)[1:]) == 2
    assert sum(int(row[2]) for row in read(officer.get(f"{FIGURES}/regions.csv").data)[1:]) == 2
    assert officer.get(f"{FIGURES}/other.csv").status_code == 404
    assert officer.get("/en/office/bodies/other/figures").status_code == 404


def test_figures_cost_the_same_with_more_letters(of: Office) -> None:
    closed(of)
    officer = of.browser("officer")
    page(officer, FIGURES)
    with statements(of.desk.engine) as seen:
        page(officer, FIGURES)
    assert len(seen) <= 7


def test_a_late_reply_that_a_ruling_lets_in_is_remembered_as_counted(of: Office) -> None:
    """T76: and one that it keeps out as not."""
    of.open()
    of.reply(of.codes[0], "approve")
    contests.late_reply(of, of.codes[1], "object")
    letters = f"/en/member/{of.codes[1]}/letters"
    assert "Replied late; not counted." in page(of.browser(of.codes[1]), letters)
    contests.state_post(of)
    contests.rule(of, of.codes[1], counts=True)
    shown = page(of.browser(of.codes[1]), letters)
    assert "Replied late" not in shown
    assert "Object 1" in shown


def test_a_member_reads_what_it_said_and_its_receipts(of: Office) -> None:
    closed(of)
    own = page(of.browser(of.codes[0]), f"/en/member/{of.codes[0]}/letters")
    assert "Approve 1" in own
    assert f"/en/c/{SLUG}/{of.codes[0]}/receipts/1" in own
    silent = page(of.browser(of.codes[3]), f"/en/member/{of.codes[3]}/letters")
    assert "No reply." in silent
    rows = read(of.browser(of.codes[0]).get(f"/en/member/{of.codes[0]}/letters.csv").data)
    assert rows[1][0] == "CONS-2020/1"


def test_before_disclosure_the_secretariat_sees_that_it_replied_not_what(of: Office) -> None:
    closed(of)
    address = f"/en/member/{of.codes[0]}/letters"
    shown = page(of.browser("officer"), address)
    assert "Reply received" in shown
    assert "Approve 1" not in shown
    assert "receipts" not in shown
    assert of.browser(of.codes[1]).get(address).status_code == 404
    assert of.browser("administrator").get(address).status_code == 404
