"""The documents of a consultation, and one of them for who may have it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.life import Role
from consult.errors import NotFound
from consult.queries.consultation import EVIDENCE, Head, head
from consult.queries.requests import may_see_evidence
from consult.tables import Document, reading


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document with its file."""

    id: int
    item: str | None
    purpose: str
    language: str | None
    symbol: str | None
    title: dict[str, str]
    filename: str | None
    media_type: str | None
    sha256: str | None
    size: int | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What lies with a consultation; the scans of replies on behalf only once disclosed."""

    head: Head
    documents: tuple[Enclosed, ...]
    evidence: tuple[Enclosed, ...]


def enclosures(engine: sa.Engine, slug: str, now: datetime, language: str) -> Enclosures:
    """Return the documents of a consultation (two statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        rows = session.scalars(
            sa.select(Document)
            .where(Document.consultation_id == about.id, Document.removed_at.is_(None))
            .order_by(Document.id)
        ).all()
    found = [enclosed_from(row) for row in rows]
    return Enclosures(
        about,
        tuple(one for one in found if one.purpose != EVIDENCE),
        tuple(one for one in found if one.purpose == EVIDENCE and about.disclosed),
    )


def enclosed(
    engine: sa.Engine,
    slug: str,
    number: int,
    reader: int | None,
    roles: frozenset[Role],
    now: datetime,
) -> Enclosed:
    """Return one document for *reader* (three statements at most).

    Raises:
        NotFound: There is none, or it is the scan of a reply that the reader may not see.
    """
    with reading(engine) as session:
        about = head(session, slug, now, "en")
        row = session.scalar(
            sa.select(Document).where(
                Document.consultation_id == about.id,
                Document.id == number,
                Document.removed_at.is_(None),
            )
        )
        if row is None:
            raise NotFound(document=number)
        secret = row.purpose == EVIDENCE and not about.disclosed
        if secret and not may_see_evidence(session, about.id, row.sha256 or "", reader, roles):
            raise NotFound(document=number)
        return enclosed_from(row)


def enclosed_from(row: Document) -> Enclosed:
    """Return a stored document as pages show it."""
    return Enclosed(
        id=row.id,
        item=row.item,
        purpose=row.purpose,
        language=row.language,
        symbol=row.symbol,
        title=row.title,
        filename=row.filename,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        added_at=row.added_at,
    )
