"""The members of a body as the secretariat keeps them: seats, groups, weights, right to vote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.queries.roll import votes
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import Body, FocalPoint, Member, Person, Seat, reading


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat with all that staff may know of it.

    Args:
        now: Whether it is held today.
        votes: Whether its holder has the right to vote today.
        ground: Why the right to vote rests; for staff alone.
    """

    code: str
    name: str
    from_on: date
    to_on: date | None
    now: bool
    groups: tuple[str, ...]
    weights: Mapping[str, str]
    votes: bool
    vote_from_on: date | None
    vote_to_on: date | None
    provision: str | None
    ground: str | None
    observer: bool


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A body with the seats that are held today or will be, in the organisation's order."""

    slug: str
    name: str
    groups: tuple[Mapping[str, Any], ...]
    seats: tuple[SeatView, ...]

    def seat(self, code: str) -> SeatView:
        """Return the seat of a member: that of today, else the next.

        Raises:
            NotFound: The member holds none.
        """
        found = [seat for seat in self.seats if seat.code == code]
        if not found:
            raise NotFound(member=code)
        return next((seat for seat in found if seat.now), found[0])


@dataclass(frozen=True, slots=True)
class Ready:
    """How far a member can be reached and can answer.

    Args:
        people: How many may reply for it; their accounts are not shut.
        set_up: How many of them have set up the account.
    """

    seat: SeatView
    people: int
    set_up: int
    signed_in_at: datetime | None
    telephone: str | None

    @property
    def needs_attention(self) -> bool:
        """Say whether nobody could answer for the member now."""
        return not self.set_up


def body_page(engine: sa.Engine, slug: str, now: datetime, language: str) -> BodyPage:
    """Return a body with its members (two statements).

    Raises:
        NotFound: There is no such body.
    """
    with reading(engine) as session:
        return _page(session, slug, now, language)


def readiness(
    engine: sa.Engine, slug: str, now: datetime, language: str
) -> tuple[BodyPage, list[Ready]]:
    """Return of each member that holds a seat today how ready it is (three statements).

    Raises:
        NotFound: There is no such body.
    """
    with reading(engine) as session:
        found = _page(session, slug, now, language)
        people = _people(session, now)
    held = [seat for seat in found.seats if seat.now]
    return found, [_ready(seat, people.get(seat.code, [])) for seat in held]


def _page(session: Session, slug: str, now: datetime, language: str) -> BodyPage:
    body = session.scalar(sa.select(Body).where(Body.slug == slug))
    if body is None:
        raise NotFound(body=slug)
    today = now.astimezone(ZoneInfo(body.zone)).date()
    rows = session.execute(
        sa.select(Seat, Member)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.body_id == body.id, sa.or_(Seat.to_on.is_(None), Seat.to_on >= today))
        .order_by(Seat.place, Member.code, Seat.from_on)
    )
    return BodyPage(
        slug=slug,
        name=pick(body.name, language),
        groups=tuple(body.groups),
        seats=tuple(_view(seat, member, today, language) for seat, member in rows),
    )


def _people(session: Session, now: datetime) -> dict[str, list[Any]]:
    rows = session.execute(
        sa.select(Member.code, Person.set_up_at, Person.signed_in_at, Person.telephone)
        .join(FocalPoint, FocalPoint.member_id == Member.id)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(Person.disabled_at.is_(None), *in_force(now))
        .order_by(Member.code, FocalPoint.head.desc(), FocalPoint.id)
    )
    people: dict[str, list[Any]] = {}
    for row in rows:
        people.setdefault(row.code, []).append(row)
    return people


def _view(seat: Seat, member: Member, today: date, language: str) -> SeatView:
    return SeatView(
        code=member.code,
        name=pick(member.name, language),
        from_on=seat.from_on,
        to_on=seat.to_on,
        now=seat.from_on <= today,
        groups=tuple(seat.groups),
        weights=dict(seat.weights),
        votes=votes(seat, today),
        vote_from_on=seat.vote_from_on,
        vote_to_on=seat.vote_to_on,
        provision=seat.no_vote_under,
        ground=seat.no_vote_ground,
        observer=seat.observer,
    )


def _ready(seat: SeatView, people: list[Any]) -> Ready:
    return Ready(
        seat=seat,
        people=len(people),
        set_up=sum(one.set_up_at is not None for one in people),
        signed_in_at=max((one.signed_in_at for one in people if one.signed_in_at), default=None),
        telephone=next((one.telephone for one in people if one.telephone), None),
    )
