"""Checks a record, the export of a ledger or a receipt, without a database and without us."""

from collections.abc import Sequence
from dataclasses import replace

from consult.core.countersigning import FORMAT as COUNTERSIGNATURE
from consult.core.findings import Fault, Findings
from consult.core.ledger import sha256_hex
from consult.core.reading import Reading, read
from consult.core.receipt import COMMENTS_FORMAT as COMMENTS
from consult.core.receipt import FORMAT as RECEIPT
from consult.core.record import FORMAT as RECORD
from consult.core.record import LEDGER_FORMAT as LEDGER
from consult.core.round_record import FORMAT as ROUND
from consult.core.signing import KEYS_FORMAT as KEYS
from consult.core.verify_countersigned import check_beside, check_countersignature
from consult.core.verify_keys import NO_TRUST, Trust, check_key_file, trust_in
from consult.core.verify_receipt import Book, check_receipt
from consult.core.verify_record import check_ledger, check_record, links_in
from consult.errors import BadInput

__all__ = [
    "COMMENTS",
    "COUNTERSIGNATURE",
    "KEYS",
    "LEDGER",
    "RECEIPT",
    "RECEIPTS",
    "RECORD",
    "ROUND",
    "Book",
    "Fault",
    "Findings",
    "Trust",
    "examine",
    "kind_of",
    "open_book",
    "trust_in",
    "trusting",
    "verify",
    "verify_countersignature",
    "verify_ledger",
    "verify_receipt",
    "verify_record",
]

Heads = Sequence[tuple[int, str]]

RECEIPTS = (RECEIPT, COMMENTS)
_FORMATS = (RECORD, LEDGER, RECEIPT, ROUND, COMMENTS, KEYS, COUNTERSIGNATURE)


def kind_of(raw: bytes) -> str:
    """Return the format that a file says it has.

    Raises:
        BadInput: It cannot be read, or its format is not one that this version knows.
    """
    return _format(read(raw))


def verify_record(raw: bytes, heads: Heads = (), trust: Trust = NO_TRUST) -> Findings:
    """Recompute a decision record: chain, course, case, result, texts, signatures.

    Args:
        raw: The file.
        heads: Number and at least 32 hex digits of each head that somebody was shown.
        trust: The key that must have signed, or that speaks for those that have.

    Raises:
        BadInput: It cannot be read, or is not a record.
    """
    return check_record(_read_as(raw, RECORD), heads, trust)[0]


def verify_ledger(raw: bytes, heads: Heads = (), trust: Trust = NO_TRUST) -> Findings:
    """Recompute the export of a ledger; arguments and refusals as of `verify_record`."""
    return check_ledger(_read_as(raw, LEDGER), heads, trust)[0]


def examine(raw: bytes, heads: Heads = (), trust: Trust = NO_TRUST) -> tuple[Findings, Book | None]:
    """Check a record or an export; if it holds, open it so that receipts can be looked up.

    Raises:
        BadInput: It cannot be read, or is of another kind.
    """
    return _examine(read(raw), heads, trust)


def _examine(reading: Reading, heads: Heads, trust: Trust) -> tuple[Findings, Book | None]:
    kind = _format(reading)
    if kind in {*RECEIPTS, KEYS, COUNTERSIGNATURE}:
        raise BadInput({"format": "must be that of a record or a ledger"})
    findings, keys = (check_ledger if kind == LEDGER else check_record)(reading, heads, trust)
    return findings, Book(links_in(reading), keys) if findings.holds else None


def open_book(raw: bytes, trust: Trust = NO_TRUST) -> Book:
    """Open a record or an export in order to look up many receipts.

    Raises:
        BadInput: It cannot be read, is of another kind, or does not hold.
    """
    findings, book = examine(raw, (), trust)
    if book is None:
        raise BadInput({each.where: each.what for each in findings.faults})
    return book


def verify_receipt(
    raw: bytes, record: bytes | Book | None = None, trust: Trust = NO_TRUST
) -> Findings:
    """Check a receipt and, given a record or an export, say what became of its reply there.

    Among the facts ``verdict`` is counted, superseded (by version ``superseded_by``), late,
    not admitted, not entitled or missing; missing is a fault.

    Raises:
        BadInput: One of the files cannot be read, is of another kind, or the record does not hold.
    """
    reading = read(raw)
    if _format(reading) not in RECEIPTS:
        raise BadInput({"format": f"must be {' or '.join(RECEIPTS)}"})
    book = open_book(record, trust) if isinstance(record, bytes) else record
    findings = check_receipt(reading, trust, book.keys if book else None)
    if book is not None and findings.holds:
        book.look_up(findings, reading.value)
    return findings


def verify_countersignature(
    raw: bytes, records: Sequence[bytes] = (), trust: Trust = NO_TRUST
) -> Findings:
    """Check a countersignature and, given records that hold, that it is that of one of them.

    Raises:
        BadInput: A file cannot be read, or is of another kind.
    """
    reading = _read_as(raw, COUNTERSIGNATURE)
    findings, _keys = check_countersignature(reading, trust)
    if not records or not findings.holds:
        return findings
    found = [record for record in records if sha256_hex(record) == reading.value["record"]]
    if found:
        check_beside(findings, reading.value, read(found[0]).value)
    else:
        findings.fault("record", "is not the SHA-256 of a record here that holds")
    return findings


def trusting(countersignatures: Sequence[bytes], trust: Trust) -> Trust:
    """Return what to trust with the keys that countersignatures bring, where no list was given.

    They name the newer key, of which the record that they stand for cannot know.

    Raises:
        BadInput: One of them cannot be read, or is of another kind.
    """
    if trust.keys:
        return trust
    readings = [_read_as(raw, COUNTERSIGNATURE) for raw in countersignatures]
    lists = [check_countersignature(reading, trust)[1] for reading in readings]
    return replace(trust, keys=max(lists, key=len, default=()))


def verify(raw: bytes, heads: Heads = (), trust: Trust = NO_TRUST) -> Findings:
    """Check a file of any kind that this version knows.

    Raises:
        BadInput: It cannot be read, or its format is not known.
    """
    reading = read(raw)
    kind = _format(reading)
    if kind == KEYS:
        return check_key_file(reading, trust)[0]
    if kind in RECEIPTS:
        return check_receipt(reading, trust)
    if kind == COUNTERSIGNATURE:
        return check_countersignature(reading, trust)[0]
    return _examine(reading, heads, trust)[0]


def _format(reading: Reading) -> str:
    for known in _FORMATS:
        if reading.format == known:
            return known
    raise BadInput({"format": f"must be one of: {', '.join(_FORMATS)}"})


def _read_as(raw: bytes, kind: str) -> Reading:
    reading = read(raw)
    if reading.format != kind:
        raise BadInput({"format": f"must be {kind}"})
    return reading
