"""Who replied when and how, version by version, without what was said."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.life import Channel
from consult.queries.admitted import admitted_in
from consult.queries.consultation import Head, head
from consult.queries.contests import confirmed
from consult.queries.texts import pick
from consult.tables import Reply, RollEntry, reading


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
    """Return who replied when and how (four statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.hides_replies:
            return Replies(about, ())
        rows = session.execute(
            sa.select(
                RollEntry.member,
                RollEntry.name,
                Reply.version,
                Reply.received_at,
                Reply.recorded_at,
                (Reply.received_at >= about.closes_at).label("late"),
                Reply.channel,
                Reply.complete,
                Reply.choices,
                Reply.number,
            )
            .join(
                RollEntry,
                sa.and_(
                    RollEntry.consultation_id == Reply.consultation_id,
                    RollEntry.member == Reply.member,
                ),
            )
            .where(Reply.consultation_id == about.id)
            .order_by(RollEntry.place, Reply.version)
        ).all()
        admitted = admitted_in(session, about.id)
        own = confirmed(session, about.id)
    by_member: dict[str, list[Any]] = {}
    for row in rows:
        by_member.setdefault(row.member, []).append(row)
    return Replies(
        about, tuple(_replied(rows, admitted, own, language) for rows in by_member.values())
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
            blank=not row.complete and not any(row.choices.values()),
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
