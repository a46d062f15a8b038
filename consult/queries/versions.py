"""Who replied when and how, version by version, without what was said."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.life import Channel, Kind
from consult.queries.admitted import admitted_in
from consult.queries.consultation import Head, head
from consult.queries.contests import confirmed
from consult.queries.texts import pick
from consult.tables import Comment, Reply, RollEntry, reading


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a reply.

    Args:
        received_at: When it reached us; for a paper, when the paper did.
        recorded_at: When it was stored.
        confirmed: The member said that what was recorded on its behalf is its reply.
    """

    number: int
    received_at: datetime
    recorded_at: datetime
    late: bool
    channel: Channel
    complete: bool
    blank: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Replied:
    """A member that sent something, with all its versions.

    Args:
        counted: The version that counts: the newest in time or let in; None if there is none.
    """

    code: str
    name: str
    versions: tuple[Version, ...]
    counted: Version | None

    @property
    def late(self) -> tuple[Version, ...]:
        return tuple(version for version in self.versions if version.late)


@dataclass(frozen=True, slots=True)
class Replies:
    """All that was sent, in the order of the roll; nothing while that is closed."""

    head: Head
    members: tuple[Replied, ...]


def replies(engine: sa.Engine, slug: str, now: datetime, language: str) -> Replies:
    """Return who replied when and how, or who commented (four statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.hides_replies or about.closes_at is None:
            return Replies(about, ())
        rows = session.execute(_of_round(about) if about.kind is Kind.COMMENTS else _of(about))
        admitted = admitted_in(session, about.id)
        own = confirmed(session, about.id)
    by_member: dict[str, list[Any]] = {}
    for row in rows:
        by_member.setdefault(row.member, []).append(row)
    return Replies(
        about, tuple(_replied(rows, admitted, own, language) for rows in by_member.values())
    )


def _of(about: Head) -> sa.Select[Any]:
    return _sent(
        Reply,
        about,
        (Reply.received_at >= about.closes_at).label("late"),
        Reply.complete,
        Reply.choices,
    )


def _of_round(about: Head) -> sa.Select[Any]:
    """Return what selects comments: who sent none withdrew what was sent before."""
    return _sent(
        Comment,
        about,
        Comment.late,
        sa.false().label("complete"),
        Comment.remarks.label("choices"),
    )


def _sent(table: type[Reply | Comment], about: Head, *more: Any) -> sa.Select[Any]:
    on_roll = sa.and_(
        RollEntry.consultation_id == table.consultation_id, RollEntry.member == table.member
    )
    return (
        sa.select(
            RollEntry.member,
            RollEntry.name,
            table.version,
            table.received_at,
            table.recorded_at,
            table.channel,
            table.number,
            *more,
        )
        .join(RollEntry, on_roll)
        .where(table.consultation_id == about.id)
        .order_by(RollEntry.place, table.version)
    )


def _replied(
    rows: Sequence[Any], admitted: Mapping[int, bool], own: Container[int], language: str
) -> Replied:
    versions = tuple(
        Version(
            number=row.version,
            received_at=row.received_at,
            recorded_at=row.recorded_at,
            late=row.late,
            channel=row.channel,
            complete=row.complete,
            blank=not row.complete and not _says_something(row.choices),
            confirmed=row.number in own,
        )
        for row in rows
    )
    timely = [
        version
        for version, row in zip(versions, rows, strict=True)
        if admitted.get(row.number, not row.late)
    ]
    return Replied(
        code=rows[0].member,
        name=pick(rows[0].name, language),
        versions=versions,
        counted=max(timely, key=lambda one: (one.received_at, one.number), default=None),
    )


def _says_something(said: Mapping[str, str | None] | Sequence[Any]) -> bool:
    """Say whether a version has a position on any item, or of a round any remark."""
    return any(said.values()) if isinstance(said, Mapping) else bool(said)
