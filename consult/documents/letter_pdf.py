"""The letter as PDF: the value of the page, with the items that are put to decision."""

from dataclasses import asdict

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.documents.letter import LetterView
from consult.documents.printing import pdf
from consult.wording import RTL
from consult.wording.catalogues import locale_of

_UNDATED = "2000-01-01"  # of a draft: an archival file must have a date, and it is never today's


def letter_pdf(view: LetterView) -> bytes:
    """Return *view* as PDF; the same view gives the same bytes."""
    with force_locale(locale_of(view.language)):
        labels = {
            "ref": _("Ref."),
            "revised": _("Rev.%(number)s", number=view.revision) if view.revision else "",
            "to": _("To"),
            "date": _("Date"),
            "subject": _("Subject"),
            "contact": _("Contact"),
            "items": _("Items put to decision"),
            "annexes": _("Annexes"),
            "copy": _("Copy"),
            "key": _("Fingerprint of the key"),
            "keep": _("Keep it: receipts and records are signed with this key."),
        }
        words = {
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "unarchived": _(
                "This file has no archival mark (PDF/A): one of its characters is missing from "
                "the service's fonts."
            ),
        }
    data = asdict(view) | words | {"labels": labels, "rtl": view.language in RTL}
    return pdf("letter", data | {"day": view.day_iso or _UNDATED, "dated": view.day})
