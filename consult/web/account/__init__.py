"""Accounts: signing in and out, setting up, one's own settings and sessions."""

from consult.web.account import asking, inviting, own, proving
from consult.web.account.blueprint import pages

__all__ = ["asking", "inviting", "own", "pages", "proving"]
