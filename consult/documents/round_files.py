"""A table of comments as files: Word in landscape, also for annexing, and CSV."""

from collections.abc import Sequence

from consult.documents.record_csv import write
from consult.documents.round import Commented, RoundView
from consult.documents.round_words import RoundWords, round_words
from consult.documents.word import Word


def round_csv(view: RoundView) -> bytes:
    """Return one row for each comment, as UTF-8 CSV with a byte order mark; codes in English."""
    head = [
        "document",
        "symbol",
        "paragraph",
        "code",
        "member",
        "language",
        "comment",
        "proposed_text",
        "disposition",
        "reasons",
    ]
    rows = [
        [
            document.code,
            " ".join(document.symbols),
            place.number,
            row.code,
            row.member,
            row.language,
            row.text,
            row.proposed,
            row.disposed,
            row.reasons,
        ]
        for document in view.documents
        for place in document.places
        for row in place.rows
    ]
    return write([head, *rows])


def round_docx(view: RoundView) -> bytes:
    """Return the table as a Word file in landscape, to stand alone or to be annexed."""
    word, said = Word(view.language, view.title, view.day), round_words(view.language)
    word.landscape()
    for line in (view.organisation, view.kicker):
        word.paragraph(line)
    word.heading(view.title, 1)
    if view.illustrative:
        word.paragraph(view.illustrative, strong=True)
    word.paragraph(view.lede)
    for document in view.documents:
        _document(word, said, document)
    _ending(word, said, view)
    return word.bytes()


def _ending(word: Word, said: RoundWords, view: RoundView) -> None:
    for heading, names in (
        (said.silent, view.silent),
        (said.late, view.late),
        (said.on_behalf, view.on_behalf),
    ):
        if names:
            word.heading(heading, 2)
            word.paragraph(", ".join(names))
    if view.conclusion:
        word.heading(said.follows, 2)
        word.prose(view.conclusion, 3)
    for line in (view.certified, view.sha256):
        if line:
            word.paragraph(line)
    if view.keys:
        word.paragraph(f"{said.signed_by}\n{view.keys}")


def _document(word: Word, said: RoundWords, document: Commented) -> None:
    word.heading(f"{document.code}  {document.title}".strip(), 2)
    if document.symbols:
        word.paragraph(", ".join(document.symbols))
    if document.rows:
        word.table(said.columns, _rows(document), shares=(3, 3, 6, 5, 4))
    else:
        word.paragraph(said.none)


def _rows(document: Commented) -> Sequence[Sequence[str]]:
    return [
        (
            place.heading,
            row.member,
            f"{row.text}\n({row.language_name})" if row.language_name else row.text,
            row.proposed,
            f"{row.words}\n{row.reasons}" if row.reasons else row.words,
        )
        for place in document.places
        for row in place.rows
    ]
