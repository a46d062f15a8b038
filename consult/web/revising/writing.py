"""An officer begins a revision of an open letter, says why, and submits or discards it."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from consult.actions import revising
from consult.actions.revising import LONGEST_AUTHORITY
from consult.core.arrangement import free_id
from consult.core.difference import differences
from consult.core.items import EMPTY_ITEM
from consult.core.life import ItemKind, Revising
from consult.core.revision import changed_items
from consult.documents.differences import places
from consult.documents.items import parts_of
from consult.errors import BadInput, Changed, Incomplete
from consult.queries.revising import Revision, Written
from consult.queries.revisions import names_of
from consult.web.drafting.forms import DraftForm, choose, line, made, words
from consult.web.drafting.page import compared
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer
from consult.web.revising.blueprint import pages
from consult.web.revising.faults import refuse
from consult.web.revising.page import back, load, show
from consult.wording import LANGUAGES, kinds, revisions

KINDS = (Revising.CORRIGENDUM, Revising.EDITORIAL, Revising.REVISION, Revising.ADDENDUM)
BEGIN, SUBMIT, DISCARD, ADD = "begin", "submit", "discard", "add:"


@pages.route("/office/<slug>/revise", methods=["GET", "POST"])
@allow(officer)
def revise(slug: str) -> ResponseReturnValue:
    """Show the revision that is written, or ask which kind to begin; keep what was typed."""
    found = load(slug)
    form = form_of(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    if found.written is None:
        return _begin(found, form)
    return _written(found, found.written, form)


def form_of(found: Revision, *given: Any) -> FlaskForm:
    """Make the form: the kind, before one is begun; then the reason and the authority."""
    form: FlaskForm
    if found.written is None:
        form = made(DraftForm, _kinds(found))(*given, data={"seen": 0})
        return form
    fields = {
        "reason": words(_("Reason")),
        "authority": line(_("Authority (optional)"), longest=LONGEST_AUTHORITY),
    }
    data = {
        "seen": found.written.draft.version,
        "reason": found.written.reason,
        "authority": found.written.authority,
    }
    form = made(DraftForm, fields)(*given, data=data)
    return form


def _kinds(found: Revision) -> dict[str, Any]:
    spoken = found.draft.content["languages"]
    return {
        "kind": RadioField(
            pgettext("of a revision", "Kind"),
            choices=[SelectChoice(kind.value, kinds.revising(kind)) for kind in KINDS],
            validate_choice=False,
        ),
        "language": choose(
            _("Which language is corrected?"),
            [("", _("Choose")), *((code, LANGUAGES.get(code, code)) for code in spoken)],
        ),
    }


def _begin(found: Revision, form: FlaskForm) -> ResponseReturnValue:
    if not form.validate():
        return _show(found, form), 422
    if form.kind.data not in {kind.value for kind in KINDS}:
        refuse(form, BadInput({"kind": "kind-missing"}))
        return _show(found, form), 422
    kind = Revising(form.kind.data)
    try:
        revising.begin(desk(), found.head.slug, me().actor, kind, form.language.data or None)
    except BadInput as refused:
        refuse(form, refused)
        return _show(found, form), 422
    return redirect(back(found.draft), 303)


def _written(found: Revision, written: Written, form: FlaskForm) -> ResponseReturnValue:
    slug, do = found.head.slug, form.do.data
    if do == DISCARD:
        revising.discard(desk(), slug, me().actor)
        flash(_("The revision is given up. The letter stands as it was."), "ok")
        return redirect(url_for("office.overview", slug=slug), 303)
    if not form.validate():
        return _show(found, form), 422
    added, changes = _added(written, do)
    changes |= {"reason": form.reason.data, "authority": form.authority.data}
    try:
        version = revising.save(desk(), slug, me().actor, changes, seen=form.seen.data)
    except Changed:
        newer = load(slug)
        return _show(newer, form, compared(form_of(newer, None), form, newer.draft.version)), 409
    if added:
        return redirect(url_for("revising.item", slug=slug, code=added), 303)
    if do == SUBMIT:
        return _submit(slug, version)
    flash(_("Saved. Nothing is changed in the letter yet."), "ok")
    return redirect(back(written.draft), 303)


def _added(written: Written, do: str) -> tuple[str, dict[str, Any]]:
    """Return the number of an item that a button adds, and the items with it."""
    kind = do.removeprefix(ADD)
    if written.kind is not Revising.ADDENDUM or not do.startswith(ADD) or kind not in set(ItemKind):
        return "", {}
    items = written.draft.content["items"]
    code = free_id([item["id"] for item in items])
    new = {**EMPTY_ITEM, "id": code, "kind": kind, "heading": None}
    return code, {"items": [*items, new]}


def _submit(slug: str, version: int) -> ResponseReturnValue:
    try:
        number = revising.submit(desk(), slug, me().actor, seen=version)
    except (BadInput, Incomplete) as refused:
        found = load(slug)
        form = form_of(found, None)
        refuse(form, refused)
        return _show(found, form), 422
    flash(_("Submitted. An approver, another person than you, confirms it or sends it back."), "ok")
    return redirect(url_for("requests.request", number=number), 303)


def _show(found: Revision, form: FlaskForm, conflicts: list[Any] | None = None) -> str:
    written = found.written
    before = found.draft.content
    after = written.draft.content if written else before
    changed = differences(before, after)
    named = names_of(desk().engine, changed)
    again = changed_items(written.kind, before, after) if written else []
    return show(
        "revise.html",
        found,
        form,
        conflicts,
        kinds=[(kind.value, kinds.revising(kind), revisions.what(kind)) for kind in KINDS],
        kind_words=kinds.revising(written.kind) if written else "",
        what=revisions.what(written.kind) if written else "",
        language_name=LANGUAGES.get((written.language if written else "") or "", ""),
        places=places(changed, language(), named),
        again=again,
        parts_of_letter=parts_of(after, language()),
        adding=[(kind.value, kinds.item_kind(kind)) for kind in ItemKind],
    )
