"""The history has a sentence for every kind of entry, and no position reaches it."""

from typing import Any

import pytest
from flask import Flask

from consult.actions import replying
from consult.actions.change import Desk
from consult.core.entries import SHAPES
from consult.queries.history import Event, history
from consult.wording.history import sentence
from consult.wording.instants import Place
from tests import build

AT = build.CLOSES_AT
FACTS: dict[str, Any] = {
    "version": 2,
    "received_at": "2020-07-17T14:00:03.000000Z",
    "to": "2020-07-24T14:00:00.000000Z",
    "channel": "fax",
    "role": "head",
    "recorded": 1,
    "revision": 1,
    "items": ["2"],
    "count": 19,
    "late": True,
    "erratum": 1,
    "reference": "CONS-2020/2",
    "counts": True,
    "kind": "reminder",
}


@pytest.mark.parametrize("what", sorted(SHAPES))
def test_every_kind_of_entry_has_a_sentence(app: Flask, what: str) -> None:
    facts = {**FACTS, "kind": "roll"} if what == "corrigendum" else FACTS
    event = Event(7, AT, what, facts, "A. Officer", "Kenya", "reply-on-behalf")
    with app.test_request_context("/en/"):
        said = sentence(event, Place("Europe/Zurich", "Geneva"))
    assert said
    assert "%" not in said


def test_positions_and_words_do_not_reach_it(desk: Desk) -> None:
    """T33."""
    slug = build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana Focal", member="ARG")
    said = build.answer("ARG", "object", "approve", "abstain", c1="Reasons.")
    replying.reply(desk, slug, ana, build.sent(desk, said))
    found = history(desk.engine, slug, 1, desk.clock(), "en")
    replies = [event for event in found.events if event.what == "reply"]
    assert [(event.who, event.member) for event in replies] == [("Ana Focal", "Argentina")]
    told = [value for event in found.events for value in event.facts.values()]
    assert all(isinstance(value, str | int | list | None) for value in told)
    assert not any(str(value) in {"object", "approve", "abstain"} for value in told)
    assert set(replies[0].facts) == {"version", "channel", "received_at"}
