"""A focal point's desk: the letters to its members, how far each reply has come, who may reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.core.comparison import Choice
from consult.core.life import NOT_OPENED, Kind, State, state_at
from consult.core.rule import parse
from consult.queries.changes import CHANGED, NONE, Changes, of_several
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import (
    Body,
    Consultation,
    FocalPoint,
    Item,
    Member,
    Person,
    Reply,
    ReplyDraft,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that waits: who saved it, when, how many items it answers."""

    by: str
    by_id: int
    at: datetime
    answered: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The version that counts: the newest in time."""

    version: int
    at: datetime
    choices: Mapping[str, Choice | None]
    commented: bool

    @property
    def gaps(self) -> int:
        return sum(choice is None for choice in self.choices.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One letter to one member.

    Args:
        kind: A comment round asks for comments, not for positions.
        rehearsal: Whether it counts for nothing.
        acts: Whether it asks for objections alone, so that nothing need be done.
        names: How its rule calls the positions.
        versions: The number of the newest version, late ones too.
    """

    slug: str
    reference: str
    subject: str
    body: str
    seat: Mapping[str, str]
    zone: str
    closes_at: datetime
    state: State
    kind: Kind
    rehearsal: bool
    member: str
    member_name: str
    entitled: bool
    no_vote_under: str | None
    complete: bool
    items: int
    acts: bool
    names: Mapping[str, Mapping[str, str]]
    versions: int
    answered: Answered | None
    drafted: Drafted | None
    changes: Changes

    @property
    def open(self) -> bool:
        return self.state is State.OPEN

    @property
    def required(self) -> bool:
        """Whether the member still has to say something."""
        return self.open and self.entitled and not self.complete and not self.acts


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who may reply for a member, or writes its drafts as an adviser."""

    member: str
    person_id: int
    name: str
    head: bool
    adviser: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """All letters to the members that one person serves; those with a near deadline first."""

    lines: tuple[Line, ...]
    people: tuple[Colleague, ...]


def desk(engine: sa.Engine, members: frozenset[str], now: datetime, language: str) -> Desk:
    """Return the desk of who serves *members* (two statements, two more if letters changed)."""
    with reading(engine) as session:
        rows = session.execute(_lines(members, now)).all()
        people = session.execute(_people(members, now)).all()
        changed = of_several(session, [row.id for row in rows if row.changed])
    return Desk(
        lines=tuple(_line(row, changed.get(row.id, NONE), now, language) for row in rows),
        people=tuple(Colleague(*row) for row in people),
    )


def _lines(members: frozenset[str], now: datetime) -> sa.Executable:
    """A letter a row, with the version that counts and the draft."""
    items = sa.select(sa.func.count()).where(
        Item.consultation_id == Consultation.id, Item.withdrawn_at.is_(None)
    )
    own = items.where(Item.rule.is_not(None))
    earlier = aliased(Reply)
    counted = (
        sa.select(earlier.id)
        .where(
            earlier.consultation_id == RollEntry.consultation_id,
            earlier.member == RollEntry.member,
            earlier.received_at < Consultation.closes_at,
        )
        .order_by(earlier.received_at.desc(), earlier.version.desc())
        .limit(1)
        .correlate(RollEntry, Consultation)
        .scalar_subquery()
    )
    return (
        sa.select(
            Consultation.slug,
            Consultation.reference,
            Consultation.subject,
            Consultation.languages,
            Consultation.rule,
            Consultation.kind,
            Consultation.rehearsal,
            Consultation.state,
            Consultation.closes_at,
            Body.name.label("body"),
            Body.seat,
            Body.zone,
            RollEntry.member,
            RollEntry.name.label("member_name"),
            RollEntry.entitled,
            RollEntry.no_vote_under,
            RollEntry.complete,
            RollEntry.versions,
            items.scalar_subquery().label("items"),
            own.scalar_subquery().label("own_rules"),
            CHANGED.label("changed"),
            Consultation.id,
            Reply.version,
            Reply.received_at,
            Reply.choices,
            Reply.comments,
            ReplyDraft.saved_at,
            ReplyDraft.saved_by_id,
            ReplyDraft.choices.label("drafted"),
            Person.name.label("saved_by"),
        )
        .select_from(RollEntry)
        .join(Consultation, Consultation.id == RollEntry.consultation_id)
        .join(Body, Body.id == Consultation.body_id)
        .outerjoin(Reply, Reply.id == counted)
        .outerjoin(
            ReplyDraft,
            sa.and_(
                ReplyDraft.consultation_id == RollEntry.consultation_id,
                ReplyDraft.member == RollEntry.member,
            ),
        )
        .outerjoin(Person, Person.id == ReplyDraft.saved_by_id)
        .where(
            RollEntry.member.in_(sorted(members)),
            Consultation.state.not_in(NOT_OPENED),
            Consultation.opens_at <= now,
        )
        .order_by(Consultation.closes_at, Consultation.id, RollEntry.place)
    )


def _people(members: frozenset[str], now: datetime) -> sa.Executable:
    return (
        sa.select(Member.code, Person.id, Person.name, FocalPoint.head, FocalPoint.adviser)
        .join(FocalPoint, FocalPoint.person_id == Person.id)
        .join(Member, Member.id == FocalPoint.member_id)
        .where(Member.code.in_(sorted(members)), Person.disabled_at.is_(None), *in_force(now))
        .order_by(Member.code, FocalPoint.head.desc(), FocalPoint.adviser, FocalPoint.id)
    )


def _line(row: sa.Row[Any], changed: Changes, now: datetime, language: str) -> Line:
    first = (row.languages or ["en"])[0]
    rule = parse(row.rule) if row.rule else None
    return Line(
        slug=row.slug,
        reference=row.reference,
        subject=pick(row.subject, language, first),
        body=pick(row.body, language, first),
        seat=row.seat,
        zone=row.zone,
        closes_at=row.closes_at,
        state=state_at(row.state, row.closes_at, now),
        kind=row.kind,
        rehearsal=row.rehearsal,
        member=row.member,
        member_name=pick(row.member_name, language, first),
        entitled=row.entitled,
        no_vote_under=row.no_vote_under,
        complete=row.complete,
        items=row.items,
        acts=rule is not None and rule.choices == (Choice.OBJECT,) and not row.own_rules,
        names=rule.names if rule else {},
        versions=row.versions,
        answered=_answered(row, changed.gone),
        drafted=_drafted(row),
        changes=changed,
    )


def _answered(row: sa.Row[Any], gone: frozenset[str]) -> Answered | None:
    if row.version is None:
        return None
    choices = {
        item: Choice(said) if said else None
        for item, said in row.choices.items()
        if item not in gone
    }
    return Answered(row.version, row.received_at, choices, bool(row.comments))


def _drafted(row: sa.Row[Any]) -> Drafted | None:
    if row.saved_at is None:
        return None
    answered = sum(map(bool, row.drafted.values()))
    return Drafted(row.saved_by, row.saved_by_id, row.saved_at, answered)
