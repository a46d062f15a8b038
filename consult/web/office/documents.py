"""The letter as it was sent, as page and PDF, and the documents that lie with it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core.life import State
from consult.documents.letter import LetterView, letter_view
from consult.documents.letter_pdf import letter_pdf
from consult.errors import NotFound
from consult.queries.consultation import Head, head_of
from consult.queries.enclosing import letter_source
from consult.queries.enclosures import enclosed, enclosures
from consult.web.files import send_stored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me
from consult.web.policy import office as secretariat
from consult.web.serving import send_made

_UNOPENED = frozenset({State.DRAFT, State.SUBMITTED})


@pages.get("/office/<slug>/documents")
@allow(secretariat)
def documents(slug: str) -> ResponseReturnValue:
    found = enclosures(desk().engine, slug, desk().clock(), language())
    head = found.head
    opened = head.state not in _UNOPENED
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


@pages.get("/office/<slug>/letter.pdf")
@allow(secretariat)
def letter(slug: str) -> ResponseReturnValue:
    """Send the letter to be printed, in the language of the address."""
    head = head_of(desk().engine, slug, desk().clock(), language())
    if head.state in _UNOPENED:
        raise NotFound(slug=slug)
    view = _letter(head)
    name = f"{slug}-{view.language}.pdf"
    return send_made(letter_pdf(view), name, "application/pdf", public=False)


def _letter(head: Head) -> LetterView:
    source = letter_source(desk().engine, head.id)
    return letter_view(
        content=source.content,
        rule=source.rule,
        need=source.need,
        body=source.body,
        organisation=source.organisation,
        language=language(),
        closes_at=source.closes_at,
        revision=source.revision,
        own=source.own,
        names=source.names,
    )
