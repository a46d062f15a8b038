"""What notices say of a letter and of the member they speak to: frozen when they are queued."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.ledger import instant
from consult.core.life import State, state_at
from consult.core.need import need
from consult.core.recipient import Recipient
from consult.core.rule import parse
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen, lines_of
from consult.queries.silence import objections_alone
from consult.queries.steps import asked_again
from consult.tables import (
    MOVED,
    Body,
    Consultation,
    Item,
    LedgerEntry,
    Member,
    Organisation,
    Reply,
    ReplyDraft,
    RollEntry,
    reading,
)


def of_consultation(session: Session, letter: Consultation) -> dict[str, Any]:
    """Return what every notice about *letter* carries, as it stands now (one statement)."""
    return said_of(letter, session.execute(_WHOSE, whose(letter)).one())


def whose(letter: Consultation) -> dict[str, int]:
    """Return what `with_whose` asks to be given of *letter*."""
    return {"of_body": letter.body_id, "of_letter": letter.id}


def with_whose(statement: Any) -> Any:
    """Let a select that answers with one row tell of the body and the house too."""
    return (
        statement.add_columns(*_OF)
        .join(Body, Body.id == sa.bindparam("of_body"))
        .outerjoin(Organisation, Organisation.id == 1)
    )


def said_of(letter: Consultation, of: Any) -> dict[str, Any]:
    """Return what `of_consultation` does, from a row that tells of the body and the house."""
    return {
        "reference": letter.reference,
        "slug": letter.slug,
        "asks": letter.kind.value,
        "ledger": letter.ledger,
        "revision": letter.revision,
        "moved": of.moved,  # how often the deadline was; calendars tell versions apart by it
        "subject": letter.subject,
        "closes_at": instant(letter.closes_at) if letter.closes_at else None,
        "languages": letter.languages,
        "illustrative": bool(letter.illustrative),
        **({"rehearsal": True} if letter.rehearsal else {}),
        "body": {"name": of.body_name, "seat": of.seat, "zone": of.zone},
        "organisation": {
            "name": of.house or of.body_name,
            "address": of.address,
            "telephone": of.telephone,
        },
    }


def of_letter(session: Session, letter: Consultation, roll: Sequence[RollEntry]) -> dict[str, Any]:
    """Return the rule of *letter* and what it takes on *roll*; none of a round (one statement)."""
    items, own_rules = session.execute(
        select(func.count(), func.count(Item.rule)).where(
            Item.consultation_id == letter.id, Item.withdrawn_at.is_(None)
        )
    ).one()
    return {
        "items": items,
        "comments": letter.comments.value,
        "own_rules": own_rules,
        "rule": letter.rule,
        "need": asdict(need(parse(letter.rule), lines_of(roll, "en"))) if letter.rule else None,
    }


def of_members(
    session: Session, roll: Sequence[RollEntry], people: Sequence[Recipient]
) -> dict[str, dict[str, Any]]:
    """Return by its code what each member on *roll* is told of itself (one statement).

    Args:
        people: Who gets the notice; each reads how many others of its member do.
    """
    spoken_to = Counter(person.member for person in people)
    lines = [line for line in roll if line.member in spoken_to]
    places = {
        row.id: row
        for row in session.execute(
            select(Member.id, Member.zone, Member.capital).where(
                Member.id.in_([line.member_id for line in lines])
            )
        )
    }
    return {
        line.member: {
            "member_name": line.name,
            "entitled": line.entitled,
            "no_vote_under": line.no_vote_under,
            "observer": line.observer,
            "zone": places[line.member_id].zone,
            "capital": places[line.member_id].capital,
            "colleagues": spoken_to[line.member] - 1,
        }
        for line in lines
    }


def reminder(
    session: Session,
    letter: Consultation,
    roll: Sequence[RollEntry],
    people: Sequence[Recipient],
    now: datetime,
) -> dict[str, Any]:
    """Return what a reminder says to *people* at *now* (four statements).

    How far a draft has come is told to the member alone (T33): whoever shows a reminder to an
    officer leaves ``drafted`` out.
    """
    by_member = of_members(session, roll, people)
    drafted = _drafted(session, letter.id, by_member)
    gaps = _gaps(session, letter, by_member)
    for code, own in by_member.items():
        own |= {"gaps": gaps.get(code), "drafted": drafted.get(code)}
    assert letter.closes_at is not None  # noqa: S101 - it is open
    return {
        **of_letter(session, letter, roll),
        "objections_alone": bool(objections_alone(session, [letter.id])),
        "left": (letter.closes_at - now) // timedelta(minutes=1),
        "by_member": by_member,
    }


def reminder_preview(
    engine: sa.Engine, slug: str, member: str, now: datetime
) -> dict[str, Any] | None:
    """Return what a reminder to *member* would say now, as an officer may see it.

    None if the member is not on the roll of an open consultation of that slug.
    """
    with reading(engine) as session:
        letter = session.scalar(select(Consultation).where(Consultation.slug == slug))
        if letter is None or state_at(letter.state, letter.closes_at, now) is not State.OPEN:
            return None
        roll = frozen(session, letter.id)
        people = focal_points_of(session, [member], now)
        said = reminder(session, letter, roll, people, now)
        own = said.pop("by_member").get(member)
        if own is None:
            return None
        return {**of_consultation(session, letter), **said, **own, "drafted": None}


def _drafted(session: Session, letter: int, members: Collection[str]) -> dict[str, int]:
    """Return how many positions the draft of each of *members* has, if there is one."""
    rows = session.execute(
        select(ReplyDraft.member, ReplyDraft.choices).where(
            ReplyDraft.consultation_id == letter, ReplyDraft.member.in_(members)
        )
    )
    return {member: sum(map(bool, choices.values())) for member, choices in rows}


def _gaps(session: Session, letter: Consultation, members: Collection[str]) -> dict[str, int]:
    """Return how many items the newest reply in time of each of *members* leaves open.

    Of a letter that was revised also those that were added since, or whose positions lapsed.
    """
    rows = session.execute(
        select(Reply.member, Reply.choices, Reply.revision)
        .where(
            Reply.consultation_id == letter.id,
            Reply.member.in_(members),
            Reply.received_at < letter.closes_at,
        )
        .order_by(Reply.received_at, Reply.version)
    )
    newest = {row.member: row for row in rows}
    asked = asked_again(session, letter) if letter.revision else {}
    gone = set(
        session.scalars(
            select(Item.code).where(
                Item.consultation_id == letter.id, Item.withdrawn_at.is_not(None)
            )
        )
    )
    return {
        member: sum(not said for code, said in _said(row, asked).items() if code not in gone)
        for member, row in newest.items()
        if any(row.choices.values())
    }


def _said(row: Any, asked: Mapping[int, frozenset[str]]) -> dict[str, str | None]:
    """Return what a reply says now: nothing on the items that it is asked about again."""
    return {**row.choices, **dict.fromkeys(asked.get(row.revision, ()))}


_OF = (
    Body.name.label("body_name"),
    Body.seat,
    Body.zone,
    Organisation.name.label("house"),
    Organisation.address,
    Organisation.telephone,
    select(func.count())
    .select_from(LedgerEntry)
    .where(
        LedgerEntry.consultation_id == sa.bindparam("of_letter"),
        MOVED,
    )
    .scalar_subquery()
    .label("moved"),
)
_WHOSE = (
    select(*_OF)
    .select_from(Body)
    .outerjoin(Organisation, Organisation.id == 1)
    .where(Body.id == sa.bindparam("of_body"))
)
