"""What broke the silence: which items, who objects to them, and why. Told to all (T33)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.answer import Words
from consult.core.comparison import Choice
from consult.core.life import Unconfirmed
from consult.queries.admitted import admitted_in
from consult.queries.steps import asked_again
from consult.tables import Consultation, Item, LedgerText, Reply, RollEntry


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection that breaks the silence on one item.

    Args:
        title: Of the item, by language.
        name: Of the member, by language.
        reasons: In the language in which they were written; None where they were taken away.
        number: Of the entry of the reply.
    """

    item: str
    title: Mapping[str, str]
    member: str
    name: Mapping[str, str]
    reasons: Words | None
    received_at: datetime
    number: int


def objections(session: Session, consultation_id: int) -> tuple[Objection, ...]:
    """Return every objection to an item that is broken, in the order of items and roll.

    Of a member's reply nothing else is returned: neither its other positions nor its other
    comments. Costs one statement while nothing is broken, four otherwise, and two
    more where positions lapsed since.
    """
    items = session.execute(
        sa.select(Item.code, Item.title)
        .where(Item.consultation_id == consultation_id, Item.broken_number.is_not(None))
        .order_by(Item.place)
    ).all()
    if not items:
        return ()
    standing = _newest(session, consultation_id)
    lapsed = _lapsed(session, consultation_id, standing)
    found = [
        (item, row)
        for item in items
        for row in standing
        if row.choices.get(item.code) == "object" and item.code not in lapsed.get(row.revision, ())
    ]
    words = _words(session, [row.comments.get(item.code) for item, row in found])
    return tuple(
        Objection(
            item=item.code,
            title=item.title,
            member=row.member,
            name=row.name,
            reasons=_reasons(words.get(row.comments.get(item.code, "")), row.language),
            received_at=row.received_at,
            number=row.number,
        )
        for item, row in found
    )


def _newest(session: Session, consultation_id: int) -> list[sa.Row[Any]]:
    """Return of each member with the right to vote the newest version that may count.

    That is one in time, unless a ruling says otherwise or has still to be given (T75, T76).
    """
    admitted = admitted_in(session, consultation_id)
    rows = session.execute(
        sa.select(
            Reply.member,
            Reply.choices,
            Reply.comments,
            Reply.language,
            Reply.received_at,
            Reply.number,
            Reply.revision,
            sa.and_(
                Consultation.unconfirmed == Unconfirmed.LAPSES,
                Consultation.revision > Reply.revision,
            ).label("lapses"),
            RollEntry.name,
            RollEntry.place,
            (Reply.received_at < Consultation.closes_at).label("in_time"),
        )
        .join(Consultation, Consultation.id == Reply.consultation_id)
        .join(
            RollEntry,
            sa.and_(
                RollEntry.consultation_id == Reply.consultation_id,
                RollEntry.member == Reply.member,
            ),
        )
        .where(
            Reply.consultation_id == consultation_id,
            RollEntry.entitled.is_(True),
        )
        .order_by(Reply.received_at, Reply.version)
    )
    newest = {row.member: row for row in rows if admitted.get(row.number, row.in_time)}
    return sorted(newest.values(), key=lambda row: row.place)


def _lapsed(
    session: Session, consultation_id: int, standing: Sequence[sa.Row[Any]]
) -> Mapping[int, frozenset[str]]:
    """Return of each revision the items on which an objection to it counts no more."""
    if not any(row.lapses for row in standing):
        return {}
    return asked_again(session, session.get_one(Consultation, consultation_id))


def _words(session: Session, commitments: Collection[str | None]) -> Mapping[str, LedgerText]:
    rows = session.scalars(
        sa.select(LedgerText).where(LedgerText.commitment.in_({c for c in commitments if c}))
    )
    return {row.commitment: row for row in rows}


def _reasons(kept: LedgerText | None, language: str) -> Words | None:
    return Words(kept.text, kept.language or language) if kept and kept.text is not None else None


def objections_alone(session: Session, consultation_ids: Collection[int]) -> frozenset[int]:
    """Return those of the consultations that ask for objections alone (one statement).

    There saying nothing is no gap, and that somebody confirmed it is as closed as a position.
    """
    rows = session.execute(
        sa.select(Consultation.id, Consultation.rule, Item.rule.label("own"))
        .join(Item, Item.consultation_id == Consultation.id)
        .where(Consultation.id.in_(consultation_ids))
    )
    asks: dict[int, bool] = {}
    for row in rows:
        rule = row.own or row.rule
        missed = rule is None or rule["choices"] != [Choice.OBJECT.value]
        asks[row.id] = asks.get(row.id, False) or missed
    return frozenset(number for number, positions in asks.items() if not positions)
