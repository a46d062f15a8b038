"""Tell everybody whom an open letter concerns that it has changed, and observers what they read."""

from datetime import datetime
from typing import Any

from consult.actions.change import Change
from consult.core.life import Role
from consult.core.schedule import NoticeKind
from consult.queries.recipients import focal_points_of, observers, staff
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


def tell_observers(
    this: Change,
    about: NoticeKind,
    occasion: str,
    *,
    not_before: datetime | None = None,
    language: str | None = None,
    **facts: Any,
) -> None:
    """Queue a notice to the observers of the body, where the letter is open to them.

    It says what happened, and nothing that a member or the secretariat wrote or did (T33).

    Args:
        about: The kind of the notice that members get of it.
        language: None for all; else those alone who read it.
    """
    people = observers(this.session, this.consultation, this.now)
    this.notify(
        [one for one in people if language in {None, one.language}],
        NoticeKind.OBSERVED,
        occasion,
        not_before=not_before,
        about=about.value,
        **facts,
    )
