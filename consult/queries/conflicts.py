"""Members that replied on the website and on paper: that both came and when, no position."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.life import Channel
from consult.tables import Consultation, Reply, RollEntry, reading


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both ways in which a member replied, each by the newest that came so.

    Args:
        paper_at: When the paper reached the secretariat.
    """

    code: str
    name: Mapping[str, str]
    web_at: datetime
    paper_at: datetime

    @property
    def later_at(self) -> datetime:
        """When the later of them came, which counts if it came in time."""
        return max(self.web_at, self.paper_at)


def conflicts(session: Session, consultation_id: int) -> tuple[Conflict, ...]:
    """Return the conflicts in the order of the roll (one statement)."""
    web = sa.func.max(sa.case((Reply.channel == Channel.WEB, Reply.received_at)))
    paper = sa.func.max(sa.case((Reply.channel != Channel.WEB, Reply.received_at)))
    both = (
        sa.select(
            Reply.member,
            web.label("web_at"),
            paper.label("paper_at"),
        )
        .where(Reply.consultation_id == consultation_id)
        .group_by(Reply.member)
        .having(web.is_not(None), paper.is_not(None))
        .subquery()
    )
    rows = session.execute(
        sa.select(RollEntry.member, RollEntry.name, both.c.web_at, both.c.paper_at)
        .join(both, both.c.member == RollEntry.member)
        .where(RollEntry.consultation_id == consultation_id)
        .order_by(RollEntry.place)
    )
    return tuple(Conflict(*row) for row in rows)


def web_reply_at(engine: sa.Engine, slug: str, member: str) -> datetime | None:
    """Return when the newest reply of a member on the website came (one statement)."""
    with reading(engine) as session:
        return session.scalar(
            sa.select(sa.func.max(Reply.received_at))
            .join(Consultation, Consultation.id == Reply.consultation_id)
            .where(
                Consultation.slug == slug,
                Reply.member == member,
                Reply.channel == Channel.WEB,
            )
        )
