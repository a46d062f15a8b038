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
    """

    code: str
    kind: str
    title: str
    details: tuple[str, ...]
    text: tuple[Block, ...]
    symbols: tuple[str, ...]
    annex: str
    withdrawn: bool = False


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
    groups: list[tuple[str, list[ItemView]]] = []
    for item in content["items"]:
        heading = item["heading"] or ""
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        view = item_view(item, language, names or {})
        groups[-1][1].append(replace(view, details=(*view.details, *meets.get(item["id"], ()))))
    return tuple(Part(code, titles.get(code, ""), tuple(items)) for code, items in groups)


def item_view(item: Mapping[str, Any], language: str, names: Mapping[str, Texts]) -> ItemView:
    """Return one item in *language*; its words are those of the catalogue now in force."""
    return ItemView(
        code=item["id"],
        kind=item["kind"],
        title=_title(item, language),
        details=tuple(_details(item, language, names)),
        text=prose(pick(item["text"], language)),
        symbols=tuple(item.get("symbols") or ()),
        annex=item["annex"] or "",
        withdrawn=bool(item.get("withdrawn_at")),
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


def _details(item: Mapping[str, Any], language: str, names: Mapping[str, Texts]) -> Sequence[str]:
    if item["kind"] != "appointment":
        return []
    said = []
    if nominated := item["nominated_by"]:
        member = pick(names.get(nominated), language) or nominated
        said.append(_("Nominated by %(member)s.", member=member))
    if item["term_from"] and item["term_to"]:
        first, last = (date.fromisoformat(item[end]) for end in ("term_from", "term_to"))
        said.append(_("Term: %(days)s.", days=instants.days(first, last)))
    return said
