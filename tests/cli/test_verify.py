"""The command that checks files, as an auditor without our service meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli.verify import verify
from consult.core.canonical import canonical
from consult.core.record import record_bytes
from consult.core.signing import KEYS_FORMAT, fingerprint_of, key_list, state_key
from consult.errors import BadInput
from tests import countersigned
from tests.ledgers import (
    KEYS,
    OPENS_AT,
    SIGNER,
    THIEF,
    certified,
    export_of,
    head_at,
    opened,
    receipt_of,
    record_of,
)

WRITER = certified()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "record.json").write_bytes(record_bytes(record_of(WRITER)))
    (tmp_path / "ledger.json").write_bytes(canonical(export_of(WRITER)))
    for number in (7, 8, 20):
        (tmp_path / f"receipt-{number}.json").write_bytes(canonical(receipt_of(WRITER, number)))
    return tmp_path


def run(files: Path, *arguments: str) -> Result:
    named = [str(files / each) if each.endswith(".json") else each for each in arguments]
    return CliRunner().invoke(verify, named)


def test_a_record_that_holds_is_told_in_words(files: Path) -> None:  # T49
    result = run(files, "record.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "the record of DM-20/1021 holds: 40 entries, 6 replies" in result.stdout
    assert "Item 1: adopted. Item 2: adopted. Item 3: not_adopted." in result.stdout
    assert "The key in these files is their own" in result.stdout
    assert fingerprint_of(SIGNER.public_key) in result.stdout


def test_each_fault_is_one_line_on_standard_error(files: Path) -> None:  # T49
    record = record_of(WRITER)
    record["result"]["questions"]["2"]["counts"]["approve"] += 1
    record["ledger"]["entries"][8]["entry"]["facts"]["choices"]["1"] = "object"
    (files / "record.json").write_text(json.dumps(record))
    result = run(files, "record.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "record.json: entry 8: its leaf" in result.stderr.splitlines()[0]
    assert any("result.questions" in line for line in result.stderr.splitlines())


@pytest.mark.parametrize("spelling", ["{}:{}", "#{} {}"])
def test_a_head_from_a_notice_is_looked_for(files: Path, spelling: str) -> None:  # T50
    number, head = head_at(WRITER, 12)
    good = run(files, "ledger.json", "--head", spelling.format(number, head[:32].upper()))
    assert (good.exit_code, good.stderr) == (0, "")
    assert "in it: 1" in good.stdout
    bad = run(files, "ledger.json", "--head", spelling.format(number + 1, head[:32]))
    assert bad.exit_code == 1
    assert f"entry {number + 1}: the head that was shown is not in" in bad.stderr


@pytest.mark.parametrize("head", ["12", "12:abc", "x:" + "0" * 32, "12:" + "g" * 32])
def test_a_head_that_is_none_is_a_wrong_use(files: Path, head: str) -> None:
    assert run(files, "ledger.json", "--head", head).exit_code == 2


def test_receipts_are_looked_up_in_the_record_beside_them(files: Path) -> None:  # T56
    result = run(files, "receipt-7.json", "receipt-8.json", "receipt-20.json", "record.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "version 2 took its place" in result.stdout
    assert "is the one that counts" in result.stdout
    assert "in the ledger as late" in result.stdout


def test_a_receipt_alone_holds_and_is_looked_up_nowhere(files: Path) -> None:  # T56
    result = run(files, "receipt-7.json")
    assert result.exit_code == 0
    assert "No record was given" in result.stdout


def test_a_reply_that_is_not_in_the_record_is_missing(files: Path) -> None:  # T56
    writer = opened()
    number = writer.reply("reply", "JPN", "aaa", OPENS_AT)
    (files / "receipt-7.json").write_bytes(canonical(receipt_of(writer, number)))
    result = run(files, "receipt-7.json", "record.json")
    assert result.exit_code == 1
    assert "is missing in the ledger" in result.stderr


def test_no_receipt_is_found_in_a_record_that_does_not_hold(files: Path) -> None:
    record = record_of(WRITER) | {"texts": {}}
    (files / "record.json").write_text(json.dumps(record))
    result = run(files, "receipt-7.json", "record.json")
    assert result.exit_code == 1
    assert "receipt-7.json: consultation.id" in result.stderr


def test_the_key_that_was_given_must_have_signed(files: Path) -> None:  # T48, T49
    ours = fingerprint_of(SIGNER.public_key)
    spaced = " ".join(ours[at : at + 8].upper() for at in range(0, 64, 8))
    every = ("record.json", "ledger.json", "receipt-7.json")
    for key in (ours, ours[:16], spaced):
        result = run(files, *every, "--key", key)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "signed with the key that was given" in result.stdout
        assert "their own" not in result.stdout
    result = run(files, *every, "--key", fingerprint_of(THIEF.public_key))
    assert result.exit_code == 1
    assert "another key signed this" in result.stderr


@pytest.mark.parametrize("key", ["", "0123", "x" * 16, "0" * 65])
def test_a_fingerprint_that_is_none_is_a_wrong_use(files: Path, key: str) -> None:
    assert run(files, "record.json", "--key", key).exit_code == 2


def test_a_list_of_keys_beside_the_files_says_which_may_have_signed(files: Path) -> None:  # T53
    key_file = {"format": KEYS_FORMAT, "keys": KEYS}
    (files / "keys.json").write_bytes(canonical(key_file))
    assert run(files, "record.json", "receipt-7.json", "keys.json").exit_code == 0
    key_file["keys"] = key_list([state_key(THIEF, "2020-01-01T00:00:00.000000Z")])
    (files / "keys.json").write_bytes(canonical(key_file))
    for name in ("record.json", "ledger.json", "receipt-7.json"):
        result = run(files, name, "keys.json")
        assert result.exit_code == 1
        assert "not in the list of keys" in result.stderr
    (files / "keys.json").write_bytes(canonical(key_file | {"keys": [KEYS[0] | {"kid": "0" * 16}]}))
    result = run(files, "record.json", "keys.json")
    assert (result.exit_code, "keys.json: keys[0].kid" in result.stderr) == (1, True)


def test_a_head_is_of_no_use_with_a_receipt_alone(files: Path) -> None:
    assert run(files, "receipt-7.json", "--head", "1:" + "0" * 32).exit_code == 2


def test_what_cannot_be_read_is_refused_with_its_name(files: Path) -> None:  # T49
    (files / "nothing.json").write_bytes(b"\xff")
    for name in ("nothing.json", "absent.json"):
        result = run(files, name)
        assert isinstance(result.exception, BadInput)
        assert name in str(result.exception)


def test_the_help_says_what_cannot_be_found(files: Path) -> None:  # T49
    told = " ".join(run(files, "--help").stdout.split())
    for words in ("never acknowledged", "truthfully recorded", "written anew", "cut off after"):
        assert words in told


def test_a_countersignature_is_told_in_words_and_needs_its_record(files: Path) -> None:  # T54
    said = countersigned.made()
    (files / "record.json").write_bytes(countersigned.RAW)
    (files / "beside.json").write_bytes(canonical(said))
    both = run(files, "record.json", "beside.json", "--key", countersigned.NEWER.public_key)
    assert both.exit_code == 1  # that is no fingerprint of it
    newer = fingerprint_of(countersigned.NEWER.public_key)
    both = run(files, "beside.json", "record.json", "--key", newer)
    assert (both.exit_code, both.stderr) == (0, "")
    assert f"The key {SIGNER.kid}, with which that record was signed" in both.stdout
    alone = run(files, "beside.json")
    assert (alone.exit_code, "The record itself was not given" in alone.stdout) == (0, True)
    for other in ("ledger.json", "record.json"):
        (files / "record.json").write_bytes(record_bytes(record_of(WRITER) | {"texts": {}}))
        result = run(files, other, "beside.json")
        assert result.exit_code == 1
        assert "beside.json: record: is not the SHA-256 of a record here" in result.stderr
