"""What differs between two texts, and between two contents."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.difference import (
    ITEM_DATA,
    ITEM_TEXTS,
    LETTER,
    Kind,
    differences,
    words,
)
from consult.core.items import EMPTY_ITEM
from consult.core.life import Revising
from consult.core.revision import _FIXED, added_items, changed_items, fault_of
from tests import build


def spelled(before: str, after: str) -> str:
    marks = {Kind.SAME: "{}", Kind.OUT: "[-{}-]", Kind.IN: "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in words(before, after))


def test_words_are_compared_not_signs() -> None:
    assert spelled("from 8 to 18 June", "from 8 to 20 June") == "from 8 to [-18-][+20+] June"


def test_a_changed_phrase_reads_whole() -> None:
    assert spelled("Candidate 1 (Brazil)", "Candidate 1 (Brazil) of the Americas") == (
        "Candidate 1 (Brazil)[+ of the Americas+]"
    )
    assert spelled("to be held here now", "to come there soon now") == (
        "to [-be held here-][+come there soon+] now"
    )


def test_what_is_new_or_gone_is_whole() -> None:
    assert spelled("", "New words") == "[+New words+]"
    assert spelled("Old words", "") == "[-Old words-]"
    assert words("", "") == ()


def test_chinese_is_compared_sign_by_sign() -> None:
    assert spelled("理事会决定", "理事会同意") == "理事会[-决定-][+同意+]"


def test_a_paragraph_is_added_whole() -> None:
    assert spelled("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.") == "One.\n\n[+New.\n\n+]Two."


TEXTS = st.text(alphabet="ab \n.会", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_give_back_both_texts(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(p.text for p in pieces if p.kind is not Kind.IN) == before
    assert "".join(p.text for p in pieces if p.kind is not Kind.OUT) == after


def test_a_long_text_that_is_wholly_other_costs_little() -> None:
    before, after = ("word " * 4000).strip(), ("other " * 4000).strip()
    assert [piece.kind for piece in words(before, after)] == [Kind.OUT, Kind.IN]


def test_data_and_words_are_told_apart() -> None:
    before, after = build.content(), deepcopy(build.content())
    after["items"][0]["to"] = "2021-06-20"
    after["items"][1]["candidate"]["en"] = "Candidate B"
    after["items"][1]["seats"] = 2
    after["subject"]["fr"] = "Dates"
    letter, dates, chair = differences(before, after)
    assert (letter.place, [(t.name, t.language) for t in letter.texts]) == (
        LETTER,
        [("subject", "fr")],
    )
    assert [(d.name, d.before, d.after) for d in dates.data] == [("to", "2021-06-18", "2021-06-20")]
    assert not dates.texts
    assert [(t.name, t.language) for t in chair.texts] == [("candidate", "en")]
    assert [(d.name, d.before, d.after) for d in chair.data] == [("seats", None, 2)]


def test_whatever_the_case_of_an_item_rests_on_is_compared() -> None:
    """What is not compared would be changed unseen; how it is decided is fixed (`revision`)."""
    compared = {*ITEM_DATA, *ITEM_TEXTS, *_FIXED}
    assert EMPTY_ITEM.keys() - compared == set()


def test_nothing_differs_from_itself() -> None:
    assert differences(build.content(), build.content()) == ()


def test_a_corrigendum_asks_again_on_what_it_changes_and_others_do_not() -> None:
    before, after = build.content(), deepcopy(build.content())
    after["items"][0]["to"] = "2021-06-20"
    after["subject"]["en"] = "Other"
    assert changed_items(Revising.CORRIGENDUM, before, after) == ["1"]
    assert changed_items(Revising.REVISION, before, after) == ["1"]
    assert changed_items(Revising.EDITORIAL, before, after) == []
    after["items"].append(build.item("4", "New"))
    assert added_items(before, after) == ["4"]


@pytest.mark.parametrize("kind", list(Revising))
def test_items_are_neither_taken_away_nor_become_others(kind: Revising) -> None:
    before, gone, other = build.content(), deepcopy(build.content()), deepcopy(build.content())
    gone["items"].pop()
    other["items"][0]["kind"] = "question"
    other["items"][0]["to"] = "2021-06-20"
    assert fault_of(kind, "en", before, gone) == "item-fixed"
    assert fault_of(kind, "en", before, other) == "item-fixed"
    swapped = deepcopy(before)
    swapped["items"].reverse()
    assert fault_of(kind, "en", before, swapped) in {"item-fixed", "nothing-changed"}
