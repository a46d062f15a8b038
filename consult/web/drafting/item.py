"""One item of a draft, in one language at a time, with the fields of its kind."""

from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.actions import drafting
from consult.core.arrangement import groups, in_order, numbers
from consult.core.items import CODES, DAYS, EMPTY_ITEM, TEXTS, fields_of, number_fits
from consult.core.life import CommentPolicy, ItemKind
from consult.errors import BadInput, Changed
from consult.queries.drafting import Draft
from consult.queries.texts import pick
from consult.web.drafting.clashes import met_by
from consult.web.drafting.faults import faults_of, refuse
from consult.web.drafting.forms import (
    DraftForm,
    choose,
    day_data,
    day_of,
    line,
    made,
)
from consult.web.drafting.itemfields import own_fields
from consult.web.drafting.ownrule import rule_data, rule_field, rule_key
from consult.web.drafting.page import (
    ITEMS,
    around,
    back,
    compared,
    editing,
    load,
    pages,
    same_language,
    steps,
)
from consult.web.drafting.texts import with_words
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer
from consult.wording import kinds


@pages.get("/office/<slug>/draft/2/items/<code>")
@allow(officer)
def item(slug: str, code: str) -> ResponseReturnValue:
    """Show one item with its fields."""
    draft = load(slug)
    return show(draft, draft.item(code), form_of(draft, draft.item(code)))


@pages.post("/office/<slug>/draft/2/items/<code>")
@allow(officer)
def save_item(slug: str, code: str) -> ResponseReturnValue:
    """Keep what was typed, or remove the item."""
    draft = load(slug)
    found = draft.item(code)
    form = form_of(draft, found)
    if restored():
        return show(draft, found, form)
    if form.do.data != "remove" and not form.validate():
        return show(draft, found, form), 422
    try:
        if form.do.data == "clashes":
            return show(draft, found, form, typed=changed_item(draft, found, form))
        keep(draft, found, form)
    except BadInput as refused:
        refuse(form, refused)
        return show(draft, found, form), 422
    except Changed:
        return conflict(draft, code, form)
    return redirect(after(draft, found, form), 303)


@pages.post("/office/<slug>/draft/2/numbers")
@allow(officer)
def number_items(slug: str) -> ResponseReturnValue:
    """Number all items anew, in their order."""
    draft = load(slug)
    form = DraftForm()
    arranged = groups(draft.content["headings"], draft.content["items"])
    drafting.number(desk(), slug, me().actor, numbers(arranged), seen=form.seen.data or 0)
    return redirect(back(ITEMS, draft), 303)


def keep(draft: Draft, found: dict[str, Any], form: FlaskForm) -> None:
    """Save the item as typed; with a new number, its documents follow."""
    others = draft.content["items"]
    actor = me().actor
    if form.do.data == "remove":
        rest = [one for one in others if one["id"] != found["id"]]
        drafting.save(desk(), draft.slug, actor, {"items": rest}, seen=form.seen.data or 0)
        return
    new = changed_item(draft, found, form)
    whole = [new if one["id"] == found["id"] else one for one in others]
    ordered = in_order(groups(draft.content["headings"], whole))
    code = form.code.data
    renamed = code != found["id"]
    if renamed and code in {one["id"] for one in others}:
        raise BadInput({"code": "number-taken"})
    if renamed and not number_fits(code):
        raise BadInput({"code": "number-shape"})
    version = drafting.save(desk(), draft.slug, actor, {"items": ordered}, seen=form.seen.data)
    if renamed:
        drafting.number(desk(), draft.slug, actor, {found["id"]: code}, seen=version)


def changed_item(draft: Draft, found: dict[str, Any], form: FlaskForm) -> dict[str, Any]:
    """Return the item as typed; what its new kind has no place for is left out.

    Raises:
        BadInput: At the field that is wrong.
    """
    new = ItemKind(form.kind.data)
    typed = {
        **said_item(editing(draft), found, form),
        "kind": new.value,
        "heading": form.heading.data or None,
        "comments": form.comments.data or None,
        "rule": rule_data(draft, found, form.rule.data),
    }
    return _of_kind(typed, new)


def said_item(tongue: str, found: dict[str, Any], form: FlaskForm) -> dict[str, Any]:
    """Return the item with the words in one language, the days and the codes as typed.

    Raises:
        BadInput: At the field that is wrong.
    """
    old = ItemKind(found["kind"])
    typed = {**found, "symbols": [symbol for symbol in form.symbols.data.split() if symbol]}
    for name in ("title", *TEXTS[old]):
        typed[name] = with_words(found.get(name), tongue, form[name].data)
    for name in DAYS.get(old, ()):
        typed[name] = day_of(form, name)
    for name in CODES.get(old, ()):
        typed[name] = form[name].data or None
    if old is ItemKind.APPOINTMENT:
        typed["seats"] = form.seats.data
    if typed["from"] and typed["to"] and typed["to"] < typed["from"]:
        raise BadInput({"to-day": "ends-before"})
    if typed["term_from"] and typed["term_to"] and typed["term_to"] < typed["term_from"]:
        raise BadInput({"term_to-day": "ends-before"})
    return typed


def _of_kind(item_: dict[str, Any], kind: ItemKind) -> dict[str, Any]:
    dropped = frozenset().union(*map(fields_of, ItemKind)) - fields_of(kind)
    return {**item_, **{name: EMPTY_ITEM[name] for name in dropped}}


def form_of(draft: Draft, found: dict[str, Any], *given: Any) -> FlaskForm:
    """Make the form with the fields of the item's kind."""
    kind = ItemKind(found["kind"])
    data: dict[str, Any] = {
        "seen": draft.version,
        "code": found["id"],
        "kind": kind.value,
        "heading": found["heading"] or "",
        "comments": found["comments"] or "",
        "rule": rule_key(draft, found["rule"]),
        **item_data(editing(draft), found),
    }
    fields = {**_every(draft), "rule": rule_field(draft, found), **own_fields(draft, found)}
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def item_data(tongue: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields of an item say: its words in one language, its days and codes."""
    kind = ItemKind(found["kind"])
    data: dict[str, Any] = {"symbols": " ".join(found["symbols"]), "seats": found.get("seats")}
    for name in ("title", *TEXTS[kind]):
        data[name] = (found.get(name) or {}).get(tongue, "")
    for name in CODES.get(kind, ()):
        data[name] = found.get(name) or ""
    for name in DAYS.get(kind, ()):
        data |= day_data(name, found[name])
    return data


def _every(draft: Draft) -> dict[str, Any]:
    tongue = language()
    headings = [
        (heading["id"], pick(heading["title"], tongue) or heading["id"])
        for heading in draft.content["headings"]
    ]
    policy = kinds.comment_policy(CommentPolicy(draft.content["comments"]))
    policies = [(one.value, kinds.comment_policy(one)) for one in CommentPolicy]
    return {
        "code": line(_("Number"), longest=16),
        "kind": choose(_("What is decided"), [(k.value, kinds.item_kind(k)) for k in ItemKind]),
        "heading": choose(_("Heading"), [("", _("None")), *headings]),
        "comments": choose(
            _("Comments"), [("", _("As for the letter: %(policy)s", policy=policy)), *policies]
        ),
        "symbols": line(_("Symbols of documents it refers to (optional)")),
        "title": line(_("Title")),
    }


def show(
    draft: Draft,
    found: dict[str, Any],
    form: FlaskForm,
    conflicts: list[Any] | None = None,
    *,
    typed: dict[str, Any] | None = None,
) -> str:
    """Return the page as HTML.

    Args:
        typed: The item as typed, where its days are held against days to avoid unsaved.
    """
    kind = ItemKind(found["kind"])
    g.page = ("drafting.item", {"slug": draft.slug, "code": found["id"]})
    return render_template(
        "drafting/item.html",
        form=form,
        faults=faults_of(form),
        conflicts=conflicts or [],
        steps=steps(draft, ITEMS),
        item=found,
        texts=TEXTS[kind],
        days=DAYS.get(kind, ()),
        codes=CODES.get(kind, ()),
        documents=[one for one in draft.documents if one.item == found["id"]],
        met=met_by(draft, typed or found),
        checked=typed is not None,
        **around(draft),
    )


def conflict(draft: Draft, code: str, form: FlaskForm) -> ResponseReturnValue:
    """Show what a colleague saved meanwhile beside what was typed."""
    newer = load(draft.slug)
    found = newer.item(code)
    conflicts = compared(form_of(newer, found, None), form, newer.version)
    return show(newer, found, form, conflicts), 409


def after(draft: Draft, found: dict[str, Any], form: FlaskForm) -> str:
    """Go on to the next item or back to the list; or stay, where one only saves."""
    code = form.code.data
    if form.do.data == "remove":
        return back(ITEMS, draft)
    if form.do.data == "save" or form.kind.data != found["kind"]:
        return url_for("drafting.item", slug=draft.slug, code=code, saved=1, **same_language())
    return back(ITEMS, draft, _anchor=f"item-{code}")
