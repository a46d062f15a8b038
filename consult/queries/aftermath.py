"""What came after a count: letters that take items up again, referrals, errata."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import ItemKind, State
from consult.core.tally import Outcome
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.roll import frozen
from consult.queries.texts import pick
from consult.tables import Consultation, Erratum, Item, Referral, reading


@dataclass(frozen=True, slots=True)
class Decided:
    """An item with its outcome, and the meeting to which it was referred, if it was."""

    code: str
    title: str
    kind: ItemKind
    outcome: Outcome
    meeting: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Another consultation, by what it is called."""

    slug: str
    reference: str
    subject: str
    state: State


@dataclass(frozen=True, slots=True)
class Correction:
    """An erratum in the reader's language."""

    number: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What may follow a counted consultation, and what did.

    Args:
        items: In their order.
        earlier: The letter whose items it takes up again; None for a first one.
        later: The letters that take up items of this one.
        members: Code and name of each member on the roll, in its order.
    """

    head: Head
    items: tuple[Decided, ...]
    earlier: Letter | None
    later: tuple[Letter, ...]
    errata: tuple[Correction, ...]
    members: tuple[tuple[str, str], ...]


def aftermath(engine: sa.Engine, slug: str, now: datetime, language: str) -> Aftermath:
    """Return what came after the count (eight statements at most).

    Raises:
        NotFound: There is no such consultation, or its result is not open yet (T33).
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if not about.disclosed:
            raise NotFound(slug=slug)
        return Aftermath(
            head=about,
            items=_items(session, about, language),
            earlier=_earlier(session, about, language),
            later=later_letters(session, about.id, language),
            errata=errata(session, slug, language),
            members=tuple(
                (line.member, pick(line.name, language)) for line in frozen(session, about.id)
            ),
        )


def later_letters(session: Session, consultation: int, language: str) -> tuple[Letter, ...]:
    """Return the letters that take up items of this one (one statement)."""
    rows = session.scalars(
        sa.select(Consultation)
        .where(Consultation.follows_id == consultation, Consultation.state != State.DISCARDED)
        .order_by(Consultation.id)
    )
    return tuple(_letter(row, language) for row in rows)


def errata(session: Session, slug: str, language: str) -> tuple[Correction, ...]:
    """Return the errata beside the record of *slug* (one statement)."""
    rows = session.scalars(
        sa.select(Erratum)
        .join(Consultation, Consultation.id == Erratum.consultation_id)
        .where(Consultation.slug == slug)
        .order_by(Erratum.number)
    )
    return tuple(Correction(row.number, pick(row.words, language), row.at) for row in rows)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a published record, since the record itself never changes.

    Args:
        referred: Item and meeting.
        later: Slug and reference of the published letters that took its items up again.
        earlier: The same of the letter whose items it took up, if that is published.
    """

    errata: tuple[Correction, ...]
    referred: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]


def beside(engine: sa.Engine, slug: str, language: str) -> Beside:
    """Return what stands beside the record of *slug* (four statements)."""
    own = sa.select(Consultation.id).where(Consultation.slug == slug).scalar_subquery()
    followed = sa.select(Consultation.follows_id).where(Consultation.slug == slug)
    published = sa.select(Consultation.slug, Consultation.reference).where(
        Consultation.state == State.PUBLISHED, Consultation.public.is_(True)
    )
    with reading(engine) as session:
        referred = session.execute(
            sa.select(Referral.item, Referral.meeting)
            .where(Referral.consultation_id == own)
            .order_by(Referral.id)
        ).all()
        later = session.execute(
            published.where(Consultation.follows_id == own).order_by(Consultation.id)
        ).all()
        earlier = session.execute(
            published.where(Consultation.id == followed.scalar_subquery())
        ).all()
        return Beside(
            errata=errata(session, slug, language),
            referred=tuple((row.item, row.meeting) for row in referred),
            later=tuple((row.slug, row.reference) for row in later),
            earlier=tuple((row.slug, row.reference) for row in earlier),
        )


def _items(session: Session, about: Head, language: str) -> tuple[Decided, ...]:
    result = session.scalar(sa.select(Consultation.result).where(Consultation.id == about.id))
    questions = (result or {}).get("questions", {})
    rows = session.execute(
        sa.select(Item.code, Item.title, Item.kind, Referral.meeting)
        .outerjoin(
            Referral,
            sa.and_(Referral.consultation_id == Item.consultation_id, Referral.item == Item.code),
        )
        .where(Item.consultation_id == about.id)
        .order_by(Item.place)
    )
    return tuple(
        Decided(
            row.code,
            pick(row.title, language),
            row.kind,
            Outcome(questions[row.code]["outcome"]),
            row.meeting or "",
        )
        for row in rows
        if row.code in questions
    )


def _earlier(session: Session, about: Head, language: str) -> Letter | None:
    followed = sa.select(Consultation.follows_id).where(Consultation.id == about.id)
    row = session.scalar(
        sa.select(Consultation).where(Consultation.id == followed.scalar_subquery())
    )
    return _letter(row, language) if row else None


def _letter(row: Consultation, language: str) -> Letter:
    return Letter(row.slug, row.reference, pick(row.subject, language), row.state)
