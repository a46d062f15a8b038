"""Extend the deadline of an open letter: one asks, another confirms, everybody is told."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.telling import tell_all, tell_observers
from consult.core import shown as as_shown
from consult.core.extension import SECRETARIAT, Limits, NewDeadline, faults_of
from consult.core.ledger import instant, normal, read_instant
from consult.core.life import Act, Actor, Role, check
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, NotAllowed
from consult.queries.roll import frozen
from consult.tables import Body, LedgerEntry, Request


def extend(desk: Desk, slug: str, actor: Actor, new: NewDeadline) -> int:
    """Ask for a later deadline; return the request that another must confirm.

    The request lapses at the deadline as it stands: a closed letter is never reopened.

    Raises:
        NotAllowed: The actor is no officer.
        NotNow: The letter is not open, by the clock.
        Waiting: An extension or a withdrawal waits already.
        BadInput: At each part that is missing, too early, or beyond the limits of the body.
    """
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act=Act.EXTEND.value)
    with change(desk, slug, actor) as this:
        check(Act.EXTEND, this.state, actor.roles)
        refuse_while_waiting(this, Act.EXTEND, Act.WITHDRAW)
        _refuse_faulty(this, new)
        what = _data(new, closes_at(this))
        shown = as_shown.extension(what, what["from"])
        return ask(this, Act.EXTEND, shown, ends_by=closes_at(this), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the extension, from the deadline as it stands now."""
    return as_shown.extension(request.what, instant(closes_at(this)))


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Move the deadline, enter it and tell everybody on the roll (T35, T66).

    Raises:
        NotNow: The deadline has passed meanwhile.
        BadInput: The body allows less by now.
    """
    this.move(Act.EXTEND)
    what = request.what
    _refuse_faulty(this, _asked(what))
    this.enter(
        "extension",
        **{"from": what["from"], "to": what["to"]},
        reason=this.commit_to(what["reason"]),
        asked_for_by=what["asked_for_by"],
        approved=approved,
        authority=this.commit_to(what["authority"]),
    )
    move_deadline(this, read_instant(what["to"]))
    tell_all(
        this,
        NoticeKind.EXTENSION,
        f"extension-{approved}",
        was=what["from"],
        reason=what["reason"],
        asked_for_by=_who_asked(this, what["asked_for_by"]),
    )
    tell_observers(this, NoticeKind.EXTENSION, f"extension-{approved}")


def move_deadline(this: Change, to: datetime) -> None:
    """Let the letter close at *to*; reminders count to it from now on (T78)."""
    letter = this.consultation
    letter.closes_at = to
    # Steps of the new schedule that are past already are overtaken by the notice of this.
    letter.reminded_at = this.now


def closes_at(this: Change) -> datetime:
    """Return the deadline of a letter that was opened."""
    assert this.consultation.closes_at is not None  # noqa: S101 - it was opened
    return this.consultation.closes_at


def _refuse_faulty(this: Change, new: NewDeadline) -> None:
    letter = this.consultation
    body = this.session.get_one(Body, letter.body_id)
    limits = Limits(body.most_extensions, body.most_extension_days)
    members = {line.member for line in frozen(this.session, letter.id)}
    if faults := faults_of(new, closes_at(this), _earlier(this), limits, members):
        raise BadInput(faults, extensions=limits.most, days=limits.most_days)


def _earlier(this: Change) -> int:
    """Return how often people extended this letter; what its own clause did is not counted."""
    found = this.session.scalar(
        select(func.count())
        .select_from(LedgerEntry)
        .where(
            LedgerEntry.consultation_id == this.consultation.id,
            LedgerEntry.what == "extension",
        )
    )
    return found or 0


def _data(new: NewDeadline, was: datetime) -> dict[str, Any]:
    return {
        "from": instant(was),
        "to": instant(new.closes_at),
        "asked_for_by": new.asked_for_by,
        "reason": normal(new.reason.strip()),
        "authority": normal(new.authority.strip()),
    }


def _asked(what: dict[str, Any]) -> NewDeadline:
    return NewDeadline(
        read_instant(what["to"]), what["asked_for_by"], what["reason"], what["authority"]
    )


def _who_asked(this: Change, code: str) -> dict[str, str] | None:
    """Return the names of the member that asked for it; None for the secretariat."""
    if code == SECRETARIAT:
        return None
    roll = frozen(this.session, this.consultation.id)
    return next(line.name for line in roll if line.member == code)
