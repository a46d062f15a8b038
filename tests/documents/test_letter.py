"""The letter: what authors wrote, and what the product writes from the data."""

from datetime import UTC, datetime
from typing import Any

import pytest

from consult.core.casefile import case_from_data
from consult.core.need import need
from consult.core.rule import parse
from consult.documents.letter import LetterView, letter_view
from consult.documents.letter_pdf import letter_pdf
from consult.documents.receipt import Answered, ReceiptView, receipt_pdf, receipt_view
from consult.wording import LANGUAGES
from tests.documents.conftest import Scene

pytestmark = pytest.mark.usefixtures("words")


def letter(scene: Scene, language: str = "en", **more: Any) -> LetterView:
    told = scene.record["consultation"]
    case = case_from_data(scene.record["case"])
    return letter_view(
        {**told["content"], **more.pop("content", {})},
        case.rule,
        need(case.rule, case.roll),
        {**told["body"], "presiding": told["presiding"]},
        told["organisation"],
        language,
        more.pop("closes_at", case.closes_at),
        **more,
    )


def receipt(scene: Scene, language: str = "en") -> ReceiptView:
    told = scene.record["consultation"]
    answered = Answered(
        content=told["content"],
        rule_names={},
        body=told["body"],
        organisation=told["organisation"],
        member=told["members"]["BRA"]["name"],
        closes_at=datetime(2020, 7, 17, 14, 0, tzinfo=UTC),
        sent_by="Head focal point",
    )
    return receipt_view(scene.receipt, answered, language)


def words_of(section: Any) -> str:
    return " ".join(run.text for block in section.text for run in block.runs)


def test_the_product_writes_majority_silence_reply_and_deadline(scene: Scene) -> None:
    found = letter(scene)
    assert [section.code for section in found.sections] == [
        "background", "legal_basis", "majority", "silence", "how_to_reply", "deadline",
    ]  # fmt: skip
    assert "before Friday 17 July 2020, 16:00 Geneva (14:00 UTC)" in words_of(found.sections[-1])


def test_an_extension_leaves_no_false_sentence(scene: Scene) -> None:
    found = letter(scene, closes_at=datetime(2020, 7, 31, 14, 0, tzinfo=UTC))
    assert "Friday 31 July 2020" in words_of(found.sections[-1])
    assert all("17 July" not in words_of(section) for section in found.sections)


def test_own_sections_of_an_imported_letter_give_way(scene: Scene) -> None:
    sections = [
        {"id": "deadline", "heading": {"en": "Deadline"}, "text": {"en": "Soon."}},
        {"id": "next_steps", "heading": {"en": "Next"}, "text": {"en": "Then."}},
    ]
    content = {
        "letter": {**scene.record["consultation"]["content"]["letter"], "sections": sections}
    }
    found = letter(scene, content=content)
    assert [section.code for section in found.sections].count("deadline") == 1
    assert found.sections[-1].code == "next_steps"
    assert all(words_of(section) != "Soon." for section in found.sections)


def test_items_with_a_rule_of_their_own_are_named(scene: Scene) -> None:
    own = parse(
        {
            "choices": ["approve", "object"],
            "silence": "absent",
            "adopted_if": {"count": "approve", "at_least": "2/3", "over": "entitled"},
        }
    )
    case = case_from_data(scene.record["case"])
    found = letter(scene, own={"2": (own, need(own, case.roll))})
    majority = next(section for section in found.sections if section.code == "majority")
    assert "Item 2 is decided by another rule." in words_of(majority)


def test_a_language_that_the_letter_lacks_gets_its_first(scene: Scene) -> None:
    assert letter(scene, "fr", content={"languages": ["en", "es"]}).language == "en"


def test_days_and_place_of_a_session_stand_in_its_title(scene: Scene) -> None:
    (part,) = letter(scene).parts
    assert part.items[0].title == "2021 session of the Council: 8 to 18 June 2021, Geneva"
    assert part.items[1].details == ("Nominated by BRA.",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_set_in_each_language(scene: Scene, language: str) -> None:
    assert letter_pdf(letter(scene, language)) == letter_pdf(letter(scene, language))


def test_a_receipt_says_what_was_received_when_and_what_it_answered(scene: Scene) -> None:
    found = receipt(scene)
    assert found.name == "CONS-2020/1-BRA-1"
    assert "before the deadline. It will be counted." in found.banner
    assert [answer.words for answer in found.answers] == ["Approve", "No position", "Approve"]
    assert found.answers[1].comment.startswith("=HYPERLINK")
    assert found.line.startswith("Ledger CONS-2020/1 #")


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_a_receipt_is_set_as_pdf(scene: Scene, language: str) -> None:
    assert receipt_pdf(receipt(scene, language)).startswith(b"%PDF-")
