"""Signatures: Ed25519 over canonical JSON, with a prefix for each purpose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consult.core.canonical import canonical

KEYS_FORMAT = "consult-keys/1"
KID_DIGITS = 16
KEY_NAMES = (
    "kid",
    "public_key",
    "valid_from",
    "valid_to",
    "revoked_at",
    "reason",
    "previous",
    "revokes_from",
    "signatures",
)
# What a key says of itself, and the key before it confirms.
STATED = ("kid", "public_key", "valid_from", "reason", "previous", "revokes_from")
CHECKPOINT_NAMES = ("ledger", "number", "head", "at", "kid", "signature")

FIRST, PLANNED, COMPROMISED = "first", "planned", "compromised"

_SIGNATURE = re.compile(r"[0-9a-f]{128}").fullmatch
_CHECKPOINT = b"consult/checkpoint/1\n"
_RECEIPT = b"consult/receipt/1\n"
_RECORD = b"consult/record/1\n"
_KEY = b"consult/key/1\n"

Data = Mapping[str, Any]


def fingerprint_of(public_key: str) -> str:
    """Return the SHA-256 of a raw public key given in hex; its first 16 digits are the kid."""
    return sha256(bytes.fromhex(public_key)).hexdigest()


def kid_of(public_key: str) -> str:
    return fingerprint_of(public_key)[:KID_DIGITS]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and what its signatures are called by.

    Args:
        public_key: The raw public key, in hex.
    """

    private: Ed25519PrivateKey
    public_key: str
    kid: str

    def sign(self, covered: bytes) -> str:
        """Return the signature of *covered*, in hex: always the same for the same bytes."""
        return self.private.sign(covered).hex()


def signer_of(private: Ed25519PrivateKey) -> Signer:
    raw = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    return Signer(private, raw.hex(), kid_of(raw.hex()))


def has_signed(public_key: str, signature: str, covered: bytes) -> bool:
    """Say whether *signature* (128 hex digits) of *covered* is by the key (64 hex digits)."""
    if _SIGNATURE(signature) is None:  # `fromhex` passes over spaces and capitals
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), covered)
    except (InvalidSignature, ValueError):
        return False
    return True


def checkpoint(signer: Signer, ledger: str, number: int, head: str, at: str) -> dict[str, Any]:
    """Return a signed statement that *ledger* had this head after entry *number*.

    Source: trust, T46.
    """
    said = {"ledger": ledger, "number": number, "head": head, "at": at, "kid": signer.kid}
    return {**said, "signature": signer.sign(checkpoint_bytes(said))}


def checkpoint_bytes(said: Data) -> bytes:
    return _CHECKPOINT + canonical(_without(said, "signature"))


def receipt_bytes(receipt: Data) -> bytes:
    """Return what the signature of a receipt covers: all of it but itself (T55)."""
    return _RECEIPT + canonical(_without(receipt, "signature"))


def record_bytes(record: Data) -> bytes:
    """Return what each signature of a record covers: all of it but the signatures (T58)."""
    return _RECORD + canonical(_without(record, "signatures"))


def sign_receipt(signer: Signer, receipt: Data, stated: Data) -> dict[str, Any]:
    """Return *receipt* with its checkpoint, the key and its signature (T55, T57).

    Args:
        stated: The checkpoint right after the entry of the reply.
    """
    whole = {
        **receipt,
        "checkpoint": dict(stated),
        "kid": signer.kid,
        "public_key": signer.public_key,
    }
    return {**whole, "signature": signer.sign(receipt_bytes(whole))}


def sign_record(signer: Signer, record: Data) -> dict[str, Any]:
    """Return *record* with its signer and its signature (T58)."""
    whole = {**record, "signers": [signer.kid]}
    return {**whole, "signatures": {signer.kid: signer.sign(record_bytes(whole))}}


def with_checkpoints(
    made: Data, checkpoints: Sequence[Data], keys: Sequence[Data]
) -> dict[str, Any]:
    """Return a record or an export with the checkpoints of its entries and the keys."""
    holder = made.get("ledger", made)
    length = len(holder["entries"])
    told = [dict(each) for each in checkpoints if each["number"] < length]
    listed = [dict(key) for key in keys]
    if holder is made:
        return {**made, "checkpoints": told, "keys": listed}
    return {**made, "ledger": {**holder, "checkpoints": told}, "keys": listed}


def state_key(
    signer: Signer,
    valid_from: str,
    reason: str = FIRST,
    previous: Signer | None = None,
    revokes_from: str | None = None,
) -> dict[str, Any]:
    """Return what a new key says of itself, signed by it and by the one before it.

    Args:
        reason: ``first``, ``planned`` or ``compromised``.
        revokes_from: From when nothing holds that the key before signed; None if all does.

    Source: trust, T53, T54.
    """
    said = {
        "kid": signer.kid,
        "public_key": signer.public_key,
        "valid_from": valid_from,
        "reason": reason,
        "previous": previous.kid if previous else None,
        "revokes_from": revokes_from,
    }
    both = [signer, *([previous] if previous else [])]
    return {**said, "signatures": {each.kid: each.sign(key_bytes(said)) for each in both}}


def key_bytes(said: Data) -> bytes:
    return _KEY + canonical({name: said[name] for name in STATED})


def key_list(stated: Sequence[Data]) -> list[dict[str, Any]]:
    """Return the keys in the order in which they followed one another, each with its end."""
    after: list[Data | None] = [*stated[1:], None][: len(stated)]
    return [
        {
            **key,
            "valid_to": later["valid_from"] if later else None,
            "revoked_at": later["revokes_from"] if later else None,
        }
        for key, later in zip(stated, after, strict=True)
    ]


def _without(value: Data, name: str) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if key != name}
