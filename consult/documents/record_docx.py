"""The decision record as a Word file that can be edited: the same value in the same order."""

from collections.abc import Sequence

from consult.documents.prose import Run
from consult.documents.record import RecordView
from consult.documents.record_items import ItemOutcome, Said
from consult.documents.word import Word


def record_docx(view: RecordView) -> bytes:
    """Return *view* as a Word file; the marks are words in it."""
    word, labels = Word(view.language, view.title, view.day), view.labels
    for line in (view.organisation, view.kicker):
        word.paragraph(line)
    word.heading(view.title, 1)
    for line in (view.illustrative, view.lede):
        if line:
            word.paragraph(line, strong=line == view.illustrative)
    word.table(
        (labels.item, labels.subject, labels.approvals, labels.outcome),
        [(i.number, i.item.title, i.figure, _outcome(i)) for i in view.items],
        shares=(2, 9, 3, 4),
    )
    word.heading(labels.facts, 2)
    _facts(word, [(fact.term, fact.value) for fact in view.facts])
    for one in view.tables:
        word.heading(one.title, 2)
        word.table(one.head, one.rows)
    word.heading(labels.item_by_item, 2)
    for part in view.parts:
        if part.title:
            word.heading(part.title, 3)
        for item in part.items:
            _item(word, view, item)
    _positions(word, view)
    _ending(word, view)
    return word.bytes()


def _outcome(item: ItemOutcome) -> str:
    return f"{item.outcome}\n{item.adopted}" if item.adopted else item.outcome


def _facts(word: Word, facts: Sequence[tuple[str, str]]) -> None:
    for term, value in facts:
        word.runs([Run(term, strong=True), Run(f"\n{value}")])


def _item(word: Word, view: RecordView, item: ItemOutcome) -> None:
    word.heading(f"{item.number}  {item.item.title}", 4)
    word.paragraph(_outcome(item), strong=True)
    for line in (*item.item.details, item.own_rule):
        if line:
            word.paragraph(line)
    word.runs([Run(item.lead, strong=True), Run(item.math)])
    if item.item.text:
        word.heading(view.labels.text, 5)
        word.prose(item.item.text, 5)
    if item.comments:
        word.heading(view.labels.comments, 5)
        _said(word, item.comments)


def _said(word: Word, comments: Sequence[Said]) -> None:
    for one in comments:
        language = "" if one.withheld else one.language_name
        beside = [words for words in (one.kind, language) if words]
        aside = f" ({'; '.join(beside)})" if beside else ""
        aside += f" {one.paragraph}" if one.paragraph else ""
        words = one.withheld or one.text
        word.runs([Run(one.member, strong=True), Run(f"{aside}\n{words}")])


def _positions(word: Word, view: RecordView) -> None:
    labels = view.labels
    word.heading(labels.positions, 2)
    word.table(
        (labels.member, *(item.number for item in view.items), labels.received),
        [
            (
                member.name,
                *(position.words for position in member.positions),
                f"{member.received}\n{member.channel}" if member.channel else member.received,
            )
            for region in view.members
            for member in region.members
        ],
    )


def _views(word: Word, view: RecordView) -> None:
    if view.views:
        word.heading(view.labels.views, 2)
    for one in view.views:
        word.runs([Run(one.member, strong=True), Run(f", {one.at}\n{one.text}")])


def _notes(word: Word, view: RecordView) -> None:
    if view.notes:
        word.heading(view.labels.notes, 2)
        _facts(word, [(one.member, one.fingerprint) for one in view.notes])


def _ending(word: Word, view: RecordView) -> None:
    labels = view.labels
    for heading, lines in (
        (labels.on_behalf, view.on_behalf),
        (labels.not_counted, view.not_counted),
        (labels.replaced, view.replaced),
        (labels.restored, view.restored),
        (labels.rulings, view.rulings),
    ):
        if lines:
            word.heading(heading, 2)
        for line in lines:
            word.paragraph(line)
    _views(word, view)
    _notes(word, view)
    if view.statements:
        word.heading(labels.statements, 2)
        _said(word, view.statements)
    if view.conclusion:
        word.heading(labels.follows, 2)
        word.prose(view.conclusion, 3)
    word.heading(labels.roll, 2)
    word.paragraph(view.roll)
    _facts(word, [(labels.roll_hash, view.roll_hash)])
    for line in (*view.sign, view.certified):
        if line:
            word.paragraph(line)
    word.heading(labels.check, 2)
    word.paragraph(labels.check_words)
    word.paragraph(view.seal.command)
    seal = [
        (labels.fingerprint, view.seal.fingerprint),
        (labels.signed_by, view.seal.keys),
        (labels.last_entry, view.seal.last),
    ]
    _facts(word, [(term, value) for term, value in seal if value])
