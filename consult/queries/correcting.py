"""The roll of an open letter, as an officer corrects it member by member."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.life import Act
from consult.core.roll import RollLine
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.roll import frozen, lines_of
from consult.queries.texts import pick
from consult.tables import Member, Request, RollEntry, reading


@dataclass(frozen=True, slots=True)
class Standing:
    """A member on the roll."""

    code: str
    name: str
    groups: tuple[str, ...]
    entitled: bool
    no_vote_under: str | None
    replied: bool


@dataclass(frozen=True, slots=True)
class Roll:
    """All members on the roll, and those that could be put on it.

    Args:
        waiting: The request that waits for a second person, by its number.
    """

    head: Head
    members: tuple[Standing, ...]
    others: tuple[tuple[str, str], ...]
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as the roll has it, or would have it.

    Args:
        before: What the roll says of it; None if it is not on it.
        line: The same, or what it would begin with.
        lines: The whole roll as the core counts it.
    """

    head: Head
    code: str
    name: str
    before: Mapping[str, Any] | None
    line: Mapping[str, Any]
    replied: bool
    lines: tuple[RollLine, ...]
    waiting: int | None


def roll(engine: sa.Engine, slug: str, now: datetime, language: str) -> Roll:
    """Return the roll (four statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        lines = frozen(session, about.id)
        rows = session.execute(sa.select(Member.code, Member.name).order_by(Member.code)).all()
        waits = session.scalar(_waiting(about.id))
    on_it = {line.member for line in lines}
    return Roll(
        head=about,
        members=tuple(_standing(line, language) for line in lines),
        others=tuple((r.code, pick(r.name, language)) for r in rows if r.code not in on_it),
        waiting=waits,
    )


def seat(engine: sa.Engine, slug: str, code: str, now: datetime, language: str) -> Seat:
    """Return what the roll says of one member (four statements).

    Raises:
        NotFound: There is no such consultation, or no such member.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        lines = frozen(session, about.id)
        member = session.scalar(sa.select(Member).where(Member.code == code))
        waits = session.scalar(_waiting(about.id))
    if member is None:
        raise NotFound(member=code)
    line = next((one for one in lines if one.member == code), None)
    before = None
    if line is not None:
        before = {
            "name": line.name,
            "groups": list(line.groups),
            "weights": dict(line.weights),
            "entitled": line.entitled,
            "no_vote_under": line.no_vote_under,
        }
    new: dict[str, Any] = {"name": member.name, "groups": [], "weights": {}, "entitled": True}
    return Seat(
        head=about,
        code=code,
        name=pick(line.name if line else member.name, language),
        before=before,
        line=before or {**new, "no_vote_under": None},
        replied=bool(line and line.versions),
        lines=tuple(lines_of(lines, "en")),
        waiting=waits,
    )


def _standing(line: RollEntry, language: str) -> Standing:
    return Standing(
        code=line.member,
        name=pick(line.name, language),
        groups=tuple(line.groups),
        entitled=line.entitled,
        no_vote_under=line.no_vote_under,
        replied=line.replied_at is not None,
    )


def _waiting(consultation_id: int) -> sa.Select[Any]:
    return sa.select(Request.id).where(
        Request.consultation_id == consultation_id,
        Request.act == Act.CORRECT,
        Request.decided_at.is_(None),
    )
