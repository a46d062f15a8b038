"""Secrets that must be read again, sealed under a key that is not in the database (T10, T110)."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consult.actions.change import Desk

_VERSION = "v1"
_NONCE = 12  # bytes, as AES-GCM wants them


class Unsealed(Exception):
    """No key of this deployment opens it: the secret was changed, or the row."""


def seal(desk: Desk, purpose: str, secret: bytes) -> str:
    """Return *secret* sealed with AES-256-GCM; it opens for the same *purpose* alone."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(desk.secret)).encrypt(nonce, secret, purpose.encode())
    return f"{_VERSION}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(desk: Desk, purpose: str, sealed: str) -> bytes:
    """Return what was sealed, under the present key or a former one.

    Raises:
        Unsealed: No key opens it.
    """
    version, _, rest = sealed.partition(".")
    if version != _VERSION:
        raise Unsealed
    raw = base64.urlsafe_b64decode(rest)
    for secret in (desk.secret, *desk.former_secrets):
        try:
            return AESGCM(_key(secret)).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
        except InvalidTag:
            continue
    raise Unsealed


def _key(secret: bytes) -> bytes:
    """Derive a key of its own from the service's secret, which is a setting."""
    return hmac.new(secret, b"consult/seal/1", hashlib.sha256).digest()
