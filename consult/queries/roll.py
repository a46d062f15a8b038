"""The members of a body as they stand on a day, and the frozen roll of a consultation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consult.core.roll import RollLine, read_weight
from consult.queries.texts import pick
from consult.tables import Body, Member, RollEntry, Seat


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A member's seat as it stands on a day."""

    member_id: int
    code: str
    name: dict[str, str]
    groups: tuple[str, ...]
    weights: dict[str, str]
    entitled: bool
    no_vote_under: str | None
    zone: str | None
    capital: dict[str, str]


def seats_on(session: Session, body: Body, on: date) -> list[SeatLine]:
    """Return who holds a seat of *body* on that day, in the organisation's order."""
    rows = session.execute(
        select(Seat, Member)
        .join(Member, Member.id == Seat.member_id)
        .where(
            Seat.body_id == body.id,
            Seat.from_on <= on,
            or_(Seat.to_on.is_(None), Seat.to_on >= on),
        )
        .order_by(Seat.place, Member.code)
    )
    return [
        SeatLine(
            member_id=member.id,
            code=member.code,
            name=member.name,
            groups=tuple(seat.groups),
            weights=dict(seat.weights),
            entitled=_votes(seat, on),
            no_vote_under=None if _votes(seat, on) else seat.no_vote_under,
            zone=member.zone,
            capital=member.capital or {},
        )
        for seat, member in rows
    ]


def frozen(session: Session, consultation_id: int) -> list[RollEntry]:
    """Return the roll as it was frozen, in its order."""
    return list(
        session.scalars(
            select(RollEntry)
            .where(RollEntry.consultation_id == consultation_id)
            .order_by(RollEntry.place)
        )
    )


def lines_of(roll: Sequence[SeatLine] | Sequence[RollEntry], language: str) -> list[RollLine]:
    """Return the roll as the core counts it, names in *language*."""
    return [
        RollLine(
            code=_code(line),
            name=pick(line.name, language),
            groups=tuple(line.groups),
            weights={name: read_weight(size, name) for name, size in line.weights.items()},
            entitled=line.entitled,
        )
        for line in roll
    ]


def line_data(code: str, line: Mapping[str, Any], language: str = "en") -> RollLine:
    """Return one line of a roll from what a correction says of its member."""
    return RollLine(
        code=code,
        name=pick(line["name"], language),
        groups=tuple(line["groups"]),
        weights={name: read_weight(size, name) for name, size in line["weights"].items()},
        entitled=line["entitled"],
    )


def _code(line: Any) -> str:
    return str(line.code if isinstance(line, SeatLine) else line.member)


def _votes(seat: Seat, on: date) -> bool:
    return (seat.vote_from_on is None or seat.vote_from_on <= on) and (
        seat.vote_to_on is None or on <= seat.vote_to_on
    )
