"""Who may reply for a member: its register, and what of it waits for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.life import Act
from consult.errors import NotFound
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import FocalPoint, Member, Person, Request, reading


@dataclass(frozen=True, slots=True)
class Line:
    """A mandate in force.

    Args:
        number: In the register.
        paper: On what the naming rests.
        scan: The SHA-256 of its scan, for the secretariat.
        set_up: Whether the person has set up the account.
    """

    number: int
    person_id: int
    name: str
    head: bool
    adviser: bool
    from_at: datetime
    named_by: str | None
    paper: str | None
    scan: str | None
    set_up: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """A change that a second person must confirm."""

    person: str
    head: bool
    adviser: bool
    ends: bool
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Register:
    """A member with those who act for it, the head first, advisers last."""

    code: str
    name: str
    lines: tuple[Line, ...]
    waiting: tuple[Waits, ...]


def register(engine: sa.Engine, code: str, now: datetime, language: str) -> Register:
    """Return the register of a member (three statements).

    Raises:
        NotFound: There is no such member.
    """
    namer = aliased(Person)
    with reading(engine) as session:
        member = session.scalar(sa.select(Member).where(Member.code == code))
        if member is None:
            raise NotFound(member=code)
        rows = session.execute(
            sa.select(FocalPoint, Person, namer.name)
            .join(Person, Person.id == FocalPoint.person_id)
            .outerjoin(namer, namer.id == FocalPoint.named_by_id)
            .where(FocalPoint.member_id == member.id, *in_force(now))
            .order_by(FocalPoint.head.desc(), FocalPoint.adviser, FocalPoint.id)
        ).all()
        requests = session.scalars(
            sa.select(Request)
            .where(
                Request.act == Act.MANDATE,
                Request.decided_at.is_(None),
                Request.expires_at > now,
            )
            .order_by(Request.id)
        ).all()
    # One change is asked in every letter that is open.
    asked = {row.shown: row for row in requests if row.what["member"] == code}
    return Register(
        code=code,
        name=pick(member.name, language),
        lines=tuple(_line(*row) for row in rows),
        waiting=tuple(
            Waits(
                person=row.what["person"],
                head=row.what["role"] == "head",
                adviser=row.what["role"] == "adviser",
                ends=row.what["ends"] is not None,
                asked_at=row.asked_at,
            )
            for row in asked.values()
        ),
    )


def _line(mandate: FocalPoint, person: Person, named_by: str | None) -> Line:
    return Line(
        number=mandate.id,
        person_id=person.id,
        name=person.name,
        head=mandate.head,
        adviser=mandate.adviser,
        from_at=mandate.from_at,
        named_by=named_by,
        paper=mandate.paper,
        scan=mandate.paper_sha256,
        set_up=person.set_up_at is not None,
    )


def names_of(session: Session, codes: Sequence[str], language: str) -> dict[str, str]:
    """Return the names of members by their codes (one statement; none for no codes)."""
    if not codes:
        return {}
    rows = session.execute(sa.select(Member.code, Member.name).where(Member.code.in_(codes)))
    return {row.code: pick(row.name, language) for row in rows}
