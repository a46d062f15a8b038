"""The notices that data are invented or count for nothing, which are stored in English."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

NOTICES = (
    _l(
        "Invented for demonstration. No Member State took any of these positions or made any of"
        " these comments; the real counts were reported in letter DM-20/1011 and are not public."
    ),
    _l("Invented for demonstration. No such Decision was ever proposed to the Council."),
    _l(
        "Invented for demonstration. Nothing of this was ever proposed to the Council, and nobody"
        " objected."
    ),
    _l(
        "Invented for demonstration. The paragraphs are specimens, and no Member State made any of"
        " these comments."
    ),
    _l("Parts of this consultation are invented for demonstration."),
    _l("This is a rehearsal: it counts for nothing."),
)


def invented(notice: str | None) -> str:
    """Return *notice* in the reader's language if it is one of the product's own."""
    return gettext(notice) if notice else ""
