"""Step 2: all items under their headings; both are added, named and moved here."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.core.arrangement import free_id, groups, in_order, move, shift
from consult.core.items import EMPTY_ITEM
from consult.core.life import ItemKind
from consult.documents.appointments import Table, appointment_tables
from consult.queries.drafting import Draft
from consult.web.drafting.forms import DraftForm, line, made
from consult.web.drafting.page import ITEMS, Page, back, editing
from consult.web.drafting.texts import with_words
from consult.web.frame import language
from consult.wording import kinds


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: the titles of the headings in the language that is edited."""
    tongue = editing(draft)
    headings = draft.content["headings"]
    names = {f"heading-{heading['id']}": heading for heading in headings}
    form: FlaskForm = made(DraftForm, {name: line(_("Heading")) for name in names})(
        *given,
        data={
            "seen": draft.version,
            **{name: heading["title"].get(tongue, "") for name, heading in names.items()},
        },
    )
    return form


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the headings as typed, and what the button did to headings or items."""
    tongue = editing(draft)
    headings = [
        {
            **heading,
            "title": with_words(heading["title"], tongue, form[f"heading-{heading['id']}"].data),
        }
        for heading in draft.content["headings"]
    ]
    return operate(headings, draft.content["items"], form.do.data)


def operate(headings: list[dict[str, Any]], items: list[dict[str, Any]], do: str) -> dict[str, Any]:
    """Do what the button says, such as ``up:1.1`` or ``heading-down:2``; else change nothing."""
    act, _colon, id_ = do.partition(":")
    arranged = groups(headings, items)
    match act:
        case "up" | "down":
            return {"headings": headings, "items": in_order(move(arranged, id_, up=act == "up"))}
        case "add" if id_ in set(ItemKind):
            new = new_item(headings, items, id_)
            return {"headings": headings, "items": in_order(groups(headings, [*items, new]))}
        case "heading-add":
            made_id = free_id([heading["id"] for heading in headings])
            return {"headings": [*headings, {"id": made_id, "title": {}}]}
        case "heading-up" | "heading-down":
            moved = shift(headings, id_, up=act == "heading-up")
            return {"headings": moved, "items": in_order(groups(moved, items))}
        case "heading-remove":
            kept = [heading for heading in headings if heading["id"] != id_]
            return {"headings": kept, "items": in_order(groups(kept, items))}
    return {"headings": headings}


def new_item(
    headings: list[dict[str, Any]], items: list[dict[str, Any]], kind: str
) -> dict[str, Any]:
    """Return an empty item, last under the last heading, with a number that is free."""
    heading = headings[-1]["id"] if headings else None
    taken = [item["id"] for item in items]
    code = free_id(taken, f"{heading}." if heading else "")
    return {**EMPTY_ITEM, "id": code, "heading": heading, "kind": kind}


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the items group by group, and the kinds that may be added."""
    return {
        "groups": groups(draft.content["headings"], draft.content["items"]),
        "kinds": [(kind.value, kinds.item_kind(kind)) for kind in ItemKind],
        "tables": _tables(draft),
        "files": {document.item for document in draft.documents if document.item},
    }


def _tables(draft: Draft) -> tuple[Table, ...]:
    """Return who stands for what; who nominated them by code: names are the letter's."""
    return appointment_tables(draft.content, draft.body.groups, language())


def after(draft: Draft, form: FlaskForm) -> str | None:
    """Go to the item that was added; else back to what was moved."""
    act, _colon, id_ = form.do.data.partition(":")
    match act:
        case "add" if id_ in set(ItemKind):
            code = new_item(draft.content["headings"], draft.content["items"], id_)["id"]
            return url_for("drafting.item", slug=draft.slug, code=code)
        case "up" | "down":
            return back(ITEMS, draft, _anchor=f"item-{id_}")
        case "heading-up" | "heading-down":
            return back(ITEMS, draft, _anchor=f"heading-{id_}")
        case "heading-add" | "heading-remove":
            return back(ITEMS, draft, _anchor="headings")
    return None


PAGE = Page(ITEMS, "items.html", form_of, changes, context, after)
