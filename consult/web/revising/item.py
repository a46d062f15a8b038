"""One item of a revision, in one language at a time, with the fields of its kind."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.actions import revising
from consult.core.items import CODES, DAYS, TEXTS
from consult.core.life import ItemKind, Revising
from consult.errors import BadInput, Changed, NotFound
from consult.queries.revising import Revision, Written
from consult.web.drafting.forms import DraftForm, line, made
from consult.web.drafting.item import item_data, said_item
from consult.web.drafting.itemfields import own_fields
from consult.web.drafting.page import compared
from consult.web.forms import restored
from consult.web.frame import desk
from consult.web.policy import allow, me, officer
from consult.web.revising.blueprint import pages
from consult.web.revising.faults import refuse
from consult.web.revising.page import back, load, show, tongue_of

REMOVE, SAVE = "remove", "save"


@pages.route("/office/<slug>/revise/items/<code>", methods=["GET", "POST"])
@allow(officer)
def item(slug: str, code: str) -> ResponseReturnValue:
    """Show one item as it is proposed, or keep what was typed."""
    found = load(slug)
    one = _item(found.writing, code)
    form = _form(found.writing, one)
    if request.method == "GET" or restored():
        return _show(found, one, form)
    if form.do.data != REMOVE and not form.validate():
        return _show(found, one, form), 422
    try:
        _keep(found.writing, one, form)
    except BadInput as refused:
        refuse(form, refused)
        return _show(found, one, form), 422
    except Changed:
        return _conflict(slug, code, form)
    if form.do.data == SAVE:
        return redirect(
            url_for("revising.item", slug=slug, code=code, language=tongue_of(found.writing)), 303
        )
    return redirect(back(found.draft), 303)


def _item(written: Written, code: str) -> dict[str, Any]:
    """Return an item that may be changed: of an addendum those alone that it adds."""
    if written.kind is Revising.ADDENDUM and code not in written.added:
        raise NotFound(item=code)
    return written.draft.item(code)


def _form(written: Written, one: dict[str, Any], *given: Any) -> FlaskForm:
    fields = {
        "title": line(_("Title")),
        "symbols": line(_("Symbols of documents it refers to (optional)")),
        **own_fields(written.draft, one),
    }
    data = {"seen": written.draft.version, **item_data(tongue_of(written), one)}
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def _keep(written: Written, one: dict[str, Any], form: FlaskForm) -> None:
    items = written.draft.content["items"]
    if form.do.data == REMOVE and one["id"] in written.added:
        kept = [other for other in items if other["id"] != one["id"]]
    else:
        new = said_item(tongue_of(written), one, form)
        kept = [new if other["id"] == one["id"] else other for other in items]
    seen = form.seen.data or 0
    revising.save(desk(), written.draft.slug, me().actor, {"items": kept}, seen=seen)


def _show(
    found: Revision, one: dict[str, Any], form: FlaskForm, conflicts: list[Any] | None = None
) -> str:
    kind = ItemKind(one["kind"])
    return show(
        "item.html",
        found,
        form,
        conflicts,
        item=one,
        texts=TEXTS[kind],
        days=DAYS.get(kind, ()),
        codes=CODES.get(kind, ()),
    )


def _conflict(slug: str, code: str, form: FlaskForm) -> ResponseReturnValue:
    """Show what a colleague saved meanwhile beside what was typed."""
    newer = load(slug)
    one = _item(newer.writing, code)
    saved = _form(newer.writing, one, None)
    return _show(newer, one, form, compared(saved, form, newer.writing.draft.version)), 409
