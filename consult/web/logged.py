"""One line in the log for each request: its number, its route, who asked, and with what outcome.

T100: never the address that was asked for, which may hold a token, nor anything that was typed.
"""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from consult.logs import request_number

_log = logging.getLogger("consult.requests")
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UNSAID = frozenset({"static", "health.healthz", "health.readyz"})  # asked for all the time


def set_up(app: Flask, *, behind_proxy: bool) -> None:
    """Number each request of *app*, and note it when it is answered.

    Args:
        behind_proxy: Whether a proxy of the operator's hands the number on in X-Request-ID.
    """

    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
        g.number = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        request_number.set(g.number)

    def end(_fault: BaseException | None) -> None:
        request_number.set(None)

    app.before_request(begin)
    app.after_request(_note)
    app.teardown_request(end)


def _note(response: Response) -> Response:
    if request.endpoint not in _UNSAID:
        _log.info("answered", extra=_facts(response))
    return response


def _facts(response: Response) -> dict[str, object]:
    facts: dict[str, object] = {
        "method": request.method[:16],
        "route": request.endpoint,
        "status": response.status_code,
    }
    if "began" in g:
        facts["ms"] = round((time.perf_counter() - g.began) * 1000)
    me = g.get("_login_user")  # whom the request has asked after; nobody is looked up for the log
    if me is not None and me.is_authenticated:
        facts["person"] = me.actor.opaque
    return facts
