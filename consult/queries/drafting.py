"""What the pages of a draft show: the draft, the roll as it stands, what one may begin from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer_group

from consult.core.life import State
from consult.core.roll import RollLine
from consult.errors import NotFound
from consult.queries.bodyrules import in_use
from consult.queries.consultation import EVIDENCE
from consult.queries.content import content_of
from consult.queries.enclosures import Enclosed, enclosed_from
from consult.queries.organisation import sender
from consult.queries.roll import Electorate, SeatLine, lines_of, seats_on
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import (
    Body,
    Consultation,
    FocalPoint,
    Member,
    Organisation,
    Person,
    reading,
)


@dataclass(frozen=True, slots=True)
class BodyView:
    """The body that will decide, as its drafts need it."""

    slug: str
    name: dict[str, str]
    seat: dict[str, str]
    zone: str
    languages: tuple[str, ...]
    working_language: str
    groups: tuple[dict[str, Any], ...]
    rule: dict[str, Any]
    written: tuple[tuple[str, dict[str, Any]], ...]  # rules that officers wrote: slug, data
    presiding: dict[str, Any]
    least_days: int | None
    holidays: str | None

    def as_letter(self) -> dict[str, Any]:
        """Return what the letter prints of the body."""
        return {
            "name": self.name,
            "seat": self.seat,
            "zone": self.zone,
            "groups": list(self.groups),
            "presiding": self.presiding,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A consultation that is being drafted, whole."""

    slug: str
    reference: str
    state: State
    version: int
    changed_at: datetime
    content: dict[str, Any]
    documents: tuple[Enclosed, ...]
    body: BodyView
    organisation: dict[str, Any]

    def document(self, document_id: int) -> Enclosed:
        """Return one of its documents.

        Raises:
            NotFound: It has none of that id.
        """
        for document in self.documents:
            if document.id == document_id:
                return document
        raise NotFound(document=document_id)

    def item(self, code: str) -> dict[str, Any]:
        """Return one of its items.

        Raises:
            NotFound: It has none of that number.
        """
        found: dict[str, Any]
        for found in self.content["items"]:
            if found["id"] == code:
                return found
        raise NotFound(item=code)


@dataclass(frozen=True, slots=True)
class Seated:
    """A member on the roll as it stands today.

    Args:
        reachable: How many people may reply for it and get its mails.
    """

    code: str
    name: dict[str, str]
    region: str
    groups: tuple[str, ...]
    entitled: bool
    no_vote_under: str | None
    zone: str | None
    capital: dict[str, str]
    reachable: int
    weights: Mapping[str, str] = field(default_factory=dict)
    no_vote_ground: str | None = None
    observer: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """The members of a body today: for people, and as the core counts them."""

    seats: tuple[Seated, ...]
    lines: tuple[RollLine, ...]

    @property
    def entitled(self) -> int:
        return sum(seat.entitled for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """From what a draft may be begun: bodies, and earlier letters, newest first."""

    bodies: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]


def draft_of(engine: sa.Engine, slug: str) -> Draft:
    """Return a draft (six statements).

    Raises:
        NotFound: There is none, or it was discarded.
    """
    with reading(engine) as session:
        letter = session.scalar(
            select(Consultation)
            .where(Consultation.slug == slug)
            .options(
                undefer_group("words"),
                selectinload(Consultation.items),
                selectinload(Consultation.documents),
            )
        )
        if letter is None or letter.state is State.DISCARDED:
            raise NotFound(slug=slug)
        body = session.get_one(Body, letter.body_id)
        return Draft(
            slug=letter.slug,
            reference=letter.reference,
            state=letter.state,
            version=letter.draft_version,
            changed_at=letter.changed_at,
            content=content_of(letter, body),
            documents=tuple(
                enclosed_from(row)
                for row in letter.documents
                if row.removed_at is None and row.purpose != EVIDENCE
            ),
            body=_body(body, in_use(session, body.id)),
            organisation=sender(session.get(Organisation, 1), body),
        )


def roll_of(
    engine: sa.Engine,
    body_slug: str,
    now: datetime,
    language: str,
    electorate: Electorate | None = None,
) -> Roll:
    """Return the members of a body as they stand today (three statements).

    Args:
        electorate: Who is asked, if not all of them.
    """
    with reading(engine) as session:
        body = session.scalars(select(Body).where(Body.slug == body_slug)).one()
        today = now.astimezone(ZoneInfo(body.zone)).date()
        seats = seats_on(session, body, today, electorate)
        reached = _reached(session, now)
    return Roll(
        tuple(_seated(seat, reached.get(seat.code, 0)) for seat in seats),
        tuple(lines_of(seats, language)),
    )


def roll_for(engine: sa.Engine, draft: Draft, now: datetime, language: str) -> Roll:
    """Return the members whom *draft* asks, as they stand today (three statements)."""
    return roll_of(engine, draft.body.slug, now, language, draft.content["electorate"])


def beginnings(engine: sa.Engine, language: str) -> Beginnings:
    """Return from what a draft may be begun (two statements)."""
    with reading(engine) as session:
        bodies = session.execute(select(Body.slug, Body.name).order_by(Body.slug)).all()
        letters = session.execute(
            select(Consultation.slug, Consultation.reference, Consultation.subject)
            .where(Consultation.state != State.DISCARDED)
            .order_by(Consultation.id.desc())
            .limit(200)
        ).all()
    return Beginnings(
        tuple((slug, pick(name, language) or slug) for slug, name in bodies),
        tuple(
            (slug, f"{reference}: {pick(subject, language)}" if subject else reference)
            for slug, reference, subject in letters
        ),
    )


def _body(body: Body, written: tuple[tuple[str, dict[str, Any]], ...]) -> BodyView:
    return BodyView(
        slug=body.slug,
        name=body.name,
        seat=body.seat,
        zone=body.zone,
        languages=tuple(body.languages),
        working_language=body.working_language,
        groups=tuple(body.groups),
        rule=body.rule,
        written=written,
        presiding={"name": body.presiding_name, "title": body.presiding_title},
        least_days=body.least_days,
        holidays=body.holidays,
    )


def _reached(session: Session, now: datetime) -> dict[str, int]:
    """Count for each member the people in force whose account is not shut."""
    rows = session.execute(
        select(Member.code, func.count(sa.distinct(Person.id)))
        .join(FocalPoint, FocalPoint.member_id == Member.id)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(
            FocalPoint.adviser.is_(False),
            Person.disabled_at.is_(None),
            Person.address != "",
            *in_force(now),
        )
        .group_by(Member.code)
    )
    return {row[0]: row[1] for row in rows}


def _seated(seat: SeatLine, reachable: int) -> Seated:
    return Seated(
        code=seat.code,
        name=seat.name,
        region=seat.groups[0] if seat.groups else "",
        groups=seat.groups,
        entitled=seat.entitled,
        no_vote_under=seat.no_vote_under,
        zone=seat.zone,
        capital=seat.capital,
        reachable=reachable,
        weights=seat.weights,
        no_vote_ground=seat.no_vote_ground,
        observer=seat.observer,
    )
