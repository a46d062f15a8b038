"""A comment round as one member's people read and answer it, and its table once it is disclosed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from consult.core.life import (
    ENDED,
    NOT_OPENED,
    Channel,
    Disclosure,
    Kind,
    State,
    disclosed,
    state_at,
)
from consult.core.paragraphs import Paragraph, paragraphs
from consult.core.round import GENERAL, Remark
from consult.errors import NotFound
from consult.queries.changes import NONE, Changes, changes
from consult.queries.consultation import Head, head
from consult.queries.content import load_whole
from consult.queries.record import record_of
from consult.queries.roll import frozen
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import (
    Body,
    Comment,
    CommentDraft,
    Consultation,
    FocalPoint,
    LedgerEntry,
    LedgerText,
    Member,
    Person,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """Under which mandate a person comments."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the round in one language, by its paragraphs."""

    code: str
    title: str
    symbols: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a member's people have written: the newest version, or the draft of the next."""

    remarks: tuple[Remark, ...]
    at: datetime
    by: str | None
    content_hash: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A comment round for one member.

    Args:
        versions: The number of the newest version; 0 for none.
        table: Whether the member may read the comments of all by now (T33).
        changes: What moved its deadline; *names* of members, where something did.
    """

    id: int
    slug: str
    reference: str
    subject: str
    content_languages: tuple[str, ...]
    illustrative: str | None
    disclosure: Disclosure
    public: bool
    body: dict[str, Any]
    state: State
    opens_at: datetime
    closes_at: datetime
    member: str
    member_name: dict[str, str]
    entitled: bool
    no_vote_under: str | None
    documents: tuple[Document, ...]
    versions: int
    newest: Written | None
    draft: Written | None
    draft_base: int
    table: bool
    changes: Changes = NONE
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing is registered any more, not even as late."""
        return self.state in ENDED and self.state is not State.COUNTED

    @property
    def places(self) -> set[tuple[str, str | None]]:
        """Everything on which one may remark."""
        found: set[tuple[str, str | None]] = {(GENERAL, None)}
        for one in self.documents:
            found |= {(one.code, None), *((one.code, each.number) for each in one.paragraphs)}
        return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a member keeps of one version of its comments."""

    version: int
    received_at: datetime
    late: bool
    by: str | None
    channel: Channel
    remarks: tuple[Remark, ...]
    number: int
    leaf: str
    head: str


def mandate_of(session: Session, member: str, person_id: int | None, now: datetime) -> Signs | None:
    """Return the mandate under which a person acts for *member*, None if there is none.

    As an adviser only who is nothing else: what is sent is sent by a focal point.
    """
    row = session.execute(
        sa.select(FocalPoint.id, Person.name)
        .join(Person, Person.id == FocalPoint.person_id)
        .join(Member, Member.id == FocalPoint.member_id)
        .where(Member.code == member, Person.id == person_id, *in_force(now))
        .order_by(FocalPoint.adviser, FocalPoint.id.desc())
    ).first()
    return Signs(row[0], row[1]) if row else None


def is_round(engine: sa.Engine, slug: str) -> bool:
    """Say whether a consultation asks for comments and decides nothing (one statement)."""
    with reading(engine) as session:
        kind = session.scalar(sa.select(Consultation.kind).where(Consultation.slug == slug))
    return kind is Kind.COMMENTS


def page(engine: sa.Engine, slug: str, member: str, now: datetime, language: str) -> RoundPage:
    """Return the round of *slug* for *member* (eight statements at most).

    Raises:
        NotFound: There is none, it is not open yet, or the member is not on its roll.
    """
    with reading(engine) as session:
        row = session.execute(_main(slug, member)).first()
        if row is None or now < row.Consultation.opens_at:
            raise NotFound(slug=slug)
        letter, body, line = row.Consultation, row.Body, row.RollEntry
        newest = _newest(session, letter.id, member, line.versions)
        draft = _draft(session, letter.id, member)
        changed = changes(session, letter.id)
        roll = frozen(session, letter.id) if changed.extensions else ()
    state = state_at(letter.state, letter.closes_at, now)
    first = (letter.languages or ["en"])[0]
    return RoundPage(
        id=letter.id,
        slug=slug,
        reference=letter.reference,
        subject=pick(letter.subject, language, first),
        content_languages=tuple(letter.languages),
        illustrative=letter.illustrative,
        disclosure=letter.disclosure,
        public=letter.public,
        body={"name": body.name, "seat": body.seat, "zone": body.zone},
        state=state,
        opens_at=letter.opens_at,
        closes_at=letter.closes_at,
        member=member,
        member_name=line.name,
        entitled=line.entitled,
        no_vote_under=line.no_vote_under,
        documents=tuple(document_of(item, language, first) for item in letter.items),
        versions=line.versions,
        newest=newest,
        draft=draft[0] if draft else None,
        draft_base=draft[1] if draft else 0,
        table=disclosed(
            state, letter.disclosure, staff=False, on_roll=True, published_to_all=letter.public
        ),
        changes=changed,
        names={entry.member: entry.name for entry in roll},
    )


def receipt(
    engine: sa.Engine, slug: str, member: str, version: int, now: datetime
) -> Receipt | None:
    """Return what a member keeps of a version; None if it has none of that number."""
    with reading(engine) as session:
        row = session.execute(
            sa.select(
                Comment, Person.name, LedgerEntry.leaf, LedgerEntry.head, Consultation.closes_at
            )
            .join(Consultation, Consultation.id == Comment.consultation_id)
            .join(
                LedgerEntry,
                sa.and_(
                    LedgerEntry.consultation_id == Comment.consultation_id,
                    LedgerEntry.number == Comment.number,
                ),
            )
            .outerjoin(Person, Person.id == Comment.person_id)
            .where(Consultation.slug == slug, Comment.member == member, Comment.version == version)
        ).first()
        if row is None:
            return None
        kept: Comment = row.Comment
        return Receipt(
            version=version,
            received_at=kept.received_at,
            late=_is_late(kept, row.closes_at),
            by=row.name,
            channel=kept.channel,
            remarks=_spoken(session, kept),
            number=kept.number,
            leaf=row.leaf,
            head=row.head,
        )


def table(
    engine: sa.Engine, slug: str, now: datetime, language: str
) -> tuple[Head, dict[str, Any] | None]:
    """Return the record of a round as it stands; none before the secretariat may see comments.

    Raises:
        NotFound: There is no such comment round.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.kind is not Kind.COMMENTS:
            raise NotFound(slug=slug)
        return about, record_of(session, about.id) if about.disclosed else None


def member_table(engine: sa.Engine, slug: str) -> dict[str, Any]:
    """Return the record of a round as it stands, for who may read it by now."""
    with reading(engine) as session:
        found = session.scalars(sa.select(Consultation).where(Consultation.slug == slug)).one()
        return record_of(session, found.id)


def earlier(engine: sa.Engine, slug: str) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return the record of the round that a consultation follows, and its own items' texts."""
    with reading(engine) as session:
        found = session.scalar(sa.select(Consultation).where(Consultation.slug == slug))
        if found is None or not found.takes_up:
            return None
        before = session.scalar(
            sa.select(Consultation).where(
                Consultation.slug == found.takes_up, Consultation.state.in_(ENDED)
            )
        )
        if before is None:
            return None
        items = load_whole(session, found.id).items
        return record_of(session, before.id), [{"id": i.code, "text": i.text} for i in items]


def _main(slug: str, member: str) -> sa.Executable:
    return (
        sa.select(Consultation, Body, RollEntry)
        .join(Body, Body.id == Consultation.body_id)
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .where(
            Consultation.slug == slug,
            Consultation.kind == Kind.COMMENTS,
            Consultation.state.not_in(NOT_OPENED),
            RollEntry.member == member,
        )
        .options(selectinload(Consultation.items))
    )


def document_of(item: Any, language: str, first: str) -> Document:
    return Document(
        code=item.code,
        title=pick(item.title, language, first),
        symbols=tuple(item.symbols or ()),
        paragraphs=paragraphs(pick(item.text, language, first)),
    )


def _newest(session: Session, letter: int, member: str, version: int) -> Written | None:
    if not version:
        return None
    row = session.execute(
        sa.select(Comment, Person.name, Consultation.closes_at)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Person, Person.id == Comment.person_id)
        .where(
            Comment.consultation_id == letter,
            Comment.member == member,
            Comment.version == version,
        )
    ).one()
    kept: Comment = row.Comment
    late = _is_late(kept, row.closes_at)
    return Written(_spoken(session, kept), kept.received_at, row.name, kept.content_hash, late)


def _is_late(kept: Comment, closes_at: datetime) -> bool:
    """Say whether it does not count: what came late may be in time by what an outage added."""
    return kept.late and kept.received_at >= closes_at


def _spoken(session: Session, kept: Comment) -> tuple[Remark, ...]:
    """Return the remarks of a version in their words, which lie beside the ledger."""
    wanted = [one[name] for one in kept.remarks for name in ("text", "proposed") if one[name]]
    rows: Sequence[LedgerText] = (
        session.scalars(sa.select(LedgerText).where(LedgerText.commitment.in_(wanted))).all()
        if wanted
        else ()
    )
    texts = {row.commitment: row.text or "" for row in rows}
    return tuple(
        Remark(
            one["item"],
            one["paragraph"],
            texts.get(one["text"], ""),
            texts.get(one["proposed"], "") if one["proposed"] else "",
            one["language"],
        )
        for one in kept.remarks
    )


def _draft(session: Session, letter: int, member: str) -> tuple[Written, int] | None:
    row = session.execute(
        sa.select(CommentDraft, Person.name)
        .join(Person, Person.id == CommentDraft.saved_by_id)
        .where(CommentDraft.consultation_id == letter, CommentDraft.member == member)
    ).first()
    if row is None:
        return None
    kept: CommentDraft = row.CommentDraft
    remarks = tuple(Remark(**one) for one in kept.remarks)
    return Written(remarks, kept.saved_at, row.name, kept.content_hash), kept.base
