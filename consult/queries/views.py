"""An exchange of views before a vote: what it is about, and the statements in the order of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from consult.core.ledger import read_instant
from consult.core.life import BEFORE, State
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.roll import seats_on
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Member, RollEntry, Seat, ViewStatement, reading


@dataclass(frozen=True, slots=True)
class Statement:
    """What a member said, when, in which language."""

    member: str
    at: datetime
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Views:
    """An exchange as its readers see it; of a draft nothing else is told.

    Args:
        items: Number, title and text of each item.
        open: Whether a statement may be added now.
    """

    slug: str
    reference: str
    subject: str
    illustrative: str | None
    body: str
    seat: Mapping[str, str]
    zone: str
    items: tuple[tuple[str, str, str], ...]
    reason: str
    asked_for_by: str
    until: datetime | None
    open: bool
    opened: bool
    statements: tuple[Statement, ...]


def views(engine: sa.Engine, slug: str, member: str, now: datetime, language: str) -> Views:
    """Return the exchange of *slug* for *member* (six statements).

    Raises:
        NotFound: There is none, or the member takes no part in it.
    """
    with reading(engine) as session:
        row = session.execute(_main(slug)).first()
        if row is None or not _takes_part(session, row.Consultation, row.Body, member, now):
            raise NotFound(slug=slug)
        return _views(session, row.Consultation, row.Body, now, language)


def lasting(
    engine: sa.Engine, members: frozenset[str], now: datetime, language: str
) -> list[tuple[str, str, str, str]]:
    """Return slug, subject, member and its name of each exchange that lasts (one statement)."""
    today = now.date()
    with reading(engine) as session:
        rows = session.execute(
            sa.select(Consultation, Seat.id, Member.code, Member.name)
            .join(Seat, Seat.body_id == Consultation.body_id)
            .join(Member, Member.id == Seat.member_id)
            .where(
                Consultation.state.in_(BEFORE),
                Consultation.views.is_not(None),
                Member.code.in_(sorted(members)),
                Seat.from_on <= today,
                sa.or_(Seat.to_on.is_(None), Seat.to_on >= today),
            )
            .order_by(Consultation.id, Member.code)
        ).all()
    return [
        (letter.slug, pick(letter.subject, language), code, pick(name, language))
        for letter, _seat, code, name in rows
        if not _past(letter.views or {}, now)
    ]


def _past(data: Mapping[str, Any], now: datetime) -> bool:
    """Say whether an exchange ended by its own time."""
    until = data.get("closes_at")
    return bool(until) and now >= read_instant(str(until))


def office_views(
    engine: sa.Engine, slug: str, now: datetime, language: str
) -> tuple[Head, Views | None, list[tuple[str, str]]]:
    """Return the exchange for the secretariat, None before there is one; and who may ask for it.

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        row = session.execute(_main(slug)).first()
        found = _views(session, row.Consultation, row.Body, now, language) if row else None
        body = session.scalars(
            sa.select(Body)
            .join(Consultation, Consultation.body_id == Body.id)
            .where(Consultation.slug == slug)
        ).one()
        seats = seats_on(session, body, now.astimezone(ZoneInfo(body.zone)).date())
        return about, found, [(seat.code, pick(seat.name, language)) for seat in seats]


def _main(slug: str) -> sa.Executable:
    return (
        sa.select(Consultation, Body)
        .join(Body, Body.id == Consultation.body_id)
        .where(
            Consultation.slug == slug,
            Consultation.state != State.DISCARDED,
        )
        .where(Consultation.views.is_not(None))
        .options(selectinload(Consultation.items))
    )


def _takes_part(
    session: Session, letter: Consultation, body: Body, member: str, now: datetime
) -> bool:
    """Say whether *member* has a seat today; once the letter is open, whether it is on the roll."""
    if letter.state in BEFORE:
        today = now.astimezone(ZoneInfo(body.zone)).date()
        return member in {seat.code for seat in seats_on(session, body, today)}
    return (
        session.scalar(
            sa.select(RollEntry.id).where(
                RollEntry.consultation_id == letter.id, RollEntry.member == member
            )
        )
        is not None
    )


def _views(
    session: Session, letter: Consultation, body: Body, now: datetime, language: str
) -> Views:
    data: dict[str, Any] = letter.views or {}
    first = (letter.languages or ["en"])[0]
    until = read_instant(data["closes_at"]) if data["closes_at"] else None
    rows = session.execute(
        sa.select(ViewStatement, Member.name)
        .join(Member, Member.code == ViewStatement.member)
        .where(ViewStatement.consultation_id == letter.id)
        .order_by(ViewStatement.number)
    )
    return Views(
        slug=letter.slug,
        reference=letter.reference,
        subject=pick(letter.subject, language, first),
        illustrative=letter.illustrative,
        body=pick(body.name, language, first),
        seat=body.seat,
        zone=body.zone,
        items=tuple(
            (item.code, pick(item.title, language, first), pick(item.text, language, first))
            for item in letter.items
        ),
        reason=data["reason"],
        asked_for_by=_name(session, data["asked_for_by"], language),
        until=until,
        open=letter.state in BEFORE and (until is None or now < until),
        opened=letter.state not in BEFORE,
        statements=tuple(
            Statement(pick(name, language), row.at, row.text, row.language) for row, name in rows
        ),
    )


def _name(session: Session, code: str, language: str) -> str:
    """Return the name of the member that asked; the codes of the others stay."""
    name = session.scalar(sa.select(Member.name).where(Member.code == code))
    return pick(name, language) if name else code
