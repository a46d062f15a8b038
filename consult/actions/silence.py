"""What an objection does to a silence procedure: it breaks it, or its lifting mends it (T33)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from consult.actions.asking import end_waiting
from consult.actions.change import Change
from consult.actions.completing import judge_anew
from consult.actions.counting import entries_of
from consult.actions.given import LANGUAGES
from consult.core import silence
from consult.core.casefile import case_from_data
from consult.core.comparison import Choice
from consult.core.ledger import instant
from consult.core.life import Act, Role, State
from consult.core.record import derive_case
from consult.core.rule import parse
from consult.core.schedule import NoticeKind
from consult.core.silence import Breaks, under_silence
from consult.queries.recipients import focal_points_of, staff
from consult.queries.roll import frozen
from consult.queries.silence import Objection, objections
from consult.queries.texts import pick
from consult.tables import Item

LONGEST_TOLD = 1500  # characters of the reasons in a mail; the page has them whole

Objectors = Mapping[str, tuple[str, ...]]


def heed(this: Change, member: str, number: int, *, ruled: bool = False) -> None:
    """Draw what follows on the silence from entry *number*, by which *member* says another thing.

    That is a reply of the member, or a ruling on one. An item is broken once; further objections
    to it are told to all like the first. An objection that is lifted, or kept out, mends its item
    unless another one stands.
    """
    items = _under_silence(this)
    if not items:
        return
    entries = entries_of(this)
    before = _against(member, (e for e in entries if e["number"] != number))
    broken = _broken(entries)
    after = {code for code, who in broken.items() if member in who}
    stand = [item for item in items if item.withdrawn_at is None]
    newly = [item for item in stand if item.code in after and item.broken_at is None]
    mended = [item for item in stand if item.code not in broken and item.broken_at is not None]
    lifted = [item for item in items if item.code in before - after]
    if newly:
        _break(this, newly, items, number)
    if mended:
        _mend(this, mended, number)
    if newly or mended:
        judge_anew(this)
    if objected := after - before:
        _tell(this, number, member, objected, newly={item.code for item in newly}, ruled=ruled)
    if lifted:
        gone = {item.code for item in mended}
        _tell_lifted(this, number, member, lifted, mended=gone, ruled=ruled)


def heed_revision(this: Change, number: int) -> None:
    """Draw what follows on the silence from the corrigendum in entry *number*.

    Objections may lapse with the words that they were made to, or with the right to vote; they
    stand again with that right. Of what is mended so the notice of the corrigendum tells.
    """
    items = _under_silence(this)
    if not items:
        return
    broken = _broken(entries_of(this))
    stand = [item for item in items if item.withdrawn_at is None]
    newly = [item for item in stand if item.code in broken and item.broken_at is None]
    mended = [item for item in stand if item.code not in broken and item.broken_at is not None]
    if newly:
        _break(this, newly, items, number)
    if mended:
        _mend(this, mended, number)
    if newly or mended:
        judge_anew(this)
    if newly:
        again = {item.code for item in newly}
        _tell(this, number, "", again, newly=again, ruled=False)


def _under_silence(this: Change) -> list[Item]:
    """Return the items of the letter, none if not one of them is under the silence procedure."""
    items = this.session.scalars(
        select(Item).where(Item.consultation_id == this.consultation.id).order_by(Item.place)
    ).all()
    rules = [item.rule or this.consultation.rule for item in items]
    return list(items) if any(under_silence(parse(rule)) for rule in rules) else []


def concerns(this: Change, choices: Collection[str | None]) -> bool:
    """Say whether a reply that says *choices* may break a silence or mend one that is broken."""
    return Choice.OBJECT.value in choices or bool(
        this.session.scalar(
            select(func.count(Item.broken_at)).where(Item.consultation_id == this.consultation.id)
        )
    )


def _against(member: str, entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the items that *member* helps to break."""
    return {code for code, who in _broken(entries).items() if member in who}


def _broken(entries: Iterable[Mapping[str, Any]]) -> Objectors:
    return silence.broken(case_from_data(derive_case(entries)))


def _break(this: Change, newly: list[Item], items: Iterable[Item], number: int) -> None:
    whole = this.consultation.breaks is Breaks.WHOLE
    gone = list(items) if whole else newly
    this.enter(
        "broken",
        takes_effect_at=instant(this.now),
        cause=number,
        items=[item.code for item in gone],
        breaks=(Breaks.WHOLE if whole else Breaks.ITEM).value,
    )
    for item in gone:
        item.broken_at = this.now
    for item in newly:  # those that go with the whole bear no objection of their own
        item.broken_number = number
    if whole:
        this.move(Act.BREAK)
        end_waiting(this)


def _mend(this: Change, mended: list[Item], number: int) -> None:
    this.enter(
        "mended",
        takes_effect_at=instant(this.now),
        cause=number,
        items=[item.code for item in mended],
    )
    for item in mended:
        item.broken_at = item.broken_number = None


def _tell(
    this: Change, number: int, member: str, items: set[str], *, newly: set[str], ruled: bool
) -> None:
    """Tell all who objects to what, and why; of an item broken before, the new objection alone."""
    this.session.flush()
    told = [
        one
        for one in objections(this.session, this.consultation.id)
        if one.item in items and (one.item in newly or one.member == member)
    ]
    _notify(
        this,
        f"objection-{number}",
        breaks=(this.consultation.breaks or Breaks.ITEM).value,
        ruled=ruled,
        by_language={
            language: {"objections": [_said(one, language) for one in told]}
            for language in LANGUAGES
        },
    )


def _said(one: Objection, language: str) -> dict[str, Any]:
    reasons = one.reasons.text if one.reasons else ""
    return {
        "item": one.item,
        "title": pick(one.title, language),
        "objector": pick(one.name, language),
        "reasons": reasons[:LONGEST_TOLD],
        "cut": len(reasons) > LONGEST_TOLD,
    }


def _tell_lifted(
    this: Change,
    number: int,
    member: str,
    lifted: Iterable[Item],
    *,
    mended: set[str],
    ruled: bool,
) -> None:
    roll = {line.member: line.name for line in frozen(this.session, this.consultation.id)}
    _notify(
        this,
        f"lifted-{number}",
        ruled=ruled,
        by_language={
            language: {
                "objector": pick(roll[member], language),
                "lifted": [
                    {
                        "item": item.code,
                        "title": pick(item.title, language),
                        "mended": item.code in mended,
                    }
                    for item in lifted
                ],
            }
            for language in LANGUAGES
        },
    )


def _notify(this: Change, occasion: str, **facts: Any) -> None:
    """Tell every focal point on the roll, and officers and approvers."""
    roll = frozen(this.session, this.consultation.id)
    people = focal_points_of(this.session, [line.member for line in roll], this.now)
    people += staff(this.session, [Role.OFFICER, Role.APPROVER])
    this.notify(
        people,
        NoticeKind.OBJECTION,
        occasion,
        passed=this.state is not State.OPEN,
        by_member={line.member: {"member_name": line.name} for line in roll},
        **facts,
    )
