"""The seven steps as addresses, and submitting or discarding the draft at their end."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from consult.actions import drafting, opening
from consult.errors import Incomplete
from consult.web.drafting import check, items, letter, notices, roll, rule, tongues
from consult.web.drafting.page import CHECK, load, pages, save, show
from consult.web.frame import desk
from consult.web.policy import allow, me, officer

STEPS = {
    module.PAGE.step: module.PAGE for module in (letter, items, roll, rule, notices, tongues, check)
}


@pages.route("/office/<slug>/draft/<int:step>", methods=["GET", "POST"])
@allow(officer)
def step(slug: str, step: int) -> ResponseReturnValue:
    """Show a step, or keep what was typed in it."""
    if step not in STEPS:
        raise NotFound
    page, draft = STEPS[step], load(slug)
    if request.method == "POST":
        return save(page, draft)
    return show(page, draft, page.form(draft))


@pages.post("/office/<slug>/draft/submit")
@allow(officer)
def submit(slug: str) -> ResponseReturnValue:
    """Hand the draft over to be opened by another person."""
    draft = load(slug)
    try:
        opening.submit(desk(), slug, me().actor)
    except Incomplete:
        page = STEPS[CHECK]
        g.page = ("drafting.step", {"slug": slug, "step": CHECK})
        return show(page, draft, page.form(draft)), 422
    flash(_("Submitted. An approver, another person than you, opens it or sends it back."), "ok")
    return redirect(url_for("office.overview", slug=slug), 303)


@pages.post("/office/<slug>/draft/discard")
@allow(officer)
def discard(slug: str) -> ResponseReturnValue:
    """Give the draft up."""
    draft = load(slug)
    drafting.discard(desk(), slug, me().actor)
    flash(_("The draft %(reference)s is discarded.", reference=draft.reference), "ok")
    return redirect(url_for("office.drafts"), 303)
