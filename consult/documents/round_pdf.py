"""A table of comments as PDF: the value of the page, set for the file."""

from dataclasses import asdict

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.documents.printing import pdf
from consult.documents.record_facts import grouped
from consult.documents.round import RoundView
from consult.documents.round_words import round_words
from consult.wording import RTL
from consult.wording.catalogues import locale_of

_FOOT = 16  # digits of the fingerprint on each page


def round_pdf(view: RoundView) -> bytes:
    """Return *view* as PDF; the same view gives the same bytes."""
    with force_locale(locale_of(view.language)):
        words = {
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "unarchived": _(
                "This file has no archival mark (PDF/A): one of its characters is missing from "
                "the service's fonts."
            ),
        }
    data = (
        asdict(view)
        | words
        | {
            "words": asdict(round_words(view.language)),
            "rtl": view.language in RTL,
            "short": grouped(view.sha256[:_FOOT]),
        }
    )
    return pdf("round", data)
