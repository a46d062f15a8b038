"""What the service says of itself: accessibility, rules, privacy, contact."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.web.policy import allow, anyone

pages = Blueprint("about", __name__, url_prefix="/<lang:lang>")


@pages.get("/accessibility")
@allow(anyone)
def accessibility() -> ResponseReturnValue:
    """Say what works for whom, and to whom to write if something does not."""
    return render_template("about/accessibility.html")


@pages.get("/rules")
@allow(anyone)
def rules() -> ResponseReturnValue:
    """Say how a consultation by correspondence goes."""
    return render_template("about/rules.html")


@pages.get("/privacy")
@allow(anyone)
def privacy() -> ResponseReturnValue:
    """Say what is kept of whom."""
    return render_template("about/privacy.html")


@pages.get("/contact")
@allow(anyone)
def contact() -> ResponseReturnValue:
    """Say how the secretariat is reached."""
    return render_template("about/contact.html")
