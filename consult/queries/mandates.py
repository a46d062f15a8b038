"""The register of mandates: who may act for which member, on what paper, entered where (T6)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.errors import NotFound
from consult.queries.texts import pick
from consult.tables import (
    Body,
    Consultation,
    Evidence,
    FocalPoint,
    LedgerEntry,
    Member,
    Person,
    Seat,
    reading,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry `mandate` of a consultation that was open when somebody was named or ended."""

    slug: str
    reference: str
    number: int


@dataclass(frozen=True, slots=True)
class Mandated:
    """A line of the register.

    Args:
        number: In the register.
        bodies: The names of those in which the member holds or held a seat.
        paper: On what the naming rests, in words.
        scan: The SHA-256 of its scan, and the name of the file.
    """

    number: int
    member: str
    member_name: str
    bodies: tuple[str, ...]
    person: str
    head: bool
    adviser: bool
    from_at: datetime
    until_at: datetime | None
    in_force: bool
    named_by: str | None
    paper: str | None
    scan: tuple[str, str] | None
    entries: tuple[Entered, ...]


@dataclass(frozen=True, slots=True)
class Mandates:
    """The register, of all members or of those asked for, in the order of their codes.

    Args:
        body, member: What was asked for; empty for all.
        bodies, members: What may be asked for, as codes and names.
        unnamed: The members asked for that nobody acts for now.
    """

    body: str
    member: str
    bodies: tuple[tuple[str, str], ...]
    members: tuple[tuple[str, str], ...]
    lines: tuple[Mandated, ...]
    unnamed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a paper on which a naming rests."""

    sha256: str | None
    filename: str | None
    media_type: str | None


def mandates(engine: sa.Engine, body: str, member: str, now: datetime, language: str) -> Mandates:
    """Return the register (five statements).

    Args:
        body, member: The slug and the code of those asked for; empty for all.

    Raises:
        NotFound: There is no such body or member.
    """
    with reading(engine) as session:
        bodies = {
            row.slug: pick(row.name, language)
            for row in session.execute(sa.select(Body.slug, Body.name).order_by(Body.slug))
        }
        people = session.execute(sa.select(Member.code, Member.name).order_by(Member.code))
        members = {row.code: pick(row.name, language) for row in people}
        if (body and body not in bodies) or (member and member not in members):
            raise NotFound(body=body, member=member)
        seats = _seats(session, bodies)
        wanted = [
            code
            for code in members
            if member in ("", code) and (not body or body in seats.get(code, ()))
        ]
        entries = _entries(session, wanted)
        rows = _rows(session, wanted)
    lines = tuple(
        _line(
            row,
            members[row.code],
            tuple(bodies[slug] for slug in seats.get(row.code, ())),
            tuple(entries.get(row.FocalPoint.id, ())),
            now,
        )
        for row in rows
    )
    named = {line.member for line in lines if line.in_force}
    return Mandates(
        body=body,
        member=member,
        bodies=tuple(bodies.items()),
        members=tuple(members.items()),
        lines=lines,
        unnamed=tuple((code, members[code]) for code in wanted if code not in named),
    )


def scan_of(engine: sa.Engine, sha256: str) -> Scan:
    """Return the scan of a paper by its hash (one statement).

    Raises:
        NotFound: No naming rests on such a file.
    """
    with reading(engine) as session:
        found = session.get(Evidence, sha256)
        if found is None:
            raise NotFound(scan=sha256)
        return Scan(found.sha256, found.filename, found.media_type)


def _seats(session: Session, bodies: Mapping[str, str]) -> dict[str, list[str]]:
    """Return of each member the bodies in which it holds or held a seat, in their order."""
    rows = session.execute(
        sa.select(Member.code, Body.slug)
        .join(Seat, Seat.member_id == Member.id)
        .join(Body, Body.id == Seat.body_id)
        .distinct()
        .order_by(Member.code, Body.slug)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.slug in bodies:
            found.setdefault(row.code, []).append(row.slug)
    return found


def _entries(session: Session, members: Sequence[str]) -> dict[int, list[Entered]]:
    """Return the entries by the number of the mandate that each is about."""
    rows = session.execute(
        sa.select(Consultation.slug, Consultation.reference, LedgerEntry.number, LedgerEntry.entry)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(LedgerEntry.what == "mandate")
        .order_by(LedgerEntry.consultation_id, LedgerEntry.number)
    )
    wanted = set(members)
    found: dict[int, list[Entered]] = {}
    for row in rows:
        facts = json.loads(row.entry)["facts"]
        if facts["member"] in wanted:
            entered = Entered(row.slug, row.reference, row.number)
            found.setdefault(facts["mandate"], []).append(entered)
    return found


def _rows(session: Session, members: Sequence[str]) -> Sequence[Any]:
    naming = aliased(Person)
    return session.execute(
        sa.select(
            FocalPoint,
            Member.code,
            Person.name.label("person"),
            naming.name.label("named_by"),
            Evidence.filename,
        )
        .join(Member, Member.id == FocalPoint.member_id)
        .join(Person, Person.id == FocalPoint.person_id)
        .outerjoin(naming, naming.id == FocalPoint.named_by_id)
        .outerjoin(Evidence, Evidence.sha256 == FocalPoint.paper_sha256)
        .where(Member.code.in_(members))
        .order_by(
            Member.code,
            FocalPoint.until_at.is_not(None),
            FocalPoint.head.desc(),
            FocalPoint.adviser,
            FocalPoint.id,
        )
    ).all()


def _line(
    row: Any, name: str, bodies: tuple[str, ...], entries: tuple[Entered, ...], now: datetime
) -> Mandated:
    mandate: FocalPoint = row.FocalPoint
    ended = mandate.until_at is not None and mandate.until_at <= now
    return Mandated(
        number=mandate.id,
        member=row.code,
        member_name=name,
        bodies=bodies,
        person=row.person,
        head=mandate.head,
        adviser=mandate.adviser,
        from_at=mandate.from_at,
        until_at=mandate.until_at,
        in_force=mandate.from_at <= now and not ended,
        named_by=row.named_by,
        paper=mandate.paper,
        scan=(mandate.paper_sha256, row.filename) if mandate.paper_sha256 else None,
        entries=entries,
    )
