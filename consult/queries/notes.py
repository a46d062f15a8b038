"""The PDFs that a member's people gave with their reply: theirs, and later everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.tables import Consultation, Reply, ReplyNote, reading


@dataclass(frozen=True, slots=True)
class Note:
    """A PDF that goes with a reply; the file lies under its SHA-256."""

    sha256: str
    filename: str
    media_type: str
    size: int


def notes_of(session: Session, consultation_id: int, member: str) -> Mapping[str, Note]:
    """Return what a member gave so far, by SHA-256 (one statement)."""
    rows = session.execute(
        _NOTES.where(ReplyNote.consultation_id == consultation_id, ReplyNote.member == member)
    )
    return {row.sha256: Note(*row) for row in rows}


def note(engine: sa.Engine, slug: str, member: str, sha256: str) -> Note | None:
    """Return a note of *member* itself: of its draft, or of one of its replies."""
    with reading(engine) as session:
        row = session.execute(
            _NOTES.join(Consultation, Consultation.id == ReplyNote.consultation_id).where(
                Consultation.slug == slug,
                ReplyNote.member == member,
                ReplyNote.sha256 == sha256,
            )
        ).first()
    return Note(*row) if row else None


def sent_note(engine: sa.Engine, slug: str, sha256: str) -> Note | None:
    """Return a note that went with a reply of any member, for who may see positions (T33)."""
    with reading(engine) as session:
        row = session.execute(
            _NOTES.join(Consultation, Consultation.id == ReplyNote.consultation_id)
            .join(
                Reply,
                sa.and_(
                    Reply.consultation_id == ReplyNote.consultation_id,
                    Reply.member == ReplyNote.member,
                    Reply.note == ReplyNote.sha256,
                ),
            )
            .where(Consultation.slug == slug, ReplyNote.sha256 == sha256)
            .limit(1)
        ).first()
    return Note(*row) if row else None


_NOTES = sa.select(
    ReplyNote.sha256, ReplyNote.filename, ReplyNote.media_type, ReplyNote.size
).order_by(ReplyNote.id)
