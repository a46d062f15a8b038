"""Files to be verified that are damaged or lie: each fault is one line that does nothing else."""

import json
from copy import deepcopy
from random import Random  # noqa: TID251 - the same files each time
from typing import Any

import pytest

from consult.core.signing import key_list, state_key
from consult.core.verify import verify
from consult.errors import BadInput
from tests.core.test_verify import at, places
from tests.damage import damaged, ends
from tests.ledgers import SIGNER, certified, export_of, receipt_of, record_of


def nested(depth: int) -> list[Any]:
    """Return lists within lists."""
    whole: list[Any] = []
    inner = whole
    for _ in range(depth):
        inner.append([])
        inner = inner[0]
    return whole


WRITER = certified()
REPLY = next(n for n, link in enumerate(WRITER.links()) if link["entry"]["what"] == "reply")
FILES: dict[str, dict[str, Any]] = {
    "a receipt": receipt_of(WRITER, REPLY),
    "a ledger": export_of(WRITER),
    "a record": record_of(WRITER),
    "a list of keys": key_list([state_key(SIGNER, "2020-01-01T00:00:00.000000Z")]),
}
STRANGE: list[Any] = [
    *(None, True, -1, 2**63, 10**400, 1.5, float("inf"), float("nan"), "", "\0", "\ud800"),
    *("\u202e", "\x1b[31m", "x" * 5000, [], {}, [[]], {"": 1}, {"\ud800": 1}, {"a": "\ud800"}),
    nested(400),
]
NAMES = ("\ud800", "\x1b[2J", "\0", "", "x" * 3000, "\u202e")


def faults(raw: bytes) -> list[tuple[str, str]]:
    try:
        return [(one.where, one.what) for one in verify(raw).faults]
    except BadInput as refused:
        return list(refused.faults.items())


@pytest.mark.parametrize("kind", FILES)
def test_whatever_stands_anywhere_each_fault_is_one_plain_line(kind: str) -> None:
    """T47, T92, T96: a name from a file can do nothing to a terminal, and breaks no page."""
    drawn = Random(1)  # noqa: S311 - no secret
    whole = FILES[kind]
    paths = [path for path in places(whole) if path]
    for _ in range(120):
        value, path = deepcopy(whole), drawn.choice(paths)
        holder, strange = at(value, path[:-1]), drawn.choice(STRANGE)
        known = isinstance(holder, list) or drawn.random() < 0.6
        holder[path[-1] if known else drawn.choice(NAMES)] = strange
        for place, what in faults(json.dumps(value).encode()):
            assert (place + what).isprintable()
            assert len(place + what) < 700


def test_a_damaged_receipt_is_judged_in_words() -> None:  # T56, T96
    raw = json.dumps(FILES["a receipt"]).encode()
    for data in [*damaged(raw, 100), *ends(raw, 60)]:
        for place, what in faults(data):
            assert (place + what).isprintable()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "is not JSON at line 1, column 1"),
        (b'{"format":\n}', "is not JSON at line 2, column 1"),
        (b"\xef\xbb\xbf{}", "is not JSON at line 1, column 1"),
        ("{}".encode("utf-16"), "is not UTF-8 at byte 0"),
        (b'{"a": "\xff"}', "is not UTF-8 at byte 7"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "holds a number of more digits than can be read"),
        (b'{"a":' * 10_000, "is nested too deeply"),
        (b"[" * 10_000, "is nested too deeply"),
        (b"[]", "is not a JSON object"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_where_it_ends(raw: bytes, what: str) -> None:
    """T96."""
    assert faults(raw) == [("file", what)]
