"""Observers are told what happened to a letter that is open to them, and nothing of a reply."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import (
    correcting,
    extending,
    observing,
    referring,
    replying,
    sending,
    withdrawing,
)
from consult.actions.change import Desk
from consult.core.extension import NewDeadline
from consult.core.life import Revising
from consult.core.schedule import NoticeKind, NoticeState
from consult.mail.render import preview
from consult.queries.recipients import observers
from consult.tables import Notice, Observer, Person, reading, writing
from tests import build, published, revising
from tests.statements import statements
from tests.stored import faults, letter

SECRETS = ("object", "Not in June", "ARG", "Head of", "A national holiday", "CAN")
LATER = build.CLOSES_AT + timedelta(days=10)


@pytest.fixture
def of(desk: Desk) -> published.Office:
    return named(desk)


def named(desk: Desk) -> published.Office:
    """Load a council, its people and two observers."""
    made = published.office(desk)
    for name, language in (("Olga", "en"), ("Omar", "ar")):
        address = f"{name.lower()}@unesco.example"
        new = observing.NewObserver(build.BODY, name, address, language, "UNESCO")
        observing.name(desk, made.officer, new)
    return made


def opened(desk: Desk, of: published.Office, **more: Any) -> str:
    slug = build.draft(desk, of.officer, observers=True, **more)
    build.open_it(desk, slug, of.officer, of.approver)
    return slug


def told(desk: Desk) -> list[tuple[str, str, str]]:
    """Return who was told of what, and on which occasion."""
    with reading(desk.engine) as session:
        rows = session.execute(
            select(Person.name, Notice.data, Notice.occasion)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.kind == NoticeKind.OBSERVED)
            .order_by(Notice.id)
        ).all()
    return [(row.name, row.data["about"], row.occasion.partition("-")[0]) for row in rows]


def of_both(about: str, occasion: str) -> list[tuple[str, str, str]]:
    return [(name, about, occasion) for name in ("Olga", "Omar")]


def extend(desk: Desk, slug: str, of: published.Office) -> None:
    new = NewDeadline(LATER, "CAN", "A national holiday of five days.", "Chair, e-mail")
    build.confirm(desk, extending.extend(desk, slug, of.officer, new), of.approver)


def withdraw(desk: Desk, slug: str, of: published.Office, items: list[str] | None) -> None:
    new = withdrawing.NewWithdrawal(items, "It was Not in June that it failed.", "Chair, e-mail")
    build.confirm(desk, withdrawing.withdraw(desk, slug, of.officer, new), of.approver)


def test_they_are_told_of_opening_changes_and_withdrawal_and_of_no_reply(
    desk: Desk, of: published.Office
) -> None:  # T33
    slug = opened(desk, of)
    found = of_both("invitation", "invitation")
    assert told(desk) == found
    said = build.answer("ARG", "object", "object", "object", c1="Not in June.")
    replying.reply(desk, slug, of.heads["ARG"], build.sent(desk, said))
    assert told(desk) == found
    extend(desk, slug, of)
    found += of_both("extension", "extension")
    assert told(desk) == found
    wanted = revising.retitled(desk, 0, "Otherwise")
    revising.revise(desk, of.officer, of.approver, Revising.CORRIGENDUM, wanted)
    found += of_both("corrigendum", "revision")
    wanted = revising.retitled(desk, 1, "نص آخر", "ar")
    revising.revise(desk, of.officer, of.approver, Revising.EDITORIAL, wanted, "ar")
    found.append(("Omar", "corrigendum", "revision"))
    withdraw(desk, slug, of, ["2"])
    withdraw(desk, slug, of, None)
    found += of_both("withdrawal", "withdrawal") * 2
    assert told(desk) == found
    with reading(desk.engine) as session:
        rows = session.scalars(select(Notice).where(Notice.kind == NoticeKind.OBSERVED)).all()
    for row in rows:
        assert row.member is None
        assert not [word for word in SECRETS if word in str(row.data)], row.data
    assert faults(desk) == []


def test_they_are_told_that_the_result_is_published_and_not_what_it_is(
    desk: Desk, of: published.Office
) -> None:
    published.publish(desk, of, observers=True)
    assert told(desk) == of_both("invitation", "invitation") + of_both("result", "result")
    with reading(desk.engine) as session:
        notices = select(Notice).where(Notice.kind == NoticeKind.OBSERVED).order_by(Notice.id)
        row = session.scalars(notices).all()[-1]
    assert "adopted" not in str(row.data)
    assert faults(desk) == []


def test_they_are_told_of_what_stands_beside_a_published_record(
    desk: Desk, of: published.Office
) -> None:
    slug = published.publish(desk, of, observers=True)
    found = of_both("invitation", "invitation") + of_both("result", "result")
    wrong = build.in_all("The second date is 13 June.")
    build.confirm(desk, correcting.correct(desk, slug, of.officer, wrong), of.approver)
    found += of_both("erratum", "erratum")
    assert told(desk) == found
    new = referring.NewReferral(frozenset({"2"}), "Council 2021", "ARG", "Not in June.", "")
    build.confirm(desk, referring.refer(desk, slug, of.officer, new), of.approver)
    assert told(desk) == found + of_both("referral", "referral")
    with reading(desk.engine) as session:
        rows = session.scalars(select(Notice).where(Notice.kind == NoticeKind.OBSERVED)).all()
    for row in rows:
        assert not [word for word in SECRETS if word in str(row.data)], row.data
    assert faults(desk) == []


def test_nobody_is_told_of_a_letter_that_is_not_open_to_them_or_who_observes_no_more(
    desk: Desk, of: published.Office
) -> None:
    slug = build.draft(desk, of.officer)
    build.open_it(desk, slug, of.officer, of.approver)
    assert told(desk) == []
    with writing(desk.engine) as session:
        for one in session.scalars(select(Observer)):
            one.until_at = desk.clock()
    opened(desk, of, reference="CONS-2020/2")
    assert told(desk) == []


def test_a_notice_to_who_observes_no_more_is_not_sent(desk: Desk, of: published.Office) -> None:
    opened(desk, of)
    with writing(desk.engine) as session:
        ended, stays = session.scalars(select(Observer).order_by(Observer.id))
        ended.until_at = desk.clock()
        named = (ended.person_id, stays.person_id)
    claimed = sending.claim(desk, "w", 100)
    with reading(desk.engine) as session:
        ids = {
            row.person_id: row.id
            for row in session.scalars(select(Notice).where(Notice.kind == NoticeKind.OBSERVED))
        }
    assert set(ids.values()) <= set(claimed)
    assert sending.take(desk, "w", ids[named[0]]) is None
    assert sending.take(desk, "w", ids[named[1]]) is not None
    with reading(desk.engine) as session:
        row = session.get_one(Notice, ids[named[0]])
        assert (row.state, row.cause) == (NoticeState.CANCELLED, "observer-ended")


def test_the_number_of_observers_costs_no_statement(desk: Desk, of: published.Office) -> None:
    opened(desk, of)
    with reading(desk.engine) as session:
        found = letter(desk)
        with statements(desk.engine) as ran:
            assert len(observers(session, found, desk.clock())) == 2
        assert len(ran) == 1
        found.observers = False
        with statements(desk.engine) as ran:
            assert observers(session, found, desk.clock()) == []
        assert ran == []


@pytest.mark.parametrize(
    ("about", "more", "words"),
    [
        ("invitation", {}, "For observers: Consultation CONS-2020/1 is open (The Council)"),
        ("extension", {}, "The deadline of consultation CONS-2020/1 is extended to"),
        ("corrigendum", {"revising": "roll"}, "is changed: Corrigendum to the roll, Rev.1"),
        ("withdrawal", {"withdrawn": []}, "Consultation CONS-2020/1 is withdrawn"),
        ("withdrawal", {"withdrawn": ["2"]}, "Item 2 is withdrawn; the consultation goes on"),
        ("result", {}, "The result of consultation CONS-2020/1"),
        ("erratum", {"erratum": 1}, "Erratum 1 to the record of consultation CONS-2020/1"),
        ("referral", {}, "Items of consultation CONS-2020/1 go on to a meeting"),
        ("result", {"asks": "comments"}, "The comments on consultation CONS-2020/1"),
    ],
)
def test_the_mail_says_what_happened_and_leads_to_the_page_of_observers(
    app: Flask, desk: Desk, about: str, more: dict[str, Any], words: str
) -> None:
    opened(desk, named(desk))
    with reading(desk.engine) as session:
        row = session.scalars(select(Notice).where(Notice.kind == NoticeKind.OBSERVED)).first()
    assert row is not None
    data = {**row.data, "revision": 1, **more, "about": about}
    for language in build.LANGUAGES:
        with app.app_context():
            mail = preview(NoticeKind.OBSERVED, data, language, None, "https://x.example")
        assert f"https://x.example/{language}/observe/CONS-2020-1" in mail.text
        if language == "en":
            assert words in mail.subject
            assert "an observer of the body" in mail.text
            over = about in {"result", "erratum", "referral"} or more.get("withdrawn") == []
            assert ("Deadline" in mail.text) is not over
