"""Signing in by the identity provider: OpenID Connect, code flow, PKCE (T14, T112)."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.actions import provider
from consult.actions.provider import Vouched
from consult.core.factors import FactorChanged
from consult.core.throttle import SIGN_IN_NETWORK
from consult.errors import NotFound, NotProven
from consult.settings import Settings
from consult.web import security
from consult.web.account import again, asking, browser, party
from consult.web.account.blueprint import callback, pages
from consult.web.account.proving import enter
from consult.web.account.second import done, person_id
from consult.web.forms import safe_path
from consult.web.frame import desk, language
from consult.web.policy import allow, anyone, fresh, limited, me, proving, signed_in, visitor

_WISH, _FOUND = "provider_wish", "provider_found"
_PATIENCE = 10  # seconds, for each answer of the provider
_SIGN_IN, _LINK, _AGAIN = "sign-in", "link", "again"


@pages.post("/sign-in/provider")
@allow(anyone)
@limited(SIGN_IN_NETWORK)
def to_provider() -> ResponseReturnValue:
    """Go to the provider to sign in; only this click begins it (T112)."""
    return _go(_SIGN_IN, asking.back())


@pages.post("/me/provider/link")
@allow(signed_in)
@fresh
def link_provider() -> ResponseReturnValue:
    """Go to the provider to say which account there is one's own."""
    return _go(_LINK, "")


@pages.post("/me/confirm/provider")
@allow(signed_in)
@proving
def confirm_by_provider() -> ResponseReturnValue:
    """Go to the provider to show oneself again."""
    return _go(_AGAIN, again.back())


@callback.get("/sign-in/provider/done")
@allow(anyone)
@limited(SIGN_IN_NETWORK)
def from_provider() -> ResponseReturnValue:
    """Take what the provider says; what cannot be believed leads to the sign-in page."""
    if not _settings().oidc_issuer:
        raise NotFound
    wish: dict[str, str] = session.pop(_WISH, None) or {}
    vouched = _vouched()
    if vouched is None:
        return _not(_("The provider did not sign you in. Nothing was changed: try again."))
    what, who = wish.get("what", ""), visitor()
    if what == _LINK and who is not None:
        session[_FOUND] = [vouched.issuer, vouched.subject]
        return redirect(url_for("account.linked", lang=wish.get("language", "en")), 303)
    to = safe_path(wish.get("back", ""))
    try:
        if what == _AGAIN and who is not None:
            number = int(who.actor.person_id or 0)
            signed = provider.again(desk(), number, who.token_hash, vouched)
            return again.shown(signed, to or url_for("account.me"))
        signed = provider.sign_in(desk(), vouched, browser.present())
    except NotProven:
        log_failure("not-linked")
        return _not(
            _("That account is not linked to a person here. Sign in by mail, then link it.")
        )
    end = _end()
    answer = enter(replace(signed, back_to=to), None, "provider")
    session[browser.PROVIDER_END] = end
    return answer


@pages.route("/me/provider", methods=["GET", "POST"])
@allow(signed_in)
@fresh
def linked() -> ResponseReturnValue:
    """Show which account would be linked; the button links it."""
    found = session.get(_FOUND)
    if found is None:
        return redirect(url_for("account.me"), 303)
    issuer, subject = found
    if request.method != "POST":
        return render_template(
            "account/provider.html",
            issuer=issuer,
            subject=subject,
            provider=party.provider_name(),
            who=me(),
        )
    session.pop(_FOUND, None)
    provider.link(desk(), person_id(), issuer, subject)
    security.changed(FactorChanged.PROVIDER_LINKED)
    flash(done(_("The account is linked.")), "ok")
    return redirect(url_for("account.me"), 303)


@pages.post("/me/provider/<int:number>/remove")
@allow(signed_in)
@fresh
def unlink_provider(number: int) -> ResponseReturnValue:
    provider.unlink(desk(), person_id(), number)
    security.changed(FactorChanged.PROVIDER_UNLINKED)
    flash(done(_("The account is unlinked.")), "ok")
    return redirect(url_for("account.me"), 303)


def _go(what: str, back: str) -> ResponseReturnValue:
    """Send the browser to the provider."""
    if not _settings().oidc_issuer:
        raise NotFound
    from authlib.integrations.base_client import OAuthError  # noqa: PLC0415 - heavy
    from requests import RequestException  # noqa: PLC0415

    session[_WISH] = {"what": what, "back": back, "language": language()}
    more = {"prompt": "login"} if what == _AGAIN else {}
    address = _settings().public_url + url_for("callback.from_provider")
    try:
        _client().load_server_metadata()
        answer: ResponseReturnValue = _client().authorize_redirect(
            address, nonce=secrets.token_urlsafe(32), **more
        )
    except (OAuthError, RequestException, RuntimeError, ValueError):
        log_failure("unreachable")
        return _not(_("The provider cannot be reached now. Sign in by mail, or try again later."))
    return answer


def _vouched() -> Vouched | None:
    """Return what the provider said, if signature, issuer, audience, nonce and state hold."""
    from authlib.integrations.base_client import OAuthError  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    issuer = _settings().oidc_issuer
    try:
        client = _client()
        metadata = client.load_server_metadata()
        if metadata.get("issuer") != issuer:  # exactly: a mix-up of providers ends here
            log_failure("issuer")
            return None
        token = client.authorize_access_token()
    except (OAuthError, JoseError, RequestException, RuntimeError, ValueError, KeyError) as wrong:
        log_failure(type(wrong).__name__)
        return None
    said: Mapping[str, Any] = token.get("userinfo") or {}
    subject = said.get("sub")
    if said.get("iss") != issuer or not isinstance(subject, str) or not subject:
        log_failure("claims")
        return None
    return Vouched(issuer, subject[:255], _two(said))


def _two(said: Mapping[str, Any]) -> bool:
    """Say whether the provider asked for two factors, in the words that the setting names."""
    methods = said.get("amr")
    heard = [said.get("acr"), *(methods if isinstance(methods, list) else ())]
    return any(word in _settings().oidc_two_factors for word in heard)


def log_failure(reason: str) -> None:
    """Log that a sign-in by the provider failed; never what it said."""
    security.refused("sign-in refused", reason, way="provider")


def _end() -> str:
    """Return where one signs out at the provider too; empty if it does not say."""
    found = _client().load_server_metadata().get("end_session_endpoint")
    return found if isinstance(found, str) and found.startswith(("https:", "http:")) else ""


def _not(said: str) -> ResponseReturnValue:
    """Show the sign-in page, or where one came from, with a sentence."""
    if visitor() is not None:
        flash(said, "bad")
        return redirect(url_for("account.me"), 303)
    return asking.page(asking.AskForm(formdata=None), fault=said), 422


def _client() -> Any:
    """Return the client of the provider, made at its first use."""
    made = current_app.extensions.get("consult_oidc")
    if made is None:
        from authlib.integrations.flask_client import OAuth  # noqa: PLC0415

        settings = _settings()
        oauth: Any = OAuth(current_app)
        made = oauth.register(
            "oidc",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            server_metadata_url=settings.oidc_issuer.rstrip("/")
            + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE,
                "max_redirects": 0,  # what the provider has moved, the setting must say
            },
        )
        current_app.extensions["consult_oidc"] = made
    return made


def _settings() -> Settings:
    found: Settings = current_app.extensions["consult_settings"]
    return found
