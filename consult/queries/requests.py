"""What waits for a second person, and one request as it is shown to each who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.life import Act, Role
from consult.errors import NotFound
from consult.queries.consultation import EVIDENCE, Head, head
from consult.queries.member import names_of
from consult.queries.texts import pick
from consult.tables import (
    Comment,
    Consultation,
    Contest,
    Document,
    Member,
    Person,
    Reply,
    Request,
    reading,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that nobody has decided yet.

    Args:
        number: Its own, as its address has it.
        member: The name of the member that it concerns, if it concerns one.
        code: That member's code.
    """

    number: int
    act: Act
    slug: str
    reference: str
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    member: str
    code: str | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Scan:
    """The paper on which a reply on behalf rests."""

    id: int
    filename: str | None
    media_type: str | None
    sha256: str | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what its reader may see of it.

    Args:
        what: The act's own data; None for a reader who may know only that it waits.
        shown: The hash that was asked for.
        decided: ``confirmed``, ``sent-back``, ``lapsed``; empty while it waits.
        mine: Whether the reader asked for it.
        may_decide: Whether the reader may confirm it or send it back.
        asked_for: The name of the member at whose request a deadline is to be extended.
        recorded: Of a post-room statement, the members whose replies came otherwise.
    """

    number: int
    act: Act
    head: Head
    what: Mapping[str, Any] | None
    shown: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime | None
    decided: str
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    mine: bool
    may_decide: bool
    member: str
    asked_for: str
    scan: Scan | None
    recorded: tuple[str, ...]
    refused: int


def waiting(
    session: Session, now: datetime, language: str, consultation_id: int | None = None
) -> list[Waiting]:
    """Return what waits, the oldest first; in one consultation or in all (two statements)."""
    wanted = [Request.decided_at.is_(None), _unlapsed(now)]
    if consultation_id is not None:
        wanted.append(Request.consultation_id == consultation_id)
    rows = session.execute(
        sa.select(Request, Consultation.slug, Consultation.reference, Person.name)
        .join(Consultation, Consultation.id == Request.consultation_id)
        .join(Person, Person.id == Request.asked_by_id)
        .where(*wanted)
        .order_by(Request.id)
    ).all()
    codes = {row.Request.what.get("member") for row in rows} - {None}
    names = names_of(session, sorted(codes), language)
    return [
        Waiting(
            number=request.id,
            act=request.act,
            slug=slug,
            reference=reference,
            asked_by=name,
            asked_by_id=request.asked_by_id,
            asked_at=request.asked_at,
            member=names.get(request.what.get("member"), ""),
            code=request.what.get("member"),
            channel=request.what.get("channel"),
        )
        for request, slug, reference, name in rows
    ]


def asked(
    engine: sa.Engine,
    number: int,
    reader: int | None,
    roles: frozenset[Role],
    now: datetime,
    language: str,
) -> Asked:
    """Return a request as *reader* may see it (seven statements at most).

    Raises:
        NotFound: There is none.
    """
    with reading(engine) as session:
        row = session.execute(_one(number)).first()
        if row is None:
            raise NotFound(request=number)
        about = head(session, row.slug, now, language)
        request: Request = row.Request
        may_decide = _open(request, now) and Role.APPROVER in roles
        may_decide = may_decide and request.asked_by_id != reader
        seen = _may_see(request, about, reader, may_decide=may_decide)
        code, post = request.what.get("member"), request.act is Act.STATE_POST
        codes = [one for one in (code, request.what.get("asked_for_by")) if one]
        names = names_of(session, codes, language)
        return Asked(
            number=number,
            act=request.act,
            head=about,
            what=request.what if seen else None,
            shown=request.shown,
            asked_by=row.asked_by,
            asked_at=request.asked_at,
            expires_at=request.expires_at,
            decided=_decided(request, now),
            decided_by=row.decided_by,
            decided_at=request.decided_at,
            reason=request.reason if seen else None,
            mine=request.asked_by_id == reader,
            may_decide=may_decide,
            member=names.get(code, ""),
            asked_for=names.get(request.what.get("asked_for_by"), ""),
            scan=_scan(session, request) if seen else None,
            recorded=recorded(session, about.id, language) if post else (),
            refused=refused(session, about.id) if post else 0,
        )


def _one(number: int) -> sa.Executable:
    asker, decider = aliased(Person), aliased(Person)
    return (
        sa.select(
            Request,
            Consultation.slug,
            asker.name.label("asked_by"),
            decider.name.label("decided_by"),
        )
        .join(Consultation, Consultation.id == Request.consultation_id)
        .join(asker, asker.id == Request.asked_by_id)
        .outerjoin(decider, decider.id == Request.decided_by_id)
        .where(Request.id == number)
    )


def recorded(session: Session, consultation_id: int, language: str) -> tuple[str, ...]:
    """Return the members whose replies came otherwise, one name a reply (one statement).

    Those of a comment round are the comments.
    """
    papers = sa.union_all(
        *(_papers(table, consultation_id) for table in (Reply, Comment))
    ).subquery()
    names = session.scalars(
        sa.select(Member.name)
        .join(papers, papers.c.member == Member.code)
        .order_by(papers.c.recorded_at, papers.c.number)
    )
    return tuple(pick(name, language) for name in names)


def _papers(table: type[Reply | Comment], consultation_id: int) -> sa.Select[str, datetime, int]:
    return sa.select(table.member, table.recorded_at, table.number).where(
        table.consultation_id == consultation_id, table.channel != "web"
    )


def refused(session: Session, consultation_id: int) -> int:
    """Return how many replies on behalf were sent back."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Request)
            .where(
                Request.consultation_id == consultation_id,
                Request.act == Act.RECORD,
                Request.confirmed.is_(False),
            )
        )
        or 0
    )


def may_see_evidence(
    session: Session,
    consultation_id: int,
    sha256: str,
    reader: int | None,
    roles: frozenset[Role],
) -> bool:
    """Say whether *reader* is one of the two officers of a reply that rests on that paper (T33).

    The proof of a contest is for every officer and approver: they prepare the ruling.

    While it waits, whoever may confirm it is the second of them.
    """
    rows = session.scalars(
        sa.select(Request).where(
            Request.consultation_id == consultation_id, Request.act == Act.RECORD
        )
    )
    proof = sa.select(Contest.id).where(
        Contest.consultation_id == consultation_id, Contest.proof == sha256
    )
    return (
        (Role.APPROVER in roles or Role.OFFICER in roles)
        and session.scalar(proof.limit(1)) is not None
    ) or any(
        row.what["scan"] == sha256
        and (
            reader in {row.asked_by_id, row.decided_by_id}
            or (row.decided_at is None and Role.APPROVER in roles)
        )
        for row in rows
    )


def _may_see(request: Request, about: Head, reader: int | None, *, may_decide: bool) -> bool:
    """Say whether the reader may see what is asked: a reply only its two officers (T33)."""
    if request.act is not Act.RECORD or about.disclosed:
        return True
    return may_decide or reader in {request.asked_by_id, request.decided_by_id}


def _open(request: Request, now: datetime) -> bool:
    return request.decided_at is None and (request.expires_at is None or now < request.expires_at)


def _decided(request: Request, now: datetime) -> str:
    if _open(request, now):
        return ""
    if request.confirmed:
        return "confirmed"
    return "sent-back" if request.decided_by_id is not None else "lapsed"


def _scan(session: Session, request: Request) -> Scan | None:
    if request.act is not Act.RECORD:
        return None
    row = session.execute(
        sa.select(
            Document.id,
            Document.filename,
            Document.media_type,
            Document.sha256,
            Document.size,
        )
        .where(
            Document.consultation_id == request.consultation_id,
            Document.purpose == EVIDENCE,
            Document.sha256 == request.what["scan"],
        )
        .order_by(Document.id)
    ).first()
    return Scan(*row) if row else None


def _unlapsed(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Request.expires_at.is_(None), Request.expires_at > now)
