"""The five forms of a decision record: a page is made elsewhere, these are files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consult.documents.record import published_view
from consult.documents.record_csv import record_csv
from consult.documents.record_docx import record_docx
from consult.documents.record_pdf import record_pdf
from consult.documents.round import is_table, published_round
from consult.documents.round_files import round_csv, round_docx
from consult.documents.round_pdf import round_pdf


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file, made from a record's bytes as text and a language."""

    media_type: str
    make: Callable[[str, str], bytes]


def _csv(raw: str, spoken: str) -> bytes:
    if is_table(raw):
        return round_csv(published_round(raw, spoken))
    return record_csv(json.loads(raw), spoken)


FORMS: Mapping[str, Form] = {
    "pdf": Form(
        "application/pdf",
        lambda raw, spoken: (
            round_pdf(published_round(raw, spoken))
            if is_table(raw)
            else record_pdf(published_view(raw, spoken))
        ),
    ),
    "docx": Form(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda raw, spoken: (
            round_docx(published_round(raw, spoken))
            if is_table(raw)
            else record_docx(published_view(raw, spoken))
        ),
    ),
    "json": Form("application/json", lambda raw, _spoken: raw.encode()),
    "csv": Form("text/csv; charset=utf-8", _csv),
}

# What is made from a record's JSON: a table of comments is for Word and the spreadsheet.
RECORD_FORMS, TABLE_FORMS = ("pdf", "docx", "csv"), ("docx", "csv")
