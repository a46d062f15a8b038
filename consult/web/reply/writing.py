"""A focal point reads the letter and writes the draft that the member's people share."""

from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.actions import replying
from consult.core.answer import Draft
from consult.errors import Changed, Closed, NotEntitled, NotFound, Withdrawn
from consult.queries.reply import Page
from consult.queries.round import is_round
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, focal_point, me, takes
from consult.web.reply.blueprint import pages
from consult.web.reply.form import kept
from consult.web.reply.noting import MOST, take
from consult.web.reply.revised import words_revised
from consult.web.reply.showing import (
    conflict,
    done,
    form_address,
    load,
    outdated,
    refuse,
    show,
    show_typed,
)
from consult.web.reply.typed import Fault, choice_of, faults, filled, read, revision_of

FILL, REVIEW = "fill", "review"


@pages.get("/c/<slug>/<member>")
@allow(focal_point)
def letter(slug: str, member: str) -> ResponseReturnValue:
    """Show the letter and its form; a comment round has a page of its own."""
    try:
        return show(load(slug, member))
    except NotFound:
        if is_round(desk().engine, slug):
            return redirect(url_for("comments.write", slug=slug, member=member), 303)
        raise


@pages.post("/c/<slug>/<member>/draft")
@allow(focal_point)
@takes(MOST)
def save(slug: str, member: str) -> ResponseReturnValue:
    """Keep what was typed; then go on writing, or to the check."""
    return keep(slug, member, request.form.get("do", ""))


def keep(slug: str, member: str, what: str) -> ResponseReturnValue:
    if what == REVIEW:
        me().actor.refuse_adviser(member)
    page = load(slug, member)
    _refuse_ended(page)
    if restored():
        draft = read(page, request.form, language())
        return show_typed(page, draft, request.form.get("seen", ""), revision_of(request.form))
    taken, wrong = take(page)
    if taken:
        page = load(slug, member)
    draft = read(page, request.form, language())
    draft = replace(draft, note=taken or draft.note)
    if wrong:
        found = [*faults(page, draft, to_send=what == REVIEW), wrong]
        return refuse(page, draft, found, sending=what == REVIEW)
    return _take(page, draft, what)


def _take(page: Page, draft: Draft, what: str) -> ResponseReturnValue:
    if (outdated := _outdated(page, draft, what)) is not None:
        return outdated
    if what != FILL:
        return _kept(page, draft, what)
    choice = choice_of(request.form.get(FILL, ""))
    if choice is None:
        missing = Fault("", FILL, _("Choose the position that is filled in"))
        return refuse(page, draft, [missing], sending=False)
    full, count = filled(page, draft, choice)
    done("filled", choice=choice.value, count=count)
    return _kept(page, full, what)


def _refuse_ended(page: Page) -> None:
    if page.withdrawn:
        raise Withdrawn
    if page.ended:
        raise Closed
    if not page.may_file:
        raise NotEntitled(member=page.member, provision=page.no_vote_under)


@pages.post("/c/<slug>/<member>/confirm")
@allow(focal_point)
def confirm_as_it_stands(slug: str, member: str) -> ResponseReturnValue:
    """Draft the newest version anew on the letter as it now stands, and go to the check."""
    page = load(slug, member)
    if page.newest is None or page.draft is not None or page.ended or restored():
        return redirect(form_address(page), 303)
    return _kept(page, kept(page), REVIEW)


def _outdated(page: Page, draft: Draft, what: str) -> ResponseReturnValue | None:
    """Show what was typed in a form of the letter before its revision; None if it is of now."""
    shown = revision_of(request.form)
    if shown is None or draft.base != page.versions or not words_revised(page, shown):
        return None
    seen = request.form.get("seen", "")
    return outdated(page, draft, seen, shown, sending=what == REVIEW)


def _kept(page: Page, draft: Draft, what: str) -> ResponseReturnValue:
    sending, seen = what == REVIEW, request.form.get("seen", "")
    if found := faults(page, draft, to_send=sending):
        return refuse(page, draft, found, sending=sending)
    if draft.base != page.versions:
        return conflict(page, draft, seen, sending=sending)
    try:
        replying.save_draft(desk(), page.slug, me().actor, draft, expected_hash=seen or None)
    except Changed:
        return conflict(load(page.slug, page.member), draft, seen, sending=sending)
    if sending:
        return redirect(url_for("reply.check", slug=page.slug, member=page.member), 303)
    if what != FILL:
        done("saved")
    return redirect(form_address(page), 303)
