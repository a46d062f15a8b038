"""The decision record as PDF: the value of the page, set for the file."""

from dataclasses import asdict

from consult.documents.printing import pdf
from consult.documents.record import RecordView
from consult.wording import RTL

_FOOT = 16  # digits of the fingerprint on each page


def record_pdf(view: RecordView) -> bytes:
    """Return *view* as PDF; the same view gives the same bytes."""
    data = asdict(view) | {
        "rtl": view.language in RTL,
        "short": view.seal.fingerprint[: _FOOT + _FOOT // 4 - 1],
        "page": view.labels.page,
        "unarchived": view.labels.unarchived,
    }
    return pdf("record", data)
