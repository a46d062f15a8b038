"""What a letter says in one language: the value whose hash a reply names as what it answered."""

from collections.abc import Mapping, Sequence
from typing import Any

# Written by the product from the data, in every language; authors write the other sections.
OWN_SECTIONS = frozenset({"earlier", "majority", "silence", "deadline", "how_to_reply"})

_SINGLE = ("issuing_unit", "place", "to", "copy", "salutation", "closing")
_ITEM_TEXTS = ("title", "text", "where", "post", "candidate")
# Letters of before had no such data: they have their place only where something is said.
_LATER_DATA = ("zone", "cv_document")


def texts(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return all that the letter and its items say in *language*, and the data beside the words.

    Args:
        content: The whole consultation, as `queries.content` gives it: texts are mappings from
            language to words, days are ISO text.
    """
    letter = content["letter"]
    said: dict[str, Any] = {name: _in(letter.get(name), language) for name in _SINGLE}
    said["reference"] = content["reference"]
    said["subject"] = _in(content["subject"], language)
    said["legal_basis"] = _in(content["legal_basis"], language)
    said["signature"] = _in((letter.get("signature") or {}).get("title"), language)
    said["sections"] = [
        {"id": s["id"], "heading": _in(s["heading"], language), "text": _in(s["text"], language)}
        for s in letter.get("sections", ())
    ]
    said["headings"] = [
        {"id": h["id"], "title": _in(h["title"], language)} for h in content["headings"]
    ]
    said["items"] = [_item(item, language) for item in content["items"]]
    if (content.get("clashes") or {}).get("found"):
        said["clashes"] = content["clashes"]["found"]
    said["documents"] = [
        {
            "symbol": document["symbol"],
            "title": _in(document["title"], language),
            "sha256": document["sha256"],
        }
        for document in content["documents"]
        if document["language"] in (None, language)
    ]
    return said


def missing(content: Mapping[str, Any], language: str) -> list[str]:
    """Return the paths of the texts that some other language has and *language* has not.

    What days meet is called as calendars call it, in the languages that these have.
    """
    gaps: list[str] = []
    said = {name: value for name, value in content.items() if name not in {"waived", "clashes"}}
    _walk(said, "", language, content["languages"], gaps)
    return gaps


def _walk(
    value: object, path: str, language: str, languages: Sequence[str], gaps: list[str]
) -> None:
    if isinstance(value, Mapping):
        if value and set(value) <= set(languages):
            said = any(str(words or "").strip() for words in value.values())
            if said and not str(value.get(language) or "").strip():
                gaps.append(path)
            return
        for name, inner in value.items():
            _walk(inner, f"{path}.{name}" if path else str(name), language, languages, gaps)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            name = inner.get("id", index) if isinstance(inner, Mapping) else index
            _walk(inner, f"{path}[{name}]", language, languages, gaps)


def _item(item: Mapping[str, Any], language: str) -> dict[str, Any]:
    said: dict[str, Any] = {name: _in(item.get(name), language) for name in _ITEM_TEXTS}
    for name in (
        "id",
        "heading",
        "kind",
        "from",
        "to",
        "group",
        "nominated_by",
        "region",
        "seats",
        "term_from",
        "term_to",
        "annex",
        "comments",
    ):
        said[name] = item.get(name)
    said |= {name: item[name] for name in _LATER_DATA if item.get(name)}
    if words := _in(item.get("cv"), language):
        said["cv"] = words
    return said


def _in(said: Mapping[str, str] | None, language: str) -> str:
    return (said or {}).get(language) or ""
