"""Candidates for one post: each approved alone; those with most approvals are appointed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.casefile import read_case
from consult.core.ranking import Standing, posts_of, standings, unequal
from consult.core.tally import result_data, tally
from consult.errors import BadInput

APPROVALS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 48))


@given(APPROVALS, st.integers(1, 8))
def test_never_more_are_appointed_than_there_are_posts(
    approvals: dict[str, int], seats: int
) -> None:
    found = list(standings(seats, approvals).values())
    assert found.count(Standing.IN) <= seats
    if len(approvals) <= seats:
        assert set(found) <= {Standing.IN}


@given(APPROVALS, st.integers(1, 8))
def test_equal_approvals_stand_equal_and_more_never_stand_worse(
    approvals: dict[str, int], seats: int
) -> None:
    found = standings(seats, approvals)
    order = [Standing.IN, Standing.TIED, Standing.OUT]
    for one, number in approvals.items():
        for other, less in approvals.items():
            if number == less:
                assert found[one] is found[other]
            if number > less:
                assert order.index(found[one]) <= order.index(found[other])


@given(APPROVALS, st.integers(1, 8))
def test_a_post_stays_free_only_for_want_of_candidates_or_for_a_tie(
    approvals: dict[str, int], seats: int
) -> None:
    found = list(standings(seats, approvals).values())
    if Standing.TIED not in found:
        assert found.count(Standing.IN) == min(seats, len(approvals))


def case(*approvals: int, seats: int = 1, **more: Any) -> dict[str, Any]:
    """Ten members; the first *n* of them approve each candidate, the others object."""
    codes = [f"M{number}" for number in range(10)]
    at = "2020-07-01T00:00:00Z"
    return {
        "rule": {
            "id": "r",
            "title": {"en": "Majority"},
            "source": "A test",
            "choices": ["approve", "object", "abstain"],
            "silence": "absent",
            "adopted_if": {"count": "approve", "more_than": "1/2", "over": "entitled"},
        },
        "opens_at": "2020-06-01T00:00:00Z",
        "closes_at": "2020-08-01T00:00:00Z",
        "questions": [{"id": str(number)} for number in range(len(approvals))],
        "roll": [{"code": code} for code in codes],
        "replies": [
            {
                "member": code,
                "question": str(question),
                "choice": "approve" if place < number else "object",
                "at": at,
            }
            for question, number in enumerate(approvals)
            for place, code in enumerate(codes)
        ],
        "posts": [
            {
                "id": "CWG, Chair",
                "seats": seats,
                "questions": [str(number) for number in range(len(approvals))],
            }
        ],
        **more,
    }


def outcomes(data: dict[str, Any]) -> list[str]:
    found = result_data(tally(read_case(json.dumps(data).encode())))
    questions: Any = found["questions"]
    return [one["outcome"] for one in questions.values()]


def test_of_two_that_are_approved_the_one_with_more_approvals_is_appointed() -> None:
    assert outcomes(case(7, 9)) == ["not_adopted", "adopted"]


def test_a_tie_at_the_edge_is_no_decision_for_all_of_them() -> None:
    assert outcomes(case(9, 7, 7, seats=2)) == ["adopted", "undecided", "undecided"]
    assert outcomes(case(7, 7)) == ["undecided", "undecided"]


def test_equal_candidates_are_appointed_where_the_posts_suffice() -> None:
    assert outcomes(case(7, 7, seats=2)) == ["adopted", "adopted"]


def test_who_was_not_approved_is_not_appointed_though_a_post_stays_free() -> None:
    assert outcomes(case(7, 5, seats=2)) == ["adopted", "not_adopted"]


def test_a_case_without_posts_says_nothing_of_ranks() -> None:
    data = case(7, 9)
    del data["posts"]
    found = result_data(tally(read_case(json.dumps(data).encode())))
    assert "ranked" not in json.dumps(found)
    ranked: Any = result_data(tally(read_case(json.dumps(case(7, 9)).encode())))
    assert ranked["questions"]["0"]["ranked"] == {
        "post": "CWG, Chair",
        "seats": 1,
        "approvals": 7,
    }


@pytest.mark.parametrize(
    ("posts", "path"),
    [
        ([{"id": "a", "seats": 0, "questions": ["0"]}], "posts[0].seats"),
        ([{"id": "a", "seats": True, "questions": ["0"]}], "posts[0].seats"),
        ([{"id": "a", "seats": 1, "questions": []}], "posts[0].questions"),
        ([{"id": "a", "seats": 1, "questions": ["9"]}], "posts[0].questions[0]"),
        ([{"id": "a", "seats": 1, "questions": ["0", "0"]}], "posts[0].questions[1]"),
        (
            [
                {"id": "a", "seats": 1, "questions": ["0"]},
                {"id": "b", "seats": 1, "questions": ["0"]},
            ],
            "posts[1].questions[0]",
        ),
        ([{"id": "a", "seats": 1, "questions": ["0"], "more": 1}], "posts[0].more"),
        ({}, "posts"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_path(posts: Any, path: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_case(json.dumps(case(7, 9, posts=posts)).encode())
    assert list(refused.value.faults) == [path]


def candidate(code: str, group: str, seats: int | None) -> dict[str, Any]:
    return {
        "id": code,
        "kind": "appointment",
        "group": group,
        "post": {"en": "Vice-Chair", "fr": "Vice-président"},
        "seats": seats,
    }


def test_candidates_of_one_group_and_post_stand_together() -> None:
    items = [
        candidate("1", "CWG-A", 2),
        candidate("2", "CWG-A", 2),
        candidate("3", "CWG-B", None),
        {"id": "4", "kind": "text", "group": None, "post": {}, "seats": None},
    ]
    (post,) = posts_of(items, "fr")
    assert (post.id, post.seats, post.questions) == ("CWG-A, Vice-président", 2, ("1", "2"))
    assert unequal(items) == set()
    assert unequal([*items, candidate("5", "CWG-A", 1)]) == {"1", "2", "5"}
