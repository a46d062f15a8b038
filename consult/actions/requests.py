"""The second pair of eyes: confirm what was asked, or send it back (T35)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from sqlalchemy import select

from consult.actions import (
    certifying,
    correcting,
    extending,
    mandates,
    opening,
    paper_comments,
    posting,
    readmitting,
    recording,
    referring,
    revising,
    ruling,
    viewing,
    withdrawing,
)
from consult.actions.change import Change, Desk, change
from consult.core.life import SYSTEM, Act, Actor, Kind, Role
from consult.errors import AlreadyDecided, Changed, NotAllowed, NotFound, SamePerson
from consult.tables import Consultation, Request, reading

Confirmed = Callable[[Change, Request, int], None]
Now = Callable[[Change, Request], str]


def _recorded(this: Change, request: Request, approved: int) -> None:
    """Store what came otherwise: a reply, or the comments of a round."""
    comments = this.consultation.kind is Kind.COMMENTS
    (paper_comments if comments else recording).confirmed(this, request, approved)


# What happens when a request is confirmed, and what its second person would be shown now.
_CONFIRMED: Mapping[Act, Confirmed] = {
    Act.OPEN: opening.confirmed,
    Act.RECORD: _recorded,
    Act.STATE_POST: posting.confirmed,
    Act.CERTIFY: certifying.confirmed,
    Act.MANDATE: mandates.confirmed,
    Act.ERRATUM: correcting.confirmed,
    Act.REFER: referring.confirmed,
    Act.EXTEND: extending.confirmed,
    Act.WITHDRAW: withdrawing.confirmed,
    Act.RULE: ruling.confirmed,
    Act.READMIT: readmitting.confirmed,
    Act.CORRECT: revising.confirmed,
    Act.VIEWS: viewing.confirmed,
}
_SHOWN: Mapping[Act, Now] = {
    Act.OPEN: opening.shown,
    Act.CERTIFY: certifying.shown,
    Act.STATE_POST: posting.shown,
    Act.EXTEND: extending.shown,
    Act.WITHDRAW: withdrawing.shown,
    Act.RULE: ruling.shown,
    Act.READMIT: readmitting.shown,
    Act.CORRECT: revising.shown,
}
_SENT_BACK: Mapping[Act, Callable[[Change, Request], None]] = {Act.OPEN: opening.sent_back}


def confirm(desk: Desk, actor: Actor, request_id: int, shown: str) -> None:
    """Confirm a request and do what it asks, in one transaction.

    Args:
        shown: The hash of what the confirming person was shown.

    Raises:
        SamePerson: Who asked may not confirm.
        AlreadyDecided: Somebody decided before, or the request has lapsed.
        Changed: It is no longer what was shown.
    """
    with _deciding(desk, actor, request_id) as (this, request):
        look = _SHOWN.get(request.act)
        current = look(this, request) if look else request.shown
        if not shown == request.shown == current:
            raise Changed(what="request", shown=current)
        approved = this.enter(
            "countersigned",
            asked=request.asked_number,
            act=request.act.value,
            shown=request.shown,
        )
        _decide(this, request, confirmed=True)
        _CONFIRMED[request.act](this, request, approved)


def send_back(desk: Desk, actor: Actor, request_id: int, reason: str) -> None:
    """Send a request back to who asked, with the reason.

    Raises:
        SamePerson, AlreadyDecided: As for `confirm`.
    """
    with _deciding(desk, actor, request_id) as (this, request):
        this.enter(
            "approval-refused",
            asked=request.asked_number,
            act=request.act.value,
            shown=request.shown,
        )
        _decide(this, request, confirmed=False)
        request.reason = reason
        _undone(this, request)


def lapse(desk: Desk) -> int:
    """End the requests that nobody decided within their time; return how many."""
    now = desk.clock()
    with reading(desk.engine) as session:
        due = session.execute(
            select(Consultation.slug, Request.id)
            .join(Consultation, Consultation.id == Request.consultation_id)
            .where(Request.decided_at.is_(None), Request.expires_at <= now)
        ).all()
    for slug, request_id in due:
        with change(desk, slug, SYSTEM) as this:
            request = this.session.get_one(Request, request_id)
            if request.decided_at is None:
                _lapse(this, request)
    return len(due)


def _lapse(this: Change, request: Request) -> None:
    this.enter(
        "approval-lapsed", asked=request.asked_number, act=request.act.value, shown=request.shown
    )
    request.decided_at, request.confirmed = this.now, False
    _undone(this, request)


def _undone(this: Change, request: Request) -> None:
    if back := _SENT_BACK.get(request.act):
        back(this, request)


def _decide(this: Change, request: Request, *, confirmed: bool) -> None:
    request.decided_by_id = this.actor.person_id
    request.decided_at = this.now
    request.confirmed = confirmed


@contextmanager
def _deciding(desk: Desk, actor: Actor, request_id: int) -> Iterator[tuple[Change, Request]]:
    """Lock the consultation of a request that *actor* may decide now."""
    with reading(desk.engine) as session:
        found = session.execute(
            select(Consultation.slug, Request.act, Request.shown)
            .join(Request, Request.consultation_id == Consultation.id)
            .where(Request.id == request_id)
        ).one_or_none()
    if found is None:
        raise NotFound
    if Role.APPROVER not in actor.roles:
        raise NotAllowed(roles=[Role.APPROVER.value])
    first = partial(mandates.lock_all, shown=found.shown) if found.act is Act.MANDATE else None
    with change(desk, found.slug, actor, first) as this:
        request = this.session.get_one(Request, request_id)
        if request.asked_by_id == actor.person_id:
            raise SamePerson(act=request.act.value)
        lapsed = request.expires_at is not None and this.now >= request.expires_at
        if request.decided_at is not None or lapsed:
            raise AlreadyDecided(act=request.act.value)
        yield this, request
