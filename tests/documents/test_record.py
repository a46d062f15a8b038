"""The decision record as a value: what it says, in which order, in each language."""

import pytest
from flask import Flask

from consult.core.verify import verify_record
from consult.documents.record import published_view, view
from consult.wording import LANGUAGES
from tests.documents.conftest import Scene

pytestmark = pytest.mark.usefixtures("words")


def test_the_record_holds_when_it_is_recomputed(scene: Scene) -> None:
    assert verify_record(scene.text.encode()).faults == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("result", "questions", "1", "counts", "approve"), 31),
        (("result", "questions", "2", "outcome"), "adopted"),
        (("result", "questions", "1", "positions", "THA"), "approve"),
        (("case", "closes_at"), "2020-07-17T15:00:00.000000Z"),
        (("case", "rule", "adopted_if", "more_than"), "2/3"),
        (("consultation", "reference"), "CONS-2020/2"),
    ],
)
def test_any_changed_figure_is_found_with_its_place(
    scene: Scene, place: tuple[str, ...], value: object
) -> None:
    """T48."""
    from consult.core.record import record_bytes  # noqa: PLC0415

    record = scene.record
    inner = record
    for name in place[:-1]:
        inner = inner[name]
    assert inner[place[-1]] != value
    inner[place[-1]] = value
    faults = verify_record(record_bytes(record)).faults
    assert faults
    assert any(fault.where.startswith(place[0]) for fault in faults)


def test_every_member_stands_in_the_table_also_the_silent_and_none_twice(scene: Scene) -> None:
    rows = [row for region in published_view(scene.text, "en").members for row in region.members]
    assert [row.code for row in rows] == scene.record["consultation"]["order"]
    assert len(rows) == 48
    assert [row.received for row in rows].count("no reply") == 18
    assert all(len(row.positions) == 3 for row in rows)


def test_the_outcome_stands_first_in_words_of_the_kind(scene: Scene) -> None:
    found = published_view(scene.text, "en")
    assert found.lede == "1 date approved, 1 person not appointed, 1 text adopted."
    assert [item.outcome for item in found.items] == ["Approved", "Not appointed", "Adopted"]
    assert found.items[2].adopted == "Decision 620 (C20), in force on publication"
    assert [item.figure for item in found.items] == ["30 of 48", "1 of 48", "29 of 48"]
    assert {item.approvals.needed for item in found.items} == {25}


def test_a_bench_has_every_seat_in_the_same_place(scene: Scene) -> None:
    benches = [
        [seat.code for row in item.bench for seat in row.seats]
        for item in published_view(scene.text, "en").items
    ]
    assert benches[0] == benches[1] == benches[2] == scene.record["consultation"]["order"]


def test_what_is_late_or_replaced_is_said_with_its_second(scene: Scene) -> None:
    found = published_view(scene.text, "en")
    assert len(found.not_counted) == 1
    assert "Friday 17 July 2020, 16:00:00 Geneva (14:00:00 UTC)" in found.not_counted[0]
    assert len(found.replaced) == 1
    assert found.replaced[0].startswith("Argentina: version 1")


def test_a_comment_stands_with_its_member_and_its_language(scene: Scene) -> None:
    found = published_view(scene.text, "en")
    (comment,) = found.items[1].comments
    assert (comment.member, comment.language_name) == ("Brazil", "English")
    assert comment.text == "=HYPERLINK(1) Нет, 不, لا"
    assert [said.text for said in found.statements] == ["Thanks."]


def test_a_withheld_comment_says_so_with_the_ground(scene: Scene) -> None:
    """T44."""
    record = scene.record
    named = next(c for c, text in record["texts"].items() if text["text"].startswith("=HYPER"))
    del record["texts"][named]
    record["withheld"][named] = "an address of a person"
    (comment,) = view(record, "en").items[1].comments
    assert comment.text == ""
    assert comment.withheld == "The words are not given: an address of a person."


def test_a_sign_that_turns_text_around_is_shown(scene: Scene) -> None:
    """T92."""
    record = scene.record
    named = next(c for c, text in record["texts"].items() if text["text"].startswith("=HYPER"))
    record["texts"][named]["text"] = "I \u202eevorppa"
    (comment,) = view(record, "en").items[1].comments
    assert comment.text == "I [U+202E]evorppa"


def test_no_person_is_named_but_those_who_sign(scene: Scene) -> None:
    """T44: signatories and recipients stand as commitments, withheld."""
    assert "Head of" not in scene.text
    assert "example.org" not in scene.text
    assert set(scene.record["withheld"].values()) == {"personal"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(scene: Scene, words: Flask, language: str) -> None:
    found = published_view(scene.text, language)
    assert found.language == language
    assert found.title == (
        "Dates and chairs" if language == "en" else f"Dates and chairs ({language})"
    )


def test_above_eighty_members_the_bench_is_left_out(scene: Scene) -> None:
    record = scene.record
    told, case = record["consultation"], record["case"]
    for number in range(60):
        code = f"X{number:02}"
        case["roll"].append({"code": code, "name": code, "groups": ["A"], "weights": {}})
        told["order"].append(code)
        told["members"][code] = {
            "name": {"en": code}, "groups": ["A"], "entitled": True, "no_vote_under": None,
        }  # fmt: skip
    found = view({**record, "result": _result(case)}, "en")
    assert all(item.bench == () for item in found.items)
    assert len([row for region in found.members for row in region.members]) == 108


def test_a_member_without_the_right_to_vote_keeps_its_place(scene: Scene) -> None:
    record = scene.record
    line = next(line for line in record["case"]["roll"] if line["code"] == "SEN")
    line["entitled"] = False
    told = record["consultation"]["members"]["SEN"]
    told.update(entitled=False, no_vote_under="Convention, No. 169")
    found = view({**record, "result": _result(record["case"])}, "en")
    row = next(r for region in found.members for r in region.members if r.code == "SEN")
    assert row.received == "no right to vote: Convention, No. 169"
    assert {position.mark for position in row.positions} == {""}
    assert "47" in found.roll


def _result(case: dict) -> dict:
    from consult.core.record import result_of  # noqa: PLC0415

    return result_of(case)
