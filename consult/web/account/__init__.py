"""Accounts: signing in and out, setting up, one's own settings, factors and sessions."""

from consult.web.account import (
    address,
    again,
    asking,
    inviting,
    keys,
    own,
    provider,
    proving,
    second,
)
from consult.web.account.blueprint import callback, pages

__all__ = [
    "address",
    "again",
    "asking",
    "callback",
    "inviting",
    "keys",
    "own",
    "pages",
    "provider",
    "proving",
    "second",
]
