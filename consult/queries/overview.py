"""One consultation on one page: time, turnout, who is silent, its mail, what waits, what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import State
from consult.core.need import Need, need
from consult.core.rule import Rule, parse
from consult.core.schedule import NoticeState
from consult.queries.conflicts import Conflict, conflicts
from consult.queries.consultation import Head, head
from consult.queries.following import Followed, follows
from consult.queries.history import Event, latest
from consult.queries.notices import WAITING, NoticeLine, last_notices, notice_counts, unreached
from consult.queries.office import next_reminder
from consult.queries.requests import Waiting, recorded, waiting
from consult.queries.silence import Objection, objections
from consult.queries.texts import pick
from consult.queries.turnout import Access, Standing, Turnout, access, turnout
from consult.tables import Item, Notice, Record, Reply, RollEntry, reading

_LATEST = 5


@dataclass(frozen=True, slots=True)
class Silent:
    """A member whose reply is missing or has gaps."""

    standing: Standing
    access: Access | None
    notice: NoticeLine | None
    request: Waiting | None


@dataclass(frozen=True, slots=True)
class Late:
    """A reply that came after the deadline: that it came, not what it says."""

    member: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the notices fare.

    Args:
        failed: The names of the members to which one could not be delivered.
        unreached: Of those that none reached or can still reach; the letter is open.
    """

    sent: int
    waiting: int
    oldest_waiting: datetime | None
    failed: tuple[str, ...]
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A consultation as the secretariat follows it.

    Args:
        rule, need: None while a draft has no rule.
        others: Of the items that are decided by another rule, what that takes on the roll.
        recorded: The members whose replies came otherwise, one name a reply.
        number: Of the published record; that of a rehearsal has none.
        objections: Those that break the silence on an item.
        follows: The consultation that this one follows, and those that follow it.
    """

    head: Head
    turnout: Turnout
    rule: Rule | None
    need: Need | None
    others: Mapping[str, Need]
    silent: tuple[Silent, ...]
    late: tuple[Late, ...]
    conflicts: tuple[Conflict, ...]
    delivery: Delivery
    waiting: tuple[Waiting, ...]
    recorded: tuple[str, ...]
    events: tuple[Event, ...]
    next_reminder: datetime | None
    number: str | None
    objections: tuple[Objection, ...]
    follows: tuple[Followed, ...]


def overview(engine: sa.Engine, slug: str, now: datetime, language: str) -> Overview:
    """Return the page of a consultation (twenty-three statements at most).

    Raises:
        NotFound: There is none.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        found = turnout(session, about.id, about.groups, language)
        requests = waiting(session, now, language, about.id)
        rule = parse(about.rule) if about.rule else None
        return Overview(
            head=about,
            turnout=found,
            rule=rule,
            need=need(rule, found.lines) if rule and found.lines else None,
            others=_others(session, about.id, found) if found.lines else {},
            silent=tuple(_silent(session, about, found, requests, now)),
            late=() if about.hides_replies else _late(session, about, language),
            conflicts=() if about.hides_replies else conflicts(session, about.id),
            delivery=_delivery(session, about, language),
            waiting=tuple(requests),
            recorded=recorded(session, about.id, language),
            events=tuple(latest(session, about, _LATEST, language)),
            next_reminder=_next(about, now),
            number=_number(session, about),
            objections=objections(session, about.id),
            follows=follows(session, about.id),
        )


def _others(session: Session, consultation_id: int, found: Turnout) -> dict[str, Need]:
    rows = session.execute(
        sa.select(Item.code, Item.rule)
        .where(
            Item.consultation_id == consultation_id,
            Item.rule.is_not(None),
            Item.withdrawn_at.is_(None),
        )
        .order_by(Item.place)
    )
    return {row.code: need(parse(row.rule), found.lines) for row in rows if row.rule}


def _silent(
    session: Session, about: Head, found: Turnout, requests: list[Waiting], now: datetime
) -> list[Silent]:
    """Return whom a reminder would reach, in the organisation's order; none once it is closed."""
    if about.state is not State.OPEN or about.acts:
        return []
    lacking = [member for member in found.members if member.lacking]
    reached: Mapping[str, Access] = access(session, [member.code for member in lacking], now)
    told = last_notices(session, about.id)
    asked = {request.code: request for request in requests if request.channel}
    return [
        Silent(
            standing=member,
            access=reached.get(member.code),
            notice=told.get(member.code),
            request=asked.get(member.code),
        )
        for member in lacking
    ]


def _late(session: Session, about: Head, language: str) -> tuple[Late, ...]:
    if about.closes_at is None:
        return ()  # a draft without a deadline
    rows = session.execute(
        sa.select(RollEntry.name, Reply.received_at)
        .join(
            RollEntry,
            sa.and_(
                RollEntry.consultation_id == Reply.consultation_id,
                RollEntry.member == Reply.member,
            ),
        )
        .where(Reply.consultation_id == about.id, Reply.received_at >= about.closes_at)
        .order_by(Reply.received_at, Reply.id)
    )
    return tuple(Late(pick(row.name, language), row.received_at) for row in rows)


def _delivery(session: Session, about: Head, language: str) -> Delivery:
    """Return how the notices fare (four statements at most)."""
    consultation_id = about.id
    closed = [about.id] if about.hides_replies else []
    none = unreached(session, [about.id], closed, language) if about.state is State.OPEN else {}
    counts = notice_counts(session, consultation_id)
    oldest = session.scalar(
        sa.select(sa.func.min(Notice.queued_at)).where(
            Notice.consultation_id == consultation_id, Notice.state.in_(WAITING)
        )
    )
    failed = session.scalars(
        sa.select(RollEntry.name)
        .where(
            RollEntry.consultation_id == consultation_id,
            sa.exists().where(
                Notice.consultation_id == consultation_id,
                Notice.member == RollEntry.member,
                Notice.state == NoticeState.FAILED,
            ),
        )
        .order_by(RollEntry.place)
    )
    return Delivery(
        sent=counts.get(NoticeState.SENT, 0),
        waiting=sum(counts.get(state, 0) for state in WAITING),
        oldest_waiting=oldest,
        failed=tuple(pick(name, language) for name in failed),
        unreached=tuple(none.get(about.id, ())),
    )


def _next(about: Head, now: datetime) -> datetime | None:
    if about.state is not State.OPEN or about.opens_at is None or about.closes_at is None:
        return None
    return next_reminder(about.reminders, about.opens_at, about.closes_at, now)


def _number(session: Session, about: Head) -> str | None:
    if about.state is not State.PUBLISHED or about.rehearsal:
        return None
    row = session.execute(
        sa.select(Record.year, Record.serial)
        .where(Record.consultation_id == about.id)
        .order_by(Record.revision.desc())
    ).first()
    return f"{row.year}/{row.serial}" if row else None
