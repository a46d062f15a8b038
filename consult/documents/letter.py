"""The letter in one language: the value from which page, PDF and previews are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.core.ledger import read_instant
from consult.core.life import Unconfirmed
from consult.core.need import Need
from consult.core.outage import clause_of
from consult.core.rule import Rule
from consult.core.silence import Breaks
from consult.documents.appointments import Table, appointment_tables
from consult.documents.files import Attachment, attachments
from consult.documents.items import Part, Texts, parts_of
from consult.documents.prose import Block, prose
from consult.documents.record_facts import grouped
from consult.queries.enclosing import LetterSource
from consult.queries.texts import pick
from consult.wording import instants, letters
from consult.wording.catalogues import locale_of
from consult.wording.specimens import invented

# The product's own sections stand before these, or at the end.
_AFTER_OWN = frozenset({"objections", "next_steps"})


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    heading: str
    text: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class LetterView:
    """All that a letter says in one language, in the order of reading.

    Args:
        language: In which its words are: the reader's, or the letter's first.
        day: Place and day, as the letter prints them; a draft without opening has the place.
        day_iso: The day of the letter in ISO text; empty in such a draft.
        waived: Why some of its words are in another language; mostly empty.
        illustrative: The notice that what it puts to decision is invented; mostly empty.
        signed: The letter as signed, one file for each language that has one.
        tables: Who stands for what, where there are several appointments.
        key: The fingerprint of the service's key in groups of four digits; for the file alone,
            which stays with its reader: a page cannot vouch for the service that shows it.
    """

    language: str
    reference: str
    revision: int
    organisation: str
    unit: str
    to: str
    day: str
    day_iso: str
    subject: str
    contact: tuple[str, ...]
    salutation: str
    sections: tuple[Section, ...]
    closing: tuple[Block, ...]
    signatory: tuple[str, ...]
    annexes: tuple[Attachment, ...]
    signed: tuple[Attachment, ...]
    copy: tuple[Block, ...]
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    waived: str
    illustrative: str
    key: str = ""


def letter_of(source: LetterSource, language: str) -> LetterView:
    """Return the letter of a consultation as it stands; see `letter_view`."""
    made = letter_view(
        content=source.content,
        rule=source.rule,
        need=source.need,
        body=source.body,
        organisation=source.organisation,
        language=language,
        closes_at=source.closes_at,
        revision=source.revision,
        own=source.own,
        names=source.names,
    )
    return replace(made, key=grouped(source.key))


def letter_view(  # noqa: PLR0913, PLR0917 - a letter is made of these
    content: Mapping[str, Any],
    rule: Rule | None,
    need: Need | None,
    body: Mapping[str, Any],
    organisation: Mapping[str, Any],
    language: str,
    closes_at: datetime | None,
    revision: int = 0,
    own: letters.Own | None = None,
    names: Mapping[str, Texts] | None = None,
) -> LetterView:
    """Return the letter in *language*, or in its first if it does not speak that one.

    Args:
        content: As `queries.content.content_of` gives it.
        rule: None of a comment round, which decides nothing.
        need: What *rule* takes on the roll.
        body: ``name``, ``seat``, ``zone``, ``groups`` and, where known, ``presiding`` with name
            and title.
        organisation: ``name``, ``place``, ``address``, ``telephone``.
        closes_at: The deadline as it stands now, an extension included.
        own: Of each item with a rule of its own, that rule and what it takes.
        names: Of each member on the roll its names.
    """
    spoken = content["languages"] or [language]
    language = language if language in spoken else spoken[0]
    with force_locale(locale_of(language)):
        terms = letters.Terms(
            rule=rule,
            need=need,
            own=own or {},
            closes_at=closes_at,
            place=instants.Place(body["zone"], pick(body["seat"], language)),
            address=organisation.get("address") or "",
            follows=content.get("follows"),
            breaks=Breaks(content["breaks"]),
            outage=clause_of(content.get("outage")),
            unconfirmed=Unconfirmed(content.get("unconfirmed", Unconfirmed.STANDS)),
            notes=bool(content.get("notes")),
        )
        return _view(_Source(content, body, organisation, language), terms, revision, names or {})


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the words come from, and in which language they are wanted."""

    content: Mapping[str, Any]
    body: Mapping[str, Any]
    organisation: Mapping[str, Any]
    language: str

    def said(self, name: str) -> str:
        """Return a text of the letter itself; empty if it has none."""
        return self.pick(self.content["letter"].get(name))

    def pick(self, texts: Mapping[str, str] | None) -> str:
        languages = self.content["languages"] or ["en"]
        return pick(texts, self.language, languages[0])


def _view(
    source: _Source, terms: letters.Terms, revision: int, names: Mapping[str, Texts]
) -> LetterView:
    content = source.content
    opened = read_instant(content["opens_at"]) if content["opens_at"] else None
    day = opened.astimezone(ZoneInfo(source.body["zone"])).date() if opened else None
    annexes, signed = attachments(content, source.language)
    return LetterView(
        language=source.language,
        reference=content["reference"],
        revision=revision,
        organisation=source.pick(source.organisation["name"]),
        unit=source.said("issuing_unit"),
        to=source.said("to"),
        day=_day(source, instants.day(day) if day else ""),
        day_iso=day.isoformat() if day else "",
        subject=source.pick(content["subject"]),
        contact=tuple(_contact(source)),
        salutation=source.said("salutation"),
        sections=tuple(_sections(source, terms)),
        closing=prose(source.said("closing")),
        signatory=tuple(_signatory(source)),
        annexes=annexes,
        signed=signed,
        copy=prose(source.said("copy")),
        parts=parts_of(content, source.language, names),
        tables=appointment_tables(content, source.body.get("groups") or (), source.language, names),
        waived=(content.get("waived") or {}).get(source.language) or "",
        illustrative=invented(content.get("illustrative")),
    )


def _day(source: _Source, day: str) -> str:
    place = source.said("place") or source.pick(source.organisation.get("place"))
    place = place or source.pick(source.body["seat"])
    return str(_("%(place)s, %(day)s", place=place, day=day)) if day else place


def _contact(source: _Source) -> list[str]:
    contact = source.content["letter"].get("contact") or {}
    organisation = source.organisation
    said = [
        source.pick(contact.get("name")),
        contact.get("address") or contact.get("email") or organisation.get("address") or "",
        contact.get("telephone") or organisation.get("telephone") or "",
    ]
    return [line for line in said if line]


def _signatory(source: _Source) -> list[str]:
    signature = source.content["letter"].get("signature") or {}
    presiding = source.body.get("presiding") or {}
    said = [
        signature.get("name") or presiding.get("name") or "",
        source.pick(signature.get("title")) or source.pick(presiding.get("title")),
    ]
    return [line for line in said if line]


def _sections(source: _Source, terms: letters.Terms) -> list[Section]:
    """Return the authors' sections with the product's own in their place."""
    written = [
        Section(s["id"], source.pick(s["heading"]), prose(source.pick(s["text"])))
        for s in source.content["letter"].get("sections") or ()
        if s["id"] not in {code for code, _heading, _text in letters.sections(terms)}
    ]
    own = [Section(code, heading, prose(text)) for code, heading, text in letters.sections(terms)]
    basis = source.pick(source.content["legal_basis"])
    if basis and all(section.code != "legal_basis" for section in written):
        own.insert(0, Section("legal_basis", _("Legal basis"), prose(basis)))
    place = _place(written)
    return [*written[:place], *own, *written[place:]]


def _place(written: Sequence[Section]) -> int:
    for place, section in enumerate(written):
        if section.code in _AFTER_OWN:
            return place
    return len(written)
