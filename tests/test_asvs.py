"""The table of the security standard leaves nothing out, and names only what is there."""

import re
from pathlib import Path

from consult.settings import VARIABLES

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \|(.*)\|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)
NAMED_ALONE = re.compile(r"[\w.-]+\.(?:md|toml|lock|py|yaml)")
STATES = {"met", "operator", "n.a.", "not met"}


def rows() -> list[tuple[str, list[str]]]:
    return [
        (number, [cell.strip() for cell in rest.split(" | ")])
        for number, rest in ROW.findall(DOCUMENT)
    ]


def test_each_requirement_of_the_first_two_levels_has_one_row() -> None:
    listed = (ROOT / "tests" / "asvs.txt").read_text(encoding="utf-8").splitlines()
    levels = dict(line.split() for line in listed)
    assert len(listed) == len(levels)
    assert [*levels.values()].count("1") == 70
    assert [*levels.values()].count("2") == 183
    assert [number for number, _ in rows()] == list(levels)


def test_each_row_says_what_in_which_state_and_where() -> None:
    for number, cells in rows():
        assert len(cells) == 3, number
        assert all(cells), number
        assert cells[1] in STATES, number


def test_what_is_not_met_stands_at_the_top() -> None:
    (said,) = re.findall(r"^Not met: (.*)\.$", DOCUMENT, re.MULTILINE)
    assert said.split(", ") == [number for number, cells in rows() if cells[1] == "not met"]


def test_every_test_file_and_setting_that_is_named_is_there() -> None:
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text(encoding="utf-8"))
    }
    for name in QUOTED.findall(DOCUMENT):
        if name.startswith("test_"):
            assert name in defined, name
        elif name.startswith("CONSULT_"):
            assert name in VARIABLES, name
        elif NAMED_ALONE.fullmatch(name) or ("/" in name and not name.startswith("/")):
            assert (ROOT / name).exists(), name
