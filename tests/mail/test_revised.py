"""The mails of a revised letter: what changed, item by item, and what that asks of whom."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.life import Revising
from consult.core.schedule import NoticeKind
from consult.mail.render import Site, render
from consult.queries.outgoing import outgoing
from consult.tables import Notice, reading
from tests import revising as these
from tests.actions.test_corrected_roll import without_vote
from tests.actions.test_revising import council

SITE = Site("https://consult.example.org", "consult@consult.example.org", b"a secret")


def mail(desk: Desk, app: Flask, member: str, kind: NoticeKind = NoticeKind.CORRIGENDUM) -> Any:
    with reading(desk.engine) as session:
        (number,) = session.scalars(
            select(Notice.id).where(Notice.kind == kind, Notice.member == member)
        ).all()
        found = outgoing(session, number)
    with app.app_context():
        return render(found, SITE, None)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_who_replied_is_asked_to_confirm_and_told_what_becomes_of_it(
    desk: Desk, app: Flask
) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    here.revise(Revising.CORRIGENDUM, these.redated(desk))
    own = mail(desk, app, "ARG")
    text = plain(own.text)
    assert "Corrigendum, Rev.1" in own.subject
    assert "1. 2021 session of the Council: Last day" in text
    assert "confirm or change its reply before Friday 17 July 2020, 16:00 Geneva" in text
    assert "Until it is confirmed, Argentina is recorded as silent on what was changed." in text
    assert "/en/c/CONS-2020-1/ARG/revisions/1" in own.text.replace("\n", "")
    assert these.REASON in text
    assert "recorded as silent" not in plain(mail(desk, app, "BRA").text)
    assert "Last day" in own.html


def test_an_addendum_names_the_new_item(desk: Desk, app: Flask) -> None:
    here = council(desk)
    here.reply("ARG")
    here.revise(Revising.ADDENDUM, these.extended(desk))
    text = plain(mail(desk, app, "ARG", NoticeKind.ADDENDUM).text)
    assert "4. Another question: new" in text
    assert "Complete the reply before" in text


def test_an_editorial_correction_asks_for_nothing(desk: Desk, app: Flask) -> None:
    here = council(desk)
    here.revise(Revising.EDITORIAL, these.retitled(desk, 0, "Session 2021", "fr"), "fr")
    assert mail(desk, app, "BHS").subject


def test_a_member_that_loses_its_right_is_told_and_others_shortly(desk: Desk, app: Flask) -> None:
    here = council(desk)
    these.correct_roll(desk, here.asks, here.confirms, "ARG", without_vote(desk, "ARG"))
    own, other = mail(desk, app, "ARG"), mail(desk, app, "BRA")
    assert "Argentina has not the right to vote in this consultation." in plain(own.text)
    assert "has not the right" not in plain(other.text)
    assert "What the roll says of Argentina is corrected." in plain(other.text)
