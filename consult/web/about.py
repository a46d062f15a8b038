"""What the service says of itself: accessibility, rules, privacy, contact."""

from flask import Blueprint, current_app, render_template
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
    return render_template(
        "about/privacy.html",
        keep_people=current_app.extensions["consult_settings"].keep_people,
    )


@pages.get("/trust")
@allow(anyone)
def trust() -> ResponseReturnValue:
    """Say what is promised, what cannot be, and how to check without us (T49, T105)."""
    return render_template("about/trust.html")


@pages.get("/contact")
@allow(anyone)
def contact() -> ResponseReturnValue:
    """Say how the secretariat is reached."""
    return render_template("about/contact.html")
