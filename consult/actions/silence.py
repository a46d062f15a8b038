"""What an objection does to a silence procedure: it breaks it, or its lifting mends it (T33)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from consult.actions.change import Change
from consult.actions.counting import entries_of
from consult.actions.given import LANGUAGES
from consult.core import silence
from consult.core.casefile import case_from_data
from consult.core.comparison import Choice
from consult.core.ledger import instant
from consult.core.life import Act, Role
from consult.core.record import derive_case
from consult.core.schedule import NoticeKind
from consult.core.silence import Breaks
from consult.queries.answering import form_items, gaps_of
from consult.queries.recipients import focal_points_of, staff
from consult.queries.roll import frozen
from consult.queries.silence import Objection, objections
from consult.queries.texts import pick
from consult.tables import Item, Reply

LONGEST_TOLD = 1500  # characters of the reasons in a mail; the page has them whole

Objectors = Mapping[str, tuple[str, ...]]


def heed(this: Change, member: str, number: int, choices: Collection[str | None]) -> None:
    """Draw what follows from the reply of *member*, entry *number*, which says *choices*.

    An item is broken once; further objections to it are told to all like the first. An objection
    that is lifted mends its item, unless another one stands.
    """
    items = this.session.scalars(
        select(Item).where(Item.consultation_id == this.consultation.id).order_by(Item.place)
    ).all()
    if Choice.OBJECT.value not in choices and not any(item.broken_at for item in items):
        return
    entries = entries_of(this)
    before = _broken(e for e in entries if e["number"] != number)
    after = _broken(entries)
    newly = [item for item in items if item.code in after and item.broken_at is None]
    mended = [item for item in items if item.code not in after and item.broken_at is not None]
    objected = {code for code, who in after.items() if member in who} - {
        code for code, who in before.items() if member in who
    }
    lifted = [
        item
        for item in items
        if member in before.get(item.code, ()) and member not in after.get(item.code, ())
    ]
    if newly:
        _break(this, newly, items, number)
    if mended:
        _mend(this, mended, number)
    if newly or mended:
        _complete_anew(this, items)
    if objected:
        _tell(this, number, objected, newly={item.code for item in newly})
    if lifted:
        _tell_lifted(this, number, member, lifted, mended={item.code for item in mended})


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


def _mend(this: Change, mended: list[Item], number: int) -> None:
    this.enter(
        "mended",
        takes_effect_at=instant(this.now),
        cause=number,
        items=[item.code for item in mended],
    )
    for item in mended:
        item.broken_at = item.broken_number = None


def _complete_anew(this: Change, items: Iterable[Item]) -> None:
    """Judge anew whose reply has gaps: on a broken item a position is neither asked nor missed."""
    letter = this.consultation
    form = form_items(items, letter.rule, letter.comments)
    if not any(item.choices != {Choice.OBJECT} for item in form):
        return
    said = {
        row.member: row.choices
        for row in this.session.scalars(
            select(Reply)
            .where(Reply.consultation_id == letter.id, Reply.late.is_(False))
            .order_by(Reply.received_at, Reply.version)
            .options(load_only(Reply.member, Reply.choices))
        )
    }
    for line in frozen(this.session, letter.id):
        if line.member in said:
            line.complete = not gaps_of(form, said[line.member])


def _tell(this: Change, number: int, items: set[str], *, newly: set[str]) -> None:
    """Tell all who objects to what, and why; of an item broken before, the new objection alone."""
    this.session.flush()
    told = [
        one
        for one in objections(this.session, this.consultation.id)
        if one.item in items and (one.item in newly or one.number == number)
    ]
    _notify(
        this,
        f"objection-{number}",
        breaks=(this.consultation.breaks or Breaks.ITEM).value,
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
    this: Change, number: int, member: str, lifted: Iterable[Item], *, mended: set[str]
) -> None:
    roll = {line.member: line.name for line in frozen(this.session, this.consultation.id)}
    _notify(
        this,
        f"lifted-{number}",
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
        by_member={line.member: {"member_name": line.name} for line in roll},
        **facts,
    )
