"""YAML from people says what it says, or is refused with its line."""

import pytest

from consult.errors import BadInput
from consult.rules.strict import load_yaml


def test_what_is_not_a_whole_number_true_false_or_null_is_text() -> None:
    text = "a: 1.10\nb: no\nc: 2020-01-01\nd: 010\ne: 10\nf: true\ng:\nh: [x, ~]\n"
    assert load_yaml(text) == {
        "a": "1.10",
        "b": "no",
        "c": "2020-01-01",
        "d": "010",
        "e": 10,
        "f": True,
        "g": None,
        "h": ["x", None],
    }


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        ("a: &x [1]\nb: *x\n", "line 2", "alias"),
        ("a: 1\nb: 2\na: 3\n", "line 3", "twice"),
        ("a:\n  b: 1\n  b: 1\n", "line 3", "twice"),
        ("a: 1\n2: b\n", "line 2", "text"),
        ("true: b\n", "line 1", "text"),
        ("? [a]\n: 1\n", "line 1", "text"),
        ("a: !!python/object/apply:os.system [id]\n", "line 1", "tag"),
        ("a: !!float 1\n", "line 1", "tag"),
        ("a: !!int x\n", "line 1", "whole number"),
        ("a: !!int 1_0\n", "line 1", "whole number"),
        ("a: !!bool maybe\n", "line 1", "true or false"),
        ("a: !!map [b]\n", "line 1", "object"),
        ("a: !!seq {b: c}\n", "line 1", "sequence"),
        ('a: "\\UFFFFFFFF"\n', "file", "YAML"),
        ("a: b: c\n", "line 1", "mapping"),
        ("a\0", "file", "YAML"),
        ("[" * 60_000, "file", "nested"),
    ],
)
def test_what_surprises_is_refused_with_its_line(text: str, path: str, what: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_yaml(text)
    assert list(refused.value.faults) == [path]
    assert what in refused.value.faults[path]
