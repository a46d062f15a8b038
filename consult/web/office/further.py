"""What else an officer may do with a consultation as it stands: each act with where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import ENDED, Role, State
from consult.queries.consultation import Head


@dataclass(frozen=True, slots=True)
class Further:
    """One act that a page of its own is for.

    Args:
        sentence: What it does, and to whom.
    """

    label: str
    sentence: str
    href: str


def further(head: Head, roles: frozenset[Role]) -> list[Further]:
    """Return what one who holds *roles* may do beyond the usual course, in the order of need."""
    return [act for acts in _ACTS for act in acts(head, roles)]


def _late(head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    if head.state in {State.CLOSED, *ENDED}:
        yield Further(
            _("Late register"),
            _("What came late or is contested, and the rulings of the presiding officer."),
            url_for("office.late", slug=head.slug),
        )


def _after_statement(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    if head.state is State.COUNTED and roles & {Role.OFFICER, Role.APPROVER}:
        yield Further(
            _("Record a reply after the post-room statement"),
            _("It stands in the late register and counts only by a ruling."),
            url_for("office.record_reply", slug=head.slug),
        )


# One function for each procedure; it yields nothing where the state or the role does not fit.
_ACTS = (_late, _after_statement)
