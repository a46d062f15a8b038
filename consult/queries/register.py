"""The register of decisions: published records by words, body, year and outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.core.life import ItemKind
from consult.core.tally import Outcome
from consult.queries.observing import observes
from consult.queries.texts import pick
from consult.tables import Body, Consultation, LedgerEntry, Record, RollEntry, reading

PAGE = 20
_LONGEST, _MOST_WORDS = 200, 8


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: *staff* sees all, others what is public or of their *members*.

    Args:
        observer: The person, if it is an observer: it sees what was open to observers too.
        now: When it looks.
    """

    staff: bool = False
    members: frozenset[str] = frozenset()
    observer: int | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not narrow."""

    words: str = ""
    body: str = ""
    year: int | None = None
    outcome: Outcome | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One decision record in the register."""

    slug: str
    number: str
    reference: str
    title: str
    body: str
    closed_on: date
    published_on: date
    public: bool
    outcomes: tuple[tuple[ItemKind, Outcome], ...]
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register, newest first, with what it can be narrowed to."""

    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    bodies: tuple[tuple[str, str], ...]
    years: tuple[int, ...]


def register(engine: sa.Engine, wanted: Wanted, reader: Reader, language: str) -> Register:
    """Return the page of the register that is wanted (four statements)."""
    visible, found = _visible(reader), _found(wanted)
    with reading(engine) as session:
        total = session.scalar(_rows(sa.func.count(), visible, found)) or 0
        pages = max(1, -(-total // PAGE))
        page = min(max(1, wanted.page), pages)
        rows = session.execute(
            _rows(None, visible, found)
            .order_by(Record.published_at.desc(), Record.id.desc())
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        bodies = session.execute(
            sa.select(Body.slug, Body.name)
            .where(Body.id.in_(sa.select(Record.body_id).where(*visible)))
            .order_by(Body.slug)
        ).all()
        years = session.scalars(
            sa.select(Record.year).where(*visible).distinct().order_by(Record.year.desc())
        ).all()
    return Register(
        lines=tuple(_line(row, language) for row in rows),
        total=total,
        page=page,
        pages=pages,
        bodies=tuple((slug, pick(name, language)) for slug, name in bodies),
        years=tuple(years),
    )


def number_of(engine: sa.Engine, sha256: str) -> str | None:
    """Return the number of the public record whose file has that hash, None if none has."""
    with reading(engine) as session:
        row = session.execute(
            sa.select(Record.year, Record.serial).where(
                Record.sha256 == sha256, Record.public.is_(True)
            )
        ).first()
    return f"{row.year}/{row.serial}" if row else None


def holds_head(engine: sa.Engine, reference: str, number: int, head: str) -> bool:
    """Say whether the ledger of a consultation has a head at *number* that begins so (T50).

    A reference that does not exist, or not yet, has none.
    """
    with reading(engine) as session:
        found = session.scalar(
            sa.select(LedgerEntry.head)
            .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
            .where(Consultation.reference == reference, LedgerEntry.number == number)
        )
    return found is not None and found.startswith(head.lower())


Conditions = list[sa.ColumnElement[bool]]


def _visible(reader: Reader) -> Conditions:
    """Return what *reader* may see; of the revisions of a record only the newest.

    A rehearsal decided nothing: nobody finds it among the decisions.
    """
    newer = aliased(Record)
    newest = ~sa.exists().where(
        newer.consultation_id == Record.consultation_id, newer.revision > Record.revision
    )
    counts = Record.rehearsal.is_(False)
    if reader.staff:
        return [newest, counts]
    may: Conditions = [Record.public.is_(True)]
    if reader.members:
        may.append(
            sa.exists().where(
                RollEntry.consultation_id == Record.consultation_id,
                RollEntry.member.in_(sorted(reader.members)),
            )
        )
    if reader.observer is not None and reader.now is not None:
        open_to = observes(reader.observer, reader.now)
        may.append(Record.consultation_id.in_(sa.select(Consultation.id).where(open_to)))
    return [newest, counts, sa.or_(*may)]


def _found(wanted: Wanted) -> Conditions:
    conditions: Conditions = [
        Record.search.contains(word, autoescape=True)
        for word in wanted.words[:_LONGEST].casefold().split()[:_MOST_WORDS]
    ]
    if wanted.body:
        conditions.append(Body.slug == wanted.body)
    if wanted.year is not None:
        conditions.append(Record.year == wanted.year)
    if wanted.outcome is not None:
        # Both databases keep the JSON as the text that Python wrote.
        spelled = f'"outcome": "{wanted.outcome.value}"'
        conditions.append(sa.cast(Record.outcomes, sa.Text).contains(spelled, autoescape=True))
    return conditions


def _rows(
    what: sa.ColumnElement[int] | None, *conditions: Iterable[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        Consultation.slug,
        Consultation.reference,
        Consultation.subject,
        Consultation.closes_at,
        Consultation.languages,
        Body.name,
        Body.zone,
        Record.year,
        Record.serial,
        Record.published_at,
        Record.public,
        Record.outcomes,
        Record.revision,
    )
    return (
        sa.select(*(columns if what is None else (what,)))
        .select_from(Record)
        .join(Consultation, Consultation.id == Record.consultation_id)
        .join(Body, Body.id == Record.body_id)
        .where(*(condition for group in conditions for condition in group))
    )


def _line(row: sa.Row[Any], language: str) -> Line:
    first, zone = (row.languages or ["en"])[0], ZoneInfo(row.zone)
    return Line(
        slug=row.slug,
        number=f"{row.year}/{row.serial}",
        reference=row.reference,
        title=pick(row.subject, language, first),
        body=pick(row.name, language, first),
        closed_on=row.closes_at.astimezone(zone).date(),
        published_on=row.published_at.astimezone(zone).date(),
        public=row.public,
        outcomes=tuple((ItemKind(said["kind"]), Outcome(said["outcome"])) for said in row.outcomes),
        revision=row.revision,
    )
