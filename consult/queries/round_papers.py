"""The form on which comments that came otherwise are recorded, and the receipts of comments."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.canonical import canonical
from consult.core.life import BEFORE, Kind, State
from consult.core.receipt import comment_receipt
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.content import load_whole
from consult.queries.roll import frozen
from consult.queries.round import Document, document_of
from consult.queries.texts import pick
from consult.tables import Comment, Consultation, LedgerEntry, LedgerText, reading


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
    """Return the receipt of a version of a member's comments, None if there is none.

    It is made of what is written once: made again, it is the same.
    """
    with reading(engine) as session:
        row = session.execute(
            sa.select(Consultation.reference, LedgerEntry.entry, LedgerEntry.head)
            .join(Comment, Comment.consultation_id == Consultation.id)
            .join(
                LedgerEntry,
                sa.and_(
                    LedgerEntry.consultation_id == Comment.consultation_id,
                    LedgerEntry.number == Comment.number,
                ),
            )
            .where(Consultation.slug == slug, Comment.member == member, Comment.version == version)
        ).first()
        if row is None:
            return None
        entry = json.loads(row.entry)
        wanted = [
            one[name]
            for one in entry["facts"]["remarks"]
            for name in ("text", "proposed")
            if one[name]
        ]
        kept = session.scalars(sa.select(LedgerText).where(LedgerText.commitment.in_(wanted))).all()
    texts = {row.commitment: row for row in kept if row.text is not None}
    said = [
        {"commitment": name, "salt": texts[name].salt, "text": texts[name].text or ""}
        for name in wanted
        if name in texts
    ]
    return canonical(comment_receipt(row.reference, entry, row.head, said))
