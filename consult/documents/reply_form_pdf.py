"""The form of reply as PDF: boxes, lines for the hand, a place for initials on each page."""

from dataclasses import asdict

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.documents.printing import pdf
from consult.documents.reply_form import FormView
from consult.wording import RTL
from consult.wording.catalogues import locale_of


def form_pdf(view: FormView) -> bytes:
    """Return *view* as PDF; the same view gives the same bytes."""
    with force_locale(locale_of(view.language)):
        words = {
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "unarchived": _(
                "This file has no archival mark (PDF/A): one of its characters is missing from "
                "the service's fonts."
            ),
        }
    return pdf("reply_form", asdict(view) | words | {"rtl": view.language in RTL})
