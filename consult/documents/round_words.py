"""The fixed words of a table of comments, in its language, for the files made of it."""

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.wording.catalogues import locale_of


@dataclass(frozen=True, slots=True)
class RoundWords:
    """Headings; *columns* are those of the table, in their order."""

    columns: tuple[str, str, str, str, str]
    none: str
    silent: str
    late: str
    on_behalf: str
    follows: str
    signed_by: str


def round_words(language: str) -> RoundWords:
    """Return the words in *language*."""
    with force_locale(locale_of(language)):
        return RoundWords(
            columns=(
                str(_("Paragraph")),
                str(_("Member State")),
                str(_("Comment")),
                str(_("Proposed text")),
                str(_("Disposition")),
            ),
            none=str(_("No comment.")),
            silent=str(_("Without comment")),
            late=str(_("Received late")),
            on_behalf=str(_("Recorded on behalf")),
            follows=str(_("What follows")),
            signed_by=str(_("Fingerprint of the key")),
        )
