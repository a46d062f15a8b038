"""What the browser holds: the secret of who asks for a link, and the session once signed in."""

import secrets
from dataclasses import dataclass

from flask import current_app, g, request, session
from werkzeug.wrappers import Response

from consult.actions.accounts import LINK_LASTS
from consult.actions.sessions import Browser, SignedIn
from consult.core.ledger import sha256_hex
from consult.settings import Settings
from consult.web import forgery

PROVIDER_END = "provider_end"
_CARRYING = "k."  # the page on which the code is typed holds a text
_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A browser that asked for a link.

    Args:
        secret: That it alone holds; empty for a browser that did not ask.
        carrying: Whether its page holds what somebody typed before being signed out.
    """

    secret: str
    carrying: bool


def asking() -> Asking:
    """Return what this browser holds."""
    held = request.cookies.get(_name(), "")
    return Asking(held.removeprefix(_CARRYING), held.startswith(_CARRYING))


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def remember(response: Response, secret: str, *, carrying: bool) -> None:
    """Let the browser hold the secret for as long as the link lasts."""
    response.set_cookie(
        _name(),
        (_CARRYING if carrying else "") + secret,
        max_age=int(LINK_LASTS.total_seconds()),
        path="/",
        secure=_settings().secure,
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Take the secret away, once it was used."""
    response.delete_cookie(
        _name(), path="/", secure=_settings().secure, httponly=True, samesite="Lax"
    )


def begin(signed: SignedIn) -> None:
    """Give the browser a new session, and nothing of the one before (T16)."""
    session.clear()
    session["_user_id"] = signed.token
    session["_fresh"] = True
    forgery.renew()
    g.pop("_login_user", None)  # the stranger who sent this request


def leave() -> None:
    """Let the rest of this request be a stranger's."""
    session.clear()
    forgery.renew()
    g.pop("_login_user", None)


def provider_end() -> str:
    """Return where one signs out at the provider too; empty if one did not come from there."""
    return str(session.get(PROVIDER_END, ""))


def present() -> Browser:
    """Return the browser that sent this request, with the session that it holds so far."""
    said, token = request.user_agent.string, session.get("_user_id")
    family = next((name for sign, name in _FAMILIES if sign in said), "")
    return Browser(family, sha256_hex(token.encode()) if token else "")


def _name() -> str:
    return "__Host-ask" if _settings().secure else "ask"


def _settings() -> Settings:
    found: Settings = current_app.extensions["consult_settings"]
    return found
