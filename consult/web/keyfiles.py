"""The list of keys, which anyone fetches in order to check without us."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from consult.core.canonical import canonical
from consult.queries.keys import key_file
from consult.web.frame import desk
from consult.web.policy import allow, anyone
from consult.web.serving import send_made

pages = Blueprint("keyfiles", __name__)


@pages.get("/keys.json", endpoint="list")
@allow(anyone)
def listed() -> ResponseReturnValue:
    """Send the public keys of this service, each with what states it (T53)."""
    content = canonical(key_file(desk().engine))
    return send_made(content, "keys.json", "application/json", public=True)
