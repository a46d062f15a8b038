"""What every page shares: the desk, the language in the address, security headers."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from consult.actions.change import Desk
from consult.core.life import Role
from consult.web.policy import allow, anyone, office, visitor
from consult.wording import LANGUAGES

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'{provider}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_NOTHING = ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen", "autoplay")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOTHING),
}
_YEAR = 31536000
_LARGEST = 2**31 - 1


class LanguageConverter(BaseConverter):
    """The first part of an address: one of the six languages."""

    regex = "|".join(LANGUAGES)


class NumberConverter(IntegerConverter):
    """A number that a column can hold; a longer one names nothing."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - the name that werkzeug gives it
        super().__init__(map, max=_LARGEST)


def desk() -> Desk:
    """Return the desk of this application."""
    found: Desk = current_app.extensions["consult"]
    return found


def language() -> str:
    """Return the language of the address, or what fits the reader best."""
    chosen: str | None = g.get("language")
    if chosen:
        return chosen
    first = request.path.split("/", 2)[1]
    if first in LANGUAGES:
        return first
    who = visitor()
    if who is not None and who.language in LANGUAGES:
        return who.language
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def set_up(app: Flask) -> None:
    """Give *app* its language prefix, headers, fingerprinted files and the way home."""
    app.url_map.converters["lang"] = LanguageConverter
    app.url_map.converters["int"] = NumberConverter
    _languages(app)
    _static(app)
    _headers(app)


def fallback(app: Flask) -> None:
    """Send an address without a language to the one with it, if there is such a page."""

    @app.get("/")
    @app.get("/<path:path>")
    @allow(anyone)
    def without_language(path: str = "") -> ResponseReturnValue:
        adapter = app.create_url_adapter(request)
        if adapter is not None and adapter.test(method="POST"):
            raise MethodNotAllowed(["POST"])
        target = f"/{language()}/{path}"
        try:
            if adapter is None or adapter.match(target, "GET")[0] == "without_language":
                raise NotFound
        except HTTPException as missing:
            raise NotFound from missing
        query = request.query_string.decode()
        return redirect(f"{target}?{query}" if query else target, 302)


def _languages(app: Flask) -> None:
    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "lang" in values:
            g.language = values.pop("lang")

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = language()


def _static(app: Flask) -> None:
    prints: dict[str, str] = {}

    @app.url_defaults
    def fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint != "static" or not name:
            return
        if name not in prints or app.debug:
            content = (Path(str(app.static_folder)) / name).read_bytes()
            prints[name] = hashlib.sha256(content).hexdigest()[:12]
        values["v"] = prints[name]


def _headers(app: Flask) -> None:
    given = {**_HEADERS, "Content-Security-Policy": _POLICY.format(provider=_provider(app))}

    @app.after_request
    def headers(response: Response) -> Response:
        said = {name.lower() for name, _value in response.headers}
        response.headers.extend({n: given[n] for n in given if n.lower() not in said})
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if request.endpoint == "static":
            # Read here, so that it is compressed whole and its file is closed.
            response.direct_passthrough = False
            response.get_data()
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        elif "Cache-Control" not in response.headers or visitor() is not None:
            response.headers["Cache-Control"] = "no-store"
        return response


def _provider(app: Flask) -> str:
    """Return the identity provider's origin, to which the sign-in form leads (T91)."""
    issuer = urlsplit(app.extensions["consult_settings"].oidc_issuer)
    return f" {issuer.scheme}://{issuer.netloc}" if issuer.netloc else ""


def with_query(address: str, asked: Sequence[tuple[str, str]]) -> str:
    """Return *address* with what a visitor asked for in its query.

    Its names are the visitor's own, so they are no arguments of `url_for`: some of those
    choose the scheme or the endpoint.
    """
    return f"{address}?{urlencode(asked, safe='/')}" if asked else address


def home() -> str:
    """Return the address where the person who is signed in starts."""
    who = visitor()
    if who is None:
        return url_for("register.decisions")
    if office.roles & who.roles:
        return url_for("office.desk")
    if Role.OBSERVER in who.roles and not who.mandates:
        return url_for("observe.listing")
    if Role.ADMINISTRATOR in who.roles:
        return url_for("people.listing")
    return url_for("account.me") if who.staff else url_for("desk.required")
