"""The revisions of a letter: each as it stood, with what it changed, for whoever may read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.difference import Difference, differences
from consult.core.life import NOT_OPENED, Revising
from consult.core.roll import RollLine
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.roll import lines_of as counted
from consult.tables import (
    OPENING,
    Body,
    Consultation,
    Member,
    Person,
    Request,
    Revision,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A revision in the list of them.

    Args:
        kind: None for what was opened.
        changed: The items that those that replied before are asked to confirm.
    """

    number: int
    kind: Revising | None
    at: datetime
    language: str | None
    reason: str
    authority: str | None
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollChange:
    """What a roll said of a member, and what it says after; None if it was not on it."""

    member: str
    name: Mapping[str, str]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Revised:
    """One revision with its difference to the one before.

    Args:
        lines: All revisions, the newest first.
        line: The one that is shown.
        names: Of members that the letter names, their names.
    """

    slug: str
    reference: str
    subject: Mapping[str, str]
    seat: Mapping[str, str]
    zone: str
    content: Mapping[str, Any]
    lines: tuple[Line, ...]
    line: Line
    differences: tuple[Difference, ...]
    roll: tuple[RollChange, ...]
    asked_by: str
    confirmed_by: str
    names: Mapping[str, Mapping[str, str]]


def for_office(
    engine: sa.Engine, slug: str, number: int, now: datetime, language: str
) -> tuple[Head, Revised]:
    """Return a revision for the secretariat (five statements).

    Raises:
        NotFound: There is no such consultation, or no such revision of it.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.state in NOT_OPENED:
            raise NotFound(slug=slug)
        return about, _revised(session, slug, number)


def for_member(engine: sa.Engine, slug: str, member: str, number: int, now: datetime) -> Revised:
    """Return a revision for a member on the roll (five statements).

    Raises:
        NotFound: There is none, it is not open yet, or the member is not on its roll.
    """
    with reading(engine) as session:
        found = session.scalar(
            sa.select(RollEntry.id)
            .join(Consultation, Consultation.id == RollEntry.consultation_id)
            .where(
                Consultation.slug == slug,
                Consultation.state.not_in(NOT_OPENED),
                Consultation.opens_at <= now,
                RollEntry.member == member,
            )
        )
        if found is None:
            raise NotFound(slug=slug)
        return _revised(session, slug, number)


def lines_of(session: Session, consultation_id: int) -> tuple[Line, ...]:
    """Return the revisions, the newest first (one statement)."""
    rows = session.execute(
        sa.select(
            Revision.number,
            Revision.kind,
            Revision.at,
            Revision.language,
            Revision.reason,
            Revision.authority,
            Revision.changed,
        )
        .where(Revision.consultation_id == consultation_id)
        .order_by(Revision.number.desc())
    )
    return tuple(
        Line(
            number=row.number,
            kind=None if row.kind == OPENING else Revising(row.kind),
            at=row.at,
            language=row.language,
            reason=row.reason,
            authority=row.authority,
            changed=tuple(row.changed),
        )
        for row in rows
    )


def _revised(session: Session, slug: str, number: int) -> Revised:
    whole = session.execute(
        sa.select(
            Consultation.id,
            Consultation.reference,
            Consultation.subject,
            Body.seat,
            Body.zone,
        )
        .join(Body, Body.id == Consultation.body_id)
        .where(Consultation.slug == slug)
    ).one()
    lines = lines_of(session, whole.id)
    asker, confirmer = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(Revision, asker.name, confirmer.name)
        .join(Request, Request.id == Revision.request_id)
        .join(asker, asker.id == Request.asked_by_id)
        .outerjoin(confirmer, confirmer.id == Request.decided_by_id)
        .where(
            Revision.consultation_id == whole.id,
            Revision.number.in_([number, number - 1]),
        )
        .order_by(Revision.number)
    ).all()
    if not rows or rows[-1][0].number != number:
        raise NotFound(slug=slug, revision=number)
    revision: Revision = rows[-1][0]
    found = differences(rows[0][0].content, revision.content) if number else ()
    roll = _roll(revision)
    return Revised(
        slug=slug,
        reference=whole.reference,
        subject=whole.subject,
        seat=whole.seat,
        zone=whole.zone,
        content=revision.content,
        lines=lines,
        line=next(line for line in lines if line.number == number),
        differences=found,
        roll=roll,
        asked_by=rows[-1][1],
        confirmed_by=rows[-1][2] or "",
        names=names_in(session, found),
    )


def names_in(session: Session, found: Sequence[Difference]) -> dict[str, Mapping[str, str]]:
    """Return the names of the members that changed data name (one statement)."""
    codes = {
        value
        for one in found
        for data in one.data
        if data.name == "nominated_by"
        for value in (data.before, data.after)
        if value
    }
    rows = session.execute(sa.select(Member.code, Member.name).where(Member.code.in_(codes)))
    return {row.code: row.name for row in rows}


def names_of(engine: sa.Engine, found: Sequence[Difference]) -> dict[str, Mapping[str, str]]:
    """Return what `names_in` does, read alone (one statement)."""
    with reading(engine) as session:
        return names_in(session, found)


def _roll(revision: Revision) -> tuple[RollChange, ...]:
    return tuple(
        RollChange(
            member=one["member"],
            name=(one["after"] or one["before"])["name"],
            before=one["before"],
            after=one["after"],
        )
        for one in revision.roll or ()
    )


def roll_lines(engine: sa.Engine, slug: str, language: str) -> list[RollLine]:
    """Return the roll of a consultation as the core counts it (one statement)."""
    with reading(engine) as session:
        rows = session.scalars(
            sa.select(RollEntry)
            .join(Consultation, Consultation.id == RollEntry.consultation_id)
            .where(Consultation.slug == slug)
            .order_by(RollEntry.place)
        ).all()
        return counted(rows, language)
