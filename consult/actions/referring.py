"""Items that correspondence did not decide are referred to a meeting of the body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.telling import tell_observers
from consult.core.ledger import hash_of
from consult.core.life import Act, Actor, State
from consult.core.record import adopted_by
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, Changed
from consult.queries.content import load_whole
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.tables import Referral, Request

SECRETARIAT = "secretariat"
LONGEST_MEETING, LONGEST_REASON = 200, 2000


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What goes where.

    Args:
        items: Codes of items.
        meeting: Such as "Council, 2021 session".
        asked_for_by: A member's code, or `SECRETARIAT`.
        authority: The presiding officer's, as a reference; may be empty.
    """

    items: frozenset[str]
    meeting: str
    asked_for_by: str
    reason: str
    authority: str = ""


def refer(desk: Desk, slug: str, actor: Actor, new: NewReferral) -> int:
    """Ask that items be referred to a meeting; return the request's id.

    Raises:
        NotNow: The letter is not counted yet.
        Waiting: A referral waits for its second person.
        BadInput: An item is not one of the letter, was adopted, or was referred before; the
            meeting or the reason is missing or too long; who asked is not on the roll.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.REFER)
        if faults := _faults(this, new):
            raise BadInput(faults)
        refuse_while_waiting(this, Act.REFER)
        what: dict[str, Any] = {
            "items": sorted(new.items),
            "meeting": new.meeting.strip(),
            "asked_for_by": new.asked_for_by,
            "reason": new.reason.strip(),
            "authority": new.authority.strip(),
        }
        return ask(this, Act.REFER, hash_of(what), **what).id


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Enter the referral, and keep it with each item.

    The members are told at once where they know the outcomes, and else with the result (T33).

    Raises:
        Changed: A ruling adopted one of the items since it was asked.
    """
    this.move(Act.REFER)
    what = request.what
    if adopted_by(_result(this)).intersection(what["items"]):
        raise Changed(what="request", shown=request.shown)
    entry = this.enter(
        "referral",
        items=what["items"],
        meeting=this.commit_to(what["meeting"]),
        asked_for_by=what["asked_for_by"],
        reason=this.commit_to(what["reason"]),
        approved=approved,
        authority=this.commit_to(what["authority"]) if what["authority"] else None,
    )
    keep(this, what, what["items"], what["meeting"], entry)
    if this.state is State.PUBLISHED:
        _tell(this, what, entry)


def _tell(this: Change, what: Mapping[str, Any], entry: int) -> None:
    whole = load_whole(this.session, this.consultation.id)
    roll = frozen(this.session, whole.id)
    names = {line.member: line.name for line in roll}
    this.notify(
        focal_points_of(this.session, list(names), this.now),
        NoticeKind.REFERRAL,
        f"referral-{entry}",
        items=[[item.code, item.title] for item in whole.items if item.code in what["items"]],
        meeting=what["meeting"],
        reason=what["reason"],
        asked_for_by=names.get(what["asked_for_by"], {}),
        by_member={member: {"member_name": name} for member, name in names.items()},
    )
    tell_observers(this, NoticeKind.REFERRAL, f"referral-{entry}")


def keep(
    this: Change, what: Mapping[str, Any], items: Sequence[str], meeting: str, entry: int
) -> None:
    """Keep with each item where it goes, as entry number *entry* says."""
    this.session.add_all(
        Referral(
            consultation_id=this.consultation.id,
            item=item,
            meeting=meeting,
            asked_for_by=what["asked_for_by"],
            reason=what["reason"],
            at=this.now,
            entry=entry,
        )
        for item in items
    )


def meeting_fault(meeting: str) -> dict[str, str]:
    """Return what is wrong with the name of a meeting."""
    if not meeting.strip():
        return {"meeting": "missing"}
    return {"meeting": "too-long"} if len(meeting) > LONGEST_MEETING else {}


def who_may_ask(this: Change) -> set[str]:
    """Return the members on the roll, and the secretariat."""
    return {line.member for line in frozen(this.session, this.consultation.id)} | {SECRETARIAT}


def _faults(this: Change, new: NewReferral) -> dict[str, str]:
    faults = {}
    if fault := _items_fault(this, new):
        faults["items"] = fault
    faults |= meeting_fault(new.meeting)
    if not new.reason.strip():
        faults["reason"] = "missing"
    elif len(new.reason) > LONGEST_REASON:
        faults["reason"] = "too-long"
    if new.asked_for_by not in who_may_ask(this):
        faults["asked_for_by"] = "not-on-the-roll"
    return faults


def _result(this: Change) -> Mapping[str, Any]:
    result: Mapping[str, Any] | None = this.consultation.result
    assert result is not None  # noqa: S101 - it is counted
    return result


def _items_fault(this: Change, new: NewReferral) -> str | None:
    result, letter = _result(this), this.consultation.id
    before = set(
        this.session.scalars(select(Referral.item).where(Referral.consultation_id == letter))
    )
    if not new.items:
        return "missing"
    if not new.items <= result["questions"].keys():
        return "no-such-item"
    if new.items & before:
        return "referred-before"
    if new.items & adopted_by(result):
        return "was-decided"
    return None
