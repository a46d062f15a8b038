"""What differs between two texts, word by word, and between two contents, place by place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

# Words and what stands between them; writing without spaces is compared sign by sign.
_SIGN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[{_SIGN}]|[^\s{_SIGN}]+|\s+")
_MOST = 4_000_000  # comparisons; beyond, a paragraph is shown as taken out and put in whole

ITEM_TEXTS = ("title", "where", "post", "candidate", "cv", "text")
ITEM_DATA = (
    "from",
    "to",
    "zone",
    "group",
    "nominated_by",
    "region",
    "seats",
    "term_from",
    "term_to",
    "cv_document",
    "symbols",
)
LETTER_TEXTS = ("to", "salutation", "closing", "copy", "issuing_unit", "place")
LETTER = "letter"
DOCUMENT = "document"


class Kind(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, were taken out or were put in."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that changed in one language.

    Args:
        name: Of the text: ``title``, ``subject``, ``section`` …
        of: Of a section its id; else empty.
    """

    name: str
    of: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class DataChange:
    """What is in every language the same, before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one place.

    Args:
        place: An item's number, or `LETTER`.
        title: What it is called now, in each language.
        added, removed: The whole item was not there before, or is not there any more.
    """

    place: str
    title: Mapping[str, str]
    texts: tuple[TextChange, ...]
    data: tuple[DataChange, ...]
    added: bool = False
    removed: bool = False


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return what was taken out of *before* and put in to make *after*, word by word."""
    pieces: list[Piece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, Kind.SAME, old[a:b])
        else:
            _words(pieces, "".join(old[a:b]), "".join(new[c:d]))
    return tuple(pieces)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what differs between two contents: of the letter first, then item by item.

    Args:
        before: As `queries.content.content_of` gives it.
        after: The same, later.
    """
    found = [_letter(before, after)]
    old = {item["id"]: item for item in before["items"]}
    new = {item["id"]: item for item in after["items"]}
    found += [
        Difference(code, item["title"], (), (), removed=True)
        for code, item in old.items()
        if code not in new
    ]
    found += [_item(old.get(code, {}), item) for code, item in new.items()]
    return tuple(one for one in found if one.texts or one.data or one.added or one.removed)


def _letter(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    texts = [
        *_texts("subject", "", before["subject"], after["subject"]),
        *_texts("legal_basis", "", before["legal_basis"], after["legal_basis"]),
    ]
    for name in LETTER_TEXTS:
        texts += _texts(name, "", before["letter"].get(name), after["letter"].get(name))
    old, new = _sections(before), _sections(after)
    for code in [*old, *(code for code in new if code not in old)]:
        for name in ("heading", "text"):
            said = old.get(code, {}).get(name), new.get(code, {}).get(name)
            texts += _texts(f"section-{name}", code, *said)
    return Difference(LETTER, after["subject"], tuple(texts), _documents(before, after))


def _documents(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[DataChange, ...]:
    """Return the documents that are new; none is ever taken out of an open letter."""
    known = {_file(one) for one in before.get("documents") or ()}
    new = [one for one in after.get("documents") or () if _file(one) not in known]
    return tuple(
        DataChange(DOCUMENT, None, one["title"] or {"": one["filename"] or ""}) for one in new
    )


def _file(document: Mapping[str, Any]) -> tuple[Any, ...]:
    return document["sha256"], document["item"], document["language"]


def _sections(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {section["id"]: section for section in content["letter"].get("sections") or ()}


def _item(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    texts: list[TextChange] = []
    for name in ITEM_TEXTS:
        texts += _texts(name, "", before.get(name), after.get(name))
    data = tuple(
        DataChange(name, before.get(name), after.get(name))
        for name in ITEM_DATA
        if (before.get(name) or None) != (after.get(name) or None)
    )
    return Difference(after["id"], after["title"], tuple(texts), data, added=not before)


def _texts(
    name: str, of: str, before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> Iterator[TextChange]:
    old, new = before or {}, after or {}
    for language in [*new, *(language for language in old if language not in new)]:
        said, now = old.get(language) or "", new.get(language) or ""
        if said != now:
            yield TextChange(name, of, language, words(said, now))


def _words(pieces: list[Piece], before: str, after: str) -> None:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _MOST:
        _add(pieces, Kind.OUT, old)
        _add(pieces, Kind.IN, new)
        return
    out: list[str] = []
    put: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(old[a:b]) if tag == "equal" else ""
        if tag != "equal" or (same.isspace() and out and put):
            # What stands between two changed words goes with them: a phrase reads whole.
            out += old[a:b]
            put += new[c:d]
            continue
        _turn(pieces, out, put)
        _add(pieces, Kind.SAME, [same])
    _turn(pieces, out, put)


def _turn(pieces: list[Piece], out: list[str], put: list[str]) -> None:
    """Write what was taken out and put in; what both end with stayed."""
    kept: list[str] = []
    while out and put and out[-1] == put[-1]:
        kept.insert(0, out.pop())
        put.pop()
    _add(pieces, Kind.OUT, out)
    _add(pieces, Kind.IN, put)
    _add(pieces, Kind.SAME, kept)
    out.clear()
    put.clear()


def _add(pieces: list[Piece], kind: Kind, tokens: Sequence[str]) -> None:
    text = "".join(tokens)
    if text and pieces and pieces[-1].kind is kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    elif text:
        pieces.append(Piece(kind, text))
