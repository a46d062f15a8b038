"""Tell everybody whom an open letter concerns that it has changed."""

from typing import Any

from consult.actions.change import Change
from consult.core.life import Role
from consult.core.schedule import NoticeKind
from consult.queries.recipients import focal_points_of, staff
from consult.queries.roll import frozen
from consult.queries.telling import of_members


def tell_all(this: Change, kind: NoticeKind, occasion: str, **facts: Any) -> None:
    """Queue a notice to every focal point of the members on the roll, and to the secretariat."""
    roll = frozen(this.session, this.consultation.id)
    people = focal_points_of(this.session, [line.member for line in roll], this.now)
    this.notify(
        [*people, *staff(this.session, [Role.OFFICER, Role.APPROVER])],
        kind,
        occasion,
        by_member=of_members(this.session, roll, people),
        **facts,
    )
