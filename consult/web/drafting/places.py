"""Where on the pages of a draft a part of its content stands, and what that part is called."""

import re
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from consult.queries.drafting import Draft
from consult.queries.texts import pick
from consult.web.frame import language as reading_language

_PART = re.compile(r"^(?P<name>[a-z_]+)(?:\[(?P<id>[^\]]+)\])?(?:\.(?P<rest>.+))?$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page: its address and its words."""

    href: str
    words: str


def spot(draft: Draft, path: str, language: str | None = None) -> Spot:
    """Return where *path* of the content stands, such as ``items[1.1].title``.

    Args:
        language: In whose texts to look; None for what is the same in all.
    """
    found = _PART.match(path)
    name, id_ = (found["name"], found["id"]) if found else (path, None)
    rest = (found["rest"] if found else None) or ""
    if name == "items" and id_:
        return Spot(_item(draft, id_, rest, language), _("Item %(number)s", number=id_))
    if name == "documents":
        return _document(draft, id_, language)
    if name == "headings":
        return Spot(_step(draft, 2, language, f"heading-{id_}"), _heading(draft, id_ or ""))
    if name == "letter":
        return _letter(draft, rest, language)
    return _other(draft, name, language)


def _other(draft: Draft, name: str, language: str | None) -> Spot:
    step, anchor, words = {
        "subject": (1, "subject", _("Subject")),
        "legal_basis": (1, "legal_basis", _("Legal basis")),
        "items": (2, "", _("Items")),
        "roll": (3, "", pgettext("of members", "Roll")),
        "rule": (4, "rule", _("Rule")),
        "closes_at": (4, "closes-day", _("Deadline")),
        "opens_at": (4, "opens-day", _("Opening")),
        "reminders": (5, "", _("Reminders")),
        "languages": (6, "", _("Languages")),
        "approvers": (7, "", _("Approvers")),
        "signed": (1, "signed", _("Signed letter")),
    }.get(name, (1, "", name))
    return Spot(_step(draft, step, language, anchor), words)


def _letter(draft: Draft, rest: str, language: str | None) -> Spot:
    part = _PART.match(rest)
    if part and part["name"] == "sections" and part["id"]:
        anchor = f"section-{part['id']}-{part['rest'] or 'text'}"
        return Spot(_step(draft, 1, language, anchor), _("A section of the letter"))
    if part and part["name"] == "annexes" and part["id"]:
        anchor = f"annex-{part['id']}"
        words = _("Title of annex %(number)s", number=part["id"])
        return Spot(_step(draft, 1, language, anchor), words)
    anchor = rest.replace(".", "_")
    words = {
        "issuing_unit": _("Issuing unit"),
        "place": _("Place"),
        "to": _("To"),
        "copy": _("Copy"),
        "salutation": _("Salutation"),
        "closing": _("Closing words"),
        "contact_name": _("Contact"),
        "signature_title": _("Title of the presiding officer"),
    }.get(anchor, _("Letter"))
    return Spot(_step(draft, 1, language, anchor), words)


def _item(draft: Draft, code: str, rest: str, language: str | None) -> str:
    kept: dict[str, Any] = {"language": language} if language else {}
    return url_for("drafting.item", slug=draft.slug, code=code, **kept, _anchor=rest or "title")


def _document(draft: Draft, place: str | None, language: str | None) -> Spot:
    if place is None or not place.isdecimal() or int(place) >= len(draft.documents):
        return Spot(_step(draft, 1, language, "documents"), _("Documents"))
    document = draft.documents[int(place)]
    href = url_for("drafting.document", slug=draft.slug, document=document.id)
    if language:
        href += f"#title-{language}"
    name = document.symbol or document.filename or pick(document.title, reading_language())
    return Spot(href, _("Title of document %(document)s", document=name))


def _heading(draft: Draft, id_: str) -> str:
    for heading in draft.content["headings"]:
        if heading["id"] == id_:
            title = pick(heading["title"], reading_language())
            return str(_("Heading %(title)s", title=title))
    return str(_("Headings"))


def _step(draft: Draft, step: int, language: str | None, anchor: str) -> str:
    kept: dict[str, Any] = {"language": language} if language else {}
    return url_for("drafting.step", slug=draft.slug, step=step, **kept, _anchor=anchor or None)
