"""The secretariat's desk: every consultation that lives, its turnout and mail, and what waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.life import Act, Kind, State, state_at
from consult.core.schedule import NoticeState, steps
from consult.queries.notices import WAITING, unreached
from consult.queries.requests import Waiting, waiting
from consult.queries.silence import objections_alone
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Notice, Person, Record, Request, RollEntry, reading

PUBLISHED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """How the notices of a consultation fare.

    Args:
        failed: The names of the members to which a notice could not be delivered.
        unreached: Of those that none reached or can still reach; the letter is open.
    """

    waiting: int
    failed: tuple[str, ...]
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One consultation.

    Args:
        state: By the clock.
        acts: Whether it asks for objections alone: then nobody lacks a reply, and who replied
            is not shown before disclosure.
        lacking: How many entitled members have no reply or one with gaps.
        next_reminder: The next that the schedule sends; None if there is none.
        sent_back: Why a draft came back, with the name of who sent it back.
        number: Of its published record; that of a rehearsal has none.
        rehearsal: Whether it counts for nothing.
        comments: Whether it is a comment round.
    """

    id: int
    slug: str
    reference: str
    subject: str
    body: str
    seat: Mapping[str, str]
    zone: str
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    changed_at: datetime
    entitled: int
    replied: int
    lacking: int
    acts: bool
    next_reminder: datetime | None
    mail: Mail
    sent_back: tuple[str, str] | None = None
    number: str | None = None
    rehearsal: bool = False
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """All that lives, those with a near deadline first, and what was published last."""

    lines: tuple[Line, ...]
    published: tuple[Line, ...]
    published_total: int
    waiting: tuple[Waiting, ...]

    def of(self, *states: State) -> list[Line]:
        return [line for line in self.lines if line.state in states]


def office(engine: sa.Engine, now: datetime, language: str, *, published: bool) -> Office:
    """Return the desk (ten statements at most).

    Args:
        published: Whether the newest published consultations are wanted too.
    """
    with reading(engine) as session:
        rows = session.execute(_living()).all()
        ids = [row.id for row in rows]
        acts = objections_alone(session, ids)
        opened = [row.id for row in rows if row.state is State.OPEN and row.closes_at > now]
        mail = _mail(session, ids, language, unreached(session, opened, acts, language))
        reasons = _sent_back(session, ids)
        total = session.scalar(
            sa.select(sa.func.count()).where(Consultation.state == State.PUBLISHED)
        )
        gone = session.execute(_published()).all() if published else []
        requests = waiting(session, now, language)
    return Office(
        lines=tuple(
            _line(row, now, language, mail.get(row.id, _NO_MAIL), reasons.get(row.id), acts)
            for row in rows
        ),
        published=tuple(_line(row, now, language, _NO_MAIL) for row in gone),
        published_total=total or 0,
        waiting=tuple(requests),
    )


_NO_MAIL = Mail(0, ())


def _columns() -> Sequence[sa.ColumnElement[Any]]:
    def count(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return (
            sa.select(sa.func.count())
            .where(
                RollEntry.consultation_id == Consultation.id,
                RollEntry.entitled.is_(True),
                *conditions,
            )
            .scalar_subquery()
        )

    columns: list[Any] = [
        Consultation.id,
        Consultation.slug,
        Consultation.reference,
        Consultation.subject,
        Consultation.languages,
        Consultation.state,
        Consultation.opens_at,
        Consultation.closes_at,
        Consultation.changed_at,
        Consultation.reminders,
        Consultation.rehearsal,
        Consultation.kind,
        Body.name.label("body"),
        Body.seat,
        Body.zone,
        count().label("entitled"),
        count(RollEntry.replied_at.is_not(None)).label("replied"),
        count(RollEntry.complete.is_(False)).label("lacking"),
    ]
    return columns


def _living() -> sa.Select[Any]:
    return (
        sa.select(*_columns())
        .join(Body, Body.id == Consultation.body_id)
        .where(Consultation.state.not_in([State.DISCARDED, State.PUBLISHED]))
        .order_by(Consultation.closes_at, Consultation.id)
    )


def _published() -> sa.Select[Any]:
    newer = aliased(Record)
    newest = ~sa.exists().where(
        newer.consultation_id == Record.consultation_id, newer.revision > Record.revision
    )
    return (
        sa.select(*_columns(), Record.year, Record.serial)
        .join(Body, Body.id == Consultation.body_id)
        .join(Record, Record.consultation_id == Consultation.id)
        .where(Consultation.state == State.PUBLISHED, newest)
        .order_by(Record.published_at.desc(), Record.id.desc())
        .limit(PUBLISHED_SHOWN)
    )


def _mail(
    session: Session, ids: Sequence[int], language: str, none: Mapping[int, Sequence[str]]
) -> dict[int, Mail]:
    """Return how the notices of consultations fare (two statements)."""
    counts: dict[int, Counter[NoticeState]] = {}
    for row in session.execute(
        sa.select(Notice.consultation_id, Notice.state, sa.func.count().label("people"))
        .where(Notice.consultation_id.in_(ids), Notice.state.in_(WAITING))
        .group_by(Notice.consultation_id, Notice.state)
    ):
        counts.setdefault(row.consultation_id, Counter())[row.state] = row.people
    failed: dict[int, list[str]] = {}
    bounced = session.execute(
        sa.select(RollEntry.consultation_id, RollEntry.name)
        .where(
            RollEntry.consultation_id.in_(ids),
            sa.exists().where(
                Notice.consultation_id == RollEntry.consultation_id,
                Notice.member == RollEntry.member,
                Notice.state == NoticeState.FAILED,
            ),
        )
        .order_by(RollEntry.consultation_id, RollEntry.place)
    )
    for number, name in bounced:
        failed.setdefault(number, []).append(pick(name, language))
    return {
        one: Mail(
            waiting=sum(counts.get(one, Counter()).values()),
            failed=tuple(failed.get(one, ())),
            unreached=tuple(none.get(one, ())),
        )
        for one in ids
    }


def _sent_back(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return of each draft that came back who sent it back, and why (one statement)."""
    rows = session.execute(
        sa.select(Request.consultation_id, Request.reason, Person.name)
        .join(Consultation, Consultation.id == Request.consultation_id)
        .join(Person, Person.id == Request.decided_by_id)
        .where(
            Request.consultation_id.in_(ids),
            Request.act == Act.OPEN,
            Request.confirmed.is_(False),
            Consultation.state == State.DRAFT,
        )
        .order_by(Request.id)
    )
    return {row.consultation_id: (row.name, row.reason or "") for row in rows}


def _line(
    row: Any,
    now: datetime,
    language: str,
    mail: Mail,
    sent_back: tuple[str, str] | None = None,
    acts: frozenset[int] = frozenset(),
) -> Line:
    first = (row.languages or ["en"])[0]
    state = state_at(row.state, row.closes_at, now)
    numbered = hasattr(row, "serial")
    return Line(
        id=row.id,
        slug=row.slug,
        reference=row.reference,
        subject=pick(row.subject, language, first),
        body=pick(row.body, language, first),
        seat=row.seat,
        zone=row.zone,
        state=state,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        changed_at=row.changed_at,
        entitled=row.entitled,
        replied=row.replied,
        lacking=0 if row.id in acts else row.lacking,
        acts=row.id in acts,
        next_reminder=next_reminder(row.reminders, row.opens_at, row.closes_at, now)
        if state is State.OPEN
        else None,
        mail=mail,
        sent_back=sent_back,
        number=f"{row.year}/{row.serial}" if numbered and not row.rehearsal else None,
        rehearsal=row.rehearsal,
        comments=row.kind is Kind.COMMENTS,
    )


def next_reminder(
    reminders: Sequence[int], opens_at: datetime, closes_at: datetime, now: datetime
) -> datetime | None:
    """Return when the schedule sends the next reminder."""
    planned = steps(reminders, opens_at, closes_at)
    return next((step.due_at for step in planned if step.due_at > now), None)
