"""A record whose key was lost, and the newer key that stands for it, for tests of files."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.core.countersigning import countersign
from consult.core.ledger import instant, sha256_hex
from consult.core.record import record_bytes
from consult.core.signing import COMPROMISED, Signer, key_list, signer_of, state_key
from tests.ledgers import BEGIN, DAY, SIGNER, certified, record_of

NEWER = signer_of(Ed25519PrivateKey.from_private_bytes(b"newr" * 8))
RECORD = record_of(certified())
RAW = record_bytes(RECORD)
CHANGED_AT, REVOKED_AT = instant(BEGIN + 90 * DAY), instant(BEGIN + 80 * DAY)
FIRST = state_key(SIGNER, "2020-01-01T00:00:00.000000Z")
KEYS = key_list([FIRST, state_key(NEWER, CHANGED_AT, COMPROMISED, SIGNER, REVOKED_AT)])
AT = instant(BEGIN + 91 * DAY)
SENT = RECORD["ledger"]["heads_sent"]


def made(signer: Signer = NEWER, **changed: Any) -> dict[str, Any]:
    given = {"record": RECORD, "sha256": sha256_hex(RAW), "heads": SENT, "at": AT, "keys": KEYS}
    return countersign(signer, **{**given, **changed})
