"""A new key stands for a published record whose own key was lost afterwards (T54)."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.canonical import canonical
from consult.core.signing import Signer

FORMAT = "consult-countersignature/1"

_COUNTERSIGNATURE = b"consult/countersignature/1\n"

Data = Mapping[str, Any]


def countersign(
    signer: Signer, record: Data, sha256: str, heads: Sequence[Data], at: str, keys: Sequence[Data]
) -> dict[str, Any]:
    """Return the statement that the file with the hash *sha256* is the record as published.

    The record itself stays as it is, to the letter.

    Args:
        signer: The key in force.
        record: What the file holds.
        heads: Number, head and instant of each head that notices carried, those since the
            publication too.
        keys: All keys, with the one by which those of the record are revoked.
    """
    said = {
        "format": FORMAT,
        "consultation": {name: record["consultation"][name] for name in ("id", "reference")},
        "record": sha256,
        "signers": list(record["signers"]),
        "heads_sent": [dict(each) for each in heads],
        "at": at,
        "keys": [dict(key) for key in keys],
        "kid": signer.kid,
    }
    return {**said, "signature": signer.sign(countersignature_bytes(said))}


def countersignature_bytes(said: Data) -> bytes:
    """Return what the signature covers: all of it but itself."""
    covered = {name: each for name, each in said.items() if name != "signature"}
    return _COUNTERSIGNATURE + canonical(covered)
