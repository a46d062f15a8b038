"""A comment as people read it: the paragraph on which it is made, then its words."""

from flask_babel import gettext as _

from consult.core.paragraphs import split
from consult.wording import signs


def label(number: str) -> str:
    """Return what a paragraph is called; nothing of none."""
    return str(_("Paragraph %(number)s", number=number)) if number else ""


def said(text: str) -> str:
    """Return a comment as it is kept in words; what hides or reverses text is shown."""
    number, words = split(text)
    if not number:
        return signs.shown(words)
    return str(_("%(field)s: %(fault)s", field=label(number), fault=signs.shown(words)))
