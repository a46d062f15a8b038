"""Refusals and defects as pages, in the same frame and in words."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from consult.errors import BadInput, NotFound, Refused, TooOften, Unavailable, Unscanned
from consult.web import security
from consult.web.forms import Kept, kept_carried, kept_of_request
from consult.web.frame import language
from consult.web.policy import Policy, policy_of, visitor
from consult.wording.faults import fault
from consult.wording.refusals import sentence

log = logging.getLogger("consult.web")

_MISSING = 404
_NOT_READ = frozenset({411, 413})
_DEFECT = 500
_AGAIN_AFTER = "10"  # seconds
_SECURITY = frozenset({403, 404})  # refusals that matter (T37)
_NOTED = {413: "too-large", 429: "too-often"}


def set_up(app: Flask) -> None:
    """Give *app* its error pages."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _not_from_our_page)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _defect)
    app.after_request(_note_haste)
    # Flask's own line would name the address, and with it a token.
    app.log_exception = _say_nothing  # type: ignore[method-assign]


def _note_haste(response: Response) -> Response:
    """Note what was asked too often, or was too large, on whatever page that was said (T97)."""
    reason = _NOTED.get(response.status_code)
    if reason is not None:
        security.refused("refused", reason)
    return response


def _say_nothing(exc_info: object) -> None:
    """The handler logs a defect, with its reference."""


def _refused(refusal: Refused) -> ResponseReturnValue:
    """Say why; a POST keeps what was typed."""
    if isinstance(refusal, NotFound):
        security.refused("refused", refusal.code)
        return _page("missing", _MISSING)
    if refusal.status in _SECURITY:
        security.refused("refused", refusal.code)
    if isinstance(refusal, Unavailable):
        return _broken(refusal, "unavailable", refusal.status)
    if isinstance(refusal, Unscanned):
        log.error("file not scanned", extra={"route": request.endpoint, **refusal.facts})
    faults = _faults(refusal) if isinstance(refusal, BadInput) else []
    response = make_response(
        _page(
            "refused",
            refusal.status,
            heading=_heading(refusal.status),
            words=sentence(refusal),
            details=faults,
            kept=kept_of_request(),
        )
    )
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or _DEFECT
    if isinstance(error, SecurityError):  # a foreign host: not even an address can be made
        return "", status
    if error.response is not None:
        return error.response
    if status == _MISSING:
        return _page("missing", _MISSING)
    kept = kept_of_request() if status not in _NOT_READ else None
    response = make_response(
        _page("refused", status, heading=_heading(status), words=_words(status), kept=kept)
    )
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _not_from_our_page(error: CSRFError) -> ResponseReturnValue:
    """Keep what was typed when a form came signed out, or without the page's own mark (T20)."""
    security.refused("refused", str(error.description))
    policy = _policy()
    if visitor() is None and policy is not None and policy.signed_in:
        # A page of its own, not a redirect: nothing typed is stored for a stranger.
        return _sign_in_again(kept_of_request())
    return _page("expired", 400, kept=kept_carried() or kept_of_request())


def _defect(error: InternalServerError) -> ResponseReturnValue:
    return _broken(error.original_exception or error, "defect", _DEFECT)


def _broken(error: BaseException, page: str, status: int) -> ResponseReturnValue:
    """Say only a reference; the log has the trace (T71, T102)."""
    g.standing = "alone"
    whole = secrets.token_hex(4)
    reference = f"{whole[:4]}-{whole[4:]}".upper()
    log.error(page, exc_info=error, extra={"reference": reference, "route": request.endpoint})
    response = make_response(
        _page(page, status, reference=reference, kept=kept_of_request(), alone=True)
    )
    response.headers["Retry-After"] = _AGAIN_AFTER
    return response


def _page(name: str, status: int, *, alone: bool = False, **what: Any) -> tuple[str, int]:
    """Render an error page; the frame then says nothing that depends on the address."""
    g.language = language()
    g.standing = "alone" if alone else "failed"
    return render_template(f"errors/{name}.html", status=status, **what), status


def _sign_in_again(kept: Kept | None) -> ResponseReturnValue:
    g.language = language()
    return (
        render_template(
            "errors/signed-out.html", kept=kept, action=url_for("account.sign_in", back=_back())
        ),
        400,
    )


def _back() -> str:
    """Where to go once signed in: the page of the form, if its address is a page."""
    rule = request.url_rule
    return request.path if rule is not None and "GET" in (rule.methods or ()) else ""


def _policy() -> Policy | None:
    """Return the policy of the route that was asked for, None where there is no such route."""
    return policy_of(current_app, request.endpoint) if request.endpoint else None


def _faults(refusal: BadInput) -> list[str]:
    return [fault(code, refusal.facts) for code in dict.fromkeys(refusal.faults.values())]


def _heading(status: int) -> str:
    headings: dict[int, str] = {
        400: _("This could not be understood"),
        403: _("This page is for another role"),
        405: _("This address does not take that"),
        409: _("This was not done: something changed meanwhile"),
        410: _("This has ended"),
        411: _("This could not be understood"),
        413: _("This is too large"),
        422: _("This was not done: something is missing"),
        429: _("Too many requests"),
        503: _("This was not received"),
    }
    return str(headings.get(status) or _("This was not done"))


def _words(status: int) -> str:
    words: dict[int, str] = {
        400: _("The form or the address came in a way that a page of ours does not send it."),
        405: _("A link shows, a button does. Go to the page and use its button."),
        411: _("The form or the address came in a way that a page of ours does not send it."),
        413: _("A form holds 2 MB, a file 20 MiB. Nothing was kept."),
        429: _("You asked more often than this service allows. Wait a minute, then try again."),
    }
    return str(words.get(status) or _("Nothing was changed."))
