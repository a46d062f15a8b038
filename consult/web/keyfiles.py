"""What anyone fetches in order to check without us: the list of keys, and the checking page."""

from importlib import resources

from flask import Blueprint
from flask.typing import ResponseReturnValue

from consult.core.canonical import canonical
from consult.queries.keys import key_file
from consult.web.frame import desk
from consult.web.policy import allow, anyone
from consult.web.serving import send_made

pages = Blueprint("keyfiles", __name__)

CHECKER = "check.html"


@pages.get("/keys.json", endpoint="list")
@allow(anyone)
def listed() -> ResponseReturnValue:
    """Send the public keys of this service, each with what states it (T53)."""
    content = canonical(key_file(desk().engine))
    return send_made(content, "keys.json", "application/json", public=True)


@pages.get("/check.html")
@allow(anyone)
def checker() -> ResponseReturnValue:
    """Send the page that checks files without any server: to be opened from disk (T56)."""
    return send_made(checking_page(), "consult-check.html", "text/html; charset=utf-8", public=True)


def checking_page() -> bytes:
    return resources.files("consult").joinpath("data", CHECKER).read_bytes()
