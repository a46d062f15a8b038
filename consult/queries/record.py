"""A decision record as one value, from what is stored; and the records that were published."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.entries import REPLIES, RESTORED
from consult.core.ledger import instant
from consult.core.life import Act, Kind
from consult.core.record import build_export, build_record
from consult.core.round import COMMENTS, DISPOSED
from consult.core.round_record import build_round
from consult.core.signing import with_checkpoints
from consult.core.verify_texts import unclear_texts
from consult.queries.content import content_of, load_whole
from consult.queries.keys import checkpoints_of, keys_of
from consult.queries.observing import observes
from consult.queries.roll import frozen
from consult.tables import (
    Body,
    Consultation,
    Countersignature,
    HeadSent,
    LedgerEntry,
    LedgerText,
    Organisation,
    Person,
    Record,
    Reply,
    Request,
    RollEntry,
    reading,
)

# Facts that commit to texts: those that every reader of a decision is owed, and the others.
_PUBLIC = ("reason", "reasons", "grounds", "conclusion", "words", "meeting", "authority")
_PERSONAL = ("signatory", "person", "recipients")
_GROUND = "personal"


@dataclass(frozen=True, slots=True)
class Published:
    """A published record: its bytes, and who may read them."""

    content: str
    sha256: str
    revision: int
    published_at: datetime
    public: bool
    members: frozenset[str]  # codes on its roll; empty where it is public
    observed: bool  # the observer may read it
    newest: int  # the revision that holds
    countersignature: str | None  # of a newer key, since the record's own was lost


def published(
    engine: sa.Engine,
    slug: str,
    revision: int | None = None,
    observer: tuple[int, datetime] | None = None,
) -> Published | None:
    """Return a record of a consultation, with its roll if it is not public.

    Args:
        revision: That one; the newest, if none is wanted.
        observer: A person who is an observer, and when it looks.
    """
    newer = aliased(Record)
    newest = (
        sa.select(sa.func.max(newer.revision))
        .where(newer.consultation_id == Record.consultation_id)
        .scalar_subquery()
    )
    countersigned = (
        sa.select(Countersignature.content)
        .where(Countersignature.record_id == Record.id)
        .order_by(Countersignature.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with reading(engine) as session:
        found = session.execute(
            sa.select(Record, newest.label("newest"), countersigned.label("countersigned"))
            .join(Consultation, Consultation.id == Record.consultation_id)
            .where(
                Consultation.slug == slug,
                Record.revision == (newest if revision is None else revision),
            )
        ).first()
        if found is None:
            return None
        row: Record = found.Record
        roll = sa.select(RollEntry.member).where(RollEntry.consultation_id == row.consultation_id)
        return Published(
            content=row.content,
            sha256=row.sha256,
            revision=row.revision,
            published_at=row.published_at,
            public=row.public,
            members=frozenset() if row.public else frozenset(session.scalars(roll)),
            observed=observer is not None
            and not row.public
            and session.scalar(
                sa.select(Consultation.id).where(
                    Consultation.id == row.consultation_id, observes(*observer)
                )
            )
            is not None,
            newest=found.newest,
            countersignature=found.countersigned,
        )


def record_of(
    session: Session,
    consultation_id: int,
    *,
    number: str | None = None,
    revision: int = 0,
    published_at: str | None = None,
) -> dict[str, Any]:
    """Return the record of a counted consultation as it stands, published or not (T58).

    Args:
        number: In the register, ``2020/1``; None before publication.
        published_at: As the ledger spells an instant; None before publication.
    """
    whole = load_whole(session, consultation_id)
    links = _links(session, consultation_id)
    entries = [link["entry"] for link in links]
    texts, withheld = _texts(session, consultation_id, entries)
    heads = session.execute(
        sa.select(HeadSent.number, HeadSent.head)
        .where(HeadSent.consultation_id == consultation_id)
        .order_by(HeadSent.number)
    )
    described = _described(session, whole, entries) | {
        "number": number,
        "revision": revision,
        "published_at": published_at,
        "corrects": _corrects(_newest(session, consultation_id)),
    }
    build = build_round if whole.kind is Kind.COMMENTS else build_record
    made = build(described, links, texts, withheld, [(row.number, row.head) for row in heads])
    return with_checkpoints(made, checkpoints_of(session, consultation_id), keys_of(session))


def to_correct(session: Session, consultation_id: int) -> bool:
    """Say whether something was ruled or readmitted since the record was published."""
    last = {
        row.what: row.last
        for row in session.execute(
            sa.select(LedgerEntry.what, sa.func.max(LedgerEntry.number).label("last"))
            .where(
                LedgerEntry.consultation_id == consultation_id,
                LedgerEntry.what.in_(("ruling", RESTORED, "publication")),
            )
            .group_by(LedgerEntry.what)
        )
    }
    published = last.pop("publication", None)
    return published is not None and any(number > published for number in last.values())


def after_deadline(session: Session, letter: Consultation) -> frozenset[str]:
    """Return the members for which a reply was recorded on behalf after the deadline (T69)."""
    return frozenset(
        session.scalars(
            sa.select(Reply.member).where(
                Reply.consultation_id == letter.id,
                Reply.request_id.is_not(None),
                Reply.recorded_at >= letter.closes_at,
            )
        )
    )


def _newest(session: Session, consultation_id: int) -> Record | None:
    return session.scalar(
        sa.select(Record)
        .where(Record.consultation_id == consultation_id)
        .order_by(Record.revision.desc())
        .limit(1)
    )


def _corrects(before: Record | None) -> dict[str, Any] | None:
    """Name the record that this one corrects, by its revision and its hash (T60)."""
    return {"revision": before.revision, "sha256": before.sha256} if before else None


def export_of(session: Session, consultation: Consultation) -> dict[str, Any]:
    """Return the export of a whole ledger as it stands."""
    described = {"id": consultation.ledger, "reference": consultation.reference}
    return build_export(described, _links(session, consultation.id))


def body_data(body: Body) -> dict[str, Any]:
    """Return what documents say of a body."""
    return {
        "slug": body.slug,
        "name": body.name,
        "seat": body.seat,
        "zone": body.zone,
        "groups": [{"id": group["id"], "name": group["name"]} for group in body.groups],
        "presiding": {"name": body.presiding_name or "", "title": body.presiding_title or {}},
    }


def organisation_data(organisation: Organisation | None) -> dict[str, Any]:
    """Return what documents say of the organisation; nothing, before it is told."""
    if organisation is None:
        return {"name": {}, "short_name": {}, "place": {}, "address": None, "telephone": None}
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        "place": organisation.place,
        "address": organisation.address,
        "telephone": organisation.telephone,
    }


def _links(session: Session, consultation_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(LedgerEntry.entry, LedgerEntry.leaf, LedgerEntry.prev, LedgerEntry.head)
        .where(LedgerEntry.consultation_id == consultation_id)
        .order_by(LedgerEntry.number)
    )
    return [
        {"entry": json.loads(row.entry), "leaf": row.leaf, "prev": row.prev, "head": row.head}
        for row in rows
    ]


def _texts(
    session: Session, consultation_id: int, entries: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the texts that all may read, and of each other commitment why it is not given."""
    taken = {
        entry["facts"]["commitment"]: entry["facts"]["ground"]
        for entry in entries
        if entry["what"] in {"text-erased", "text-withheld"}
    }
    public = {name for entry in entries for name in _public(entry)}
    personal = {
        entry["facts"][name] for entry in entries for name in _PERSONAL if entry["facts"].get(name)
    }
    kept = session.scalars(
        sa.select(LedgerText).where(LedgerText.consultation_id == consultation_id)
    )
    texts = {
        row.commitment: {"salt": row.salt, "text": row.text, **_language(row)}
        for row in kept
        if row.commitment in public and row.commitment not in taken and row.text is not None
    }
    withheld = dict.fromkeys(personal - texts.keys(), _GROUND)
    return texts, withheld | {name: taken[name] for name in taken}


def _public(entry: Mapping[str, Any]) -> Iterator[str]:
    facts = entry["facts"]
    if entry["what"] in REPLIES:
        yield from facts["comments"].values()
        yield from unclear_texts(facts)
    if entry["what"] in COMMENTS:
        for remark in facts["remarks"]:
            yield from (remark[name] for name in ("text", "proposed") if remark[name])
    if entry["what"] == "view":
        yield facts["text"]
    if entry["what"] == DISPOSED:
        yield from facts["reasons_in"].values()
    if entry["what"] != "key-changed":
        yield from (facts[name] for name in _PUBLIC if facts.get(name))


def _language(row: LedgerText) -> dict[str, str]:
    return {"language": row.language} if row.language else {}


def _described(
    session: Session, whole: Consultation, entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what a reader needs besides the case."""
    body = session.get_one(Body, whole.body_id)
    roll = frozen(session, whole.id)
    told = body_data(body)
    return {
        "id": whole.ledger,
        "reference": whole.reference,
        "slug": whole.slug,
        "presiding": told.pop("presiding"),
        "body": told,
        "organisation": organisation_data(session.get(Organisation, 1)),
        "languages": list(whole.languages),
        "content": content_of(whole, body),
        "members": {line.member: _member(line) for line in roll},
        "order": [line.member for line in roll],
        "roll_hash": whole.roll_hash,
        "conclusion": whole.conclusion,
        "certified": _certified(session, whole.id, entries),
        "post": _post(entries),
        "authority": whole.authority,
        "illustrative": whole.illustrative,
        "public": whole.public and not whole.rehearsal,
        **({"rehearsal": True} if whole.rehearsal else {}),
    }


def _member(line: RollEntry) -> dict[str, Any]:
    return {
        "name": line.name,
        "groups": list(line.groups),
        "entitled": line.entitled,
        "no_vote_under": line.no_vote_under,
    }


def _post(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    for entry in entries:
        if entry["what"] == "post-stated":
            facts = entry["facts"]
            return {
                "at": entry["at"],
                "recorded": facts["recorded"],
                "refused": facts["refused"],
            }
    return None


def _certified(
    session: Session, consultation_id: int, entries: Sequence[Mapping[str, Any]]
) -> dict[str, str] | None:
    """Return when and by whom it was certified; None before."""
    if not any(entry["what"] == "certification" for entry in entries):
        return None
    asked, confirmed = aliased(Person), aliased(Person)
    row = session.execute(
        sa.select(Request.decided_at, asked.name, confirmed.name)
        .join(asked, asked.id == Request.asked_by_id)
        .join(confirmed, confirmed.id == Request.decided_by_id)
        .where(
            Request.consultation_id == consultation_id,
            Request.act == Act.CERTIFY,
            Request.confirmed.is_(True),
        )
        .order_by(Request.id.desc())
    ).first()
    if row is None or row[0] is None:
        return None
    return {"at": instant(row[0]), "asked_by": row[1], "confirmed_by": row[2]}
