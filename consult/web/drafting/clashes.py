"""Step 2: the proposed dates held against days to avoid, and whether members are shown it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField

from consult.actions import drafting
from consult.core.clashes import Clash, clashes_of_one
from consult.core.life import ItemKind
from consult.documents.strip import strip
from consult.errors import Changed
from consult.queries.clashes import SEAT, calendars, clash_data, clashes_found, spans_of
from consult.queries.drafting import Draft
from consult.queries.texts import pick
from consult.web.boxes import boxes
from consult.web.drafting.faults import faults_of
from consult.web.drafting.forms import DraftForm, made
from consult.web.drafting.page import ITEMS, around, load, pages, seen_now, steps
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer, repeats
from consult.wording.clashes import by_item


@pages.route("/office/<slug>/draft/2/clashes", methods=["GET", "POST"])
@allow(officer)
@repeats("calendars")
def clash_check(slug: str) -> ResponseReturnValue:
    """Show what the dates meet; a POST keeps against which calendars they are held."""
    draft = load(slug)
    form = _form(draft)
    if request.method == "GET" or restored():
        return _show(draft, form)
    if not form.validate():
        return _show(draft, form), 422
    chosen = [slug_ for slug_ in form.calendars.data or () if slug_ in dict(_choices(draft))]
    new = {"calendars": chosen, "to_members": form.to_members.data} if chosen else None
    try:
        drafting.save(desk(), slug, me().actor, {"clashes": new}, seen=form.seen.data)
    except Changed:
        seen_now(form, load(slug))
        return _show(draft, form, changed=True), 409
    flash(_("Saved."), "ok")
    return redirect(url_for("drafting.clash_check", slug=slug), 303)


def _choices(draft: Draft) -> list[tuple[str, str]]:
    said = [(one.slug, pick(one.title, language())) for one in calendars(desk().engine)]
    if draft.body.holidays:
        city = pick(draft.body.seat, language())
        said.append((SEAT, _("Holidays of %(city)s (computed, an estimate)", city=city)))
    return said


def _form(draft: Draft) -> Any:
    chosen = draft.content["clashes"] or {"calendars": [], "to_members": False}
    fields: dict[str, Any] = {
        "calendars": boxes(_("Calendars"), _choices(draft)),
        "to_members": BooleanField(_("Show the clashes to members, beside each item")),
    }
    return made(DraftForm, fields)(
        data={
            "seen": draft.version,
            "calendars": chosen["calendars"],
            "to_members": chosen["to_members"],
        }
    )


def _show(draft: Draft, form: Any, *, changed: bool = False) -> str:
    g.page = ("drafting.clash_check", {"slug": draft.slug})
    items = draft.content["items"]
    found = clashes_found(
        desk().engine, items, list(form.calendars.data or ()), draft.body.holidays
    )
    titles = {item["id"]: pick(item["title"], language()) for item in items}
    said = by_item(clash_data(found), language())
    return render_template(
        "drafting/clashes.html",
        form=form,
        changed=changed,
        dates=[(span, titles[span.id], said.get(span.id, [])) for span in spans_of(items)],
        years=_strip(items, found),
        faults=faults_of(form),
        conflicts=[],
        steps=steps(draft, ITEMS),
        **around(draft),
    )


def met_by(draft: Draft, item: Mapping[str, Any]) -> list[str] | None:
    """Say what the days of one item meet, as it is now written; None where it proposes none.

    Args:
        item: In the place of that of its number in the draft.
    """
    if item["kind"] != ItemKind.DATES.value or not item["from"]:
        return None
    items = [item if one["id"] == item["id"] else one for one in draft.content["items"]]
    chosen = (draft.content["clashes"] or {}).get("calendars") or []
    found = clashes_found(desk().engine, items, chosen, draft.body.holidays)
    own = clashes_of_one(found, item["id"])
    return by_item(clash_data(own), language()).get(item["id"], [])


def _strip(items: list[dict[str, Any]], found: list[Clash]) -> Any:
    proposed: list[tuple[date, date, str]] = [
        (span.first, span.last, span.id) for span in spans_of(items)
    ]
    avoided = [
        (clash.event.first, clash.event.last, pick(clash.event.title, language()))
        for clash in found
        if clash.event
    ]
    return strip(proposed, avoided)
