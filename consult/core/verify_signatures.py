"""Checks what was signed of one consultation: the heads of its ledger, its record, a receipt."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core import signing
from consult.core.canonical import fault_of
from consult.core.findings import Findings
from consult.core.reading import Reading, twice_in
from consult.core.shapes import HASH, INSTANT, KEY_ID, NUMBER, UUID, Shape, exactly, misfit
from consult.core.signing import checkpoint_bytes, kid_of
from consult.core.verify_chain import Chain
from consult.core.verify_keys import UNSIGNED, KeySet, Trust, key_alone

SIGNATURE = Shape(
    "must be 128 hex digits in lower case",
    lambda value: HASH.fits(value[:64]) and HASH.fits(value[64:]),
)
CHECKPOINT = exactly(
    {
        "ledger": UUID,
        "number": NUMBER,
        "head": HASH,
        "at": INSTANT,
        "kid": KEY_ID,
        "signature": SIGNATURE,
    }
)
_SIGNED = {"public_key": HASH, "kid": KEY_ID, "checkpoint": CHECKPOINT, "signature": SIGNATURE}


def check_checkpoints(
    findings: Findings, reading: Reading, given: object, chain: Chain, keys: KeySet
) -> None:
    """Check every signed head: that it is in the chain, by the key in force, and to its end."""
    if not isinstance(given, list):
        findings.fault("checkpoints", "must be a list")
        return
    in_force = _in_force(chain)
    last, at = -1, ""
    for place, said in enumerate(given):
        if not CHECKPOINT.fits(said) or twice_in(reading, said):
            findings.fault(f"checkpoints[{place}]", CHECKPOINT.words)
            return
        if said["number"] <= last or said["at"] < at:
            findings.fault(f"checkpoints[{place}]", "is not in the order of numbers and instants")
            return
        last, at = said["number"], said["at"]
        if found := _checkpoint_fault(said, chain, in_force, keys):
            findings.fault(f"entry {said['number']}", found)
            return
    findings.facts |= {"checkpoints": len(given), "signed_to": last, "signed_at": at}


def check_end(findings: Findings, chain: Chain) -> None:
    """Check that the last entry is under a signed head: of what follows one nobody is sure."""
    signed = findings.facts.get("signed_to")  # none, where a signed head is faulty
    if isinstance(signed, int) and signed + 1 < len(chain.heads):
        findings.fault(f"entry {signed + 1}", "stands after the last signed head")


def _in_force(chain: Chain) -> list[str | None]:
    """Return of each entry the key in force after it; None where the ledger names none."""
    told: list[str | None] = []
    kid: str | None = None
    for entry in chain.entries:
        if entry["what"] == "ledger-opened":
            kid = entry["facts"]["kid"]
        elif entry["what"] == "key-changed":
            kid = entry["facts"]["to"]
        told.append(kid)
    return told


def _checkpoint_fault(
    said: Mapping[str, Any], chain: Chain, in_force: Sequence[str | None], keys: KeySet
) -> str | None:
    number = said["number"]
    if number >= len(chain.heads):
        return "is not in the file, and its head was signed"
    if said["head"] != chain.heads[number]:
        return "its head is not the one that was signed"
    if said["ledger"] != chain.ledger:
        return "its checkpoint is that of another consultation"
    if chain.whole and in_force[number] not in {None, said["kid"]}:
        return f"its checkpoint is not by the key in force, {in_force[number]}"
    if chain.whole and said["at"] < chain.entries[number]["at"]:
        return "its checkpoint is dated before it"
    return keys.fault(said["kid"], said["at"], said["signature"], checkpoint_bytes(said))


def check_record_signatures(findings: Findings, value: Mapping[str, Any], keys: KeySet) -> None:
    """Check that every signer named has signed, by a key in force when the last head was."""
    if findings.misfit(_signers_fault(value["signers"], value["signatures"])):
        return
    covered = {name: each for name, each in value.items() if name != "signatures"}
    if unfit := fault_of(covered):
        if findings.holds:  # else it is told already, where it is
            findings.fault(unfit[0].lstrip("."), unfit[1])
        return
    raw, at = signing.record_bytes(value), str(findings.facts.get("signed_at", ""))
    for kid in value["signers"]:
        signature = value["signatures"][kid]
        found = None if SIGNATURE.fits(signature) else SIGNATURE.words
        if found := found or keys.fault(kid, at, signature, raw):
            findings.fault("signatures", f"the record {found}")


def _signers_fault(signers: object, signatures: object) -> tuple[str, str] | None:
    if not isinstance(signers, list) or not all(map(KEY_ID.fits, signers)):
        return "signers", f"must be a list; each {KEY_ID.words}"
    if not signers or not signatures:
        return "signatures", UNSIGNED
    if len(signers) != len(set(signers)):
        return "signers", "names one twice"
    if not isinstance(signatures, dict) or signatures.keys() != set(signers):
        return "signatures", "must be those of the signers, each once"
    return None


def check_receipt_signatures(
    findings: Findings, value: Mapping[str, Any], trust: Trust, keys: KeySet | None = None
) -> None:
    """Check the signature of a receipt and that of the head in it.

    Args:
        trust: Has a list of keys perhaps, in which that of the receipt must be.
        keys: Those of the record beside it, if there is one.
    """
    if any(value[name] is None for name in ("signature", "kid", "public_key")):
        findings.fault("signature", UNSIGNED)
        return
    shaped = findings.misfit(misfit({name: value[name] for name in _SIGNED}, _SIGNED))
    if shaped or findings.misfit(_stated_fault(value)):
        return
    said = value["checkpoint"]
    keys = keys or key_alone(findings, value["public_key"], trust)
    for where, signature, covered in (
        ("signature", value["signature"], signing.receipt_bytes(value)),
        ("checkpoint", said["signature"], checkpoint_bytes(said)),
    ):
        if found := keys.fault(value["kid"], said["at"], signature, covered):
            findings.fault(where, found)
    findings.facts["keys"] = keys.fingerprints()


def _stated_fault(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Say why key and checkpoint are not those of the receipt's own entry."""
    said, entry = value["checkpoint"], value["entry"]
    if value["kid"] != kid_of(value["public_key"]):
        return "kid", "is not that of the public key"
    for name, own in (
        ("ledger", entry["ledger"]),
        ("number", entry["number"]),
        ("head", value["head"]),
        ("at", entry["at"]),
        ("kid", value["kid"]),
    ):
        if said[name] != own:
            return f"checkpoint.{name}", "is not that of the receipt"
    return None
