"""The fields that each kind of item has besides its title, and what one chooses in them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from consult.actions.documents import ANNEX
from consult.core.items import DAYS, TEXTS
from consult.core.life import ItemKind
from consult.queries.drafting import Draft, roll_for
from consult.queries.texts import pick
from consult.queries.zones import zones
from consult.web.drafting.forms import choose, day_fields, line, words
from consult.web.frame import desk, language
from consult.wording import instants


def own_fields(draft: Draft, found: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that an item has besides its title, by its kind."""
    kind = ItemKind(found["kind"])
    fields: dict[str, Any] = {}
    for name in TEXTS[kind]:
        fields[name] = _text(kind, name)
    for name in DAYS.get(kind, ()):
        fields |= day_fields(name, _day_label(name))
    if kind is ItemKind.DATES:
        fields["zone"] = _zone(draft, found)
    if kind is ItemKind.APPOINTMENT:
        fields |= _nomination(draft) | {"cv_document": _cv_document(draft)}
    return fields


def _text(kind: ItemKind, name: str) -> Any:
    if name == "text":
        is_text = kind is ItemKind.TEXT
        return words(_("Draft decision") if is_text else _("Explanation (optional)"))
    if name == "cv":
        return words(_("Curriculum vitae, in short (optional)"))
    labels = {
        "where": _("Place"),
        "post": pgettext("appointment", "Post"),
        "candidate": _("Candidate"),
    }
    return line(labels[name])


def _day_label(name: str) -> str:
    said: dict[str, str] = {
        "from": _("First day"),
        "to": _("Last day"),
        "term_from": _("First day of the term (optional)"),
        "term_to": _("Last day of the term (optional)"),
    }
    return said[name]


def _nomination(draft: Draft) -> dict[str, Any]:
    tongue = language()
    roll = roll_for(desk().engine, draft, desk().clock(), tongue)
    members = [(seat.code, pick(seat.name, tongue)) for seat in roll.seats]
    regions = [(g["id"], pick(g["name"], tongue) or g["id"]) for g in draft.body.groups]
    return {
        "group": line(_("Group (optional)"), longest=200),
        "nominated_by": choose(_("Nominated by"), [("", _("Nobody named")), *members]),
        "region": choose(_("Region"), [("", _("None")), *regions]),
        "seats": IntegerField(
            _("Posts of this group and sort (optional)"),
            [Optional(), NumberRange(min=1, max=99, message=_("Write a number from 1 to 99"))],
        ),
    }


def _zone(draft: Draft, found: dict[str, Any]) -> Any:
    """Return the choice of a zone; one that came from a table may be no capital's."""
    offered = dict(zones(desk().engine, language()))
    if zone := found.get("zone"):
        offered.setdefault(zone, instants.city_of(zone))
    seat = pick(draft.body.seat, language())
    return choose(
        _("Time zone of the place (optional)"),
        [("", _("As for the letter: %(policy)s", policy=seat)), *offered.items()],
    )


def _cv_document(draft: Draft) -> Any:
    tongue = language()
    offered = {
        one.sha256: one.symbol or pick(one.title, tongue) or one.filename or one.sha256
        for one in draft.documents
        if one.sha256 and one.purpose == ANNEX
    }
    return choose(
        _("Document with the curriculum vitae (optional)"),
        [("", _("None")), *offered.items()],
        filters=[lambda chosen: chosen if chosen in offered else ""],
    )
