"""Which consultation a page of the secretariat is about: what stands at the head of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.comparison import Choice
from consult.core.life import Disclosure, Kind, State, disclosed, state_at
from consult.errors import NotFound
from consult.queries.silence import objections_alone
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Document, Item, Notice, RollEntry, reading

EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Head:
    """A consultation as the head of its pages names it.

    Args:
        takes_up: The slug of the comment round that it takes up.
        state: By the clock.
        views: Whether there is, or was, an exchange of views before the vote.
        groups: The regions of the body, in its order.
        replies, notices, documents: How many there are, for the tabs.
        disclosed: Whether the secretariat may see positions (T33).
        acts: Whether it asks for objections alone; who confirmed that there is none is closed
            as a position is.
        has_broken: Whether an objection broke the silence on one of its items.
    """

    id: int
    slug: str
    reference: str
    kind: Kind
    takes_up: str | None
    views: bool
    subject: str
    body: str
    seat: Mapping[str, str]
    zone: str
    groups: tuple[Mapping[str, Any], ...]
    working_language: str
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    languages: tuple[str, ...]
    illustrative: str | None
    rehearsal: bool
    public: bool
    rule: Mapping[str, Any] | None
    reminders: tuple[int, ...]
    replies: int
    notices: int
    documents: int
    disclosed: bool
    acts: bool
    has_broken: bool

    @property
    def hides_replies(self) -> bool:
        """Whether nobody of the secretariat may see who replied: to reply is to consent aloud."""
        return self.acts and not self.disclosed


def head(session: Session, slug: str, now: datetime, language: str) -> Head:
    """Return the head of a consultation: one statement, two where it may ask objections alone.

    Raises:
        NotFound: There is none, or it was discarded as a draft.
    """
    row = session.execute(_statement(slug)).first()
    if row is None or row.state is State.DISCARDED:
        raise NotFound(slug=slug)
    state = state_at(row.state, row.closes_at, now)
    first = (row.languages or ["en"])[0]
    return Head(
        id=row.id,
        slug=slug,
        reference=row.reference,
        kind=row.kind,
        takes_up=row.takes_up,
        views=row.views is not None,
        subject=pick(row.subject, language, first),
        body=pick(row.name, language, first),
        seat=row.seat,
        zone=row.zone,
        groups=tuple(row.groups),
        working_language=row.working_language,
        state=state,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        languages=tuple(row.languages or ()),
        illustrative=row.illustrative,
        rehearsal=row.rehearsal,
        public=row.public,
        rule=row.rule,
        reminders=tuple(row.reminders or ()),
        replies=row.replied,
        notices=row.noticed,
        documents=row.documented,
        disclosed=shows_positions(state, row.disclosure),
        acts=_acts(session, row),
        has_broken=row.broken > 0,
    )


def _acts(session: Session, row: sa.Row[Any]) -> bool:
    alone = bool(row.rule) and row.rule["choices"] == [Choice.OBJECT.value]
    return (alone or row.own_rules > 0) and bool(objections_alone(session, [row.id]))


def head_of(engine: sa.Engine, slug: str, now: datetime, language: str) -> Head:
    """Return the head of a consultation, read alone (one statement).

    Raises:
        NotFound: As for `head`.
    """
    with reading(engine) as session:
        return head(session, slug, now, language)


def shows_positions(state: State, disclosure: Disclosure) -> bool:
    """Say whether officers, approvers and auditors may see positions."""
    return disclosed(state, disclosure, staff=True, on_roll=False, published_to_all=False)


def _statement(slug: str) -> sa.Executable:
    replied = sa.select(sa.func.count()).where(
        RollEntry.consultation_id == Consultation.id,
        RollEntry.entitled.is_(True),
        RollEntry.replied_at.is_not(None),
    )
    noticed = sa.select(sa.func.count()).where(Notice.consultation_id == Consultation.id)
    own_rules = sa.select(sa.func.count(Item.rule)).where(Item.consultation_id == Consultation.id)
    broken = sa.select(sa.func.count(Item.broken_at)).where(Item.consultation_id == Consultation.id)
    documented = sa.select(sa.func.count()).where(
        Document.consultation_id == Consultation.id,
        Document.purpose != EVIDENCE,
        Document.removed_at.is_(None),
    )
    return (
        sa.select(
            Consultation.id,
            Consultation.reference,
            Consultation.kind,
            Consultation.takes_up,
            Consultation.views,
            Consultation.subject,
            Consultation.state,
            Consultation.opens_at,
            Consultation.closes_at,
            Consultation.languages,
            Consultation.illustrative,
            Consultation.rehearsal,
            Consultation.disclosure,
            Consultation.public,
            Consultation.rule,
            Consultation.reminders,
            Body.name,
            Body.seat,
            Body.zone,
            Body.groups,
            Body.working_language,
            replied.scalar_subquery().label("replied"),
            noticed.scalar_subquery().label("noticed"),
            documented.scalar_subquery().label("documented"),
            own_rules.scalar_subquery().label("own_rules"),
            broken.scalar_subquery().label("broken"),
        )
        .join(Body, Body.id == Consultation.body_id)
        .where(Consultation.slug == slug)
    )
