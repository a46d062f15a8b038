"""Colleagues and windows at work on one reply: nobody overwrites another unseen (T68)."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor
from consult.tables import ReplyDraft, writing
from tests import build
from tests.forms import form_with, send
from tests.replies import ALL_APPROVE, LETTER, confirm, draft, reply, stored, valid, write


@dataclass(frozen=True)
class Pair:
    """Two focal points of one member, each with a browser."""

    ana: FlaskClient
    bruno: FlaskClient
    ana_is: Actor
    bruno_is: Actor


@pytest.fixture
def pair(app: Flask, desk: Desk) -> Pair:
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana Alvarez", member="ARG")
    bruno = build.person(desk, "Bruno Benitez", member="ARG", head=False)
    pair = Pair(app.test_client(), app.test_client(), ana, bruno)
    build.sign_in(pair.ana, desk, ana)
    build.sign_in(pair.bruno, desk, bruno)
    return pair


def test_a_colleague_s_draft_is_not_overwritten_unseen(pair: Pair, desk: Desk) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    write(pair.bruno, "save", **{"p-1": "abstain", "p-2": "approve", "c-2": "Bruno wrote this"})
    refused = send(
        pair.ana, LETTER, opened, "save", **{"p-1": "approve", "p-2": "approve", "c-3": "Mine"}
    )
    assert refused.status_code == 409
    page = refused.text
    assert "Item 1: A colleague changed it meanwhile: choose which position stands" in page
    assert "Item 2: A colleague wrote something else meanwhile" in page
    for kept in ("Bruno Benitez", "Bruno wrote this", "Mine", "What you entered"):
        assert kept in page
    valid(page)
    again = form_with(page, "review")
    assert "p-1" not in again.fields  # neither is chosen for the reader
    assert again.fields["p-2"] == "approve"
    assert draft(desk).choices["1"] == "abstain"  # type: ignore[union-attr]
    settled = send(pair.ana, LETTER, again, "save", **{"p-1": "approve"})
    assert settled.status_code == 303
    assert draft(desk).choices["1"] == "approve"  # type: ignore[union-attr]


def test_words_on_the_whole_are_not_overwritten_unseen(pair: Pair, desk: Desk) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    write(pair.bruno, "save", **{"c-general": "What Bruno says"})
    refused = send(pair.ana, LETTER, opened, "save", **{"c-general": "What Ana says"})
    assert refused.status_code == 409
    assert '<a href="#c-general">Comment on the whole: A colleague wrote' in refused.text
    for kept in ("What Bruno says", "What Ana says", "Bruno Benitez"):
        assert kept in refused.text
    valid(refused.text)
    assert draft(desk).comments["general"]["text"] == "What Bruno says"  # type: ignore[union-attr]


def test_a_colleague_s_reply_is_not_overwritten_unseen(pair: Pair, desk: Desk) -> None:
    write(pair.ana, "review", **ALL_APPROVE)
    shown = form_with(pair.ana.get(f"{LETTER}/check").text, "key")
    write(pair.bruno, "review", **{"p-1": "object"})
    confirm(pair.bruno)
    refused = send(pair.ana, LETTER, shown)
    assert refused.status_code == 409
    assert "Your reply is not sent: 1 thing needs you" in refused.text
    assert "Bruno Benitez" in refused.text
    valid(refused.text)
    assert len(stored(desk)) == 1
    again = form_with(refused.text, "review")
    assert again.fields["base"] == "1"
    send(pair.ana, LETTER, again, "review", **{"p-1": "approve"})
    assert confirm(pair.ana).headers["Location"].endswith("/receipts/2")
    assert stored(desk)[-1].base == 1


def test_a_draft_that_changed_after_the_check_is_not_sent(pair: Pair, desk: Desk) -> None:
    write(pair.ana, "review", **ALL_APPROVE)
    shown = form_with(pair.ana.get(f"{LETTER}/check").text, "key")
    write(pair.bruno, "save", **{"p-3": "object"})
    refused = send(pair.ana, LETTER, shown)
    assert refused.status_code == 409
    assert "Item 3: A colleague changed it" in refused.text
    assert stored(desk) == []


def test_what_rests_on_an_older_version_is_not_saved(pair: Pair, desk: Desk) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    reply(pair.bruno, **ALL_APPROVE)
    refused = send(pair.ana, LETTER, opened, "review", **{"p-2": "object", "c-2": "Reasons"})
    assert refused.status_code == 409
    assert "Reasons" in refused.text
    assert draft(desk) is None


def test_a_newer_version_and_a_newer_draft_are_both_shown_before_they_go(
    pair: Pair, desk: Desk
) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    reply(pair.bruno, **ALL_APPROVE)
    write(pair.bruno, "save", **{"p-3": "abstain"})
    first = send(pair.ana, LETTER, opened, "save", **{"p-1": "object"})
    assert first.status_code == 409
    second = send(pair.ana, LETTER, form_with(first.text, "review"), "save", **{"p-1": "object"})
    assert second.status_code == 409
    assert "Abstain" in second.text
    assert draft(desk).choices["3"] == "abstain"  # type: ignore[union-attr]


def test_two_windows_of_one_person_do_not_overwrite_each_other(pair: Pair, desk: Desk) -> None:
    first = form_with(pair.ana.get(LETTER).text, "review")
    second = form_with(pair.ana.get(LETTER).text, "review")
    send(pair.ana, LETTER, first, "save", **{"p-1": "approve"})
    refused = send(pair.ana, LETTER, second, "save", **{"p-1": "object"})
    assert refused.status_code == 409
    assert "You, in another window" in refused.text
    assert draft(desk).choices["1"] == "approve"  # type: ignore[union-attr]


def test_the_same_thing_said_twice_is_no_conflict(pair: Pair, desk: Desk) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    reply(pair.bruno, **ALL_APPROVE)
    same = send(pair.ana, LETTER, opened, "review", **ALL_APPROVE)
    assert same.headers["Location"] == f"{LETTER}#reply"
    assert len(stored(desk)) == 1


def test_a_draft_that_a_reply_overtook_shows_both(pair: Pair, desk: Desk) -> None:
    """As when a reply on behalf is recorded while a draft waits."""
    reply(pair.bruno, **ALL_APPROVE)
    write(pair.ana, "save", **{"p-1": "object"})
    with writing(desk.engine) as session:
        session.query(ReplyDraft).one().base = 0
    page = pair.ana.get(LETTER)
    assert "A newer reply stands beside this draft" in page.text
    valid(page.text)
    assert pair.ana.get(f"{LETTER}/check").headers["Location"] == f"{LETTER}#reply"


def test_what_comes_back_through_sign_in_never_hides_a_colleague_s_version(
    pair: Pair, desk: Desk
) -> None:
    opened = form_with(pair.ana.get(LETTER).text, "review")
    reply(pair.bruno, **ALL_APPROVE)
    back = send(pair.ana, LETTER, opened, "restored", **{"p-1": "object", "c-1": "Typed before"})
    assert back.status_code == 409
    assert "Typed before" in back.text
    assert draft(desk) is None
    assert len(stored(desk)) == 1


def test_what_was_typed_comes_back_and_is_neither_saved_nor_sent(pair: Pair, desk: Desk) -> None:
    """T17."""
    opened = form_with(pair.ana.get(LETTER).text, "review")
    back = send(pair.ana, LETTER, opened, "restored", **{"p-1": "object", "c-1": "Typed before"})
    assert back.status_code == 200
    fields = form_with(back.text, "review").fields
    assert (fields["p-1"], fields["c-1"]) == ("object", "Typed before")
    assert "neither saved nor sent" in back.text
    valid(back.text)
    assert draft(desk) is None
    write(pair.ana, "review", **ALL_APPROVE)
    shown = form_with(pair.ana.get(f"{LETTER}/check").text, "key")
    assert send(pair.ana, LETTER, shown, "restored").status_code == 200
    assert stored(desk) == []
