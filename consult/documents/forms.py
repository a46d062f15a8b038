"""The five forms of a decision record: a page is made elsewhere, these are files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consult.documents.record import published_view
from consult.documents.record_csv import record_csv
from consult.documents.record_docx import record_docx
from consult.documents.record_pdf import record_pdf


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file, made from a record's bytes as text and a language."""

    media_type: str
    make: Callable[[str, str], bytes]


FORMS: Mapping[str, Form] = {
    "pdf": Form("application/pdf", lambda raw, spoken: record_pdf(published_view(raw, spoken))),
    "docx": Form(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda raw, spoken: record_docx(published_view(raw, spoken)),
    ),
    "json": Form("application/json", lambda raw, _spoken: raw.encode()),
    "csv": Form("text/csv; charset=utf-8", lambda raw, spoken: record_csv(json.loads(raw), spoken)),
}
