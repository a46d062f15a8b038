"""How entries are spelled, hashed and chained."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import ledger
from consult.core.entries import FACTS, check
from consult.errors import BadInput
from tests import ledgers

LEDGER = "0f6b1c1e-58a6-4a0c-9df0-6d3f0b9e2a11"
AT = datetime(2020, 12, 10, 8, 0, 0, 123456, tzinfo=UTC)
OPENED = {"service": "Consult", "reference": "DM-20/1021", "kid": None}

NAMES = st.from_regex(r"[A-Za-z0-9._-]{1,12}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def opened(**changed: object) -> dict[str, object]:
    entry = ledger.entry(LEDGER, 0, AT, "person:a1", "ledger-opened", OPENED, "0" * 32)
    return entry | changed


@given(VALUES)
def test_canonical_json_says_what_it_was_given_and_in_one_spelling(value: object) -> None:  # T38
    spelled = ledger.canonical(value)
    assert json.loads(spelled) == value
    assert ledger.canonical(json.loads(spelled)) == spelled


@given(st.dictionaries(NAMES, VALUES, min_size=2))
def test_the_order_of_names_does_not_matter(value: dict[str, object]) -> None:  # T38
    turned = dict(reversed(value.items()))
    assert ledger.hash_of(turned) == ledger.hash_of(value)


RFC_8785 = [  # the published examples, as far as they stay within our limits
    ('{"numbers":[333333333,4,2,0,1],"literals":[null,true,false]}',
     '{"literals":[null,true,false],"numbers":[333333333,4,2,0,1]}'),
    ('[56,{"d":true,"10":null,"1":[]}]', '[56,{"1":[],"10":null,"d":true}]'),
    ('{"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"}',
     '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'),
    ('{"peach":"This sorting order","pacHe":"is wrong according to French","pEche":"A"}',
     '{"pEche":"A","pacHe":"is wrong according to French","peach":"This sorting order"}'),
    ('{"1":{"f":{"f":"hi","F":5},"4":{}},"111":[{"e":"yes","E":"no"}],"A":{}}',
     '{"1":{"4":{},"f":{"F":5,"f":"hi"}},"111":[{"E":"no","e":"yes"}],"A":{}}'),
    ('{"unnormalized":"A\\u030a"}', '{"unnormalized":"A\u030a"}'),
    ('{"i":9007199254740991,"j":-9007199254740991}',
     '{"i":9007199254740991,"j":-9007199254740991}'),
    ('"\\u0008\\u0009\\u000c\\u007f\\u0080\\ud83d\\ude02\\ufb33"',
     '"\\b\\t\\f\x7f\x80\U0001f602\ufb33"'),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "canonical"), RFC_8785)
def test_the_published_vectors_come_out(given_: str, canonical: str) -> None:  # T38
    assert ledger.canonical(json.loads(given_)) == canonical.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\0",
        "a\r\n",
        "\ud83d",
        b"x",
        {1: 1},
        {"": 1},
        {"é": 1},
        {"a b": 1},
        {"a": [{"b": 0.5}]},
        {1, 2},
    ],
    ids=repr,
)
def test_what_has_no_one_spelling_is_refused(value: object) -> None:  # T38
    with pytest.raises(BadInput):
        ledger.canonical(value)


def test_a_fault_names_its_place() -> None:
    with pytest.raises(BadInput) as refused:
        ledger.canonical({"a": [1, {"b": 0.5}]})
    assert list(refused.value.faults) == ["a[1].b"]


def test_nesting_is_bounded() -> None:  # T96
    value: object = None
    for _ in range(32):
        value = [value]
    ledger.canonical(value)
    with pytest.raises(BadInput, match="too deeply"):
        ledger.canonical([value])


def test_line_ends_become_line_feeds() -> None:  # T38
    assert ledger.normal("a\r\nb\rc\n") == "a\nb\nc\n"


@given(st.datetimes(), st.integers(-14, 14))
def test_an_instant_is_spelled_in_utc_and_read_back(at: datetime, hours: int) -> None:  # T39
    if not datetime(2, 1, 1) < at < datetime(9998, 1, 1):  # noqa: DTZ001
        return
    aware = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert ledger.read_instant(ledger.instant(aware)) == aware


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-10T08:00:00Z",
        "2020-12-10T08:00:00.123Z",
        "2020-12-10 08:00:00.123456Z",
        "2020-12-10T08:00:00.123456+00:00",
        "2020-12-10t08:00:00.123456z",
        "2020-13-10T08:00:00.123456Z",
        "2020-02-30T08:00:00.123456Z",
        "２020-12-10T08:00:00.123456Z",
        "2020-12-10T08:00:00.123456Z\n",
        "",
    ],
)
def test_any_other_spelling_of_an_instant_is_refused(text: str) -> None:  # T39
    with pytest.raises(BadInput):
        ledger.read_instant(text)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        ledger.instant(datetime(2020, 12, 10))  # noqa: DTZ001


def test_leaf_and_head_are_those_of_the_format() -> None:  # T39
    entry = opened()
    spelled = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = sha256(b"consult/leaf/1\n" + spelled.encode()).digest()
    assert ledger.leaf(entry) == ledger.leaf_of_checked(entry) == leaf.hex()
    head = sha256(b"consult/head/1\n" + bytes(32) + leaf).hexdigest()
    assert ledger.next_head(ledger.EMPTY_HEAD, leaf.hex()) == head


def test_a_leaf_says_nothing_of_its_entry() -> None:  # T40
    assert ledger.leaf(opened(nonce="1" * 32)) != ledger.leaf(opened(nonce="2" * 32))


def test_a_commitment_is_that_of_the_format() -> None:  # T44
    salt = bytes(range(16))
    expected = sha256(b"consult/text/1\n" + salt + "Décidé".encode()).hexdigest()
    assert ledger.commitment(salt, "Décidé") == expected


@pytest.mark.parametrize(("salt", "text"), [(b"short", "a"), (bytes(16), "a\r\nb")])
def test_a_commitment_needs_a_whole_salt_and_a_normal_text(salt: bytes, text: str) -> None:
    with pytest.raises(BadInput):
        ledger.commitment(salt, text)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("ledger", LEDGER.upper()),
        ("number", -1),
        ("number", True),
        ("actor", "Ana Diallo"),
        ("actor", "person:"),
        ("nonce", "A" * 32),
        ("nonce", "0" * 31),
        ("what", "reopened"),
        ("what", None),
        ("at", "2020-12-10T08:00:00Z"),
        ("v", 2),
        ("v", True),
        ("facts", []),
        ("facts", OPENED | {"more": 1}),
        ("facts", {"service": "Consult", "kid": None}),
        ("facts", OPENED | {"kid": "A" * 16}),
        ("more", 1),
    ],
)
def test_an_entry_that_departs_from_the_format_is_found(part: str, value: object) -> None:
    found = ledger.fault_in_entry(opened(**{part: value}))
    assert found is not None
    assert found[0].startswith(part)


def test_an_entry_without_one_of_its_parts_is_found() -> None:
    for part in opened():
        entry = opened()
        del entry[part]
        assert ledger.fault_in_entry(entry) == (part, "is missing")


def test_an_entry_is_refused_when_it_departs_from_the_table() -> None:
    with pytest.raises(BadInput) as refused:
        ledger.entry(LEDGER, 0, AT, "system", "ledger-opened", {"service": "x"}, "0" * 32)
    assert refused.value.faults == {"facts.reference": "is missing"}


def test_every_kind_refuses_to_be_empty_or_unknown() -> None:
    for what, names in FACTS.items():
        if not names:
            check(what, {})
            continue
        with pytest.raises(BadInput):
            check(what, {})
    with pytest.raises(BadInput):
        check("reopened", {})


DOCS = Path(__file__).parents[2] / "docs" / "ledger.md"


def test_the_documented_table_names_every_kind_and_fact() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = {}
    for line in text.splitlines():
        if line.startswith("| `") and "number` |" not in line:
            kinds, facts = line.strip("|").split("|", 1)
            rows |= dict.fromkeys(re.findall(r"`([a-z-]+)`", kinds), facts)
    for what, names in FACTS.items():
        told = rows[what]
        if "as `reply`" in told:
            told += rows["reply"]
        missing = {name for name in names if not re.search(rf"\b{name}\b", told)}
        assert not missing, (what, missing)


def test_the_documented_check_of_signatures_runs_on_a_record(tmp_path: Path) -> None:
    program = DOCS.read_text(encoding="utf-8").split("```python\n")[2].split("```")[0]
    good = ledgers.record_of(ledgers.certified())
    bad = good | {"withheld": {"a": "b"}}
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    for name, record, code in (("good.json", good, 0), ("bad.json", bad, 1)):
        (tmp_path / name).write_bytes(ledger.canonical(record))
        done = subprocess.run(
            [sys.executable, "check.py", name], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code, done.stderr


def test_the_documented_check_runs_on_an_export(tmp_path: Path) -> None:
    program = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    entries = [opened(), opened(number=1, nonce="1" * 32)]
    good = {"entries": ledger.chain(entries)}
    bad = {"entries": [good["entries"][0], good["entries"][1] | {"leaf": "0" * 64}]}
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    for name, export, code in (("good.json", good, 0), ("bad.json", bad, 1)):
        (tmp_path / name).write_bytes(ledger.canonical(export))
        done = subprocess.run(
            [sys.executable, "check.py", name], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code, done.stderr
