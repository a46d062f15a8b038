"""What a check of a record, a ledger or a receipt finds, and that it finds it where it is."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.canonical import canonical
from consult.core.record import record_bytes
from consult.core.verify import Findings, kind_of, verify, verify_ledger, verify_record
from consult.errors import BadInput
from tests.ledgers import (
    HASH,
    Writer,
    certified,
    closed,
    export_of,
    head_at,
    opened,
    record_of,
    signed,
    signed_ones,
)

WRITER = certified()
RECORD = record_of(WRITER)
LAST = len(WRITER.entries) - 1

Path = tuple[str | int, ...]


def check(record: dict[str, Any], *heads: tuple[int, str]) -> Findings:
    return verify_record(json.dumps(record, ensure_ascii=False).encode(), heads)


def tell(what: str, tried: int) -> None:
    print(f"{what}: {tried} tried, {tried} found")  # noqa: T201 - trust, section 12 asks for it


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value within *value*, whole objects and lists too."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places(inner, (*path, place))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def others(value: object) -> Iterator[object]:
    """Yield changes of one value, among them the smallest."""
    match value:
        case bool():
            yield from (not value, int(value), None)
        case int():
            yield from (value + 1, float(value), str(value), None)
        case str():
            yield from (value + " ", value[:-1] + chr(ord(value[-1]) ^ 1), None)
            yield from {value.upper()} - {value}
        case dict():
            yield value | {"added": 1}
            yield from ({k: v for k, v in value.items() if k != gone} for gone in value)
        case list():
            yield [*value, 1]
            yield from (value[1:], value[:-1], [*value[:1], *value]) if value else ()
        case _:
            yield from ("", False, 0)


def changed(value: dict[str, Any], path: Path, new: object) -> dict[str, Any]:
    copy = deepcopy(value)
    if not path:
        assert isinstance(new, dict)
        return new
    at(copy, path[:-1])[path[-1]] = new
    return copy


def test_a_record_holds_and_says_what_was_recomputed() -> None:  # T47
    found = verify_record(record_bytes(RECORD), [head_at(WRITER, 3)])
    assert found.faults == []
    assert found.facts["entries"] == LAST + 1
    assert found.facts["replies"] == 6
    assert found.facts["outcomes"] == {"1": "adopted", "2": "adopted", "3": "not_adopted"}


def test_a_ledger_holds_at_every_length() -> None:  # T47
    for writer in (opened(), closed(), certified()):
        assert verify_ledger(canonical(export_of(writer))).faults == []


def test_every_change_of_every_field_of_every_entry_is_found_there() -> None:  # T48
    tried = 0
    for number, link in enumerate(RECORD["ledger"]["entries"]):
        for path in places(link):
            for new in others(at(link, path)):
                faults = check(with_links({number: changed(link, path, new)})).faults
                assert faults, (number, path, new)
                assert faults[0].where == f"entry {number}", (path, new, faults[0])
                tried += 1
    tell("changes of entries", tried)


def with_links(replaced: dict[int, Any]) -> dict[str, Any]:
    return relinked([replaced.get(n, each) for n, each in enumerate(RECORD["ledger"]["entries"])])


def relinked(links: list[Any]) -> dict[str, Any]:
    return RECORD | {"ledger": RECORD["ledger"] | {"entries": links}}


def shortened(old: Any, new: Any) -> bool:
    return isinstance(new, list) and len(new) < len(old)


def test_every_change_outside_the_entries_is_found() -> None:  # T48
    """But for what nothing else in the file repeats: free words, and a sent head left out."""
    tried = 0
    for name in RECORD.keys() - {"consultation", "format"}:
        part = RECORD[name] | {"entries": []} if name == "ledger" else RECORD[name]
        for path in places(part):
            if (name, path) == ("ledger", ("entries",)):
                continue
            for new in others(at(part, path)):
                if path == ("heads_sent",) and shortened(at(part, path), new):
                    continue
                altered = deepcopy(part) if path else new
                if path:
                    at(altered, path[:-1])[path[-1]] = new
                if isinstance(altered, dict) and "entries" in altered:
                    altered["entries"] = RECORD["ledger"]["entries"]
                assert not check(RECORD | {name: altered}).holds, (name, path, new)
                tried += 1
    tell("changes outside the entries", tried)


@pytest.mark.parametrize("name", ["id", "reference"])
def test_a_record_of_another_consultation_is_found(name: str) -> None:  # T48
    other = "11111111-58a6-4a0c-9df0-6d3f0b9e2a11"
    for new in (other, None, ""):
        consultation = RECORD["consultation"] | {name: new}
        assert not check(RECORD | {"consultation": consultation}).holds


LINKS: list[Any] = RECORD["ledger"]["entries"]
REARRANGED: dict[str, tuple[Callable[[], list[Any]], int]] = {
    "dropped": (lambda: LINKS[:9] + LINKS[10:], 9),
    "repeated": (lambda: LINKS[:10] + LINKS[9:], 10),
    "swapped": (lambda: [*LINKS[:9], LINKS[10], LINKS[9], *LINKS[11:]], 9),
    "moved to the end": (lambda: [*LINKS[:9], *LINKS[10:], LINKS[9]], 9),
    "first cut": (lambda: LINKS[1:], 0),
    "added": (lambda: [*LINKS, LINKS[-1]], LAST + 1),
    "no entry": (lambda: [*LINKS[:9], None, *LINKS[10:]], 9),
    "last cut": (lambda: LINKS[:-1], LAST),
}


@pytest.mark.parametrize("kind", REARRANGED)
def test_a_rearranged_ledger_is_found_where_it_begins(kind: str) -> None:  # T48
    links, first = REARRANGED[kind]
    altered = relinked(links())
    faults = check(altered, head_at(WRITER, LAST)).faults
    assert faults[0].where == f"entry {first}"


def test_a_ledger_cut_at_its_end_is_found_by_a_head_that_somebody_holds() -> None:  # T48, T50
    export = export_of(WRITER)
    export["entries"] = export["entries"][:-5]
    assert verify_ledger(canonical(export)).faults[0].where == f"entry {LAST}"  # was signed
    export["checkpoints"] = signed_ones(cut := shortened_to(len(export["entries"])))
    assert cut.links() == export["entries"]
    raw = canonical(export)
    assert verify_ledger(raw).holds  # by who holds the key
    number, head = head_at(WRITER, LAST)
    assert verify_ledger(raw, [(number, head[:32])]).faults[0].where == f"entry {LAST}"


def shortened_to(length: int) -> Writer:
    writer = certified()
    writer.entries = writer.entries[:length]
    return writer


@pytest.mark.parametrize("length", [32, 40, 64])
def test_a_head_in_the_history_holds_as_its_first_digits_do(length: int) -> None:  # T50
    number, head = head_at(WRITER, 17)
    assert check(RECORD, (number, head[:length])).holds
    assert not check(RECORD, (number + 1, head[:length])).holds


def test_too_few_digits_of_a_head_prove_nothing() -> None:  # T50
    number, head = head_at(WRITER, 17)
    assert not check(RECORD, (number, head[:31])).holds


def test_a_name_that_stands_twice_is_found_with_its_entry() -> None:  # T48
    raw = record_bytes(RECORD).decode()
    for number, link in enumerate(LINKS):
        entry = canonical(link["entry"]).decode()
        doubled = entry.replace('"actor":', '"actor":"system","actor":', 1)
        found = verify_record(raw.replace(entry, doubled).encode())
        assert found.faults[0].where == f"entry {number}"
    for name in RECORD:
        assert not verify_record(
            raw.replace(f'"{name}":', f'"{name}":1,"{name}":', 1).encode()
        ).holds


def test_a_chain_hashed_anew_is_found_by_any_head_from_before() -> None:  # T48, T50
    """Whoever can write the whole file again is found by the heads that states hold."""
    tried = alone = 0
    for number in range(1, LAST + 1):
        entries = deepcopy(WRITER.entries)
        entries[number]["nonce"] = "f" * 32
        writer = shortened_to(len(entries))
        writer.entries = entries
        assert not verify_ledger(canonical(export_of(WRITER) | {"entries": writer.links()})).holds
        export = export_of(writer)  # by who holds the key
        raw = canonical(export)
        assert verify_ledger(raw).holds
        for held in (number, LAST):
            found = verify_ledger(raw, [head_at(WRITER, held)])
            assert found.faults[0].where == f"entry {held}"
        assert verify_ledger(raw, [head_at(WRITER, number - 1)]).holds
        tried += 1
        record = RECORD | {"ledger": RECORD["ledger"] | {"entries": export["entries"]}}
        record["ledger"] |= {"checkpoints": export["checkpoints"]}
        alone += not check(signed(record)).holds
    assert alone == tried
    tell("chains hashed anew, by a head held", tried)
    tell("chains hashed anew, by the heads sent", alone)


def test_texts_that_changed_places_are_found() -> None:  # T44, T48
    (first, one), (second, two), *_ = RECORD["texts"].items()
    texts = RECORD["texts"] | {first: two, second: one}
    assert len(check(signed(RECORD | {"texts": texts})).faults) == 2


def test_a_text_may_be_withheld_with_its_ground_and_not_in_silence() -> None:  # T44
    comment = WRITER.entries[7]["facts"]["comments"]["1"]
    assert check(record_of(WRITER, withheld={comment: "asked by Kenya"})).faults == []
    texts = {name: text for name, text in RECORD["texts"].items() if name != comment}
    assert check(RECORD | {"texts": texts}).faults[0].where == "entry 7"
    both = check(RECORD | {"withheld": {comment: "asked by Kenya"}})
    assert both.faults[0].where == f"withheld.{comment}"


def test_a_text_that_was_erased_must_not_be_given() -> None:  # T44
    writer = certified()
    comment = writer.entries[7]["facts"]["comments"]["1"]
    writer.enter("text-erased", commitment=comment, ground="asked by Kenya")
    assert check(record_of(writer)).faults[0].where == f"texts.{comment}"
    assert check(record_of(writer, withheld={comment: "asked by Kenya"})).holds
    assert not check(record_of(writer, withheld={comment: "another"})).holds


@pytest.mark.parametrize(
    ("name", "value"),
    [("signatures", {"0123456789abcdef": "00"}), ("keys", [1]), ("signers", ["a"])],
)
def test_a_signature_that_cannot_be_checked_is_no_comfort(name: str, value: object) -> None:
    assert check(RECORD | {name: value}).faults[0].where.startswith(name)


def test_a_file_that_is_not_signed_is_refused_in_words() -> None:
    bare = RECORD | {"keys": [], "signers": [], "signatures": {}}
    bare["ledger"] = bare["ledger"] | {"checkpoints": []}
    export = {name: export_of(WRITER)[name] for name in ("format", "consultation", "entries")}
    for found in (check(bare), verify(canonical(export))):
        (fault,) = found.faults
        assert "it is not signed" in fault.what


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"nothing",
        b"{}",
        b'{"format": "consult-record/2"}',
        b'{"format": ["consult-record/1"]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": ' + b"9" * 10_000 + b"}",
        b"\xef\xbb\xbf{}",
        record_bytes(RECORD)[:-1],
        record_bytes(RECORD).decode().encode("utf-16"),
    ],
)
def test_what_cannot_be_read_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        kind_of(raw)
    with pytest.raises(BadInput):
        verify(raw)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just(HASH),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
EVERYWHERE = list(places(RECORD))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVERYWHERE), ANYTHING), min_size=1, max_size=3))
def test_no_file_whatever_stops_the_check(changes: list[tuple[Path, Any]]) -> None:
    record = deepcopy(RECORD)
    for path, new in changes:
        try:
            at(record, path[:-1])[path[-1]] = new
        except (KeyError, IndexError, TypeError):
            continue
    try:
        verify(json.dumps(record).encode())
    except BadInput:
        assert record.get("format") != RECORD["format"]


@pytest.mark.parametrize("links", [None, {}, [], [None], [[]], ["x"] * 200])
def test_a_ledger_without_one_good_entry_is_found(links: object) -> None:
    export = export_of(WRITER) | {"entries": links}
    faults = verify_ledger(json.dumps(export).encode()).faults
    assert 0 < len(faults) <= 103
