"""What an item says in one language: its title in full, its details and its text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from consult.documents.prose import Block, prose
from consult.queries.texts import pick
from consult.wording import instants
from consult.wording.clashes import by_item

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as a letter, a form or a record prints it.

    Args:
        title: In full, with the days and the place of a session.
        details: Further sentences: who nominated, for which term.
        text: Of a draft decision, or a longer explanation.
        cv: SHA-256 of the document with the curriculum vitae; empty without one.
    """

    code: str
    kind: str
    title: str
    details: tuple[str, ...]
    text: tuple[Block, ...]
    symbols: tuple[str, ...]
    annex: str
    withdrawn: bool = False
    cv: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading; without a heading *title* is empty."""

    code: str
    title: str
    items: tuple[ItemView, ...]


def parts_of(
    content: Mapping[str, Any], language: str, names: Mapping[str, Texts] | None = None
) -> tuple[Part, ...]:
    """Return the items of *content* under their headings, in the order of the letter.

    Args:
        names: Of each member its names, to say who nominated; without one its code is said.
    """
    titles = {heading["id"]: pick(heading["title"], language) for heading in content["headings"]}
    meets = by_item((content.get("clashes") or {}).get("found") or [], language)
    named = _documents(content, language)
    groups: list[tuple[str, list[ItemView]]] = []
    for item in content["items"]:
        heading = item["heading"] or ""
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        view = item_view(item, language, names or {}, named)
        groups[-1][1].append(replace(view, details=(*view.details, *meets.get(item["id"], ()))))
    return tuple(Part(code, titles.get(code, ""), tuple(items)) for code, items in groups)


def item_view(
    item: Mapping[str, Any],
    language: str,
    names: Mapping[str, Texts],
    documents: Mapping[str, str] | None = None,
) -> ItemView:
    """Return one item in *language*; its words are those of the catalogue now in force.

    Args:
        documents: Of each document of the letter, by its SHA-256, what it is called.
    """
    return ItemView(
        code=item["id"],
        kind=item["kind"],
        title=_title(item, language),
        details=tuple(_details(item, language, names, documents or {})),
        text=prose(pick(item["text"], language)),
        symbols=tuple(item.get("symbols") or ()),
        annex=item["annex"] or "",
        withdrawn=bool(item.get("withdrawn_at")),
        cv=item.get("cv_document") or "",
    )


def _title(item: Mapping[str, Any], language: str) -> str:
    title = pick(item["title"], language)
    if item["kind"] != "dates" or not item["from"]:
        return title
    first = date.fromisoformat(item["from"])
    days = instants.days(first, date.fromisoformat(item["to"] or item["from"]))
    where = pick(item["where"], language)
    if where:
        return str(_("%(title)s: %(days)s, %(place)s", title=title, days=days, place=where))
    return str(_("%(title)s: %(days)s", title=title, days=days))


def _details(
    item: Mapping[str, Any],
    language: str,
    names: Mapping[str, Texts],
    documents: Mapping[str, str],
) -> Sequence[str]:
    if item["kind"] == "dates" and item.get("zone") and item["from"]:
        return [zone_words(item)]
    if item["kind"] != "appointment":
        return []
    said = []
    if nominated := item["nominated_by"]:
        member = pick(names.get(nominated), language) or nominated
        said.append(_("Nominated by %(member)s.", member=member))
    if item["term_from"] and item["term_to"]:
        first, last = (date.fromisoformat(item[end]) for end in ("term_from", "term_to"))
        said.append(_("Term: %(days)s.", days=instants.days(first, last)))
    given = [pick(item.get("cv"), language), documents.get(item.get("cv_document") or "", "")]
    said += [_("Curriculum vitae: %(words)s", words=words) for words in given if words]
    return said


def zone_words(item: Mapping[str, Any]) -> str:
    """Say in which time zone a session is, and how far that is from UTC on its first day."""
    zone = item["zone"]
    offset = instants.offset(zone, date.fromisoformat(item["from"]))
    city = instants.city_of(zone)
    return str(_("Time zone: %(city)s (%(offset)s).", city=city, offset=offset))


def _documents(content: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        one["sha256"]: one["symbol"] or pick(one["title"], language) or one["filename"] or ""
        for one in content.get("documents") or ()
        if one["sha256"]
    }
