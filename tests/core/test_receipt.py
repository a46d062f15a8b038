"""What a receipt says, and what it proves."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from consult.core.canonical import canonical
from consult.core.receipt import receipt
from consult.core.record import record_bytes
from consult.core.signing import fingerprint_of, receipt_bytes, sign_receipt
from consult.core.verify import open_book, trust_in, verify_receipt
from consult.errors import BadInput
from tests.ledgers import (
    OPENS_AT,
    REFERENCE,
    SIGNER,
    THIEF,
    certified,
    export_of,
    opened,
    receipt_of,
    record_of,
)

WRITER = certified()
RECORD = record_bytes(record_of(WRITER))
REPLIES = [entry["number"] for entry in WRITER.entries if "reply" in entry["facts"]]


def check(value: dict[str, Any], record: bytes | None = None) -> Any:
    return verify_receipt(json.dumps(value).encode(), record)


def test_a_receipt_made_again_is_the_same() -> None:  # T57
    number = REPLIES[0]
    assert canonical(receipt_of(WRITER, number)) == canonical(receipt_of(WRITER, number))


def test_what_would_be_signed_is_all_but_the_signature() -> None:  # T55
    made = receipt_of(WRITER, REPLIES[0])
    covered = receipt_bytes(made)
    assert covered.startswith(b"consult/receipt/1\n{")
    assert receipt_bytes(made | {"signature": "00"}) == covered
    assert receipt_bytes(made | {"kid": "00"}) != covered


def test_only_a_reply_has_a_receipt() -> None:
    with pytest.raises(BadInput):
        receipt(REFERENCE, WRITER.entries[0], "0" * 64)


@pytest.mark.parametrize("number", REPLIES)
def test_a_receipt_holds_by_itself(number: int) -> None:  # T56
    found = check(receipt_of(WRITER, number))
    assert found.faults == []
    assert found.facts["member"] == WRITER.entries[number]["facts"]["member"]


VERDICTS = [
    (7, {"verdict": "superseded", "superseded_by": 2}),
    (8, {"verdict": "counted"}),
    (19, {"verdict": "counted"}),
    (20, {"verdict": "late"}),
    (24, {"verdict": "counted"}),
    (30, {"verdict": "counted"}),
]


@pytest.mark.parametrize(("number", "verdict"), VERDICTS)
def test_a_record_says_what_became_of_a_reply(number: int, verdict: dict[str, Any]) -> None:
    """T56: counted, superseded, late; the last was let in by a ruling."""
    assert [number for number, _ in VERDICTS] == REPLIES
    for file in (RECORD, canonical(export_of(WRITER))):
        found = check(receipt_of(WRITER, number), file)
        assert found.faults == []
        assert found.facts | verdict == found.facts


def test_a_letter_recorded_after_the_post_room_counts_only_by_a_ruling() -> None:  # T75
    writer = certified()
    del writer.entries[31:]
    book = open_book(canonical(export_of(writer)))
    found = verify_receipt(canonical(receipt_of(writer, 30)), book)
    assert found.facts["verdict"] == "not admitted"


def test_a_reply_that_is_not_in_the_record_is_missing() -> None:  # T56
    writer = opened()
    number = writer.reply("reply", "JPN", "aaa", OPENS_AT)
    found = check(receipt_of(writer, number), RECORD)
    assert found.facts["verdict"] == "missing"
    assert found.faults[0].where == f"entry {number}"


def test_a_member_that_is_not_entitled_is_told_so() -> None:
    writer = opened()
    number = writer.reply("reply", "XXX", "aaa", OPENS_AT)
    assert check(receipt_of(writer, number), canonical(export_of(writer))).facts["verdict"] == (
        "not entitled"
    )


def test_no_receipt_is_looked_up_in_a_record_that_does_not_hold() -> None:
    record = json.loads(RECORD)
    record["result"]["questions"]["1"]["outcome"] = "not_adopted"
    with pytest.raises(BadInput):
        check(receipt_of(WRITER, 7), json.dumps(record).encode())
    with pytest.raises(BadInput):
        check(receipt_of(WRITER, 7), canonical(receipt_of(WRITER, 7)))


def changes(value: Any) -> Iterator[Any]:
    """Yield *value* with one thing changed in it, at each place once."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {k: v for k, v in value.items() if k != name}
            yield from (value | {name: new} for new in changes(inner))
        yield value | {"added": None}
    elif isinstance(value, list):
        yield from ([*value[:n], new, *value[n + 1 :]] for n, each in enumerate(value)
                    for new in changes(each))  # fmt: skip
        yield [*value, *value, None]
    else:
        yield from (f"{value}0", 0 if value is None else None)


def test_every_change_of_a_receipt_is_found_by_itself_or_in_the_record() -> None:  # T56
    tried = alone = 0
    made, book = receipt_of(WRITER, 7), open_book(RECORD)
    for altered in changes(made):
        if altered.get("format") != made["format"]:
            continue
        raw = json.dumps(altered).encode()
        alone += not verify_receipt(raw).holds
        assert not verify_receipt(raw, book).holds, altered
        tried += 1
    print(f"changes of a receipt: {tried} tried, {tried} found, {alone} without a record")  # noqa: T201


def test_comments_of_a_receipt_are_those_of_the_reply() -> None:  # T44
    made = deepcopy(receipt_of(WRITER, 7))
    made["texts"].reverse()
    made = resigned(made)
    assert check(made).holds
    made["texts"][0]["text"], made["texts"][1]["text"] = "a", "b"
    assert len(check(resigned(made)).faults) == 2
    assert not check(resigned(made | {"texts": []})).holds


def resigned(made: dict[str, Any]) -> dict[str, Any]:
    """Sign a receipt that was changed, as who holds the key can."""
    return sign_receipt(SIGNER, made, made["checkpoint"])


def test_a_signature_that_cannot_be_checked_is_no_comfort() -> None:
    assert not check(receipt_of(WRITER, 7) | {"signature": "00", "kid": "00"}).holds


@pytest.mark.parametrize("names", [("signature",), ("signature", "kid", "checkpoint")])
def test_a_receipt_that_is_not_signed_is_refused_in_words(names: tuple[str, ...]) -> None:
    made = receipt_of(WRITER, 7) | dict.fromkeys(names)
    (fault,) = check(made).faults
    assert "it is not signed" in fault.what
    del made["public_key"]  # as they were before there were keys
    (fault,) = check(made | {"signature": None}).faults
    assert "it is not signed" in fault.what


def test_a_receipt_of_another_key_is_found_by_the_fingerprint() -> None:  # T48, T56
    made = canonical(receipt_of(WRITER, 7, THIEF))
    ours = trust_in(fingerprint_of(SIGNER.public_key))
    assert verify_receipt(made).holds
    assert "another key" in str(verify_receipt(made, trust=ours).faults[0])
    assert not verify_receipt(made, RECORD).holds
    assert verify_receipt(canonical(receipt_of(WRITER, 7)), trust=ours).holds
