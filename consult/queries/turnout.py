"""Who has replied and who has not, region by region: that it was done, never what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.roll import RollLine
from consult.queries.roll import frozen, lines_of
from consult.queries.sessions import in_force
from consult.queries.texts import pick
from consult.tables import FocalPoint, Member, Person, RollEntry


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one member has come.

    Args:
        replied_at: Of the newest version in time; None if there is none.
        complete: It has a position on every item.
        versions: The number of the newest version, late ones too.
    """

    code: str
    name: str
    entitled: bool
    no_vote_under: str | None
    replied_at: datetime | None
    complete: bool
    versions: int

    @property
    def replied(self) -> bool:
        return self.entitled and self.replied_at is not None

    @property
    def lacking(self) -> bool:
        """Whether a reminder goes to it: no reply, or one with gaps."""
        return self.entitled and not self.complete


@dataclass(frozen=True, slots=True)
class Region:
    """Members of one region, in the organisation's order."""

    code: str
    name: str
    members: tuple[Standing, ...]

    @property
    def entitled(self) -> int:
        return sum(member.entitled for member in self.members)

    @property
    def replied(self) -> int:
        return sum(member.replied for member in self.members)


@dataclass(frozen=True, slots=True)
class Turnout:
    """All members on a roll.

    Args:
        lines: The roll as the core counts it.
    """

    regions: tuple[Region, ...]
    lines: tuple[RollLine, ...]

    @property
    def members(self) -> list[Standing]:
        return [member for region in self.regions for member in region.members]

    @property
    def entitled(self) -> int:
        return sum(region.entitled for region in self.regions)

    @property
    def replied(self) -> int:
        return sum(region.replied for region in self.regions)


@dataclass(frozen=True, slots=True)
class Access:
    """How the people of a member can be reached.

    Args:
        people: How many of them there are.
        set_up: One of them at least has set up the account.
        signed_in_at: When one of them was here last.
        address, telephone: Of the head focal point, else of another.
    """

    people: int
    set_up: bool
    signed_in_at: datetime | None
    address: str
    telephone: str | None


def turnout(
    session: Session, consultation_id: int, groups: Sequence[Mapping[str, Any]], language: str
) -> Turnout:
    """Return who has replied on the roll of a consultation (one statement)."""
    roll = frozen(session, consultation_id)
    regions: dict[str, list[Standing]] = {group["id"]: [] for group in groups}
    for line in roll:
        regions.setdefault(_region(line, regions), []).append(_standing(line, language))
    names = {group["id"]: pick(group["name"], language) for group in groups}
    return Turnout(
        tuple(
            Region(code, names.get(code, ""), tuple(members))
            for code, members in regions.items()
            if members
        ),
        tuple(lines_of(roll, language)),
    )


def access(session: Session, members: Sequence[str], now: datetime) -> dict[str, Access]:
    """Return how the people of *members* can be reached (one statement)."""
    rows = session.execute(
        sa.select(
            Member.code,
            Person.address,
            Person.telephone,
            Person.set_up_at,
            Person.signed_in_at,
        )
        .join(FocalPoint, FocalPoint.member_id == Member.id)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(
            Member.code.in_(members),
            FocalPoint.adviser.is_(False),
            Person.disabled_at.is_(None),
            *in_force(now),
        )
        .order_by(Member.code, FocalPoint.head.desc(), FocalPoint.id)
    )
    people: dict[str, list[Any]] = {}
    for row in rows:
        people.setdefault(row.code, []).append(row)
    return {code: _access(rows) for code, rows in people.items()}


def _region(line: RollEntry, known: Mapping[str, Any]) -> str:
    first = line.groups[0] if line.groups else ""
    return first if first in known else ""


def _standing(line: RollEntry, language: str) -> Standing:
    return Standing(
        code=line.member,
        name=pick(line.name, language),
        entitled=line.entitled,
        no_vote_under=line.no_vote_under,
        replied_at=line.replied_at,
        complete=line.complete,
        versions=line.versions,
    )


def _access(people: Sequence[Any]) -> Access:
    return Access(
        people=len(people),
        set_up=any(one.set_up_at for one in people),
        signed_in_at=max((one.signed_in_at for one in people if one.signed_in_at), default=None),
        address=people[0].address,
        telephone=next((one.telephone for one in people if one.telephone), None),
    )
