"""Everything that can be refused or is a code has words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale

from consult import app as _everything  # noqa: F401 - so that every refusal is known
from consult.core.comparison import Choice
from consult.core.life import Act, Channel, CommentPolicy, Disclosure, ItemKind, Role, State
from consult.core.schedule import NoticeKind, NoticeState
from consult.core.tally import Outcome, Reason
from consult.errors import NotOpenYet, NotReadmitted, Refused, Undisposed, WrongCode
from consult.wording import catalogues, kinds
from consult.wording.faults import fault
from consult.wording.instants import Place
from consult.wording.refusals import NOT_READMITTED, sentence


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask("wording")
    catalogues.set_up(app, lambda: "en")
    with app.app_context(), force_locale("en_GB"):
        yield


def _family(kind: type[Refused]) -> Iterator[type[Refused]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _family(below)


def _made(kind: type[Refused]) -> Refused:
    if kind is WrongCode:
        return WrongCode("code", 2)
    if kind is NotReadmitted:
        return NotReadmitted("unsigned")
    if kind is Undisposed:
        return Undisposed(count=2)
    return kind({}) if kind.code == "bad-input" else kind()


@pytest.mark.parametrize("kind", list(_family(Refused)), ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_sentence_and_a_status(kind: type[Refused]):
    said = sentence(_made(kind))
    assert said.endswith(".")
    assert "!" not in said
    assert 400 <= kind.status < 600


def test_every_receipt_that_proves_nothing_is_refused_with_its_reason():  # T98
    facts = {"detail": "d", "kid": "k", "reference": "r", "member": "m", "revision": 1}
    said = {why: sentence(NotReadmitted(why, **facts, state="broken")) for why in NOT_READMITTED}
    assert len(set(said.values())) == len(said)
    assert all(words[-1] in ".)" or words.endswith(": d") for words in said.values())


def test_refusals_have_codes_of_their_own():
    codes = [kind.code for kind in _family(Refused)]
    assert len(codes) == len(set(codes))


def test_an_instant_is_said_in_the_place_that_is_given():
    refusal = NotOpenYet(opens_at=datetime(2020, 6, 22, 7, 0, tzinfo=UTC))
    said = sentence(refusal, Place("Europe/Zurich", "Geneva"))
    assert said.endswith("It opens on Monday 22 June 2020, 09:00 Geneva (07:00 UTC).")


def test_a_phrase_that_is_no_code_is_said_as_it_is():
    assert fault("reasons-required") == "Give your reasons for objecting"
    assert fault("line 3: no such member") == "line 3: no such member"


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (kinds.state, State),
        (kinds.choice, Choice),
        (kinds.channel, Channel),
        (kinds.role, Role),
        (kinds.comment_policy, CommentPolicy),
        (kinds.disclosure, Disclosure),
        (kinds.item_kind, ItemKind),
        (kinds.notice, NoticeKind),
        (kinds.notice_state, NoticeState),
        (kinds.reason, Reason),
        (kinds.act, Act),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_every_code_has_words(words, codes: type[StrEnum]):  # type: ignore[no-untyped-def]
    said = [words(code) for code in codes]
    assert all(said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("kind", "adopted", "not_adopted"),
    [
        (ItemKind.TEXT, "Adopted", "Not adopted"),
        (ItemKind.DATES, "Approved", "Not approved"),
        (ItemKind.APPOINTMENT, "Appointed", "Not appointed"),
        (ItemKind.QUESTION, "Approved", "Not approved"),
    ],
)
def test_the_outcome_follows_the_kind(kind: ItemKind, adopted: str, not_adopted: str):
    assert kinds.outcome(kind, Outcome.ADOPTED) == adopted
    assert kinds.outcome(kind, Outcome.NOT_ADOPTED) == not_adopted
    assert kinds.outcome(kind, Outcome.INQUORATE) == "No decision: quorum not met"


def test_several_outcomes_are_counted_by_kind():
    said = kinds.mixed(
        [(ItemKind.DATES, Outcome.ADOPTED)] * 6
        + [(ItemKind.TEXT, Outcome.ADOPTED)]
        + [(ItemKind.APPOINTMENT, Outcome.ADOPTED)] * 4
        + [(ItemKind.APPOINTMENT, Outcome.NOT_ADOPTED)]
    )
    assert said == "6 dates approved, 1 text adopted, 4 persons appointed, 1 person not appointed"


def test_a_rule_may_name_its_positions_otherwise():
    names = {"object": {"en": "Reject", "fr": "Rejeter"}}
    assert kinds.choice(Choice.OBJECT, names, "fr") == "Rejeter"
    assert kinds.choice(Choice.OBJECT, names, "ru") == "Reject"
    assert kinds.choice(Choice.APPROVE, names, "fr") == "Approve"
    assert kinds.choice(None) == "No position"
