"""What became of the notices of a consultation: for the officer, member by member (T84)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.schedule import TELL_WHO_REPLIED, NoticeKind, NoticeState
from consult.queries.roll import frozen
from consult.queries.texts import pick
from consult.tables import Consultation, Notice, RollEntry, reading

WAITING = frozenset({NoticeState.QUEUED, NoticeState.SENDING, NoticeState.DEFERRED})
REACHED = WAITING | {NoticeState.SENT}  # delivered, or it still can be


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One kind of notice to one member on one occasion, in one state.

    Args:
        people: How many people it stands for.
        at: When it was sent, or is tried next, or was queued.
        cause: Why it failed, waits or was cancelled; the server's words or our code.
    """

    kind: NoticeKind
    occasion: str
    state: NoticeState
    people: int
    at: datetime
    cause: str | None


@dataclass(frozen=True, slots=True)
class MemberNotices:
    """The notices to one member, newest first.

    Args:
        unreached: No notice was delivered to its people or can still be.
    """

    code: str
    name: str
    lines: tuple[NoticeLine, ...]
    counts: Mapping[NoticeState, int]
    unreached: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All notices of a consultation.

    Args:
        staff: Those to the secretariat.
        oldest_waiting: When the oldest that waits was queued; None if none waits.
    """

    slug: str
    reference: str
    members: tuple[MemberNotices, ...]
    staff: tuple[NoticeLine, ...]
    counts: Mapping[NoticeState, int]
    oldest_waiting: datetime | None


def board(
    engine: sa.Engine, slug: str, language: str, *, hides_replies: bool = False
) -> Board | None:
    """Return the notices of a consultation; None if there is no such one (three statements).

    Args:
        hides_replies: Acknowledgements are left out: they would tell who replied.
    """
    with reading(engine) as session:
        letter = session.execute(
            select(Consultation.id, Consultation.reference).where(Consultation.slug == slug)
        ).first()
        if letter is None:
            return None
        roll = frozen(session, letter.id)
        rows = session.execute(_lines(letter.id)).all()
    if hides_replies:
        rows = [row for row in rows if row.kind not in TELL_WHO_REPLIED]
    by_member: dict[str | None, list[NoticeLine]] = {}
    for row in rows:
        by_member.setdefault(row.member, []).append(_line(row))
    waiting = [row.queued_at for row in rows if row.state in WAITING]
    return Board(
        slug=slug,
        reference=letter.reference,
        members=tuple(_of_member(line, by_member.get(line.member, []), language) for line in roll),
        staff=tuple(by_member.get(None, [])),
        counts=_counts([line for lines in by_member.values() for line in lines]),
        oldest_waiting=min(waiting, default=None),
    )


def last_notices(session: Session, consultation_id: int) -> dict[str, NoticeLine]:
    """Return of each member its newest notice; one person stands for its kind (one statement)."""
    found: dict[str, NoticeLine] = {}
    for row in session.execute(_lines(consultation_id)):
        if row.member is not None:
            found.setdefault(row.member, _line(row))
    return found


def unreached(
    session: Session, ids: Collection[int], closed: Collection[int], language: str
) -> dict[int, list[str]]:
    """Return of consultations the members that no notice reached, by name (one statement).

    Args:
        closed: Those in which nobody may see who replied: acknowledgements would tell.
    """
    told = (
        sa.exists()
        .where(
            Notice.consultation_id == RollEntry.consultation_id,
            Notice.member == RollEntry.member,
            Notice.state.in_(REACHED),
            sa.or_(Notice.kind.not_in(TELL_WHO_REPLIED), Notice.consultation_id.not_in(closed)),
        )
        .correlate(RollEntry)
    )
    rows = session.execute(
        select(RollEntry.consultation_id, RollEntry.name)
        .where(RollEntry.consultation_id.in_(ids), ~told)
        .order_by(RollEntry.consultation_id, RollEntry.place)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.consultation_id, []).append(pick(row.name, language))
    return found


def notice_counts(session: Session, consultation_id: int) -> dict[NoticeState, int]:
    """Return how many notices of a consultation are in each state (one statement)."""
    rows = session.execute(
        select(Notice.state, func.count())
        .where(Notice.consultation_id == consultation_id)
        .group_by(Notice.state)
    )
    return {row[0]: row[1] for row in rows}


def oldest_waiting(session: Session, now: datetime) -> datetime | None:
    """Return when the oldest notice that should have left by *now* was queued."""
    return session.scalar(
        select(func.min(Notice.queued_at)).where(
            Notice.state.in_(WAITING), Notice.not_before <= now
        )
    )


def _lines(consultation_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Group people of one member who share the fate of one notice, newest first."""
    fate = (Notice.member, Notice.kind, Notice.occasion, Notice.state, Notice.cause)
    return (
        select(
            *fate,
            func.count().label("people"),
            func.max(Notice.sent_at).label("sent_at"),
            func.min(Notice.not_before).label("not_before"),
            func.min(Notice.queued_at).label("queued_at"),
        )
        .where(Notice.consultation_id == consultation_id)
        .group_by(*fate)
        .order_by(func.max(Notice.id).desc())
    )


def _line(row: sa.Row[*tuple[Any, ...]]) -> NoticeLine:
    waits = row.state in WAITING
    return NoticeLine(
        kind=row.kind,
        occasion=row.occasion,
        state=row.state,
        people=row.people,
        at=row.sent_at or (row.not_before if waits else row.queued_at),
        cause=row.cause,
    )


def _of_member(line: RollEntry, lines: list[NoticeLine], language: str) -> MemberNotices:
    counts = _counts(lines)
    alive = sum(counts[state] for state in REACHED)
    return MemberNotices(
        code=line.member,
        name=pick(line.name, language),
        lines=tuple(lines),
        counts=counts,
        unreached=not alive,
    )


def _counts(lines: list[NoticeLine]) -> Counter[NoticeState]:
    counts: Counter[NoticeState] = Counter()
    for line in lines:
        counts[line.state] += line.people
    return counts
