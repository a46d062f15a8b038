"""Step 3: the members as they stand today, and who of them is asked; frozen only at opening."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField

from consult.errors import BadInput
from consult.queries.drafting import Draft, Seated, roll_for, roll_of
from consult.queries.texts import pick
from consult.web.drafting.forms import DraftForm, line, made
from consult.web.drafting.page import ROLL, Page
from consult.web.frame import desk, language

_GROUP = "group-"


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: which groups and members are asked; nothing chosen is the whole body."""
    asked = draft.content["electorate"] or {"groups": [], "members": []}
    data: dict[str, Any] = {"seen": draft.version, "members": " ".join(asked["members"])}
    fields: dict[str, Any] = {
        "members": line(_("Members by their codes")),
        "observers": BooleanField(_("Observers of the body read this letter")),
    }
    data["observers"] = draft.content["observers"]
    for group in draft.body.groups:
        fields[_GROUP + group["id"]] = BooleanField(pick(group["name"], language()))
        data[_GROUP + group["id"]] = group["id"] in asked["groups"]
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return who is asked.

    Raises:
        BadInput: A code is that of no member of the body.
    """
    groups = [g["id"] for g in draft.body.groups if form[_GROUP + g["id"]].data]
    members = list(dict.fromkeys((form.members.data or "").upper().split()))
    if members:
        body = roll_of(desk().engine, draft.body.slug, desk().clock(), language())
        if set(members) - {seat.code for seat in body.seats}:
            raise BadInput({"members": "member-unknown"})
    chosen = {"groups": groups, "members": members}
    return {
        "electorate": chosen if groups or members else None,
        "observers": form.observers.data,
    }


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the members by region, and whom nobody can be reached for."""
    tongue = language()
    roll = roll_for(desk().engine, draft, desk().clock(), tongue)
    names = {group["id"]: pick(group["name"], tongue) for group in draft.body.groups}
    regions: dict[str, list[Seated]] = {}
    for seat in roll.seats:
        regions.setdefault(seat.region, []).append(seat)
    return {
        "roll": roll,
        "regions": [(names.get(code) or code, seats) for code, seats in regions.items()],
        "unreached": [seat for seat in roll.seats if not seat.reachable],
        "asked_groups": [field for field in form if field.name.startswith(_GROUP)],
    }


PAGE = Page(ROLL, "roll.html", form_of, changes, context)
