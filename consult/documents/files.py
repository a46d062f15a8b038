"""The documents that belong to a letter: its annexes, and the letter as it was signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.queries.texts import pick
from consult.wording import LANGUAGES


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document as a reader sees it.

    Args:
        number: Of the annex as the letter counts them; empty if it has none.
        language: Of the file; empty if it is for readers of every language.
        sha256: Under which the file is kept; empty if it is only named.
        size: Format and size in words: "PDF, 212 KB"; empty without a file.
    """

    number: str
    symbol: str
    title: str
    language: str
    sha256: str
    size: str

    @property
    def own_name(self) -> str:
        """The name of its language in that language."""
        return LANGUAGES.get(self.language, self.language)


def attachments(
    content: Mapping[str, Any], language: str
) -> tuple[tuple[Attachment, ...], tuple[Attachment, ...]]:
    """Return annexes in *language*, and the signed letters in every language."""
    documents = content["documents"]
    signed = tuple(_attachment("", d, language) for d in documents if d["purpose"] == "signed")
    given = [
        document
        for document in documents
        if document["purpose"] != "signed" and document["language"] in {None, language}
    ]
    return tuple(_annexes(content["letter"].get("annexes") or [], given, language)), signed


def _annexes(
    named: list[Mapping[str, Any]], given: list[Mapping[str, Any]], language: str
) -> Iterator[Attachment]:
    """Yield the annexes that the letter names, then every other document."""
    by_symbol = {document["symbol"]: document for document in given if document["symbol"]}
    used = set()
    for annex in named:
        document = by_symbol.get(annex.get("symbol"))
        title = pick(annex.get("title"), language)
        if document is None:
            yield Attachment(str(annex["id"]), annex.get("symbol") or "", title, "", "", "")
        else:
            used.add(document["symbol"])
            yield _attachment(str(annex["id"]), document, language)
    for document in given:
        if document["symbol"] not in used:
            yield _attachment("", document, language)


def _attachment(number: str, document: Mapping[str, Any], language: str) -> Attachment:
    return Attachment(
        number=number,
        symbol=document["symbol"] or "",
        title=pick(document["title"], language) or document["filename"] or "",
        language=document["language"] or "",
        sha256=document["sha256"] or "",
        size=size_words(document["filename"], document["size"]),
    )


def size_words(filename: str | None, size: int | None) -> str:
    """Return format and size of a file in words; nothing if there is no file."""
    if not filename or size is None:
        return ""
    kind = PurePosixPath(filename).suffix.removeprefix(".").upper() or "?"
    number = format_decimal(max(1, round(size / 1000)), locale=get_locale())
    return str(_("%(format)s, %(size)s", format=kind, size=_("%(number)s KB", number=number)))
