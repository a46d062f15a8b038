"""What a member's people have said so far, read from the rows of a reply and of a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.answer import Unclear, Words, comments_of
from consult.core.comparison import Choice
from consult.core.life import CommentKind
from consult.queries.steps import Step
from consult.tables import LedgerText, Reply, ReplyDraft


@dataclass(frozen=True, slots=True)
class Said:
    """What a member's people have said so far: its newest version, or the draft of the next.

    Args:
        at: When the version was received, or the draft saved.
        by: Who sent or saved it; None for a version that was recorded on behalf.
        content_hash: Of a draft what the next save must name.
        revision: Of the letter that it answers; of a draft, the one in force when it was saved.
        note: SHA-256 of the PDF that goes with it.
        unclear: Of a paper, the items that it leaves open, with what is asked.
    """

    choices: Mapping[str, Choice | None]
    comments: Mapping[str, Words]
    at: datetime
    by: str | None
    by_id: int | None
    content_hash: str
    late: bool = False
    revision: int = 0
    note: str | None = None
    unclear: Mapping[str, Unclear] = field(default_factory=dict)


def newest_of(session: Session, row: sa.Row[Any]) -> Said | None:
    """Return the newest version, its words taken from beside the ledger."""
    reply: Reply | None = row.Reply
    if reply is None:
        return None
    texts: dict[str, LedgerText] = {}
    asked = [name for one in (reply.unclear or {}).values() for name in one.values()]
    if wanted := sorted([*reply.comments.values(), *asked]):
        found = session.scalars(sa.select(LedgerText).where(LedgerText.commitment.in_(wanted)))
        texts = {text.commitment: text for text in found}
    return Said(
        choices=_choices(reply.choices),
        comments={
            place: Words(said.text, said.language, _kind(reply, place))
            for place, commitment in reply.comments.items()
            if (said := _words(texts, commitment, reply)) is not None
        },
        at=reply.received_at,
        by=row.sent_by,
        by_id=reply.person_id,
        content_hash=reply.content_hash,
        late=reply.received_at >= row.Consultation.closes_at,
        revision=reply.revision,
        note=reply.note,
        unclear={
            item: Unclear(words, question)
            for item, one in (reply.unclear or {}).items()
            if (words := _words(texts, one["words"], reply)) is not None
            and (question := _words(texts, one["question"], reply)) is not None
        },
    )


def _words(texts: Mapping[str, LedgerText], commitment: str, reply: Reply) -> Words | None:
    kept = texts.get(commitment)
    if kept is None or kept.text is None:
        return None
    return Words(kept.text, kept.language or reply.language)


def _kind(reply: Reply, place: str) -> CommentKind:
    return CommentKind((reply.kinds or {}).get(place, CommentKind.COMMENT))


def draft_of(row: sa.Row[Any], revised: Sequence[Step]) -> Said | None:
    draft: ReplyDraft | None = row.ReplyDraft
    if draft is None:
        return None
    return Said(
        choices=_choices(draft.choices),
        comments=comments_of(draft.comments),
        at=draft.saved_at,
        by=row.saved_by,
        by_id=draft.saved_by_id,
        content_hash=draft.content_hash,
        note=draft.note,
        revision=max((step.number for step in revised if step.at <= draft.saved_at), default=0),
    )


def _choices(kept: Mapping[str, str | None]) -> dict[str, Choice | None]:
    return {item: Choice(choice) if choice else None for item, choice in kept.items()}
