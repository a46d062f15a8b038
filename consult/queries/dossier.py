"""All that a consultation left behind, from the draft to the record, gathered for one archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.canonical import canonical
from consult.core.life import Act
from consult.core.record import record_bytes
from consult.core.schedule import NoticeKind, NoticeState
from consult.errors import NotFound
from consult.keys import Keyring
from consult.queries.consultation import Head, head
from consult.queries.earlier import earlier_letters
from consult.queries.enclosing import LetterSource, letter_source
from consult.queries.keys import signed_to_its_end
from consult.queries.record import export_of, record_of
from consult.tables import (
    Comment,
    Consultation,
    Countersignature,
    Document,
    Erratum,
    Evidence,
    FocalPoint,
    Member,
    Notice,
    Person,
    Record,
    Referral,
    Reply,
    ReplyNote,
    Request,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored file of the letter, or evidence: of a reply that came otherwise, of a mandate."""

    sha256: str
    filename: str
    evidence: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One notice to one person, and what became of it."""

    uuid: str
    person: str
    member: str | None
    kind: NoticeKind
    occasion: str
    language: str
    state: NoticeState
    queued_at: datetime
    sent_at: datetime | None
    cause: str | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Mandated:
    """A line of the register of mandates for a member on the roll."""

    number: int
    member: str
    person: str
    head: bool
    adviser: bool
    from_at: datetime
    until_at: datetime | None
    named_by: str | None
    paper: str | None
    paper_sha256: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What one person asked and another decided; nobody decided it where `decided_at` is None."""

    number: int
    act: Act
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    confirmed: bool | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """An erratum, in each language that it has."""

    number: int
    at: datetime
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Referred:
    """An item that goes on to a meeting."""

    item: str
    meeting: str
    asked_for_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the archive is made of.

    Args:
        earlier: The letter as it was opened and as revisions left it, where it said otherwise.
        record: The newest record as published, else as it stands now; JSON text.
        records: Every published record by its revision.
        countersigned: What newer keys said of these, by revision and key.
        receipts: By member and version, the receipt of a reply or of comments as it was stored.
    """

    head: Head
    letter: LetterSource
    earlier: tuple[LetterSource, ...]
    errata: tuple[Correction, ...]
    referrals: tuple[Referred, ...]
    record: str
    records: Mapping[int, str]
    countersigned: Mapping[tuple[int, str], str]
    ledger: bytes
    receipts: Mapping[tuple[str, int], str]
    notices: tuple[Sent, ...]
    mandates: tuple[Mandated, ...]
    requests: tuple[Decided, ...]
    papers: tuple[Paper, ...]


def dossier(engine: sa.Engine, keys: Keyring, slug: str, now: datetime, language: str) -> Dossier:
    """Gather the dossier of a consultation whose positions the secretariat may see.

    Raises:
        NotFound: There is none, or it is not disclosed yet (T33).
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if not about.disclosed:
            raise NotFound(slug=slug)
        records = _records(session, about.id)
        letter = session.get_one(Consultation, about.id)
        mandates = _mandates(session, about)
        source = letter_source(engine, about.id)
        return Dossier(
            head=about,
            letter=source,
            earlier=earlier_letters(session, source, about.id),
            errata=_errata(session, about.id),
            referrals=_referrals(session, about.id),
            record=records[max(records)]
            if records
            else record_bytes(
                signed_to_its_end(session, keys, letter, record_of(session, about.id))
            ).decode(),
            records=records,
            countersigned=_countersigned(session, about.id),
            ledger=canonical(signed_to_its_end(session, keys, letter, export_of(session, letter))),
            receipts=_receipts(session, about.id),
            notices=_notices(session, about.id),
            mandates=mandates,
            requests=_requests(session, about.id),
            papers=(*_papers(session, about.id), *_scans(session, mandates)),
        )


def _errata(session: Session, consultation: int) -> tuple[Correction, ...]:
    rows: Any = session.execute(
        sa.select(Erratum.number, Erratum.at, Erratum.words)
        .where(Erratum.consultation_id == consultation)
        .order_by(Erratum.number)
    )
    return tuple(Correction(*row) for row in rows)


def _referrals(session: Session, consultation: int) -> tuple[Referred, ...]:
    rows: Any = session.execute(
        sa.select(
            Referral.item,
            Referral.meeting,
            Referral.asked_for_by,
            Referral.reason,
            Referral.at,
        )
        .where(Referral.consultation_id == consultation)
        .order_by(Referral.id)
    )
    return tuple(Referred(*row) for row in rows)


def _records(session: Session, consultation: int) -> dict[int, str]:
    rows = session.execute(
        sa.select(Record.revision, Record.content).where(Record.consultation_id == consultation)
    )
    return {row.revision: row.content for row in rows}


def _countersigned(session: Session, consultation: int) -> dict[tuple[int, str], str]:
    rows = session.execute(
        sa.select(Record.revision, Countersignature.kid, Countersignature.content)
        .join(Record, Record.id == Countersignature.record_id)
        .where(Record.consultation_id == consultation)
    )
    return {(row.revision, row.kid): row.content for row in rows}


def _receipts(session: Session, consultation: int) -> dict[tuple[str, int], str]:
    of_replies, of_comments = (
        sa.select(kept.member, kept.version, kept.receipt).where(
            kept.consultation_id == consultation, kept.receipt.is_not(None)
        )
        for kept in (Reply, Comment)
    )
    rows = session.execute(of_replies.union_all(of_comments).order_by("member", "version"))
    return {(row.member, row.version): row.receipt for row in rows}


def _notices(session: Session, consultation: int) -> tuple[Sent, ...]:
    rows = session.execute(
        sa.select(
            Notice.uuid,
            Person.name,
            Notice.member,
            Notice.kind,
            Notice.occasion,
            Notice.language,
            Notice.state,
            Notice.queued_at,
            Notice.sent_at,
            Notice.cause,
            Notice.number,
        )
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.consultation_id == consultation)
        .order_by(Notice.id)
    )
    return tuple(Sent(*row) for row in rows)


def _mandates(session: Session, about: Head) -> tuple[Mandated, ...]:
    """Return who could reply for the members on the roll while the letter was open."""
    naming = aliased(Person)
    rows: Any = session.execute(
        sa.select(
            FocalPoint.id,
            Member.code,
            Person.name,
            FocalPoint.head,
            FocalPoint.adviser,
            FocalPoint.from_at,
            FocalPoint.until_at,
            naming.name.label("named_by"),
            FocalPoint.paper,
            FocalPoint.paper_sha256,
        )
        .join(Member, Member.id == FocalPoint.member_id)
        .join(RollEntry, RollEntry.member_id == Member.id)
        .join(Person, Person.id == FocalPoint.person_id)
        .outerjoin(naming, naming.id == FocalPoint.named_by_id)
        .where(
            RollEntry.consultation_id == about.id,
            FocalPoint.from_at < about.closes_at,
            sa.or_(FocalPoint.until_at.is_(None), FocalPoint.until_at > about.opens_at),
        )
        .order_by(RollEntry.place, FocalPoint.id)
    )
    return tuple(Mandated(*row) for row in rows)


def _requests(session: Session, consultation: int) -> tuple[Decided, ...]:
    asked, decided = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(
            Request.asked_number,
            Request.act,
            asked.name,
            Request.asked_at,
            decided.name,
            Request.decided_at,
            Request.confirmed,
            Request.reason,
        )
        .join(asked, asked.id == Request.asked_by_id)
        .outerjoin(decided, decided.id == Request.decided_by_id)
        .where(Request.consultation_id == consultation)
        .order_by(Request.id)
    )
    return tuple(Decided(*row) for row in rows)


def _papers(session: Session, consultation: int) -> tuple[Paper, ...]:
    rows: Any = session.execute(
        sa.select(Document.sha256, Document.filename, Document.purpose)
        .where(Document.consultation_id == consultation, Document.sha256.is_not(None))
        .order_by(Document.id)
    )
    notes = session.execute(
        sa.select(ReplyNote.sha256, ReplyNote.filename)
        .join(
            Reply,
            sa.and_(
                Reply.consultation_id == ReplyNote.consultation_id,
                Reply.member == ReplyNote.member,
                Reply.note == ReplyNote.sha256,
            ),
        )
        .where(ReplyNote.consultation_id == consultation)
        .order_by(ReplyNote.id)
    )
    return (
        *(Paper(row.sha256, row.filename or row.sha256, row.purpose == "evidence") for row in rows),
        *(Paper(row.sha256, row.filename, evidence=True) for row in notes),
    )


def _scans(session: Session, mandates: Sequence[Mandated]) -> tuple[Paper, ...]:
    """Return the papers on which these mandates rest."""
    rows = session.execute(
        sa.select(Evidence.sha256, Evidence.filename)
        .where(Evidence.sha256.in_({one.paper_sha256 for one in mandates if one.paper_sha256}))
        .order_by(Evidence.sha256)
    )
    return tuple(Paper(row.sha256, row.filename, evidence=True) for row in rows)
