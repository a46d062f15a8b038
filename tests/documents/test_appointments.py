"""Candidates stand in a table by group, post and region, with the balance of regions."""

from typing import Any

import pytest

from consult.documents.appointments import appointment_tables
from tests.build import in_all, item

pytestmark = pytest.mark.usefixtures("words")

REGIONS = [{"id": code, "name": in_all(f"Region {code}")} for code in "ABC"]
NAMES = {"BRA": in_all("Brazil"), "KEN": in_all("Kenya")}


def candidate(
    code: str, group: str, post: str, member: str | None, region: str | None, **more: Any
) -> dict[str, Any]:
    return item(
        code,
        f"Title {code}",
        kind="appointment",
        group=group,
        post=in_all(post),
        candidate=in_all(f"Candidate {code}"),
        nominated_by=member,
        region=region,
        **more,
    )


def several() -> list[dict[str, Any]]:
    return [
        candidate("1", "CWG-COP", "Chair", "BRA", "A"),
        candidate("2", "CWG-COP", "Vice-Chair", "KEN", "C"),
        candidate("3", "CWG-COP", "Vice-Chair", "XXX", "A"),
        candidate("4", "EG-X", "Chair", None, None),
        candidate("5", "EG-X", "Vice-Chair", "BRA", "A", withdrawn_at="2020-07-01T00:00:00Z"),
        item("6", "Dates", kind="dates"),
    ]


def content(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "headings": []}


def test_a_row_is_a_group_and_a_post_with_several_has_a_column_for_each_region() -> None:
    candidates, balance = appointment_tables(
        content(several()), REGIONS, "en", NAMES, {"1": "Appointed"}
    )
    assert candidates.head == ("Group", "Chair", "Vice-Chair, Region A", "Vice-Chair, Region C")
    assert candidates.rows == (
        (
            "CWG-COP",
            "Candidate 1 (Brazil), Region A: Appointed",
            "Candidate 3 (XXX)",
            "Candidate 2 (Kenya)",
        ),
        ("EG-X", "Candidate 4", "–", "–"),
    )
    assert balance.head == ("Region", "Chair", "Vice-Chair", "Together")
    assert balance.rows == (
        ("Region A", "1", "1", "2"),
        ("Region B", "0", "0", "0"),
        ("Region C", "0", "1", "1"),
        ("Without a region", "1", "0", "1"),
    )


def test_candidates_of_one_region_share_a_column() -> None:
    items = [candidate(code, "G", "Chair", None, "A") for code in "12"]
    candidates, _balance = appointment_tables(content(items), REGIONS, "fr")
    assert candidates.head[1:] == ("Chair (fr)",)
    assert candidates.rows == (
        ("G", "Candidate 1 (fr), Region A (fr)\nCandidate 2 (fr), Region A (fr)"),
    )


def test_a_body_without_regions_has_no_balance_and_one_candidate_no_table() -> None:
    assert len(appointment_tables(content(several()), [], "en")) == 1
    assert appointment_tables(content(several()[:1]), REGIONS, "en") == ()
