"""A focal point reads the documents of a round, writes comments, checks and sends them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from consult.actions import commenting, throttling
from consult.core.life import State
from consult.core.round import GENERAL, NewComment, Remark
from consult.core.throttle import REPLIES
from consult.documents.letter import LetterView, letter_of
from consult.documents.round import round_view
from consult.errors import BadInput, Changed, Closed, NotFound
from consult.queries import round as queries
from consult.queries.enclosing import letter_source
from consult.queries.round import RoundPage
from consult.queries.round_papers import receipt_json
from consult.web.comments.blueprint import pages
from consult.web.comments.typed import fields, read, summed
from consult.web.forms import is_mark, restored
from consult.web.frame import desk, language
from consult.web.policy import allow, focal_point, me
from consult.web.reply.showing import deadline_of
from consult.web.reply.typed import base_of
from consult.web.serving import send_made
from consult.web.templating import words
from consult.wording.faults import fault

CHECK = "check"
_CONFLICT, _REFUSED = 409, 422


@pages.get("/c/<slug>/<member>/comments")
@allow(focal_point)
def write(slug: str, member: str) -> ResponseReturnValue:
    """Show the letter and the documents, beside each paragraph what was written on it."""
    page = _load(slug, member)
    said = page.draft or page.newest
    return _show(page, said.remarks if said else ())


@pages.post("/c/<slug>/<member>/comments")
@allow(focal_point)
def save(slug: str, member: str) -> ResponseReturnValue:
    """Keep what was typed; then go on writing, or to the check."""
    page = _load(slug, member)
    if page.ended:
        raise Closed
    remarks, seen = read(page, request.form, language()), request.form.get("seen", "")
    if restored():
        return _show(page, remarks)
    checking = request.form.get("do") == CHECK
    if faults := _faults(page, remarks) if checking else _too_long(page, remarks):
        return _show(page, remarks, faults), _REFUSED
    base = base_of(request.form)
    try:
        if base == page.versions:
            commenting.save_draft(desk(), slug, me().actor, member, remarks, base, seen or None)
    except Changed:
        base = -1
    if base != page.versions:
        return _show(_load(slug, member), remarks, changed=True), _CONFLICT
    if checking:
        return redirect(url_for("comments.check", slug=slug, member=member), 303)
    flash(_("The draft is saved. Nothing has been sent."), "ok")
    return redirect(_address(page), 303)


@pages.get("/c/<slug>/<member>/comments/check")
@allow(focal_point)
def check(slug: str, member: str) -> ResponseReturnValue:
    """Show what is about to be sent."""
    me().actor.refuse_adviser(member)
    page = _load(slug, member)
    if page.draft is None or page.draft_base != page.versions or not page.entitled:
        return redirect(_address(page), 303)
    if _faults(page, page.draft.remarks):
        return redirect(_address(page), 303)
    return render_template(
        "comments/check.html",
        page=page,
        name=words(page.member_name),
        titles={one.code: one.title for one in page.documents},
        remarks=page.draft.remarks,
        shown=page.draft.content_hash,
        key=secrets.token_hex(16),
        deadline=deadline_of(page),
        back=_address(page),
    )


@pages.post("/c/<slug>/<member>/comments/send")
@allow(focal_point)
def send(slug: str, member: str) -> ResponseReturnValue:
    """Store what the check page showed; answer with a redirect to the receipt (T61)."""
    page = _load(slug, member)
    key, shown = request.form.get("key", ""), request.form.get("shown", "")
    if not (is_mark(key) and is_mark(shown or "-")):
        raise BadRequest
    remarks = read(page, request.form, language())
    if restored():
        return _show(page, remarks)
    new = NewComment(
        member=member,
        remarks=remarks,
        base=base_of(request.form),
        key=key,
        received_at=desk().clock(),
        language=language(),
        shown=shown,
    )
    throttling.take_early(desk(), REPLIES, member)
    try:
        version = commenting.comment(desk(), slug, me().actor, new)
    except BadInput as refused:
        return _show(page, remarks, refused.faults), _REFUSED
    except Changed:
        return _show(_load(slug, member), remarks, changed=True), _CONFLICT
    address = url_for("comments.receipt", slug=slug, member=member, version=version)
    return redirect(address, 303)


@pages.get("/c/<slug>/<member>/comments/<int:version>")
@allow(focal_point)
def receipt(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Show what a member keeps of a version of its comments."""
    page = _load(slug, member)
    found = queries.receipt(desk().engine, slug, member, version, desk().clock())
    if found is None:
        raise NotFound(version=version)
    return render_template(
        "comments/receipt.html",
        page=page,
        receipt=found,
        name=words(page.member_name),
        titles={one.code: one.title for one in page.documents},
        deadline=deadline_of(page),
        back=_address(page),
    )


@pages.get("/c/<slug>/<member>/comments/<int:version>.json")
@allow(focal_point)
def receipt_file(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Send the receipt as a file that can be checked without us (T55)."""
    found = receipt_json(desk().engine, slug, member, version)
    if found is None:
        raise NotFound(version=version)
    return send_made(found, f"{slug}-{member}-comments-{version}.json", "application/json")


@pages.get("/c/<slug>/<member>/comments/table")
@allow(focal_point)
def all_comments(slug: str, member: str) -> ResponseReturnValue:
    """Show the comments of all Member States, once the letter discloses them (T33)."""
    page = _load(slug, member)
    if not page.table:
        raise NotFound(slug=slug)
    view = round_view(queries.member_table(desk().engine, slug), language())
    return render_template("comments/all.html", page=page, table=view, back=_address(page))


def _load(slug: str, member: str) -> RoundPage:
    return queries.page(desk().engine, slug, member, desk().clock(), language())


def _address(page: RoundPage) -> str:
    return url_for("comments.write", slug=page.slug, member=page.member)


def _faults(page: RoundPage, remarks: Sequence[Remark]) -> dict[str, str]:
    found = commenting.faults_of(remarks, page.places)
    if not remarks and not page.versions:
        found[f"{GENERAL}:"] = "nothing-written"
    return found


def _too_long(page: RoundPage, remarks: Sequence[Remark]) -> dict[str, str]:
    """Return the faults that even a draft may not have."""
    found = commenting.faults_of(remarks, page.places)
    return {place: code for place, code in found.items() if code != "comment-missing"}


def _show(
    page: RoundPage,
    remarks: Sequence[Remark],
    faults: Mapping[str, str] | None = None,
    *,
    changed: bool = False,
) -> str:
    at_places = {place if ":" in place else f"{place}:": c for place, c in (faults or {}).items()}
    return render_template(
        "comments/write.html",
        page=page,
        letter=_letter(page),
        fields=fields(page.documents, remarks, at_places),
        others=page.draft or page.newest if changed else None,
        titles={one.code: one.title for one in page.documents},
        seen=page.draft.content_hash if page.draft else "",
        name=words(page.member_name),
        may_send=me().actor.speaks_for(page.member),
        deadline=deadline_of(page),
        published=page.state is State.PUBLISHED,
        faults=[(f"#t-{place}", summed(place, fault(code))) for place, code in at_places.items()],
        faults_heading=_("Your comments are not sent: look at what is marked"),
    )


def _letter(page: RoundPage) -> LetterView:
    source = letter_source(desk().engine, page.id)
    # The documents stand below, with their forms.
    return letter_of(replace(source, content={**source.content, "items": []}), language())
