"""The receipts of a member's replies, and the leaves by which anyone checks the ledger."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.comparison import Choice
from consult.core.entries import RESTORED
from consult.core.ledger import leaf
from consult.core.life import NOT_OPENED, Channel, State, state_at
from consult.core.rule import parse
from consult.core.silence import under_silence
from consult.errors import NotFound
from consult.queries.admitted import admitted_in
from consult.queries.content import item_data
from consult.queries.contests import Held, Ruled, confirmed, held, ruled
from consult.queries.organisation import House, house_of
from consult.tables import (
    Body,
    Consultation,
    Item,
    LedgerEntry,
    Organisation,
    Person,
    Reply,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a member's reply.

    Args:
        by: Who sent it; None for one that was recorded on behalf.
        number: Of its ledger entry.
        admitted: What was ruled, or must be, before it counts; None if nothing is.
        counts: Whether it is the newest that may count, which counts alone.
    """

    version: int
    received_at: datetime
    late: bool
    channel: Channel
    by: str | None
    number: int
    admitted: bool | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt with what is printed beside it.

    Args:
        raw: The file as it was stored, never made anew.
        leaf: Of its ledger entry, by which it is called on paper; one that was restored keeps it.
        restored_at: When it was readmitted, if the database had lost it.
        content: What `documents.receipt` needs of the letter.
        unopposed: The items on which saying nothing was to have no objection.
        silence: Whether some item is under the silence procedure.
        versions: All versions of the member, the newest first.
        held, ruled: What the member contested of it, and what was ruled.
        confirmed_at: When the member said that what was recorded on its behalf is its reply.
    """

    raw: str
    version: int
    received_at: datetime
    late: bool
    by: str | None
    number: int
    leaf: str
    content: dict[str, Any]
    rule_names: Mapping[str, Mapping[str, str]]
    unopposed: frozenset[str]
    silence: bool
    body: dict[str, Any]
    house: House
    organisation: dict[str, Any]
    member_name: Mapping[str, str]
    state: State
    closes_at: datetime
    versions: tuple[Version, ...]
    held: Held | None
    ruled: Ruled | None
    confirmed_at: datetime | None
    restored_at: datetime | None

    @property
    def sent_as(self) -> int:
        """The version that it says, which another reply may bear since it was restored."""
        return int(json.loads(self.raw)["version"])

    @property
    def own(self) -> Version:
        """The version that it is of."""
        return next(one for one in self.versions if one.version == self.version)


def receipt(
    engine: sa.Engine, slug: str, member: str, version: int, now: datetime, language: str
) -> Receipt:
    """Return a receipt of *member* (eight statements at most).

    Raises:
        NotFound: There is no such version.
    """
    with reading(engine) as session:
        row = session.execute(_main(slug, member, version)).first()
        if row is None:
            raise NotFound(version=version)
        items = session.scalars(
            sa.select(Item).where(Item.consultation_id == row.id).order_by(Item.place)
        ).all()
        versions = _versions(session, row.id, member, row.closes_at)
        contest = held(session, row.id, row.number)
        ruling = ruled(session, row.id, row.number)
        own_words = confirmed(session, row.id).get(row.number)
    return Receipt(
        raw=row.receipt,
        version=version,
        received_at=row.received_at,
        late=row.received_at >= row.closes_at,
        by=row.by,
        number=row.number,
        leaf=leaf(json.loads(row.receipt)["entry"]) if row.what == RESTORED else row.leaf,
        content={
            "subject": row.subject,
            "languages": list(row.languages),
            "illustrative": row.illustrative,
            "items": [item_data(item) for item in items],
        },
        rule_names=row.rule.get("names") or {},
        unopposed=frozenset(
            item.code
            for item in items
            if (item.rule or row.rule)["choices"] == [Choice.OBJECT.value]
            and not (item.broken_at and item.broken_at <= row.received_at)
        ),
        silence=any(under_silence(parse(item.rule or row.rule)) for item in items),
        body={"name": row.Body.name, "seat": row.Body.seat, "zone": row.Body.zone},
        house=house_of(row.Organisation, language),
        organisation={"name": row.Organisation.name if row.Organisation else row.Body.name},
        member_name=row.member_name,
        state=state_at(row.state, row.closes_at, now),
        closes_at=row.closes_at,
        versions=versions,
        held=contest,
        ruled=ruling,
        confirmed_at=own_words,
        restored_at=row.at if row.what == RESTORED else None,
    )


def stored(engine: sa.Engine, slug: str, member: str, version: int) -> tuple[str, State] | None:
    """Return the bytes of a receipt as text and the state of its letter (one statement)."""
    with reading(engine) as session:
        row = session.execute(
            sa.select(Reply.receipt, Consultation.state)
            .join(Consultation, Consultation.id == Reply.consultation_id)
            .where(Consultation.slug == slug, Reply.member == member, Reply.version == version)
        ).first()
    return (row.receipt, row.state) if row else None


def leaves(
    engine: sa.Engine, slug: str, members: frozenset[str] | None, now: datetime
) -> dict[str, Any]:
    """Return number, leaf and head of every entry of a letter's ledger (two statements).

    Args:
        members: For which the reader acts; None for the secretariat, which sees every letter.

    Raises:
        NotFound: There is no such letter, or it is not the reader's to see (T51).
    """
    asked = sa.select(Consultation.id, Consultation.ledger, Consultation.reference).where(
        Consultation.slug == slug
    )
    if members is not None:
        asked = asked.join(RollEntry, RollEntry.consultation_id == Consultation.id).where(
            RollEntry.member.in_(sorted(members)),
            Consultation.state.not_in(NOT_OPENED),
            Consultation.opens_at <= now,
        )
    with reading(engine) as session:
        found = session.execute(asked.limit(1)).first()
        if found is None:
            raise NotFound(slug=slug)
        rows = session.execute(
            sa.select(LedgerEntry.number, LedgerEntry.leaf, LedgerEntry.head)
            .where(LedgerEntry.consultation_id == found.id)
            .order_by(LedgerEntry.number)
        ).all()
    return {
        "ledger": found.ledger,
        "reference": found.reference,
        "leaves": [{"number": row.number, "leaf": row.leaf, "head": row.head} for row in rows],
    }


def _main(slug: str, member: str, version: int) -> sa.Executable:
    return (
        sa.select(
            Consultation.id,
            Consultation.subject,
            Consultation.languages,
            Consultation.illustrative,
            Consultation.rule,
            Consultation.state,
            Consultation.closes_at,
            Reply.receipt,
            Reply.received_at,
            Reply.number,
            LedgerEntry.leaf,
            LedgerEntry.what,
            LedgerEntry.at,
            RollEntry.name.label("member_name"),
            Person.name.label("by"),
            Body,
            Organisation,
        )
        .select_from(Reply)
        .join(Consultation, Consultation.id == Reply.consultation_id)
        .join(Body, Body.id == Consultation.body_id)
        .join(
            RollEntry,
            sa.and_(RollEntry.consultation_id == Consultation.id, RollEntry.member == Reply.member),
        )
        .join(
            LedgerEntry,
            sa.and_(
                LedgerEntry.consultation_id == Consultation.id, LedgerEntry.number == Reply.number
            ),
        )
        .outerjoin(Person, Person.id == Reply.person_id)
        .outerjoin(Organisation, sa.true())
        .where(Consultation.slug == slug, Reply.member == member, Reply.version == version)
    )


def _versions(
    session: Session, consultation: int, member: str, closes_at: datetime
) -> tuple[Version, ...]:
    """Return all versions; which of them is late goes by the deadline as it stands now."""
    rows = session.execute(
        sa.select(
            Reply.version,
            Reply.received_at,
            (Reply.received_at >= closes_at).label("late"),
            Reply.channel,
            Person.name.label("by"),
            Reply.number,
        )
        .outerjoin(Person, Person.id == Reply.person_id)
        .where(Reply.consultation_id == consultation, Reply.member == member)
        .order_by(Reply.received_at.desc(), Reply.version.desc())
    ).all()
    admitted = admitted_in(session, consultation)
    counted = _newest(rows, admitted)
    return tuple(
        Version(*row, admitted=admitted.get(row.number), counts=row.version == counted)
        for row in rows
    )


def counted_version(session: Session, consultation: int, member: str) -> int | None:
    """Return the version of a member's reply that counts (two statements)."""
    rows = session.execute(
        sa.select(
            Reply.version,
            (Reply.received_at >= Consultation.closes_at).label("late"),
            Reply.number,
        )
        .join(Consultation, Consultation.id == Reply.consultation_id)
        .where(Reply.consultation_id == consultation, Reply.member == member)
        .order_by(Reply.received_at.desc(), Reply.version.desc())
    ).all()
    return _newest(rows, admitted_in(session, consultation))


def _newest(rows: Sequence[Any], admitted: Mapping[int, bool]) -> int | None:
    """Return the version of the newest of *rows* that may count; the newest stands first."""
    return next((row.version for row in rows if admitted.get(row.number, not row.late)), None)
