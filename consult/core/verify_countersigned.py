"""Checks a countersignature by itself, and whether it is that of a record beside it (T54)."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.canonical import fault_of
from consult.core.countersigning import countersignature_bytes
from consult.core.findings import Findings
from consult.core.reading import Reading, twice_within
from consult.core.shapes import (
    HASH,
    INSTANT,
    KEY_ID,
    NUMBER,
    TEXT,
    UUID,
    Shape,
    exactly,
    list_of,
    misfit,
    some,
)
from consult.core.verify_keys import NO_TRUST, Key, KeySet, Trust, keys_in
from consult.core.verify_signatures import SIGNATURE

_SENT = exactly({"number": NUMBER, "head": HASH, "at": INSTANT})
_SHAPES: Mapping[str, Shape] = {
    "format": TEXT,
    "consultation": exactly({"id": UUID, "reference": TEXT}),
    "record": HASH,
    "signers": some(list_of(KEY_ID)),
    "heads_sent": list_of(_SENT),
    "at": INSTANT,
    "keys": Shape("must be a list", lambda value: isinstance(value, list)),
    "kid": KEY_ID,
    "signature": SIGNATURE,
}


def check_countersignature(
    reading: Reading, trust: Trust = NO_TRUST
) -> tuple[Findings, tuple[Key, ...]]:
    """Check who countersigned, when, and that the keys it stands for are revoked.

    Returns:
        What was found, and its keys if it holds.
    """
    findings, value = Findings("countersignature"), reading.value
    if findings.misfit(misfit(value, _SHAPES)):
        return findings, ()
    if twice := twice_within(reading, value):
        findings.fault("file", f"has the name {twice!r} twice")
    if found := fault_of(value):
        findings.fault(found[0].lstrip("."), found[1])
        return findings, ()
    keys = keys_in(findings, value["keys"], trust)
    _check_order(findings, value["heads_sent"])
    if keys.all:
        _check_signers(findings, value, keys)
        covered = countersignature_bytes(value)
        if found_at := keys.fault(value["kid"], value["at"], value["signature"], covered):
            findings.fault("signature", found_at)
    findings.facts |= {
        "reference": value["consultation"]["reference"],
        "ledger": value["consultation"]["id"],
        "record": value["record"],
        "heads": len(value["heads_sent"]),
        "at": value["at"],
        "signers": ", ".join(value["signers"]),
        "beside": False,
        "keys": keys.fingerprints(),
    }
    return findings, tuple(keys.all) if findings.holds else ()


def _check_order(findings: Findings, sent: Sequence[Mapping[str, Any]]) -> None:
    numbers = [each["number"] for each in sent]
    if numbers != sorted(set(numbers)):
        findings.fault("heads_sent", "are not in the order of numbers, each once")


def _check_signers(findings: Findings, value: Mapping[str, Any], keys: KeySet) -> None:
    """Check that what it stands for was signed by keys that are revoked, and none by itself."""
    revoked = {key["kid"]: key["revoked_at"] for key in keys.all if key["revoked_at"]}
    for kid in value["signers"]:
        if kid not in revoked:
            findings.fault("signers", f"names the key {kid}, which is not revoked")
            return
    findings.facts["revoked_at"] = min(revoked[kid] for kid in value["signers"])


def check_beside(findings: Findings, said: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Check that a countersignature names what the record with its hash holds.

    Args:
        findings: Those of the countersignature, without a fault so far.
        record: A record that holds, of which it names the hash.
    """
    findings.facts["beside"] = True
    consultation = record["consultation"]
    for name, given in said["consultation"].items():
        if consultation[name] != given:
            findings.fault(f"consultation.{name}", "is not that of the record")
    if said["signers"] != record["signers"]:
        findings.fault("signers", "are not those of the record")
    links = record["ledger"]["entries"]
    for each in said["heads_sent"]:
        number = each["number"]
        if number < len(links) and each["head"] != links[number]["head"]:
            findings.fault(f"entry {number}", "its head in the record is not the one that was sent")
    sent = {each["number"] for each in said["heads_sent"]}
    for each in record["ledger"]["heads_sent"]:
        if each["number"] not in sent:
            findings.fault(f"entry {each['number']}", "its head was sent and is not countersigned")
