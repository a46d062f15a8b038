"""A reply that the database lost, proved by its receipt: what the receipt says, and whether it may.

Source: trust, T98.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from consult.core.canonical import canonical
from consult.core.entries import RESTORED
from consult.core.findings import Findings
from consult.core.ledger import leaf
from consult.core.reading import Reading, read
from consult.core.receipt import COMMENTS_FORMAT, FORMAT
from consult.core.verify_keys import date_fault, keys_in, trust_in
from consult.core.verify_receipt import check_receipt
from consult.errors import BadInput, NotReadmitted

LARGEST = 4 * 1024 * 1024  # bytes: comments of the greatest length on a hundred items fit

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt of this service in which nothing is wrong.

    Args:
        value: The receipt.
        leaf: Of the ledger entry that it holds.
        revoked: The key that signed it was given up later, as one that might be in other hands.
    """

    value: Mapping[str, Any]
    leaf: str
    revoked: bool = False

    @property
    def raw(self) -> str:
        """The receipt in its one spelling: the bytes that the member was given (T57)."""
        return canonical(self.value).decode()

    @property
    def entry(self) -> Entry:
        found: Entry = self.value["entry"]
        return found

    @property
    def facts(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.entry["facts"]
        return found

    @property
    def rehearsal(self) -> bool:
        return "rehearsal" in self.value["consultation"]

    @property
    def recorded_at(self) -> str:
        """When the reply was entered in the ledger that was lost."""
        return str(self.facts.get("recorded_at") or self.entry["at"])


def proof_in(raw: bytes, keys: Sequence[Mapping[str, Any]]) -> Proof:
    """Return what the receipt in *raw* proves; it needs no database.

    Args:
        raw: The receipt, or the mail to which it was attached.
        keys: Those of this service, in their order, as ``keys.json`` lists them.

    Raises:
        NotReadmitted: It is no receipt of a reply, not signed by one of *keys* while that was in
            force, or not what was signed.
    """
    reading = _reading(receipt_in(raw))
    value = reading.value
    if value.get("signature") is None:
        raise NotReadmitted("unsigned")
    key = next((one for one in keys if one["kid"] == value.get("kid")), None)
    if key is None:
        raise NotReadmitted("foreign-key", kid=str(value.get("kid"))[:64])
    findings = Findings("keys")
    found = check_receipt(reading, keys=keys_in(findings, list(keys), trust_in()))
    if faults := [*findings.faults, *found.faults]:
        raise _refusal(value, key, faults)
    if value["entry"]["what"] == RESTORED:
        raise NotReadmitted("altered", detail="entry.what: is that of a reply restored before")
    return Proof(value, str(found.facts["leaf"]), revoked=key["revoked_at"] is not None)


def receipt_in(raw: bytes) -> bytes:
    """Return the receipt that a mail encloses; anything else as it is."""
    if raw.lstrip()[:1] == b"{":
        return raw
    for part in message_from_bytes(raw).walk():
        enclosed = part.get_payload(decode=True)
        if part.get_content_type() == "application/json" and isinstance(enclosed, bytes):
            return enclosed
    return raw


def proof_of(raw: str) -> Proof:
    """Return the proof that was checked, and kept in its one spelling, when it was asked for."""
    value = read(raw.encode()).value
    return Proof(value, leaf(value["entry"]))


def version_for(proof: Proof, taken: frozenset[int]) -> int:
    """Return the version under which a reply is kept: its own, else the next one.

    Args:
        taken: Those of its member that are there: one sent after the loss may have its number.
    """
    own: int = proof.facts["version"]
    return max(taken) + 1 if own in taken else own


def _reading(raw: bytes) -> Reading:
    try:
        reading = read(raw) if len(raw) <= LARGEST else None
    except BadInput as wrong:
        raise NotReadmitted("unreadable", detail=str(wrong)) from None
    if reading is None:
        raise NotReadmitted("unreadable", detail="file: is larger than any receipt")
    if reading.format == COMMENTS_FORMAT:
        raise NotReadmitted("of-comments")
    if reading.format != FORMAT:
        raise NotReadmitted("no-receipt")
    return reading


def _refusal(
    value: Mapping[str, Any], key: Mapping[str, Any], faults: Sequence[Any]
) -> NotReadmitted:
    """Say in one word why a receipt proves nothing: what is wrong first is told whole."""
    said = value.get("checkpoint")
    at = str(said.get("at")) if isinstance(said, dict) else ""
    if {one.what for one in faults} == {date_fault(key, at)}:
        revoked = key["revoked_at"] is not None and at >= key["revoked_at"]
        return NotReadmitted("revoked" if revoked else "not-then", kid=key["kid"])
    return NotReadmitted("altered", detail=str(faults[0]))
