"""Whatever stands anywhere in a file that is imported, it is taken or refused by its path."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from consult import rules
from consult.actions import sheet
from consult.actions.given import Faults
from consult.actions.importing import content_from_data
from consult.errors import BadInput
from tests.core.test_verify import at, places
from tests.core.test_verify_hostile import nested

DATA = Path(rules.__file__).parent.parent / "data" / "itu-council-2020"
STRANGE: list[Any] = [
    *(None, True, -1, 10**29, "", "\0", "\ud800", "\u202e", "x" * 200_000, [], {}, [[]]),
    *({"": 1}, {"\ud800": 1}, {"a": "\0"}, ["\ud800"], [None], nested(100), "9999-12-31"),
]


def consultation() -> dict[str, Any]:
    """Return the smallest of the shipped consultations that has items."""
    files = sorted(DATA.glob("*.yaml"), key=lambda path: path.stat().st_size)
    for path in files:
        found = rules.load_yaml(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and found.get("consultation", {}).get("items"):
            return found
    raise AssertionError("no consultation is shipped")


def test_whatever_stands_anywhere_is_taken_or_refused_by_its_path() -> None:  # T96
    whole = consultation()
    for path in places(whole):
        for strange in STRANGE:
            value = deepcopy(whole)
            if path:
                at(value, path[:-1])[path[-1]] = deepcopy(strange)
            try:
                content = content_from_data(value if path else strange)
            except BadInput as refused:
                for place, what in refused.faults.items():
                    (place + what).encode()
                continue
            said = json.dumps(content, ensure_ascii=False)
            said.encode()
            assert "\\u0000" not in said


def test_a_kind_that_is_no_word_is_refused() -> None:
    whole = consultation()
    whole["consultation"]["kind"] = ["decision"]
    with pytest.raises(BadInput) as refused:
        content_from_data(whole)
    kind = refused.value.faults["consultation.kind"]
    assert kind == "must be decision or comment_round"


@pytest.mark.parametrize("note", ["a\0b", {"a": ["\ud800"]}, {"\ud800": 1}, nested(100)])
def test_a_note_that_no_database_keeps_is_refused(note: object) -> None:
    whole = consultation()
    whole["consultation"]["note"] = note
    with pytest.raises(BadInput) as refused:
        content_from_data(whole)
    (place,) = refused.value.faults
    assert place.startswith("consultation.note")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a," * 1_000_000, "line 1"),
        ("code\n" + "x" * 200_000, "line 2"),
        ('code\n"a', "line 2"),
        ("code\na\0b", "line 2, code"),
        ("code\n\ud800", "line 2, code"),
        ("code\na\u202eb", "line 2, code"),
        ("code\na,b", "line 2"),
        ("+ADw-,code\na,b", "line 1, +ADw-"),
    ],
)
def test_a_table_that_lies_is_refused_by_its_line(text: str, place: str) -> None:  # T96
    faults = Faults()
    list(sheet.read(text, ["code"], [], faults))
    assert next(iter(faults.found)) == place
