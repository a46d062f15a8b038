"""Single-use tokens that go out by mail, derived so that only their hashes are stored."""

import base64
import hashlib
import hmac
import secrets

# Without I, L, O, U, 0 and 1: what is read on one screen and typed on another.
_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ2345679"
_CODE_LENGTH = 8
_RECOVERY_LENGTH = 24


def link_token(secret: bytes, purpose: str, nonce: str) -> str:
    """Return the 256-bit token of a link, as it stands in its address.

    Args:
        purpose: ``sign-in`` or ``invitation``; a token of one is worth nothing to the other.
        nonce: Of the row to which the link belongs.

    Source: T8, T109.
    """
    message = f"consult/link/1\n{purpose}\n{nonce}".encode()
    made = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def code_of(token: str) -> str:
    """Return the eight characters that stand for *token* where its link cannot act (T9)."""
    number = int.from_bytes(hashlib.sha256(f"consult/code/1\n{token}".encode()).digest(), "big")
    signs = []
    for _place in range(_CODE_LENGTH):
        number, at = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[at])
    return "".join(signs)


def recovery_code() -> str:
    """Return a code of 116 bits in groups of four, for the day the authenticator is lost (T10)."""
    signs = "".join(secrets.choice(_SIGNS) for _place in range(_RECOVERY_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4))


def typed(code: str) -> str:
    """Return a code as it is compared: people type it with spaces, dashes and in small letters."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def same(one: str, other: str) -> bool:
    """Say whether two secrets are the same, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
