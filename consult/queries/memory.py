"""What the service remembers: a member's letters over the years, and a body's turnout."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import NOT_OPENED, Disclosure, Kind, State, disclosed, state_at
from consult.core.participation import Letter, Reminder
from consult.core.schedule import NoticeKind, NoticeState
from consult.errors import NotFound
from consult.queries.admitted import admitted_in_each
from consult.queries.texts import pick
from consult.tables import (
    Body,
    Comment,
    Consultation,
    Member,
    Notice,
    Record,
    Reply,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Past:
    """One letter to a member, and what the member did.

    Args:
        body, seat, zone: Whose letter it is, and where its times are.
        versions: Of its replies, by number; the newest last.
        counted: The version that counts; None where it is silent.
        late: The versions that came late.
        said: How often it took each position, where the reader may see it; else None.
        number: Of the published record; empty before.
        comments: Whether it is a comment round: its versions are comments, and nothing is voted on.
    """

    slug: str
    reference: str
    subject: str
    body: str
    seat: Mapping[str, str]
    zone: str
    state: State
    opens_at: datetime
    closes_at: datetime
    entitled: bool
    complete: bool
    versions: tuple[int, ...]
    counted: int | None
    received_at: datetime | None
    late: tuple[int, ...]
    said: Mapping[str, int] | None
    number: str
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A member with its letters, the newest first."""

    code: str
    name: str
    letters: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A body with its letters as far as taking part goes, the oldest first."""

    slug: str
    name: str
    regions: Mapping[str, str]
    letters: tuple[Letter, ...]


def of_member(
    engine: sa.Engine, code: str, now: datetime, language: str, *, own: bool
) -> Remembered:
    """Return all letters to a member (five statements).

    Args:
        own: The reader may reply for the member and so sees its positions; the secretariat sees
            those that are disclosed (T33).

    Raises:
        NotFound: There is no such member.
    """
    with reading(engine) as session:
        member = session.scalar(sa.select(Member).where(Member.code == code))
        if member is None:
            raise NotFound(member=code)
        letters = session.execute(_letters_to(code, now)).all()
        replies = session.execute(
            sa.select(
                Reply.consultation_id,
                Reply.version,
                Reply.number,
                _late(),
                Reply.received_at,
                Reply.choices,
            )
            .join(Consultation, Consultation.id == Reply.consultation_id)
            .where(Reply.member == code)
            .order_by(Reply.consultation_id, Reply.received_at, Reply.version)
        ).all()
        comments = session.execute(
            sa.select(
                Comment.consultation_id,
                Comment.version,
                Comment.number,
                (Comment.received_at >= Consultation.closes_at).label("late"),
                Comment.received_at,
                Comment.remarks,
            )
            .join(Consultation, Consultation.id == Comment.consultation_id)
            .where(Comment.member == code)
            .order_by(Comment.consultation_id, Comment.received_at, Comment.version)
        ).all()
        ruled = admitted_in_each(session, [row.id for row in letters])
    by_letter: dict[int, list[Any]] = {}
    for reply in [*replies, *comments]:
        by_letter.setdefault(reply.consultation_id, []).append(reply)
    return Remembered(
        code,
        pick(member.name, language),
        tuple(
            _past(row, by_letter.get(row.id, []), ruled.get(row.id, {}), now, language, own=own)
            for row in letters
        ),
    )


def _late() -> sa.Label[bool]:
    """Say whether a reply came late: by the deadline as it stands, an outage may have moved it."""
    return (Reply.received_at >= Consultation.closes_at).label("late")


def _letters_to(code: str, now: datetime) -> sa.Executable:
    return (
        sa.select(
            Consultation.id,
            Consultation.slug,
            Consultation.reference,
            Consultation.subject,
            Consultation.kind,
            Consultation.state,
            Consultation.disclosure,
            Consultation.opens_at,
            Consultation.closes_at,
            Body.name.label("body"),
            Body.seat,
            Body.zone,
            RollEntry.entitled,
            RollEntry.complete,
            sa.func.max(Record.year).label("year"),
            sa.func.max(Record.serial).label("serial"),
        )
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .join(Body, Body.id == Consultation.body_id)
        .outerjoin(Record, Record.consultation_id == Consultation.id)
        .where(
            RollEntry.member == code,
            Consultation.state.not_in(NOT_OPENED),
            Consultation.rehearsal.is_(False),
            Consultation.opens_at <= now,
        )
        .group_by(Consultation.id, Body.id, RollEntry.id)
        .order_by(Consultation.opens_at.desc(), Consultation.id.desc())
    )


def _past(
    row: Any,
    replies: list[Any],
    ruled: Mapping[int, bool],
    now: datetime,
    language: str,
    *,
    own: bool,
) -> Past:
    counting = [reply for reply in replies if ruled.get(reply.number, not reply.late)]
    newest = counting[-1] if counting else None
    comments = row.kind is Kind.COMMENTS
    speaks = newest is not None and bool(
        newest.remarks if comments else any(newest.choices.values())
    )
    state = state_at(row.state, row.closes_at, now)
    may = own or disclosed(
        state,
        Disclosure(row.disclosure),
        staff=True,
        on_roll=False,
        published_to_all=False,
    )
    choices = newest.choices.values() if newest and not comments else ()
    said = dict(Counter(said for said in choices if said))
    return Past(
        slug=row.slug,
        reference=row.reference,
        subject=pick(row.subject, language),
        body=pick(row.body, language),
        seat=row.seat,
        zone=row.zone,
        state=state,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        entitled=row.entitled,
        complete=row.complete,
        versions=tuple(sorted(reply.version for reply in replies)),
        counted=newest.version if newest and speaks else None,
        received_at=newest.received_at if newest else None,
        late=tuple(reply.version for reply in replies if reply.late),
        said=said if may else None,
        number=f"{row.year}/{row.serial}" if row.year else "",
        comments=comments,
    )


def of_body(engine: sa.Engine, slug: str, now: datetime, language: str) -> Figures:
    """Return what the letters of a body tell of taking part (five statements).

    A comment round asks for no reply, and a rehearsal counts for nothing: neither is among them.

    Only letters that are closed count: an open one is still on its way.

    Raises:
        NotFound: There is no such body.
    """
    with reading(engine) as session:
        body = session.scalar(sa.select(Body).where(Body.slug == slug))
        if body is None:
            raise NotFound(body=slug)
        rows = session.execute(
            sa.select(
                Consultation.id,
                Consultation.slug,
                Consultation.reference,
                Consultation.subject,
                Consultation.opens_at,
                Consultation.closes_at,
            )
            .where(
                Consultation.body_id == body.id,
                Consultation.state.not_in(NOT_OPENED),
                Consultation.kind != Kind.COMMENTS,
                Consultation.rehearsal.is_(False),
                Consultation.closes_at <= now,
            )
            .order_by(Consultation.opens_at, Consultation.id)
        ).all()
        ids = [row.id for row in rows]
        roll, replies, reminders = _roll(session, ids), _replies(session, ids), _sent(session, ids)
    return Figures(
        slug=slug,
        name=pick(body.name, language),
        regions={group["id"]: pick(group["name"], language) for group in body.groups},
        letters=tuple(
            _letter(row, roll.get(row.id, {}), replies.get(row.id, []), reminders, language)
            for row in rows
        ),
    )


def bodies(engine: sa.Engine, language: str) -> tuple[tuple[str, str], ...]:
    """Return slug and name of every body (one statement)."""
    with reading(engine) as session:
        rows = session.execute(sa.select(Body.slug, Body.name).order_by(Body.slug))
        return tuple((row.slug, pick(row.name, language) or row.slug) for row in rows)


def _letter(
    row: Any,
    entitled: Mapping[str, str],
    replies: list[Any],
    reminders: Mapping[int, list[Reminder]],
    language: str,
) -> Letter:
    first: dict[str, datetime] = {}
    late: set[str] = set()
    for reply in replies:
        if reply.member not in entitled:
            continue
        if reply.late:
            late.add(reply.member)
        elif any(reply.choices.values()):
            first.setdefault(reply.member, reply.received_at)
    return Letter(
        slug=row.slug,
        reference=row.reference,
        subject=pick(row.subject, language),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        entitled=entitled,
        first=first,
        late=len(late - first.keys()),
        reminders=tuple(reminders.get(row.id, ())),
    )


def _roll(session: Session, ids: list[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = session.execute(
        sa.select(RollEntry.consultation_id, RollEntry.member, RollEntry.groups).where(
            RollEntry.consultation_id.in_(ids), RollEntry.entitled.is_(True)
        )
    )
    for row in rows:
        found.setdefault(row.consultation_id, {})[row.member] = row.groups[0] if row.groups else ""
    return found


def _replies(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = session.execute(
        sa.select(Reply.consultation_id, Reply.member, _late(), Reply.received_at, Reply.choices)
        .join(Consultation, Consultation.id == Reply.consultation_id)
        .where(Reply.consultation_id.in_(ids))
        .order_by(Reply.received_at, Reply.version)
    )
    for row in rows:
        found.setdefault(row.consultation_id, []).append(row)
    return found


def _sent(session: Session, ids: list[int]) -> dict[int, list[Reminder]]:
    """Return the reminders of each letter that went out; a step is one, whoever got it."""
    rows = session.execute(
        sa.select(Notice.consultation_id, Notice.member, Notice.occasion, Notice.queued_at).where(
            Notice.consultation_id.in_(ids),
            Notice.kind == NoticeKind.REMINDER,
            Notice.state != NoticeState.CANCELLED,
            Notice.member.is_not(None),
        )
    )
    steps: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        step = row.occasion.removeprefix(f"{row.member}-")
        steps.setdefault((row.consultation_id, step), []).append(row)
    found: dict[int, list[Reminder]] = {}
    for (letter, _step), sent in steps.items():
        members = frozenset(row.member for row in sent)
        reminder = Reminder(min(row.queued_at for row in sent), members)
        found.setdefault(letter, []).append(reminder)
    return found
