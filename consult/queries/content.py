"""A whole consultation as one value: what is hashed, previewed, opened, copied and recorded."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer_group

from consult.core.ledger import instant
from consult.core.silence import Breaks
from consult.tables import Body, Consultation, Document, Item


def load_whole(session: Session, consultation_id: int) -> Consultation:
    """Return the consultation with its items and documents (three statements)."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .options(
            undefer_group("words"),
            selectinload(Consultation.items),
            selectinload(Consultation.documents),
        )
    ).one()


def content_of(letter: Consultation, body: Body) -> dict[str, Any]:
    """Return all that people wrote and chose for *letter*, as canonical data.

    Args:
        letter: With its items and documents loaded.
        body: The body that decides.
    """
    return {
        "reference": letter.reference,
        "kind": letter.kind.value,
        "takes_up": letter.takes_up,
        "body": body.slug,
        "languages": list(letter.languages),
        "zone": body.zone,
        "subject": letter.subject,
        "legal_basis": letter.legal_basis,
        "letter": letter.letter,
        "headings": letter.headings,
        "rule": letter.rule,
        "comments": letter.comments.value,
        "disclosure": letter.disclosure.value,
        "breaks": (letter.breaks or Breaks.ITEM).value,
        "unconfirmed": letter.unconfirmed.value,
        "notes": letter.notes,
        "public": letter.public,
        "electorate": letter.electorate,
        "observers": letter.observers,
        "opens_at": instant(letter.opens_at) if letter.opens_at else None,
        "closes_at": instant(letter.closes_at) if letter.closes_at else None,
        "outage": letter.outage,
        "reminders": list(letter.reminders),
        "waived": letter.waived,
        "illustrative": letter.illustrative,
        "follows": letter.follows,
        "clashes": letter.clashes,
        # Only where it is so: what was hashed before this was known stays what it was.
        **({"rehearsal": True} if letter.rehearsal else {}),
        "items": [item_data(item) for item in letter.items],
        "documents": [
            document_data(document)
            for document in letter.documents
            if document.removed_at is None and document.purpose != "evidence"
        ],
    }


def item_data(item: Item) -> dict[str, Any]:
    """Return an item as canonical data; days are ISO text."""
    return {
        "id": item.code,
        "heading": item.heading,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "comments": item.comments.value if item.comments else None,
        "rule": item.rule,
        "from": _day(item.from_on),
        "to": _day(item.to_on),
        "where": item.where,
        "zone": item.zone,
        "group": item.group,
        "post": item.post,
        "candidate": item.candidate,
        "nominated_by": item.nominated_by,
        "region": item.region,
        "seats": item.seats,
        "term_from": _day(item.term_from_on),
        "term_to": _day(item.term_to_on),
        "cv": item.cv,
        "cv_document": item.cv_document,
        "annex": item.annex,
        "symbols": list(item.symbols or []),
        # Only while a letter is open can it be set: to drafts the name is not known.
        **({"withdrawn_at": instant(item.withdrawn_at)} if item.withdrawn_at else {}),
    }


def document_data(document: Document) -> dict[str, Any]:
    """Return a document as canonical data."""
    return {
        "item": document.item,
        "purpose": document.purpose,
        "language": document.language,
        "symbol": document.symbol,
        "title": document.title,
        "dated_on": _day(document.dated_on),
        "filename": document.filename,
        "sha256": document.sha256,
        "size": document.size,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
