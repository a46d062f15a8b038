"""How each member on the roll of a letter can be reached, what its mail came to, if it replied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import BEFORE
from consult.core.schedule import TELL_WHO_REPLIED, NoticeState
from consult.errors import NotFound
from consult.queries.consultation import Head, head
from consult.queries.notices import REACHED, WAITING, NoticeLine
from consult.queries.turnout import Access, Standing, access, turnout
from consult.tables import Notice, reading


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A member on the roll.

    Args:
        access: None where nobody is named.
        failed: To how many people a notice could not be delivered, and why the last one failed.
        oldest_waiting: When the oldest notice that still waits was queued.
        unreached: No notice was delivered to its people or can still be.
    """

    standing: Standing
    access: Access | None
    last: NoticeLine | None
    failed: int
    cause: str | None
    oldest_waiting: datetime | None
    unreached: bool

    @property
    def needs_attention(self) -> bool:
        """Say whether it might not answer: nobody, no account, a mail that failed."""
        return not (self.access and self.access.set_up) or self.unreached or self.failed > 0


@dataclass(frozen=True, slots=True)
class Readiness:
    """A consultation with its members, region by region: (name of the region, lines)."""

    head: Head
    regions: tuple[tuple[str, tuple[ReadyLine, ...]], ...]

    @property
    def lines(self) -> list[ReadyLine]:
        return [line for _name, lines in self.regions for line in lines]


def readiness_of(engine: sa.Engine, slug: str, now: datetime, language: str) -> Readiness:
    """Return how ready the members of a consultation are (five statements at most).

    Raises:
        NotFound: There is no such consultation, or it was never opened.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.state in BEFORE:
            raise NotFound(slug=slug)
        found = turnout(session, about.id, about.groups, language)
        people = access(session, [member.code for member in found.members], now)
        mail = _mail(session, about)
    return Readiness(
        about,
        tuple(
            (
                region.name or region.code,
                tuple(
                    _line(member, people.get(member.code), mail.get(member.code, ()))
                    for member in region.members
                ),
            )
            for region in found.regions
        ),
    )


def _mail(session: Session, about: Head) -> Mapping[str, Sequence[Any]]:
    """Return of each member its notices, the newest first (one statement).

    Where nobody may see who replied acknowledgements are left out: they would tell.
    """
    wanted = [Notice.consultation_id == about.id, Notice.member.is_not(None)]
    if about.hides_replies:
        wanted.append(Notice.kind.not_in(TELL_WHO_REPLIED))
    rows = session.execute(
        sa.select(
            Notice.member,
            Notice.person_id,
            Notice.kind,
            Notice.occasion,
            Notice.state,
            Notice.cause,
            Notice.queued_at,
            Notice.sent_at,
        )
        .where(*wanted)
        .order_by(Notice.id.desc())
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.member, []).append(row)
    return found


def _line(member: Standing, people: Access | None, mail: Sequence[Any]) -> ReadyLine:
    failed = [one for one in mail if one.state is NoticeState.FAILED]
    waiting = [one.queued_at for one in mail if one.state in WAITING]
    return ReadyLine(
        standing=member,
        access=people,
        last=_last(mail[0]) if mail else None,
        failed=len({one.person_id for one in failed}),
        cause=failed[0].cause if failed else None,
        oldest_waiting=min(waiting, default=None),
        unreached=not any(one.state in REACHED for one in mail),
    )


def _last(row: Any) -> NoticeLine:
    return NoticeLine(row.kind, row.occasion, row.state, 1, row.sent_at or row.queued_at, row.cause)
