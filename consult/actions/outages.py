"""Before a closing is entered: whether the service was away, and what the letter then promises."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from consult.actions.change import Change
from consult.actions.extending import closes_at, move_deadline
from consult.actions.silence import heed
from consult.actions.storing import reach
from consult.actions.telling import tell_all, tell_observers
from consult.core import outage
from consult.core.ledger import instant
from consult.core.life import State
from consult.core.schedule import NoticeKind
from consult.tables import Comment, Heartbeat, LedgerEntry, Reply, RollEntry


def extend_after_outage(this: Change) -> bool:
    """Extend the deadline once if the letter promises that; say whether it was.

    Nothing is disclosed yet: the closing is not entered, and the settling time has passed, so
    that a reply before the earlier deadline is stored or was refused.
    """
    clause = outage.clause_of(this.consultation.outage)
    if clause is None or _extended_before(this):
        return False
    was = closes_at(this)
    found = outage.decide(clause, _beats(this, was - clause.window), was, this.now)
    if found is None:
        return False
    this.enter(
        "outage-extension",
        **{"from": instant(was), "to": instant(found.to)},
        minutes=found.minutes,
        gaps=[{"from": instant(gap.from_at), "to": instant(gap.to_at)} for gap in found.gaps],
    )
    move_deadline(this, found.to)
    replies = _count_in_time(this, was, found.to)
    tell_all(
        this,
        NoticeKind.EXTENSION,
        f"outage-{instant(was)}",
        was=instant(was),
        reason="",
        asked_for_by=None,
        outage={"minutes": found.minutes},
    )
    tell_observers(this, NoticeKind.EXTENSION, f"outage-{instant(was)}")
    for reply in replies:
        if this.consultation.state is not State.BROKEN:
            heed(this, reply.member, reply.number)
    return True


def _extended_before(this: Change) -> bool:
    found = this.session.scalar(
        select(LedgerEntry.number).where(
            LedgerEntry.consultation_id == this.consultation.id,
            LedgerEntry.what == "outage-extension",
        )
    )
    return found is not None


def _beats(this: Change, start: datetime) -> list[datetime]:
    """Return the signs of life since *start*, and the last one before it."""
    before = select(func.max(Heartbeat.at)).where(Heartbeat.at < start).scalar_subquery()
    rows = this.session.scalars(
        select(Heartbeat.at).where(
            (Heartbeat.at >= start) | (Heartbeat.at == before), Heartbeat.at <= this.now
        )
    )
    return list(rows)


def _count_in_time(this: Change, was: datetime, to: datetime) -> Sequence[Reply]:
    """Let the roll say what the replies do that were late and now are in time; return these."""
    lines = {
        line.member: line
        for line in this.session.scalars(
            select(RollEntry).where(RollEntry.consultation_id == this.consultation.id)
        )
    }
    replies = this.session.scalars(
        select(Reply)
        .where(
            Reply.consultation_id == this.consultation.id,
            Reply.received_at >= was,
            Reply.received_at < to,
        )
        .order_by(Reply.received_at, Reply.version)
    ).all()
    comments = this.session.scalars(
        select(Comment)
        .where(
            Comment.consultation_id == this.consultation.id,
            Comment.received_at >= was,
            Comment.received_at < to,
        )
        .order_by(Comment.received_at, Comment.version)
    )
    for comment in comments:
        says = bool(comment.remarks)
        reach(lines[comment.member], comment.received_at, says=says, complete=says)
    for reply in replies:
        says = reply.complete or any(reply.choices.values())
        reach(lines[reply.member], reply.received_at, says=says, complete=reply.complete)
    return replies
