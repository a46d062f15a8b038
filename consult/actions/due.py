"""What falls due by the clock: reminders to members without a complete reply, and the closing."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import closing
from consult.actions.change import Change, Desk, change
from consult.core.life import SYSTEM, Actor, NotNow, Role, State, settled
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind, NoticeState, Step, due, occasion, steps
from consult.errors import BadInput, NotAllowed, NotFound, NotSettled
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.queries.silence import objections_alone
from consult.queries.telling import reminder
from consult.tables import Consultation, Notice, RollEntry, reading

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that falls due: a reminder to one person, or a closing (nobody's)."""

    slug: str
    kind: NoticeKind
    at: datetime
    occasion: str
    member: str | None = None
    person: str | None = None  # as the ledger calls the person
    language: str | None = None


def queue_due(desk: Desk) -> int:
    """Queue the reminders that are due and enter the closings; return how many notices.

    Costs one statement while nothing is due. Asked again, or by two workers at once, it
    queues nothing twice.
    """
    now = desk.clock()
    queued = 0
    for row in _open(desk, now):
        if _passed(row, now):
            queued += _remind_as_scheduled(desk, row.slug)
        if settled(row.closes_at, desk.settling, now):
            _close(desk, row.slug)
    return queued


def due_at(desk: Desk, at: datetime) -> list[Due]:
    """Return what `queue_due` would do at *at* as things stand now; nothing is changed."""
    found: list[Due] = []
    for row in _open(desk, at):
        newest, _overtaken = due(_passed(row, at), at, row.closes_at)
        if newest is not None:
            found += _whom(desk, row, newest, at)
        if settled(row.closes_at, desk.settling, at):
            settled_at = row.closes_at + desk.settling
            found.append(Due(row.slug, NoticeKind.CLOSING, settled_at, "closing"))
    return found


def remind(desk: Desk, slug: str, actor: Actor, members: Collection[str], note: str = "") -> int:
    """Remind *members* now, by hand; return how many people are told.

    A member with a complete reply is left out, and who was so reminded in this minute already.

    Args:
        note: What the secretariat adds in its own words; may be empty.

    Raises:
        BadInput: No member is named.
        NotAllowed: The actor is no officer.
        NotFound: One of them is not on the roll with the right to vote.
        NotNow: The consultation is not open.
    """
    if not members:
        raise BadInput({"members": "missing"})
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act="remind")
    with change(desk, slug, actor) as this:
        if this.state is not State.OPEN:
            raise NotNow(act="remind", state=this.state.value)
        if objections_alone(this.session, [this.consultation.id]):
            raise NotNow(act="remind")  # nobody need do anything: there is nothing to remind of
        roll = frozen(this.session, this.consultation.id)
        if not set(members) <= {line.member for line in roll if line.entitled}:
            raise NotFound
        named = f"hand-{this.now:%Y%m%dT%H%MZ}"
        before = _reminded(this, named)
        told = [
            who
            for who in _lacking(this.session, roll, this.now, members)
            if (who.person_id, who.member) not in before
        ]
        facts = reminder(this.session, this.consultation, roll, told, this.now)
        this.notify(told, NoticeKind.REMINDER, named, note=note.strip()[:LONGEST_NOTE], **facts)
    return len(told)


def _close(desk: Desk, slug: str) -> None:
    """Enter the closing; somebody who counted, extended or withdrew it meanwhile was quicker."""
    with suppress(NotNow, NotSettled):
        closing.close(desk, slug)


def _open(desk: Desk, now: datetime) -> Sequence[sa.Row[Any]]:
    with reading(desk.engine) as session:
        return session.execute(
            select(
                Consultation.id,
                Consultation.slug,
                Consultation.opens_at,
                Consultation.closes_at,
                Consultation.reminders,
                Consultation.reminded_at,
            )
            .where(Consultation.state == State.OPEN, Consultation.opens_at <= now)
            .order_by(Consultation.id)
        ).all()


def _passed(letter: Any, now: datetime) -> list[Step]:
    """Return the steps whose instant has come and that nobody has dealt with yet."""
    after = letter.reminded_at or letter.opens_at
    schedule = steps(letter.reminders, letter.opens_at, letter.closes_at)
    return [step for step in schedule if after < step.due_at <= now]


def _remind_as_scheduled(desk: Desk, slug: str) -> int:
    """Queue the newest step that has come; keep, as cancelled, those that it overtakes."""
    with change(desk, slug, SYSTEM) as this:
        letter = this.consultation
        passed = _passed(letter, this.now) if letter.state is State.OPEN else []
        if not passed or letter.closes_at is None:
            return 0
        newest, overtaken = due(passed, this.now, letter.closes_at)
        roll = frozen(this.session, letter.id)
        told = _whom_to_tell(this.session, letter.id, roll, this.now)
        for step in overtaken:
            _keep_as_overtaken(this, step, told)
        letter.reminded_at = this.now
        if newest is None or not told:
            _enter_nobody(this, newest or passed[-1])
            return 0
        facts = reminder(this.session, letter, roll, told, this.now)
        this.notify(
            told,
            NoticeKind.REMINDER,
            occasion(newest, letter.closes_at),
            step=newest.number,
            **facts,
        )
    return len(told)


def _lacking(
    session: Session, roll: Sequence[RollEntry], now: datetime, members: Collection[str] = ()
) -> list[Recipient]:
    """Return the people of those entitled members whose reply is missing or has gaps."""
    codes = [
        line.member
        for line in roll
        if line.entitled and not line.complete and (not members or line.member in members)
    ]
    return focal_points_of(session, codes, now)


def _whom_to_tell(
    session: Session, letter: int, roll: Sequence[RollEntry], now: datetime
) -> list[Recipient]:
    """Return whom the schedule tells: those who lack something.

    Where objections alone are asked for nobody lacks anything: the one notice that an officer
    may have set is information, and goes to all with the right to vote alike.
    """
    if objections_alone(session, [letter]):
        return focal_points_of(session, [line.member for line in roll if line.entitled], now)
    return _lacking(session, roll, now)


def _keep_as_overtaken(this: Change, step: Step, told: Sequence[Recipient]) -> None:
    """Show what was not sent, and why: the worker was down when it was due."""
    letter = this.consultation
    assert letter.closes_at is not None  # noqa: S101 - it was opened
    named = occasion(step, letter.closes_at)
    this.session.add_all(
        Notice(
            uuid=str(uuid.uuid4()),
            person_id=who.person_id,
            consultation_id=letter.id,
            member=who.member,
            kind=NoticeKind.REMINDER,
            occasion=f"{who.member}-{named}",
            language=who.language,
            data={},
            state=NoticeState.CANCELLED,
            queued_at=this.now,
            not_before=step.due_at,
            attempts=0,
            cause="overtaken",
        )
        for who in told
    )


def _enter_nobody(this: Change, step: Step) -> None:
    """Enter that a step came and went to nobody."""
    assert this.consultation.closes_at is not None  # noqa: S101 - it was opened
    this.enter(
        "notices-queued",
        kind=NoticeKind.REMINDER.value,
        occasion=occasion(step, this.consultation.closes_at),
        count=0,
        recipients=this.commit_to(""),
    )


def _reminded(this: Change, named: str) -> set[tuple[int, str | None]]:
    """Return the people who have a reminder of that occasion already."""
    rows = this.session.execute(
        select(Notice.person_id, Notice.member).where(
            Notice.consultation_id == this.consultation.id,
            Notice.kind == NoticeKind.REMINDER,
            Notice.occasion.endswith(f"-{named}", autoescape=True),
        )
    )
    return {(person, member) for person, member in rows}


def _whom(desk: Desk, letter: Any, step: Step, at: datetime) -> list[Due]:
    with reading(desk.engine) as session:
        told = _whom_to_tell(session, letter.id, frozen(session, letter.id), at)
    named = occasion(step, letter.closes_at)
    return [
        Due(
            letter.slug,
            NoticeKind.REMINDER,
            step.due_at,
            named,
            who.member,
            who.opaque,
            who.language,
        )
        for who in told
    ]
