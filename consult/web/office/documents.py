"""The letter as it was sent, as page and PDF, and the documents that lie with it."""

from collections.abc import Callable, Mapping

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from consult.actions.documents import read_stored
from consult.core.life import BEFORE, Kind
from consult.core.record import record_bytes
from consult.core.throttle import EXPORTS
from consult.documents.dossier import dossier_zip
from consult.documents.forms import FORMS
from consult.documents.letter import LetterView, letter_of
from consult.documents.letter_pdf import letter_pdf
from consult.documents.results_letter import results_docx, results_letter
from consult.errors import NotFound
from consult.queries.consultation import Head, head_of
from consult.queries.dossier import dossier as gathered
from consult.queries.enclosing import letter_source
from consult.queries.enclosures import enclosed, enclosures
from consult.queries.notes import sent_note
from consult.queries.result import result
from consult.web.files import send_stored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, limited, me
from consult.web.policy import office as secretariat
from consult.web.serving import send_made

_RESULTS: Mapping[str, tuple[Callable[[LetterView], bytes], str]] = {
    "pdf": (letter_pdf, FORMS["pdf"].media_type),
    "docx": (results_docx, FORMS["docx"].media_type),
}


@pages.get("/office/<slug>/documents")
@allow(secretariat)
def documents(slug: str) -> ResponseReturnValue:
    found = enclosures(desk().engine, slug, desk().clock(), language())
    head = found.head
    opened = head.state not in BEFORE
    return render_template(
        "office/documents.html",
        documents=found.documents,
        evidence=found.evidence,
        letter=_letter(head) if opened else None,
        links={
            one.sha256: url_for("office.document", slug=slug, document=one.id)
            for one in found.documents
            if one.sha256
        },
        **around(head, "documents"),
    )


@pages.get("/office/<slug>/documents/<int:document>")
@allow(secretariat)
def document(slug: str, document: int) -> ResponseReturnValue:
    """Send a file; the scan of a reply only to its two officers before disclosure (T33)."""
    reader = me()
    found = enclosed(
        desk().engine, slug, document, reader.actor.person_id, reader.roles, desk().clock()
    )
    return send_stored(desk(), found)


@pages.get("/office/<slug>/notes/<sha256>")
@allow(secretariat)
def note(slug: str, sha256: str) -> ResponseReturnValue:
    """Send a note that went with a reply; not before positions may be seen (T33)."""
    head = head_of(desk().engine, slug, desk().clock(), language())
    found = sent_note(desk().engine, slug, sha256) if head.disclosed else None
    if found is None:
        raise NotFound(slug=slug)
    return send_stored(desk(), found)


@pages.get("/office/<slug>/letter.pdf")
@allow(secretariat)
def letter(slug: str) -> ResponseReturnValue:
    """Send the letter to be printed, in the language of the address."""
    head = head_of(desk().engine, slug, desk().clock(), language())
    if head.state in BEFORE:
        raise NotFound(slug=slug)
    view = _letter(head)
    name = f"{slug}-{view.language}.pdf"
    return send_made(letter_pdf(view), name, "application/pdf", public=False)


@pages.get("/office/<slug>/results-letter.pdf", endpoint="results_letter", defaults={"form": "pdf"})
@pages.get(
    "/office/<slug>/results-letter.docx", endpoint="results_letter_docx", defaults={"form": "docx"}
)
@allow(secretariat)
@limited(EXPORTS)
def results(slug: str, form: str) -> ResponseReturnValue:
    """Send the letter that tells the result; not before positions may be seen (T33)."""
    found = result(desk().engine, slug, desk().clock(), language())
    if found.record is None or found.head.kind is Kind.COMMENTS:
        raise NotFound(slug=slug)
    letter = results_letter(record_bytes(found.record).decode(), language())
    make, media_type = _RESULTS[form]
    return send_made(make(letter), f"{slug}-result-{letter.language}.{form}", media_type)


@pages.get("/office/<slug>/dossier.zip")
@allow(secretariat)
@limited(EXPORTS)
def dossier(slug: str) -> ResponseReturnValue:
    """Send all that the consultation left behind; not before positions may be seen (T33)."""
    at = desk()
    found = gathered(at.engine, at.keys, slug, at.clock(), language())
    content = dossier_zip(found, language(), lambda sha256: read_stored(at, sha256))
    return send_made(content, f"{slug}-dossier.zip", "application/zip", public=False)


def _letter(head: Head) -> LetterView:
    return letter_of(letter_source(desk().engine, head.id), language())
