"""The letter with the reply form of one member: all that its people see before they send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer, selectinload, undefer

from consult.core.answer import Words
from consult.core.comparison import Choice
from consult.core.life import ENDED, Kind, State, state_at
from consult.core.roll import RollLine
from consult.core.rule import Rule, parse
from consult.errors import NotFound
from consult.queries.answering import FormItem
from consult.queries.content import content_of
from consult.queries.letters import NOT_OPENED
from consult.queries.organisation import House, house_of, sender
from consult.queries.roll import frozen, lines_of
from consult.tables import (
    Body,
    Consultation,
    LedgerText,
    Organisation,
    Person,
    Reply,
    ReplyDraft,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a member's people have said so far: its newest version, or the draft of the next.

    Args:
        at: When the version was received, or the draft saved.
        by: Who sent or saved it; None for a version that was recorded on behalf.
        content_hash: Of a draft what the next save must name.
    """

    choices: Mapping[str, Choice | None]
    comments: Mapping[str, Words]
    at: datetime
    by: str | None
    by_id: int | None
    content_hash: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as one member's people read and answer it.

    Args:
        content: As `queries.content.content_of` gives it.
        names: Of each member on the roll its names.
        lines: The roll as the core counts it.
        versions: The number of the newest version; 0 for none.
        draft_base: The version that the draft started from.
        documents: Of each document's SHA-256 its number.
    """

    slug: str
    reference: str
    revision: int
    state: State
    content: dict[str, Any]
    rule: Rule
    own: Mapping[str, Rule]
    items: tuple[FormItem, ...]
    body: dict[str, Any]
    organisation: dict[str, Any]
    house: House
    opens_at: datetime
    closes_at: datetime
    member: str
    member_name: Mapping[str, str]
    entitled: bool
    no_vote_under: str | None
    names: Mapping[str, Mapping[str, str]]
    lines: tuple[RollLine, ...]
    versions: int
    newest: Said | None
    draft: Said | None
    draft_base: int
    documents: Mapping[str, int]

    @property
    def ended(self) -> bool:
        """Whether nothing is registered any more, not even as late."""
        return self.state in ENDED and self.state is not State.COUNTED

    def rule_of(self, item: str) -> Rule:
        return self.own.get(item, self.rule)


def page(engine: sa.Engine, slug: str, member: str, now: datetime, language: str) -> Page:
    """Return the letter of *slug* for *member* (four statements, five where it has comments).

    Raises:
        NotFound: There is none, it is not open yet, or the member is not on its roll.
    """
    with reading(engine) as session:
        row = session.execute(_main(slug, member)).first()
        if row is None or now < row.Consultation.opens_at:
            raise NotFound(slug=slug)
        roll = frozen(session, row.Consultation.id)
        newest = _newest(session, row)
    letter, body, line = row.Consultation, row.Body, row.RollEntry
    rule = parse(letter.rule)
    own = {item.code: parse(item.rule) for item in letter.items if item.rule}
    return Page(
        slug=slug,
        reference=letter.reference,
        revision=letter.revision,
        state=state_at(letter.state, letter.closes_at, now),
        content=content_of(letter, body),
        rule=rule,
        own=own,
        items=_items(letter, rule, own),
        body=_body(body),
        organisation=sender(row.Organisation, body),
        house=house_of(row.Organisation, language),
        opens_at=letter.opens_at,
        closes_at=letter.closes_at,
        member=member,
        member_name=line.name,
        entitled=line.entitled,
        no_vote_under=line.no_vote_under,
        names={entry.member: entry.name for entry in roll},
        lines=tuple(lines_of(roll, body.working_language)),
        versions=line.versions,
        newest=newest,
        draft=_draft(row),
        draft_base=row.ReplyDraft.base if row.ReplyDraft else 0,
        documents={one.sha256: one.id for one in letter.documents if one.sha256},
    )


_WORDS = (
    Consultation.legal_basis,
    Consultation.letter,
    Consultation.headings,
    Consultation.waived,
)
_sender, _saver = aliased(Person, name="sender"), aliased(Person, name="saver")


def _main(slug: str, member: str) -> sa.Executable:
    """The letter, the member's line on its roll, its newest version and its draft: one row."""
    return (
        sa.select(
            Consultation,
            Body,
            RollEntry,
            Organisation,
            Reply,
            _sender.name.label("sent_by"),
            ReplyDraft,
            _saver.name.label("saved_by"),
        )
        .join(Body, Body.id == Consultation.body_id)
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .outerjoin(Organisation, sa.true())
        .outerjoin(
            Reply,
            sa.and_(
                Reply.consultation_id == Consultation.id,
                Reply.member == RollEntry.member,
                Reply.version == RollEntry.versions,
            ),
        )
        .outerjoin(_sender, _sender.id == Reply.person_id)
        .outerjoin(
            ReplyDraft,
            sa.and_(
                ReplyDraft.consultation_id == Consultation.id,
                ReplyDraft.member == RollEntry.member,
            ),
        )
        .outerjoin(_saver, _saver.id == ReplyDraft.saved_by_id)
        .where(
            Consultation.slug == slug,
            Consultation.kind == Kind.DECISION,
            Consultation.state.not_in(NOT_OPENED),
            RollEntry.member == member,
        )
        .options(
            *(undefer(each) for each in _WORDS),
            defer(Reply.receipt),
            selectinload(Consultation.items),
            selectinload(Consultation.documents),
        )
    )


def _items(letter: Consultation, rule: Rule, own: Mapping[str, Rule]) -> tuple[FormItem, ...]:
    return tuple(
        FormItem(
            code=item.code,
            title=item.title,
            comments=item.comments or letter.comments,
            choices=frozenset(own.get(item.code, rule).choices),
        )
        for item in letter.items
    )


def _newest(session: Session, row: sa.Row[Any]) -> Said | None:
    """Return the newest version, its words taken from beside the ledger."""
    reply: Reply | None = row.Reply
    if reply is None:
        return None
    texts: dict[str, LedgerText] = {}
    if reply.comments:
        found = session.scalars(
            sa.select(LedgerText).where(LedgerText.commitment.in_(sorted(reply.comments.values())))
        )
        texts = {text.commitment: text for text in found}
    return Said(
        choices=_choices(reply.choices),
        comments={
            place: Words(text.text, text.language or reply.language)
            for place, commitment in reply.comments.items()
            if (text := texts.get(commitment)) is not None and text.text is not None
        },
        at=reply.received_at,
        by=row.sent_by,
        by_id=reply.person_id,
        content_hash=reply.content_hash,
        late=reply.late,
    )


def _draft(row: sa.Row[Any]) -> Said | None:
    draft: ReplyDraft | None = row.ReplyDraft
    if draft is None:
        return None
    return Said(
        choices=_choices(draft.choices),
        comments={
            place: Words(words["text"], words["language"])
            for place, words in draft.comments.items()
        },
        at=draft.saved_at,
        by=row.saved_by,
        by_id=draft.saved_by_id,
        content_hash=draft.content_hash,
    )


def _choices(kept: Mapping[str, str | None]) -> dict[str, Choice | None]:
    return {item: Choice(choice) if choice else None for item, choice in kept.items()}


def _body(body: Body) -> dict[str, Any]:
    return {
        "name": body.name,
        "seat": body.seat,
        "zone": body.zone,
        "presiding": {"name": body.presiding_name, "title": body.presiding_title},
    }
