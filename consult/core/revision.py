"""How an open letter may be revised: which kind allows what, and which items it asks again."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.difference import LETTER, Difference, differences
from consult.core.life import Revising

# What a revision may change; rule, electorate, opening and deadline stay (the roll has its own).
PARTS = ("subject", "legal_basis", "letter", "headings", "items")
ATTACHED = "attached"  # documents that an addendum adds, each with its media type
# Kinds after which those that replied before are asked to confirm or change.
ASKS_AGAIN = frozenset({Revising.CORRIGENDUM, Revising.REVISION})
_FIXED = ("id", "kind", "comments", "rule", "heading", "annex")


def parts_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a whole content what a revision may change."""
    return {name: content[name] for name in PARTS}


def with_attached(content: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as *written* makes it, with the documents that it attaches."""
    parts = {name: part for name, part in written.items() if name != ATTACHED}
    new = [
        {name: part for name, part in one.items() if name != "media_type"}
        for one in written.get(ATTACHED) or ()
    ]
    return {**content, **parts, "documents": [*content["documents"], *new]}


def changed_items(kind: Revising, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the items on which a revision asks those that replied before to confirm or change."""
    if kind not in ASKS_AGAIN:
        return []
    known = {item["id"] for item in before["items"]}
    return [one.place for one in differences(before, after) if one.place in known]


def added_items(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the items that *after* has and *before* had not."""
    known = {item["id"] for item in before["items"]}
    return [item["id"] for item in after["items"] if item["id"] not in known]


def fault_of(
    kind: Revising, language: str | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str | None:
    """Return the code of what a revision of *kind* may not do; None if it is as it must be.

    Args:
        language: The one that an editorial correction is of.
        before: The content as it stands.
        after: As it is proposed.
    """
    found = differences(before, after)
    if not found:
        return "nothing-changed"
    old = {item["id"]: item for item in before["items"]}
    new = {item["id"]: item for item in after["items"]}
    if old.keys() - new.keys() or _moved(old, new):
        return "item-fixed"
    if kind is Revising.ADDENDUM:
        return _addendum_fault(found)
    if new.keys() - old.keys():
        return "item-added"
    return _editorial_fault(language, found) if kind is Revising.EDITORIAL else None


def _addendum_fault(found: Sequence[Difference]) -> str | None:
    if any(one.place != LETTER and not one.added for one in found):
        return "addendum-changes"
    return None if any(one.added or one.data for one in found) else "addendum-empty"


def _editorial_fault(language: str | None, found: Sequence[Difference]) -> str | None:
    spoken = {text.language for one in found for text in one.texts}
    return "editorial-only" if any(one.data for one in found) or spoken != {language} else None


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether an item became another kind of thing, or is decided otherwise."""
    return any(item[name] != new[code][name] for code, item in old.items() for name in _FIXED) or [
        code for code in new if code in old
    ] != list(old)
