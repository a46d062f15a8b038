"""A form that comes back to be shown again is never acted upon: its view shows it, or this page."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from consult.web.forms import kept_of_request, restored

# These show their form again with what was typed; of all others it is shown as text.
SHOW_AGAIN = frozenset(
    {
        "reply.save",
        "reply.check",
        "reply.send",
        "drafting.step",
        "drafting.save_item",
        "drafting.table",
        "office.record_reply",
        "comments.record_paper",
        "ending.conclude",
    }
)


def set_up(app: Flask) -> None:
    """Catch what was kept through sign-in before a view could take it for a wish to act."""

    @app.before_request
    def show() -> ResponseReturnValue | None:
        if not restored() or request.endpoint in SHOW_AGAIN:
            return None
        rule = request.url_rule
        page = request.path if rule is not None and "GET" in (rule.methods or ()) else None
        return render_template("errors/typed.html", kept=kept_of_request(), page=page)
