"""For whom passkeys are made, and what a browser is asked: from the settings alone (T11)."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from consult.actions import passkeys
from consult.actions.passkeys import Party
from consult.queries.sessions import Me
from consult.settings import Settings
from consult.web.frame import desk
from consult.web.templating import organisation


@dataclass(frozen=True, slots=True)
class Ask:
    """A challenge, and the options that the page's script hands to the browser."""

    challenge: str
    options: dict[str, Any]


def party() -> Party | None:
    """Return for whom keys are made; None where the address is a number, which no key takes."""
    url = _settings().public_url
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Party(host, url, organisation().name or "Consult")
    return None


def asked_to_sign_in() -> Ask | None:
    """Return what a browser is asked to sign in."""
    for_whom = party()
    return Ask(*passkeys.options_to_sign_in(desk(), for_whom)) if for_whom else None


def asked_again(who: Me) -> Ask | None:
    """Return what a browser is asked to show one of the person's own keys."""
    for_whom = party()
    if for_whom is None:
        return None
    keys = passkeys.keys_of(desk(), int(who.actor.person_id or 0))
    return Ask(*passkeys.options_to_sign_in(desk(), for_whom, keys))


def asked_to_add(who: Me) -> Ask | None:
    """Return what a browser is asked to make a new key."""
    for_whom = party()
    if for_whom is None:
        return None
    keys = passkeys.keys_of(desk(), int(who.actor.person_id or 0))
    return Ask(*passkeys.options_to_add(desk(), for_whom, who.actor.opaque, who.address, keys))


def provider_name() -> str:
    """Return what people call the identity provider; empty where there is none."""
    settings = _settings()
    if not settings.oidc_issuer:
        return ""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


def _settings() -> Settings:
    found: Settings = current_app.extensions["consult_settings"]
    return found
