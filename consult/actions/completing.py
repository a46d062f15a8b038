"""Whose newest reply leaves nothing open on the letter as it now stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from consult.actions.change import Change
from consult.queries.answering import FormItem, form_items, gaps_of
from consult.queries.roll import frozen
from consult.queries.steps import asked_again
from consult.tables import Item, Reply


def leaves_nothing_open(
    items: Sequence[FormItem], choices: Mapping[str, object], again: Iterable[str]
) -> bool:
    """Say whether a reply that says *choices* answers all that is asked.

    Args:
        again: The items on which it says nothing by now: added since, or lapsed.
    """
    asked = {item.code for item in items if not item.withdrawn and not item.broken}
    return not gaps_of(items, choices) and asked.isdisjoint(again)


def judge_anew(this: Change) -> None:
    """Let the roll say whose reply is complete, after items were broken, mended or withdrawn.

    Once the post is stated nobody is asked any more: then the roll stays as it is.
    """
    letter = this.consultation
    if letter.post_stated_at is not None:
        return
    this.session.flush()
    items = this.session.scalars(
        select(Item).where(Item.consultation_id == letter.id).order_by(Item.place)
    )
    form = form_items(items, letter.rule, letter.comments)
    again = asked_again(this.session, letter) if letter.revision else {}
    newest = _newest(this)
    for line in frozen(this.session, letter.id):
        if (reply := newest.get(line.member)) is not None:
            since = again.get(reply.revision, ())
            line.complete = line.entitled and leaves_nothing_open(form, reply.choices, since)


def _newest(this: Change) -> dict[str, Reply]:
    """Return of each member its newest reply in time."""
    letter = this.consultation
    rows: Iterable[Any] = this.session.scalars(
        select(Reply)
        .where(Reply.consultation_id == letter.id, Reply.received_at < letter.closes_at)
        .order_by(Reply.received_at, Reply.version)
        .options(load_only(Reply.member, Reply.choices, Reply.revision))
    )
    return {row.member: row for row in rows}
