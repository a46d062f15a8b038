"""The post-room statement of two persons, after which the result is counted and shown (T75)."""

from typing import Any

from sqlalchemy import func, select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.closing import enter_closing
from consult.actions.counting import count
from consult.core import shown as as_shown
from consult.core.life import Act, Actor, Channel, Kind
from consult.tables import Comment, Reply, Request


def state_post(desk: Desk, slug: str, actor: Actor) -> int:
    """State that all that came by letter, fax or e-mail in time is recorded; ask a second person.

    Raises:
        NotNow: The deadline has not passed, or the statement stands already.
        NotSettled: See `closing.close`.
        Waiting: A reply waits for its confirmation, or a statement does.
    """
    with change(desk, slug, actor) as this:
        enter_closing(this)
        this.move(Act.STATE_POST)
        refuse_while_waiting(this, Act.RECORD, Act.READMIT, Act.STATE_POST)
        what = _counts(this)
        return ask(this, Act.STATE_POST, as_shown.statement(**what), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the figures as they stand now."""
    return as_shown.statement(**_counts(this))


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Enter the statement and count: from now on the result may be seen."""
    this.move(Act.STATE_POST)
    refuse_while_waiting(this, Act.RECORD, Act.READMIT)
    this.enter("post-stated", **_counts(this), approved=approved)
    this.consultation.post_stated_at = this.now
    this.move(Act.COUNT)
    count(this)


def _counts(this: Change) -> dict[str, Any]:
    """How many replies were recorded on behalf, and how many were sent back."""
    table = Comment if this.consultation.kind is Kind.COMMENTS else Reply
    recorded = this.session.scalar(
        select(func.count())
        .select_from(table)
        .where(table.consultation_id == this.consultation.id, table.channel != Channel.WEB)
    )
    refused = this.session.scalar(
        select(func.count())
        .select_from(Request)
        .where(
            Request.consultation_id == this.consultation.id,
            Request.act == Act.RECORD,
            Request.confirmed.is_(False),
        )
    )
    return {"recorded": recorded or 0, "refused": refused or 0}
