"""E-mail addresses as they are compared (T5)."""

import unicodedata


def address_key(address: str) -> str:
    """Return *address* as it is compared: case-folded, its domain in compatible form."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local.casefold()}@{unicodedata.normalize('NFKC', domain).casefold()}"
