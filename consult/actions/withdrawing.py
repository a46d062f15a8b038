"""Withdraw an open letter, or some of its items: one asks, another confirms, all are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask, end_waiting, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.completing import judge_anew
from consult.actions.extending import closes_at
from consult.actions.referring import keep, meeting_fault, who_may_ask
from consult.actions.telling import tell_all, tell_observers
from consult.core import shown as as_shown
from consult.core.answer import Draft, comments_of
from consult.core.comparison import Choice
from consult.core.extension import words_missing
from consult.core.ledger import instant, normal
from consult.core.life import Act, Actor, Kind, Role, check
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, NotAllowed
from consult.tables import Item, ReplyDraft, Request


@dataclass(frozen=True, slots=True)
class Refer:
    """Where items go that are taken out of correspondence.

    Args:
        meeting: Such as "Council, 2021 session".
        asked_for_by: A member's code, or `referring.SECRETARIAT`.
    """

    meeting: str
    asked_for_by: str


@dataclass(frozen=True, slots=True)
class NewWithdrawal:
    """What is withdrawn, why, and on whose authority.

    Args:
        items: The numbers of the items; None for the whole letter.
        authority: A reference to what the presiding officer decided.
        refer: To which meeting what is withdrawn goes on, and at whose request.
    """

    items: Sequence[str] | None
    reason: str
    authority: str
    refer: Refer | None = None


def withdraw(desk: Desk, slug: str, actor: Actor, new: NewWithdrawal) -> int:
    """Ask for a withdrawal; return the request that another must confirm.

    Raises:
        NotAllowed: The actor is no officer.
        NotNow: The letter is not open, by the clock.
        Waiting: An extension or a withdrawal waits already.
        BadInput: No item is named, one that does not stand, or all of them, or one
            of a comment round; no reason;
            no meeting is named, or who asked is not on the roll.
    """
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act=Act.WITHDRAW.value)
    with change(desk, slug, actor) as this:
        check(Act.WITHDRAW, this.state, actor.roles)
        refuse_while_waiting(this, Act.EXTEND, Act.WITHDRAW)
        # The documents of a comment round stand together: it goes on whole, or not at all.
        one = this.consultation.kind is Kind.COMMENTS
        standing = [item.code for item in _standing(this)]
        faults = words_missing(new.reason, new.authority)
        if fault := _fault(new.items, standing, together=one):
            faults["items"] = fault
        if new.refer is not None:
            faults |= _referral_faults(this, new.refer)
        if faults:
            raise BadInput(faults)
        what: dict[str, Any] = {
            "items": None
            if new.items is None
            else [code for code in standing if code in new.items],
            "reason": normal(new.reason.strip()),
            "authority": normal(new.authority.strip()),
            "to": normal(new.refer.meeting.strip()) if new.refer else "",
            "asked_for_by": new.refer.asked_for_by if new.refer else "",
        }
        shown = as_shown.withdrawal(what, standing)
        return ask(this, Act.WITHDRAW, shown, ends_by=closes_at(this), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the withdrawal, and of the items that stand now."""
    return as_shown.withdrawal(request.what, [item.code for item in _standing(this)])


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Withdraw it, enter that and tell everybody on the roll (T35).

    Raises:
        NotNow: The deadline has passed meanwhile.
    """
    what = request.what
    standing = _standing(this)
    gone = [item for item in standing if item.code in (what["items"] or ())]
    this.move(Act.WITHDRAW if what["items"] is None else Act.WITHDRAW_ITEM)
    if what["items"] is None:
        end_waiting(this)
    entry = this.enter(
        "withdrawal",
        takes_effect_at=instant(this.now),
        cause=approved,
        reason=this.commit_to(what["reason"]),
        items=what["items"],
        meeting=this.commit_to(what["to"]) if what["to"] else None,
        asked_for_by=what["asked_for_by"] or None,
        authority=this.commit_to(what["authority"]),
    )
    if what["to"]:
        keep(this, what, [item.code for item in gone or standing], what["to"], entry)
    if gone:
        _take_out(this, gone)
    tell_all(
        this,
        NoticeKind.WITHDRAWAL,
        f"withdrawal-{approved}",
        reason=what["reason"],
        meeting=what["to"],
        withdrawn=[[item.code, item.title] for item in gone],
    )
    tell_observers(
        this,
        NoticeKind.WITHDRAWAL,
        f"withdrawal-{approved}",
        withdrawn=[item.code for item in gone],
    )


def _standing(this: Change) -> list[Item]:
    """Return the items that are not withdrawn, in the order of the letter."""
    return list(
        this.session.scalars(
            select(Item)
            .where(Item.consultation_id == this.consultation.id, Item.withdrawn_at.is_(None))
            .order_by(Item.place)
        )
    )


def _fault(items: Sequence[str] | None, standing: Sequence[str], *, together: bool) -> str | None:
    if items is None:
        return None
    if not items:
        return "no-item-named"
    if not set(items) <= set(standing):
        return "no-such-item"
    return "last-item" if together or set(items) == set(standing) else None


def _referral_faults(this: Change, refer: Refer) -> dict[str, str]:
    faults = meeting_fault(refer.meeting)
    if refer.asked_for_by not in who_may_ask(this):
        faults["asked_for_by"] = "not-on-the-roll"
    return faults


def _take_out(this: Change, gone: Sequence[Item]) -> None:
    """Mark the items; whoever has answered all others has a complete reply now."""
    for item in gone:
        item.withdrawn_at = this.now
    this.consultation.draft_version += 1  # a reply read before is refused under the lock
    this.session.flush()
    _clear_drafts(this, {item.code for item in gone})
    judge_anew(this)


def _clear_drafts(this: Change, gone: set[str]) -> None:
    """Take what was withdrawn out of the drafts, so that they can be sent as they stand."""
    drafts = this.session.scalars(
        select(ReplyDraft).where(ReplyDraft.consultation_id == this.consultation.id)
    )
    for draft in drafts:
        draft.choices = {
            code: None if code in gone else choice for code, choice in draft.choices.items()
        }
        draft.comments = {
            place: words for place, words in draft.comments.items() if place not in gone
        }
        draft.content_hash = Draft(
            member=draft.member,
            choices={c: Choice(said) if said else None for c, said in draft.choices.items()},
            comments=comments_of(draft.comments),
            base=draft.base,
            note=draft.note,
        ).content_hash
