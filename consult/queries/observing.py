"""What an observer of a body may read: the letters open to observers, never a position."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.core.life import NOT_OPENED, State, state_at
from consult.errors import NotFound
from consult.queries.consultation import EVIDENCE, Head, head
from consult.queries.enclosures import Enclosed, enclosed_from
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Document, Observer, Person, reading


@dataclass(frozen=True, slots=True)
class Observed:
    """A letter in an observer's list."""

    slug: str
    reference: str
    subject: str
    body: str
    seat: Mapping[str, str]
    zone: str
    closes_at: datetime
    state: State
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class ObserverLine:
    """Who observes a body; *number* in the list of observers."""

    number: int
    name: str
    for_whom: str | None
    from_at: datetime
    named_by: str | None
    set_up: bool


def standing(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions under which somebody observes at *now*."""
    return (
        Observer.from_at <= now,
        sa.or_(Observer.until_at.is_(None), Observer.until_at > now),
    )


def observes(person_id: int | None, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a consultation is open to observers, of whom *person_id* is one."""
    return sa.and_(
        Consultation.observers.is_(True),
        sa.exists().where(
            Observer.person_id == person_id,
            Observer.body_id == Consultation.body_id,
            *standing(now),
        ),
    )


def observed(
    engine: sa.Engine, person_id: int | None, now: datetime, language: str
) -> tuple[tuple[str, ...], tuple[Observed, ...]]:
    """Return the bodies that a person observes and the letters it may read (two statements)."""
    with reading(engine) as session:
        bodies = session.scalars(
            sa.select(Body.name)
            .join(Observer, Observer.body_id == Body.id)
            .where(Observer.person_id == person_id, *standing(now))
            .order_by(Body.slug)
        ).all()
        rows = session.execute(
            sa.select(
                Consultation.slug,
                Consultation.reference,
                Consultation.subject,
                Consultation.languages,
                Consultation.state,
                Consultation.closes_at,
                Consultation.rehearsal,
                Body.name,
                Body.seat,
                Body.zone,
            )
            .join(Body, Body.id == Consultation.body_id)
            .where(*_open_to(person_id, now))
            .order_by(Consultation.closes_at.desc(), Consultation.id.desc())
        ).all()
    return tuple(pick(name, language) for name in bodies), tuple(
        Observed(
            slug=row.slug,
            reference=row.reference,
            subject=pick(row.subject, language, (row.languages or ["en"])[0]),
            body=pick(row.name, language),
            seat=row.seat,
            zone=row.zone,
            closes_at=row.closes_at,
            state=state_at(row.state, row.closes_at, now),
            rehearsal=row.rehearsal,
        )
        for row in rows
    )


def observed_letter(
    engine: sa.Engine, person_id: int | None, slug: str, now: datetime, language: str
) -> tuple[Head, tuple[Enclosed, ...]]:
    """Return one letter with its documents (four statements at most).

    Raises:
        NotFound: There is none, it is not open to observers, or the person is not one of them.
    """
    with reading(engine) as session:
        may = session.scalar(
            sa.select(Consultation.id).where(Consultation.slug == slug, *_open_to(person_id, now))
        )
        if may is None:
            raise NotFound(slug=slug)
        about = head(session, slug, now, language)
        rows = session.scalars(
            sa.select(Document)
            .where(
                Document.consultation_id == about.id,
                Document.purpose != EVIDENCE,
                Document.removed_at.is_(None),
            )
            .order_by(Document.id)
        ).all()
        return about, tuple(enclosed_from(row) for row in rows)


def observers_of(
    engine: sa.Engine, body: str, now: datetime, language: str
) -> tuple[str, tuple[ObserverLine, ...]]:
    """Return the name of a body and who observes it now (two statements).

    Raises:
        NotFound: There is no such body.
    """
    naming = aliased(Person)
    with reading(engine) as session:
        found = session.scalar(sa.select(Body).where(Body.slug == body))
        if found is None:
            raise NotFound(body=body)
        rows = session.execute(
            sa.select(Observer, Person.name, Person.set_up_at, naming.name.label("named_by"))
            .join(Person, Person.id == Observer.person_id)
            .outerjoin(naming, naming.id == Observer.named_by_id)
            .where(Observer.body_id == found.id, *standing(now))
            .order_by(Observer.id)
        ).all()
    return pick(found.name, language), tuple(
        ObserverLine(
            number=row.Observer.id,
            name=row.name,
            for_whom=row.Observer.for_whom,
            from_at=row.Observer.from_at,
            named_by=row.named_by,
            set_up=row.set_up_at is not None,
        )
        for row in rows
    )


def _open_to(person_id: int | None, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        observes(person_id, now),
        Consultation.state.not_in(NOT_OPENED),
        Consultation.opens_at <= now,
    )
