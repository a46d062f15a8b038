"""The outbox: claim what waits, look at it once more, write down what became of it (T78-T82)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, case, or_, select, update
from sqlalchemy.orm import Session

from consult.actions.change import Change, Desk, change
from consult.core.ledger import read_instant
from consult.core.life import SYSTEM
from consult.core.schedule import NoticeKind, NoticeState, retry_at
from consult.queries.outgoing import Outgoing, outgoing, pointless
from consult.queries.recipients import focal_points_of
from consult.tables import Consultation, Notice, reading, writing

LEASE = timedelta(minutes=5)
TRIED_FOR = timedelta(hours=72)
BATCH = 10

_LONGEST_CAUSE = 120
_WAITED_FOR = (
    NoticeKind.SIGN_IN,
    NoticeKind.ACCOUNT,
    NoticeKind.ADDRESS,
)  # somebody sits before the page


def claim(desk: Desk, worker: str, limit: int = BATCH) -> list[int]:
    """Take up to *limit* notices that are due, or whose worker died; return their ids.

    Args:
        worker: A name that no other process, past or present, bears.
    """
    now = desk.clock()
    waiting = or_(
        and_(
            Notice.state.in_([NoticeState.QUEUED, NoticeState.DEFERRED]), Notice.not_before <= now
        ),
        and_(Notice.state == NoticeState.SENDING, Notice.claimed_until < now),
    )
    with reading(desk.engine) as session:
        if session.scalar(select(Notice.id).where(waiting).limit(1)) is None:
            return []
    with writing(desk.engine) as session:
        ids = list(
            session.scalars(
                select(Notice.id)
                .where(waiting)
                .order_by(
                    case((Notice.kind.in_(_WAITED_FOR), 0), else_=1), Notice.not_before, Notice.id
                )
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        session.execute(
            update(Notice)
            .where(Notice.id.in_(ids))
            .values(state=NoticeState.SENDING, claimed_by=worker, claimed_until=now + LEASE)
        )
    return ids


def take(desk: Desk, worker: str, notice: int) -> Outgoing | None:
    """Renew the lease of a claimed notice and return it to be sent, None if it is not to be.

    What has become pointless since it was queued is cancelled here, with the reason (T82). The
    attempt is counted, and committed, before the mail server is talked to (T80).
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        held = _held(
            session, worker, [notice], claimed_until=now + LEASE, attempts=Notice.attempts + 1
        )
        if not held:
            return None
        found = outgoing(session, notice)
        cause = pointless(session, found, now)
        if cause is None:
            return found
        _held(session, worker, [notice], state=NoticeState.CANCELLED, cause=cause)
    return None


def mark_sent(desk: Desk, worker: str, notice: int) -> None:
    """Write down that the mail server took it."""
    now = desk.clock()
    with writing(desk.engine) as session:
        _held(session, worker, [notice], state=NoticeState.SENT, sent_at=now, cause=None)


def release(desk: Desk, worker: str, notices: Sequence[int]) -> None:
    """Give back what was claimed and not tried."""
    if not notices:
        return
    with writing(desk.engine) as session:
        _held(session, worker, notices, state=NoticeState.QUEUED, claimed_by=None)


def defer(
    desk: Desk, worker: str, notices: Sequence[int], cause: str, *, untried: bool = False
) -> None:
    """Try again later; for 72 hours, and at least until the deadline has passed (T81).

    Args:
        untried: The mail server was not reached, so that no attempt is counted yet.
    """
    now = desk.clock()
    given_up: list[int] = []
    with writing(desk.engine) as session:
        rows = session.execute(
            select(Notice.id, Notice.attempts, Notice.queued_at, Notice.data).where(
                Notice.id.in_(notices), *_mine(worker)
            )
        ).all()
        for row in rows:
            if now >= _tried_until(row.queued_at, row.data):
                given_up.append(row.id)
                continue
            _held(
                session,
                worker,
                [row.id],
                state=NoticeState.DEFERRED,
                attempts=row.attempts + untried,
                not_before=retry_at(row.attempts + untried, now),
                claimed_by=None,
                cause=cause[:_LONGEST_CAUSE],
            )
    for notice in given_up:
        fail(desk, worker, notice, cause)


def fail(desk: Desk, worker: str, notice: int, cause: str) -> None:
    """Write down that it cannot be delivered; its member's other people get it (T81).

    Args:
        cause: The server's code and words, or why it was given up.
    """
    with reading(desk.engine) as session:
        slug = session.scalar(
            select(Consultation.slug)
            .join(Notice, Notice.consultation_id == Consultation.id)
            .where(Notice.id == notice)
        )
    failed = {"state": NoticeState.FAILED, "cause": cause[:_LONGEST_CAUSE]}
    if slug is None:
        with writing(desk.engine) as session:
            _held(session, worker, [notice], **failed)
        return
    with change(desk, slug, SYSTEM) as this:
        if _held(this.session, worker, [notice], **failed):
            row = this.session.get_one(Notice, notice)
            this.enter("notice-failed", notice=row.uuid, code=cause.split(" ", 1)[0])
            _tell_others(this, row)


def _tell_others(this: Change, failed: Notice) -> None:
    """Queue the notice for those of the member's people who did not get it."""
    if failed.member is None:
        return
    have = set(
        this.session.scalars(
            select(Notice.person_id).where(
                Notice.consultation_id == failed.consultation_id,
                Notice.kind == failed.kind,
                Notice.occasion == failed.occasion,
            )
        )
    )
    people = focal_points_of(this.session, [failed.member], this.now)
    this.notify(
        [person for person in people if person.person_id not in have],
        failed.kind,
        failed.occasion.removeprefix(f"{failed.member}-"),
        **failed.data,
    )


def _tried_until(queued_at: datetime, data: dict[str, Any]) -> datetime:
    until = queued_at + TRIED_FOR
    closes_at = data.get("closes_at")
    return max(until, read_instant(closes_at)) if closes_at else until


def _mine(worker: str) -> tuple[Any, ...]:
    return (Notice.claimed_by == worker, Notice.state == NoticeState.SENDING)


def _held(session: Session, worker: str, notices: Sequence[int], **values: Any) -> bool:
    """Change notices if *worker* still holds them; say whether it does."""
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(Notice).where(Notice.id.in_(notices), *_mine(worker)).values(**values)
        ),
    )
    return done.rowcount > 0
