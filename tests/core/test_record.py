"""What a decision record says, and that the ledger alone gives it."""

import json
from hashlib import sha256

import pytest

from consult.core import signing
from consult.core.casefile import read_case
from consult.core.record import derive_case, record_bytes, record_hash
from consult.core.tally import result_data, tally
from consult.errors import BadInput
from tests.ledgers import (
    CLOSES_AT,
    ITEMS,
    LEDGER,
    SIGNER,
    Writer,
    certified,
    closed,
    opened,
    record_of,
)


def test_a_ledger_that_was_never_opened_tells_no_case() -> None:
    with pytest.raises(BadInput):
        derive_case(Writer().entries)


def test_the_case_is_that_of_the_newest_letter_with_the_last_deadline() -> None:  # T59
    case = derive_case(closed().entries)
    assert case["questions"][0]["title"] == "Item 1, corrected"
    assert case["closes_at"] == "2020-07-13T08:00:00.000000Z"
    assert derive_case(opened().entries)["replies"] == []


def test_every_reply_is_in_the_case_late_ones_and_silent_items_too() -> None:  # T59, section 14
    writer = certified()
    replies = derive_case(writer.entries)["replies"]
    assert len(replies) == 6 * len(ITEMS)
    assert [reply["member"] for reply in replies[:: len(ITEMS)]] == [
        "KEN", "FRA", "KEN", "JPN", "ARG", "BRA",
    ]  # fmt: skip
    assert replies[8] == {
        "member": "KEN",
        "question": "3",
        "choice": None,
        "at": "2020-07-12T08:00:00.000000Z",
    }


def test_what_came_on_behalf_after_the_post_is_out_until_a_ruling() -> None:  # T75, T76
    writer = certified()
    before = derive_case(writer.entries[:35])["replies"][-1]
    after = derive_case(writer.entries)["replies"][-1]
    assert (before["member"], before["admitted"]) == ("BRA", False)
    assert (after["member"], after["admitted"]) == ("BRA", True)
    assert all("admitted" not in row for row in derive_case(writer.entries)["replies"][:-3])


def test_a_position_on_an_item_that_was_taken_away_is_none() -> None:
    writer = closed()
    writer.entries[15]["facts"]["case"]["questions"].pop()
    rows = derive_case(writer.entries)["replies"]
    assert {row["question"] for row in rows} == {"1", "2"}


def test_the_tally_of_a_records_case_is_its_result() -> None:  # T59
    record = record_of(certified())
    case = json.dumps(record["case"]).encode()
    assert result_data(tally(read_case(case))) == record["result"]


def test_a_signature_covers_all_of_a_record_but_the_signatures() -> None:  # T58
    record = record_of(certified())
    assert record["format"] == "consult-record/1"
    assert record["consultation"]["id"] == LEDGER
    assert record["signers"] == [SIGNER.kid] == list(record["signatures"])
    assert record["ledger"]["checkpoints"][-1]["number"] == len(record["ledger"]["entries"]) - 1
    signed = record | {"signatures": {"0" * 16: "00"}}
    assert signing.record_bytes(record) == signing.record_bytes(signed)
    assert signing.record_bytes(record).startswith(b"consult/record/1\n{")


def test_a_head_that_was_sent_after_the_record_is_not_in_it() -> None:  # T50
    writer = certified()
    record = record_of(writer, heads_sent=[(99, "0" * 64), (6, writer.links()[6]["head"])])
    assert [sent["number"] for sent in record["ledger"]["heads_sent"]] == [6]


def test_the_hash_of_a_record_is_that_of_its_file() -> None:  # T60
    record = record_of(certified())
    assert record_hash(record) == sha256(record_bytes(record)).hexdigest()
    assert json.loads(record_bytes(record)) == record


def test_a_deadline_is_that_of_the_letter_when_nothing_extends_it() -> None:
    case = derive_case(opened().entries)
    assert case["closes_at"].startswith(CLOSES_AT.date().isoformat())
