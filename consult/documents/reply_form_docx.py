"""The form of reply as a Word file that can be filled in: the same value in the same order."""

from consult.documents.prose import Run
from consult.documents.reply_form import FormView, Line
from consult.documents.word import Word

_EMPTY, _TICKED = "☐", "☒"
_LINE = "_" * 40


def form_docx(view: FormView) -> bytes:
    """Return *view* as a Word file."""
    word = Word(view.language, view.title, view.day)
    word.paragraph(view.organisation)
    word.heading(view.title, 1)
    for words in (view.illustrative, view.stands):
        if words:
            word.paragraph(words, strong=True)
    for fact in view.facts:
        word.runs([Run(fact.term, strong=True), Run(f"\n{fact.value or _LINE}")])
    for group in view.groups:
        if group.title:
            word.heading(group.title, 2)
        for line in group.lines:
            _item(word, view, line)
    _ending(word, view)
    return word.bytes()


def _item(word: Word, view: FormView, line: Line) -> None:
    word.heading(f"{line.number}  {line.title}", 4)
    for words in line.details:
        word.paragraph(words)
    boxes = [f"{_TICKED if one.ticked else _EMPTY} {one.words}" for one in line.options]
    word.paragraph("     ".join(boxes))
    if line.comment or (line.asked and view.empty):
        word.runs([Run(line.asked, strong=True), Run(f"\n{line.comment or _LINE}")])


def _ending(word: Word, view: FormView) -> None:
    if view.general or (view.general_asked and view.empty):
        word.heading(view.general_asked, 2)
        word.paragraph(view.general or _LINE)
    for name in (*view.signing, view.initials):
        word.runs([Run(name, strong=True), Run(f"\n{_LINE}")])
    if view.returned:
        word.paragraph(view.returned)
