"""The revision that is being written: the letter as it stands and as it is proposed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Act, Revising
from consult.core.revision import ATTACHED, with_attached
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.drafting import Draft, draft_of
from consult.tables import Person, Request, RevisionDraft, reading


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a revision so far.

    Args:
        draft: The letter as it is proposed; its version is that of the revision.
        added: The items that the letter has not yet.
        attached: The documents that it has not yet, as `core.revision.ATTACHED` has them.
    """

    draft: Draft
    kind: Revising
    language: str | None
    reason: str
    authority: str
    saved_at: datetime
    saved_by: str
    added: frozenset[str]
    attached: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """The page on which a letter is revised.

    Args:
        draft: The letter as it stands.
        written: None before a revision is begun.
        waiting: The request that waits for a second person, by its number.
        sent_back: Why the last one came back; empty if it did not.
    """

    head: Head
    draft: Draft
    written: Written | None
    waiting: int | None
    sent_back: str

    @property
    def writing(self) -> Written:
        """What is written.

        Raises:
            NotFound: Nothing is.
        """
        if self.written is None:
            raise NotFound
        return self.written


def revision(engine: sa.Engine, slug: str, now: datetime, language: str) -> Revision:
    """Return the revision that is written, if any (eight statements).

    Raises:
        NotFound: There is no such consultation.
    """
    draft = draft_of(engine, slug)
    with reading(engine) as session:
        about = head(session, slug, now, language)
        row = session.execute(
            sa.select(RevisionDraft, Person.name)
            .join(Person, Person.id == RevisionDraft.saved_by_id)
            .where(RevisionDraft.consultation_id == about.id)
        ).first()
        last = _last(session, about.id)
    waits = last is not None and last.decided_at is None
    back = last is not None and last.confirmed is False
    return Revision(
        head=about,
        draft=draft,
        written=_written(draft, *row) if row else None,
        waiting=last.id if last is not None and waits else None,
        sent_back=(last.reason or "") if last is not None and back else "",
    )


def _written(draft: Draft, row: RevisionDraft, saved_by: str) -> Written:
    content = with_attached(draft.content, row.content)
    known = {item["id"] for item in draft.content["items"]}
    return Written(
        draft=replace(draft, content=content, version=row.version, changed_at=row.saved_at),
        kind=row.kind,
        language=row.language,
        reason=row.reason,
        authority=row.authority,
        saved_at=row.saved_at,
        saved_by=saved_by,
        added=frozenset(item["id"] for item in content["items"]) - known,
        attached=tuple(row.content.get(ATTACHED) or ()),
    )


def _last(session: Session, consultation_id: int) -> Request | None:
    return session.scalars(
        sa.select(Request)
        .where(Request.consultation_id == consultation_id, Request.act == Act.CORRECT)
        .order_by(Request.id.desc())
        .limit(1)
    ).first()
