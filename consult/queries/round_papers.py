"""The form on which comments that came otherwise are recorded, and the receipts of comments."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.life import BEFORE, Kind, State
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.content import load_whole
from consult.queries.roll import frozen
from consult.queries.round import Document, document_of
from consult.queries.texts import pick
from consult.tables import Comment, Consultation, reading


@dataclass(frozen=True, slots=True)
class RoundPaper:
    """What may be recorded of a comment round.

    Args:
        members: Code and name of those that comment, in the order of the roll.
        stated: Whether the post-room statement stands: then nothing more is recorded.
    """

    head: Head
    documents: tuple[Document, ...]
    members: tuple[tuple[str, str], ...]
    stated: bool

    @property
    def recordable(self) -> bool:
        return self.head.state in {State.OPEN, State.CLOSED} and not self.stated


def round_paper(engine: sa.Engine, slug: str, now: datetime, language: str) -> RoundPaper:
    """Return the form (six statements).

    Raises:
        NotFound: There is no such comment round.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.kind is not Kind.COMMENTS:
            raise NotFound(slug=slug)
        if about.state in BEFORE:
            return RoundPaper(about, (), (), stated=False)
        letter = load_whole(session, about.id)
        first = (letter.languages or ["en"])[0]
        return RoundPaper(
            head=about,
            documents=tuple(document_of(item, language, first) for item in letter.items),
            members=tuple(
                (line.member, pick(line.name, language))
                for line in frozen(session, about.id)
                if line.entitled
            ),
            stated=letter.post_stated_at is not None,
        )


def receipt_json(engine: sa.Engine, slug: str, member: str, version: int) -> bytes | None:
    """Return the receipt of a version of a member's comments, None if there is none (T57)."""
    with reading(engine) as session:
        found = session.scalar(
            sa.select(Comment.receipt)
            .join(Consultation, Consultation.id == Comment.consultation_id)
            .where(Consultation.slug == slug, Comment.member == member, Comment.version == version)
        )
        return found.encode() if found else None
