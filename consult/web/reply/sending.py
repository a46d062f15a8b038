"""A focal point checks what is about to be sent, and sends it."""

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from consult.actions import replying, throttling
from consult.core.answer import Draft, NewReply
from consult.core.throttle import REPLIES
from consult.errors import BadInput, Changed, NoPosition, Refused
from consult.web.forms import is_mark, restored
from consult.web.frame import desk, language
from consult.web.policy import allow, focal_point, me, takes
from consult.web.reply.blueprint import pages
from consult.web.reply.checked import check_of
from consult.web.reply.form import kept
from consult.web.reply.noting import MOST
from consult.web.reply.revised import unread
from consult.web.reply.showing import (
    conflict,
    deadline_of,
    form_address,
    load,
    outdated,
    refuse,
    shortened,
    show_typed,
)
from consult.web.reply.typed import faults, on_items, read_shown, revision_of
from consult.web.reply.writing import REVIEW, keep
from consult.web.templating import words
from consult.wording import LANGUAGES
from consult.wording.refusals import sentence

_REVISIONS = 9  # digits


@pages.route("/c/<slug>/<member>/check", methods=["GET", "POST"])
@allow(focal_point)
@takes(MOST)
def check(slug: str, member: str) -> ResponseReturnValue:
    """Show what is about to be sent; what cannot be sent as it stands is shown in the form."""
    if request.method == "POST":
        return keep(slug, member, REVIEW)
    me().actor.refuse_adviser(member)
    page = load(slug, member)
    draft = kept(page)
    if page.broken or page.draft is None or page.draft_base != page.versions:
        return redirect(form_address(page), 303)
    if page.draft.content_hash != draft.content_hash:  # an item of it is broken since
        return redirect(form_address(page), 303)
    if not page.may_file or faults(page, draft, to_send=True) or unread(page):
        return redirect(form_address(page), 303)
    spoken = page.content["languages"] or [language()]
    return render_template(
        "reply/check.html",
        page=page,
        check=check_of(page, draft),
        name=words(page.member_name),
        deadline=deadline_of(page),
        key=secrets.token_hex(16),
        shown=page.draft.content_hash,
        shown_in=language() if language() in spoken else spoken[0],
        form_address=form_address(page),
    )


@pages.post("/c/<slug>/<member>/send")
@allow(focal_point)
def send(slug: str, member: str) -> ResponseReturnValue:
    """Store what the check page showed; answer with a redirect to the receipt (T61)."""
    draft = read_shown(member, request.form, language())
    if restored():
        page = load(slug, member)
        seen, shown = request.form.get("shown", ""), revision_of(request.form)
        return show_typed(page, on_items(page, draft), seen, shown)
    new = _new_reply(draft)
    throttling.take_early(desk(), REPLIES, member)
    try:
        version = replying.reply(desk(), slug, me().actor, new)
    except (BadInput, Changed, NoPosition) as refused:
        return _refused(slug, draft, new.shown, refused)
    return redirect(url_for("receipts.receipt", slug=slug, member=member, version=version), 303)


def _new_reply(draft: Draft) -> NewReply:
    """Return the reply; the whole request has been read when its instant is taken (T65)."""
    given = request.form
    key, shown, revision = given.get("key", ""), given.get("shown", ""), given.get("revision", "")
    if not (is_mark(key) and is_mark(shown or "-")) or len(revision) > _REVISIONS:
        raise BadRequest
    if not (revision.isascii() and revision.isdecimal()):
        raise BadRequest
    shown_in = given.get("shown_in", "")
    return NewReply(
        draft=draft,
        key=key,
        received_at=desk().clock(),
        language=shown_in if shown_in in LANGUAGES else language(),
        shown=shown,
        revision=int(revision),
    )


def _refused(slug: str, draft: Draft, seen: str, refused: Refused) -> ResponseReturnValue:
    """Show the form again with what was to be sent, and why it was not."""
    page = load(slug, draft.member)
    if refused.facts.get("what") == "letter":
        draft = on_items(page, draft)
        return outdated(page, draft, seen, revision_of(request.form) or 0, sending=True)
    if refused.facts.get("what") == "items":
        return shortened(page, on_items(page, draft), seen, sentence(refused))
    if isinstance(refused, Changed):
        return conflict(page, draft, seen, sending=True)
    found = faults(page, draft, to_send=True)
    if not found:
        raise refused
    return refuse(page, draft, found, sending=True)
