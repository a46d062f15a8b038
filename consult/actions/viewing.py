"""The exchange of views before a vote: two persons open it, members state theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.core.ledger import hash_of, instant, normal, read_instant
from consult.core.life import BEFORE, Act, Actor, Kind, NotNow
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, KeyReused, NotFound
from consult.queries.recipients import focal_points_of
from consult.queries.roll import SeatLine, seats_on
from consult.queries.round import mandate_of
from consult.tables import Body, Request, ViewStatement

LONGEST_VIEW, LONGEST_REASON = 10_000, 1_000  # characters
RULE, SECRETARIAT = "rule", "secretariat"


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange of views as it is asked for.

    Args:
        asked_for_by: The code of a member, `RULE` or `SECRETARIAT`.
        until: When it ends, if before the opening.
    """

    reason: str
    asked_for_by: str
    until: datetime | None = None


def ask_views(desk: Desk, slug: str, actor: Actor, new: Exchange) -> int:
    """Ask a second person to open an exchange of views; return the request's id.

    Raises:
        NotAllowed, NotNow: The actor is no officer or approver, or the letter is open already.
        Waiting: It is asked for already.
        BadInput: At the field that is wrong.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.VIEWS)
        _refuse_second(this)
        refuse_while_waiting(this, Act.VIEWS)
        _check(this, new)
        what: dict[str, Any] = {
            "reason": new.reason.strip(),
            "asked_for_by": new.asked_for_by,
            "until": instant(new.until) if new.until else None,
        }
        return ask(this, Act.VIEWS, shown_hash(what), **what).id


def shown_hash(what: Mapping[str, Any]) -> str:
    """Return the hash of what the second person is shown."""
    return hash_of({name: what[name] for name in ("reason", "asked_for_by", "until")})


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Open the exchange and tell every member on the roll as it stands today."""
    this.move(Act.VIEWS)
    _refuse_second(this)
    what = request.what
    until = read_instant(what["until"]) if what["until"] else None
    if until is not None and until <= this.now:
        raise NotNow(act=Act.VIEWS.value, state=this.state.value)
    this.enter(
        "views-opened",
        until=what["until"],
        reason=this.commit_to(what["reason"]),
        asked_for_by=what["asked_for_by"],
        approved=approved,
    )
    this.consultation.views = {
        "opens_at": instant(this.now),
        "closes_at": what["until"],
        "reason": what["reason"],
        "asked_for_by": what["asked_for_by"],
    }
    seats = _seats(this)
    people = focal_points_of(this.session, [seat.code for seat in seats], this.now)
    this.notify(
        people,
        NoticeKind.VIEWS,
        "views",
        until=what["until"],
        reason=what["reason"],
        by_member={seat.code: {"member_name": seat.name} for seat in seats},
    )


def state_view(  # noqa: PLR0913, PLR0917 - a statement, and who makes it
    desk: Desk, slug: str, actor: Actor, member: str, text: str, language: str, key: str
) -> None:
    """Keep a member's statement for all members to read; it is neither changed nor taken back.

    Raises:
        NotFound: There is no exchange, or it is not the actor's member's.
        NotAllowed: The person only advises the member.
        NotNow: It has ended: the letter is open, or its time has passed.
        BadInput: The statement is empty or too long.
        KeyReused: Other words came under the key of a statement that is kept.
    """
    words = normal(text).strip()
    if not words or len(words) > LONGEST_VIEW:
        raise BadInput({"text": "too-long" if words else "missing"})
    with change(desk, slug, actor) as this:
        views = this.consultation.views
        if views is None or member not in actor.members:
            raise NotFound(slug=slug)
        actor.refuse_adviser(member)
        if this.state in BEFORE and member not in {seat.code for seat in _seats(this)}:
            raise NotFound(slug=slug)
        if _kept(this, member, key, words):
            return
        until = read_instant(views["closes_at"]) if views["closes_at"] else None
        if this.state not in BEFORE or (until is not None and this.now >= until):
            raise NotNow(act=Act.VIEWS.value, state=this.state.value)
        signs = mandate_of(this.session, member, actor.person_id, this.now)
        commitment = this.commit_to(words, language)
        number = this.enter(
            "view",
            member=member,
            mandate=signs.number if signs else None,
            text=commitment,
            language=language,
        )
        this.session.add(
            ViewStatement(
                consultation_id=this.consultation.id,
                member=member,
                person_id=actor.person_id,
                at=this.entered[-1].at,
                text=words,
                language=language,
                commitment=commitment,
                idempotency_key=key,
                number=number,
            )
        )


def _kept(this: Change, member: str, key: str, words: str) -> bool:
    """Say whether that very statement is kept already: a double click makes one (T67)."""
    kept = this.session.scalar(
        select(ViewStatement.text).where(
            ViewStatement.consultation_id == this.consultation.id,
            ViewStatement.member == member,
            ViewStatement.idempotency_key == key,
        )
    )
    if kept is not None and kept != words:
        raise KeyReused(version=0)
    return kept is not None


def _refuse_second(this: Change) -> None:
    if this.consultation.kind is Kind.COMMENTS or this.consultation.views is not None:
        raise NotNow(act=Act.VIEWS.value, state=this.state.value)


def _check(this: Change, new: Exchange) -> None:
    faults = {}
    known = {RULE, SECRETARIAT, *(seat.code for seat in _seats(this))}
    if new.asked_for_by not in known:
        faults["asked_for_by"] = "missing"
    if not new.reason.strip() or len(new.reason) > LONGEST_REASON:
        faults["reason"] = "too-long" if new.reason.strip() else "missing"
    if new.until is not None and new.until <= this.now:
        faults["until"] = "views-past"
    if not any(this.consultation.subject.values()):
        faults["reason"] = "views-subject"
    if faults:
        raise BadInput(faults, most=LONGEST_REASON)


def _seats(this: Change) -> list[SeatLine]:
    body = this.session.get_one(Body, this.consultation.body_id)
    return seats_on(this.session, body, this.now.astimezone(ZoneInfo(body.zone)).date())
