"""One person asks for what another must confirm (T35)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change
from consult.core.life import Act, Role
from consult.core.schedule import NoticeKind
from consult.errors import Waiting
from consult.queries.recipients import staff
from consult.tables import Request

LAPSES_AFTER = timedelta(days=7)


def ask(
    this: Change,
    act: Act,
    shown: str,
    *,
    lapses: bool = True,
    ends_by: datetime | None = None,
    **what: Any,
) -> Request:
    """Ask for *act*; approvers are told that a request waits, not what is in it.

    Args:
        shown: SHA-256 of exactly what the second person will be shown.
        lapses: A request ends after seven days; one for a reply on behalf never does.
        ends_by: An instant from which it could not be done any more; it ends then at the latest.
        what: The act's own data, as it will be done.
    """
    assert this.actor.person_id is not None  # noqa: S101 - the service itself asks for nothing
    ends = this.now + LAPSES_AFTER if lapses else None
    if ends_by is not None:
        ends = min(ends_by, ends or ends_by)
    number = this.enter("approval-asked", act=act.value, shown=shown)
    request = Request(
        consultation_id=this.consultation.id,
        act=act,
        shown=shown,
        what=what,
        asked_by_id=this.actor.person_id,
        asked_at=this.now,
        asked_number=number,
        expires_at=ends,
    )
    this.session.add(request)
    this.session.flush()
    others = [
        approver
        for approver in staff(this.session, [Role.APPROVER])
        if approver.person_id != this.actor.person_id
    ]
    this.notify(others, NoticeKind.REQUEST, f"request-{number}", act=act.value, request=request.id)
    return request


def waiting(this: Change, *acts: Act) -> list[Request]:
    """Return the requests of these kinds that nobody has decided yet."""
    return list(
        this.session.scalars(
            select(Request).where(
                Request.consultation_id == this.consultation.id,
                Request.act.in_(acts),
                Request.decided_at.is_(None),
            )
        )
    )


def end_waiting(this: Change) -> None:
    """Let every request lapse that waits: what it asks for cannot be done any more."""
    for request in waiting(this, *Act):
        this.enter(
            "approval-lapsed",
            asked=request.asked_number,
            act=request.act.value,
            shown=request.shown,
        )
        request.decided_at, request.confirmed = this.now, False


def refuse_while_waiting(this: Change, *acts: Act) -> None:
    """Refuse to go on while such a request waits.

    Raises:
        Waiting: With the act that waits.
    """
    for request in waiting(this, *acts):
        raise Waiting(act=request.act.value, request=request.id)
