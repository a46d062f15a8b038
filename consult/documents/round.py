"""A table of comments in one language: the value that page, Word file and CSV print."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from consult.core.ledger import read_instant, sha256_hex
from consult.core.paragraphs import paragraphs
from consult.core.round import GENERAL, Disposed
from consult.documents.prose import Block, prose
from consult.documents.record_facts import signed_with
from consult.queries.texts import pick
from consult.wording import LANGUAGES, instants, kinds
from consult.wording.catalogues import locale_of
from consult.wording.specimens import invented


@dataclass(frozen=True, slots=True)
class Row:
    """One comment of one Member State, and what became of it.

    Args:
        disposed: The code of the disposition; empty while none is written.
        words: The same in words.
        reasons: In the reader's language, else in one that they are in.
        said: The reasons in each language.
        language_name: Of the comment, where it is not the reader's.
    """

    remark: str
    code: str
    member: str
    text: str
    proposed: str
    language: str
    language_name: str
    disposed: str
    words: str
    reasons: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph, or a document as a whole, with the comments on it.

    Args:
        number: Of the paragraph; empty for the document, or the round, as a whole.
        heading: As a table names it.
    """

    number: str
    heading: str
    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Commented:
    """One document with its places, in the order of the text."""

    code: str
    title: str
    symbols: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def rows(self) -> int:
        return sum(len(place.rows) for place in self.places)


@dataclass(frozen=True, slots=True)
class RoundView:
    """All that a table of comments tells a reader, in the order in which it is told.

    Args:
        lede: How much was said by how many, in a sentence.
        commented, silent, late, on_behalf: Names of Member States; the last those whose
            comments came otherwise and were recorded by two officers.
        day: Of publication, or of the last ledger entry before it; ISO text.
    """

    language: str
    reference: str
    slug: str
    number: str
    day: str
    public: bool
    organisation: str
    kicker: str
    title: str
    lede: str
    illustrative: str
    documents: tuple[Commented, ...]
    commented: tuple[str, ...]
    silent: tuple[str, ...]
    late: tuple[str, ...]
    on_behalf: tuple[str, ...]
    conclusion: tuple[Block, ...]
    certified: str
    last: str
    sha256: str
    keys: str
    undisposed: int


def is_table(content: str) -> bool:
    """Say whether the bytes of a published record are those of a table of comments."""
    return '"format":"consult-round/1"' in content


def published_round(content: str, language: str) -> RoundView:
    """Return the view of a published table from its bytes as text."""
    return round_view(json.loads(content), language, sha256_hex(content.encode()))


def round_view(record: Mapping[str, Any], language: str, sha256: str = "") -> RoundView:
    """Return *record* in *language*; words that it lacks there are in its first language.

    Args:
        sha256: Of the published file; empty before publication.
    """
    with force_locale(locale_of(language)):
        return _Maker(record, language).view(sha256)


class _Maker:
    """Reads one record in one language."""

    def __init__(self, record: Mapping[str, Any], language: str) -> None:
        self._record, self._told = record, record["consultation"]
        self._first = (self._told["languages"] or ["en"])[0]
        self._language = language

    def view(self, sha256: str) -> RoundView:
        told, table = self._told, self._record["table"]
        last = self._record["ledger"]["entries"][-1]
        order = [code for code in told["order"] if told["members"][code]["entitled"]]
        conclusion = (told["conclusion"] or {}).get("texts") or {}
        return RoundView(
            language=self._language,
            reference=told["reference"],
            slug=told["slug"],
            number=told["number"] or "",
            day=(told["published_at"] or last["entry"]["at"])[:10],
            public=told["public"],
            organisation=self._pick(told["organisation"]["name"]),
            kicker=self._kicker(),
            title=self._pick(told["content"]["subject"]),
            lede=self._lede(table, len(order)),
            illustrative=invented(told["illustrative"]),
            documents=self._documents(),
            commented=tuple(self._name(code) for code in table["commented"]),
            silent=tuple(self._name(code) for code in order if code not in table["commented"]),
            late=tuple(self._name(code) for code in table["late"]),
            on_behalf=self._on_behalf(),
            conclusion=prose(pick(conclusion, self._language, self._first)),
            certified=self._certified(),
            last=f"{last['entry']['number']}:{last['head'][:32]}",
            sha256=sha256,
            keys=signed_with(self._record),
            undisposed=sum(row["disposition"] is None for row in table["rows"]),
        )

    def _on_behalf(self) -> tuple[str, ...]:
        entries = (link["entry"] for link in self._record["ledger"]["entries"])
        papers = {e["facts"]["member"] for e in entries if e["what"] == "comment-on-behalf"}
        return tuple(self._name(code) for code in self._told["order"] if code in papers)

    def _pick(self, texts: Mapping[str, str] | None) -> str:
        return pick(texts, self._language, self._first)

    def _name(self, code: str) -> str:
        return self._pick(self._told["members"][code]["name"])

    def _kicker(self) -> str:
        named = {"number": self._told["number"], "body": self._pick(self._told["body"]["name"])}
        if self._told.get("rehearsal"):
            return str(_("Result of a rehearsal, which decides nothing: %(body)s", **named))
        if not named["number"]:
            return str(_("Table of comments: %(body)s, not published yet", **named))
        return str(_("Table of comments %(number)s: %(body)s", **named))

    def _lede(self, table: Mapping[str, Any], entitled: int) -> str:
        by: str = ngettext(
            "%(commented)s of %(num)d Member State commented.",
            "%(commented)s of %(num)d Member States commented.",
            entitled,
            commented=len(table["commented"]),
        )
        several: str = ngettext(
            "%(num)d comment. Nothing was voted on.",
            "%(num)d comments. Nothing was voted on.",
            len(table["rows"]),
        )
        return f"{by} {several}"

    def _documents(self) -> tuple[Commented, ...]:
        whole = self._place(GENERAL, None, str(_("The whole")), "")
        found = [Commented("", str(_("Comments on the whole")), (), (whole,))] if whole.rows else []
        found += [self._document(item) for item in self._told["content"]["items"]]
        return tuple(found)

    def _document(self, item: Mapping[str, Any]) -> Commented:
        places = [self._place(item["id"], None, str(_("Whole text")), "")]
        places += [
            self._place(item["id"], one.number, one.number, one.text)
            for one in paragraphs(self._pick(item["text"]))
        ]
        title, symbols = self._pick(item["title"]), tuple(item["symbols"])
        return Commented(item["id"], title, symbols, tuple(places))

    def _place(self, item: str, number: str | None, heading: str, text: str) -> Place:
        rows = [
            self._row(row)
            for row in self._record["table"]["rows"]
            if (row["item"], row["paragraph"]) == (item, number)
        ]
        return Place(number or "", heading, text, tuple(rows))

    def _row(self, row: Mapping[str, Any]) -> Row:
        spoken, disposed = row["language"], row["disposition"]
        reasons = {code: self._text(name) for code, name in row["reasons_in"].items()}
        return Row(
            remark=row["remark"],
            code=row["member"],
            member=self._name(row["member"]),
            text=self._text(row["text"]),
            proposed=self._text(row["proposed"]) if row["proposed"] else "",
            language=spoken,
            language_name=LANGUAGES.get(spoken, spoken) if spoken != self._language else "",
            disposed=disposed or "",
            words=kinds.disposed(Disposed(disposed)) if disposed else str(_("Not written yet")),
            reasons=self._pick(reasons),
            said=reasons,
        )

    def _text(self, commitment: str) -> str:
        if (found := self._record["texts"].get(commitment)) is not None:
            return str(found["text"])
        return str(_("This text is withheld."))

    def _certified(self) -> str:
        said = self._told["certified"]
        if said is None:
            return ""
        place = instants.Place(self._told["body"]["zone"], self._pick(self._told["body"]["seat"]))
        at: datetime = read_instant(said["at"])
        return str(
            _(
                "Certified on %(instant)s by %(asker)s and %(confirmer)s.",
                instant=instants.long(at, place),
                asker=said["asked_by"],
                confirmer=said["confirmed_by"],
            )
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a changed paragraph: kept, added or taken out."""

    kind: str  # same, ins, del
    text: str


@dataclass(frozen=True, slots=True)
class Revised:
    """A paragraph of the next revision beside the comments on the one before that were taken up."""

    item: str
    number: str
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]


def revised(
    record: Mapping[str, Any], items: list[dict[str, Any]], language: str
) -> tuple[Revised, ...]:
    """Return each paragraph that was changed, or on which a comment was accepted.

    Args:
        record: Of the round before.
        items: ``id`` and ``text`` of the documents as they are revised.
    """
    before = round_view(record, language)
    first = (record["consultation"]["languages"] or ["en"])[0]
    new = {
        (item["id"], one.number): one.text
        for item in items
        for one in paragraphs(pick(item["text"], language, first))
    }
    taken = {Disposed.ACCEPTED.value, Disposed.IN_PART.value}
    found, seen = [], set()
    for document in before.documents:
        for place in document.places:
            seen.add((document.code, place.number))
            rows = tuple(row for row in place.rows if row.disposed in taken)
            text = new.get((document.code, place.number), "")
            if rows or text != place.text:
                pieces = _pieces(place.text, text)
                found.append(Revised(document.code, place.number, pieces, rows))
    for (item, number), text in new.items():
        if (item, number) not in seen:
            found.append(Revised(item, number, (Piece("ins", text),), ()))
    return tuple(found)


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Compare word by word; scripts without spaces, sign by sign."""
    split = list if max(map(len, [*old.split(), *new.split(), ""])) > 30 else _words  # noqa: PLR2004
    a, b = split(old), split(new)
    found = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            found.append(Piece("del", "".join(a[a1:a2])))
        if b2 > b1:
            found.append(Piece("ins", "".join(b[b1:b2])))
    return tuple(found)


def _words(text: str) -> list[str]:
    """Split *text* into words, each with the space after it."""
    parts = text.split(" ")
    return [f"{word} " for word in parts[:-1]] + parts[-1:]
