"""A letter's own address leads to the member for whom it is answered; its documents."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.errors import NotFound
from consult.queries import letters
from consult.web.files import send_stored
from consult.web.frame import desk
from consult.web.policy import allow, focal_point, me, signed_in
from consult.web.reply.blueprint import pages


@pages.get("/c/<slug>")
@allow(signed_in)
def choose(slug: str) -> ResponseReturnValue:
    """Lead to the letter; who serves several members on its roll says for whom (T34)."""
    who = me()
    found = letters.members_on(desk().engine, slug, who.actor.members, desk().clock())
    if not found:
        raise NotFound(slug=slug)
    if len(found) == 1:
        return redirect(url_for("reply.letter", slug=slug, member=found[0]), 303)
    mandates = {mandate.member: mandate for mandate in who.mandates}
    return render_template(
        "reply/choose.html", slug=slug, mandates=[mandates[member] for member in found]
    )


@pages.get("/c/<slug>/<member>/documents/<int:document>")
@allow(focal_point)
def document(slug: str, member: str, document: int) -> ResponseReturnValue:
    """Send a document of the letter for saving."""
    found = letters.document(desk().engine, slug, member, document, desk().clock())
    if found is None:
        raise NotFound(document=document)
    return send_stored(desk(), found)
