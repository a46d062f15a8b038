"""What a consultation came to: its record as it stands, and what its conclusion must say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Act, ItemKind, State
from consult.queries.consultation import Head, head
from consult.queries.content import load_whole
from consult.queries.record import record_of, to_correct
from consult.queries.texts import pick
from consult.tables import Record, Request, reading


@dataclass(frozen=True, slots=True)
class Result:
    """The record of a consultation, published or not.

    Args:
        record: None before the secretariat may see positions.
        sha256: Of the published file; empty before publication.
        certifying: The request for certification that waits, by its number.
        to_correct: A ruling came after publication, and its correction is not published yet.
    """

    head: Head
    record: dict[str, Any] | None
    sha256: str
    certifying: int | None
    to_correct: bool = False


@dataclass(frozen=True, slots=True)
class Concluding:
    """What an officer writes the conclusion from.

    Args:
        adopted: Number and title of each adopted text.
        said: The conclusion that was sent back, to begin from; None if there is none.
        sent_back: Why it was.
        result: The count as it is kept.
    """

    head: Head
    adopted: tuple[tuple[str, str], ...]
    said: Mapping[str, Any] | None
    authority: str
    sent_back: str
    certifying: int | None
    result: Mapping[str, Any]


def result(engine: sa.Engine, slug: str, now: datetime, language: str) -> Result:
    """Return the record of a consultation (thirteen statements at most).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if not about.disclosed:
            return Result(about, None, "", None)
        if about.state is State.PUBLISHED:
            kept = _published(session, about.id)
            ruled = to_correct(session, about.id)
            return Result(about, json.loads(kept.content), kept.sha256, None, ruled)
        return Result(about, record_of(session, about.id), "", _certifying(session, about.id))


def concluding(engine: sa.Engine, slug: str, now: datetime, language: str) -> Concluding:
    """Return what the conclusion is written from (six statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        whole = load_whole(session, about.id)
        before = _sent_back(session, about.id)
        questions = (whole.result or {}).get("questions", {}) if about.disclosed else {}
        first = about.languages[0] if about.languages else "en"
        return Concluding(
            head=about,
            adopted=tuple(
                (item.code, pick(item.title, language, first))
                for item in whole.items
                if item.kind is ItemKind.TEXT
                and questions.get(item.code, {}).get("outcome") == "adopted"
            ),
            said=before.what["conclusion"] if before else whole.conclusion,
            authority=before.what["authority"] if before else "",
            sent_back=(before.reason or "") if before else "",
            certifying=_certifying(session, about.id),
            result=whole.result or {} if about.disclosed else {},
        )


def _published(session: Session, consultation_id: int) -> Record:
    return session.scalars(
        sa.select(Record)
        .where(Record.consultation_id == consultation_id)
        .order_by(Record.revision.desc())
        .limit(1)
    ).one()


def _certifying(session: Session, consultation_id: int) -> int | None:
    return session.scalar(
        sa.select(Request.id).where(
            Request.consultation_id == consultation_id,
            Request.act == Act.CERTIFY,
            Request.decided_at.is_(None),
        )
    )


def _sent_back(session: Session, consultation_id: int) -> Request | None:
    """Return the newest certification that was asked for and not given."""
    return session.scalars(
        sa.select(Request)
        .where(
            Request.consultation_id == consultation_id,
            Request.act == Act.CERTIFY,
            Request.confirmed.is_(False),
        )
        .order_by(Request.id.desc())
        .limit(1)
    ).first()
