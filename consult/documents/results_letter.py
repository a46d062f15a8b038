"""The letter that tells the result: a record's outcomes in the voice of the presiding officer."""

import json
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.documents.letter import LetterView, Section
from consult.documents.prose import Block, Run
from consult.documents.reading import Opened, open_record
from consult.documents.record import RecordView, view
from consult.documents.record_items import ItemOutcome
from consult.documents.word import Word
from consult.wording import instants
from consult.wording.catalogues import locale_of

Blocks = tuple[Block, ...]


def results_letter(content: str, language: str) -> LetterView:
    """Return the results letter of a record in *language*.

    Args:
        content: The record as JSON text, published or as it stands.
    """
    record = json.loads(content)
    told = view(record, language)
    with force_locale(locale_of(language)):
        return _letter(told, open_record(record, language))


def _letter(told: RecordView, opened: Opened) -> LetterView:
    letter = opened.told["content"]["letter"]
    place = opened.pick(letter.get("place") or opened.told["body"]["seat"])
    organisation = opened.told["organisation"]
    contact = [organisation["address"] or "", organisation["telephone"] or ""]
    return LetterView(
        language=told.language,
        reference=told.reference,
        revision=0,
        organisation=told.organisation,
        unit=opened.pick(letter.get("issuing_unit")),
        to=opened.pick(letter.get("to")),
        day=_("%(place)s, %(day)s", place=place, day=instants.day(date.fromisoformat(told.day))),
        day_iso=told.day,
        subject=_("Result: %(subject)s", subject=told.title),
        contact=tuple(line for line in contact if line),
        salutation=opened.pick(letter.get("salutation")),
        sections=tuple(_sections(told)),
        closing=_paragraphs(opened.pick(letter.get("closing"))),
        signatory=told.sign,
        annexes=(),
        signed=(),
        copy=(),
        parts=(),
        tables=(),
        waived="",
        illustrative=told.illustrative,
        key=told.seal.keys,
    )


def results_docx(letter: LetterView) -> bytes:
    """Return the results letter as a Word file, to be signed."""
    word = Word(letter.language, letter.subject, letter.day_iso)
    _head(word, letter)
    word.heading(letter.subject, 1)
    if letter.illustrative:
        word.paragraph(letter.illustrative, strong=True)
    if letter.salutation:
        word.paragraph(letter.salutation)
    for section in letter.sections:
        word.heading(section.heading, 2)
        word.prose(section.text)
    word.prose(letter.closing)
    for line in letter.signatory:
        word.paragraph(line)
    if letter.key:
        word.runs([Run(_("Fingerprint of the key"), strong=True), Run(f"\n{letter.key}")])
    return word.bytes()


def _head(word: Word, letter: LetterView) -> None:
    for line in (letter.organisation, letter.unit):
        if line:
            word.paragraph(line, strong=line == letter.organisation)
    for term, value in (
        (_("Ref."), letter.reference),
        (_("To"), letter.to),
        (_("Date"), letter.day),
        (_("Contact"), "\n".join(letter.contact)),
    ):
        if value:
            word.runs([Run(term, strong=True), Run(f"\n{value}")])


def _sections(told: RecordView) -> list[Section]:
    outcomes = Block(
        "bullets", items=tuple((Block("paragraph", _outcome(item)),) for item in told.items)
    )
    facts = [f"{fact.term}: {fact.value}" for fact in told.facts]
    found = [
        Section("result", _("Result"), (*_paragraphs(told.lede), outcomes)),
        Section(
            "course",
            _("How it was decided"),
            (Block("bullets", items=tuple(_paragraphs_each(facts))),),
        ),
    ]
    if told.conclusion:
        found.append(Section("follows", _("What follows"), told.conclusion))
    if told.number:
        words = _(
            "The decision record %(number)s gives the position of every Member State and how to"
            " check the count.",
            number=told.number,
        )
        found.append(Section("record", _("Record"), _paragraphs(words)))
    return found


def _outcome(item: ItemOutcome) -> tuple[Run, ...]:
    adopted = f" ({item.adopted})" if item.adopted else ""
    return (
        Run(f"{item.number}. {item.item.title}: "),
        Run(f"{item.outcome}{adopted}", strong=True),
        Run(f". {item.lead}{item.math}"),
    )


def _paragraphs(*texts: str) -> Blocks:
    return tuple(Block("paragraph", (Run(text),)) for text in texts if text)


def _paragraphs_each(texts: list[str]) -> list[Blocks]:
    return [_paragraphs(text) for text in texts]
