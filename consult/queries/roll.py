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

Electorate = Mapping[str, Sequence[str]]  # "groups" and "members", each a list of codes


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
    no_vote_ground: str | None = None
    observer: bool = False


def seats_on(
    session: Session, body: Body, on: date, electorate: Electorate | None = None
) -> list[SeatLine]:
    """Return who holds a seat of *body* on that day, in the organisation's order.

    Args:
        electorate: Who is asked, if not the whole body: ``groups`` and ``members`` by code.
    """
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
            entitled=votes(seat, on),
            no_vote_under=None if votes(seat, on) or seat.observer else seat.no_vote_under,
            no_vote_ground=None if votes(seat, on) or seat.observer else seat.no_vote_ground,
            observer=seat.observer,
            zone=member.zone,
            capital=member.capital or {},
        )
        for seat, member in rows
        if electorate is None or is_asked(member.code, seat.groups, electorate)
    ]


def is_asked(code: str, groups: Sequence[str], electorate: Electorate) -> bool:
    """Say whether a member, by its code or one of its groups, belongs to *electorate*."""
    return code in electorate["members"] or not set(groups).isdisjoint(electorate["groups"])


def votes(seat: Seat, on: date) -> bool:
    """Say whether the holder of *seat* has the right to vote on that day."""
    if seat.observer:
        return False
    begun = seat.vote_from_on is None or seat.vote_from_on <= on
    return begun and (seat.vote_to_on is None or on <= seat.vote_to_on)


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
