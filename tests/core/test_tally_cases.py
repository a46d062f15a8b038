"""Published ballots come out as they were published."""

import json
from pathlib import Path

import pytest

from consult.core.casefile import read_case
from consult.core.tally import result_data, tally

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_published_ballot_is_reproduced(path: Path) -> None:
    raw = path.read_bytes()
    result = result_data(tally(read_case(raw)))["questions"]

    for question, expected in json.loads(raw)["expected"].items():
        assert {key: result[question][key] for key in expected} == expected
