"""What a draft lacks is found, each thing once, what blocks told from what warns."""

from datetime import date
from typing import Any

import pytest

from consult.actions import documents, drafting
from consult.actions.change import Desk
from consult.actions.documents import SIGNED, About
from consult.core.life import Actor, Role
from consult.queries.checks import Weight, findings
from consult.queries.drafting import draft_of, roll_of
from consult.queries.working_days import holidays_of
from tests import build
from tests.statements import statements

TACIT = {
    "choices": ["object"],
    "silence": "approve",
    "quorum": {"count": "replied", "at_least": "1/2", "over": "entitled"},
    "adopted_if": {"count": "object", "at_most": 0},
}


@pytest.fixture
def officer(desk: Desk) -> Actor:
    for code in build.council(desk, 2):
        build.person(desk, f"Head of {code}", member=code)
    return build.officer(desk)


def found(desk: Desk, slug: str) -> dict[str, tuple[Weight, str]]:
    draft = draft_of(desk.engine, slug)
    roll = roll_of(desk.engine, draft.body.slug, desk.clock(), "en")
    with statements(desk.engine) as seen:
        several = findings(desk.engine, draft, roll, desk.clock())
    assert len(seen) == 1
    return {one.code: (one.weight, one.place) for one in several}


def changed(desk: Desk, officer: Actor, **changes: Any) -> dict[str, tuple[Weight, str]]:
    slug = build.draft(desk, officer)
    drafting.save(desk, slug, officer, changes, seen=1)
    return found(desk, slug)


def test_a_draft_that_lacks_nothing_has_no_finding(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    for name in ("B. Approver", "C. Approver"):
        build.approver(desk, name)
    file = documents.keep(desk, b"%PDF-1.7", "letter.pdf", "application/pdf")
    for code in build.LANGUAGES:
        documents.add(desk, slug, officer, file, About({}, purpose=SIGNED, language=code))
    assert found(desk, slug) == {}


@pytest.mark.parametrize(
    ("changes", "code", "weight", "place"),
    [
        ({"subject": {}}, "subject-missing", Weight.BLOCKS, "subject"),
        ({"items": []}, "items-missing", Weight.BLOCKS, "items"),
        ({"closes_at": None}, "deadline-missing", Weight.BLOCKS, "closes_at"),
        ({"rule": None}, "rule-missing", Weight.BLOCKS, "rule"),
        ({"rule": TACIT}, "tacit-with-quorum", Weight.WARNS, "rule"),
        ({"reminders": []}, "no-reminders", Weight.WARNS, "reminders"),
        ({"reminders": [60 * 24 * 60]}, "reminder-before-opening", Weight.WARNS, "reminders"),
        ({"closes_at": "2020-06-30T14:00:00.000000Z"}, "short", Weight.WARNS, "closes_at"),
        ({"closes_at": "2020-07-18T14:00:00.000000Z"}, "weekend", Weight.WARNS, "closes_at"),
        ({"closes_at": "2020-09-10T14:00:00.000000Z"}, "holiday", Weight.WARNS, "closes_at"),
        ({"closes_at": "2020-10-25T00:30:00.000000Z"}, "clock-back", Weight.WARNS, "closes_at"),
        (
            {"headings": [{"id": "9", "title": build.in_all("Empty")}]},
            "heading-empty",
            Weight.HINTS,
            "headings[9]",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_thing_is_found_at_its_place(
    desk: Desk,
    officer: Actor,
    changes: dict[str, Any],
    code: str,
    weight: Weight,
    place: str,
) -> None:
    assert changed(desk, officer, **changes)[code] == (weight, place)


def test_an_appointment_without_its_parts_is_found(desk: Desk, officer: Actor) -> None:
    bare = {**build.three_items()[1], "candidate": {}, "post": {}, "nominated_by": None}
    several = changed(desk, officer, items=[bare])
    assert several["candidate-missing"] == (Weight.BLOCKS, "items[2]")
    assert several["post-missing"] == (Weight.WARNS, "items[2]")
    assert several["nomination-missing"] == (Weight.HINTS, "items[2]")


def test_a_waived_language_lacks_nothing_and_its_reason_is_no_text(
    desk: Desk, officer: Actor
) -> None:
    english = {"en": "Dates"}
    assert "text-missing" in changed(desk, officer, subject=english)
    waived = {code: "Not translated in time." for code in build.LANGUAGES if code != "en"}
    slug = "CONS-2020-1"
    drafting.save(desk, slug, officer, {"waived": waived}, seen=2)
    assert "text-missing" not in found(desk, slug)


def test_one_approver_is_too_few_and_a_shut_account_is_none(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    build.approver(desk)
    assert found(desk, slug)["few-approvers"] == (Weight.WARNS, "approvers")
    build.person(desk, "Gone", Role.APPROVER, disabled_at=desk.clock())
    assert "few-approvers" in found(desk, slug)
    build.approver(desk, "C. Approver")
    assert "few-approvers" not in found(desk, slug)


def test_a_member_whose_only_focal_point_is_shut_out_cannot_be_reached(desk: Desk) -> None:
    build.council(desk, 1)
    who = build.officer(desk)
    slug = build.draft(desk, who)
    build.person(desk, "Gone", member="ARG", disabled_at=desk.clock())
    assert found(desk, slug)["unreached"] == (Weight.WARNS, "roll")
    build.person(desk, "Head", member="ARG")
    assert "unreached" not in found(desk, slug)


def test_geneva_has_its_own_fast_and_an_unknown_seat_no_holidays() -> None:
    fast = date(2020, 9, 10)
    assert holidays_of("CH-GE")(fast)
    assert not holidays_of("CH-ZH")(fast)
    assert not holidays_of(None)(fast)
    assert not holidays_of("XX-YY")(fast)
