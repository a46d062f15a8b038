"""What else an officer may do with a consultation as it stands: each act with where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import Role, State
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


def _none(_head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    return iter(())


def _extending(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    if head.state is State.OPEN and Role.OFFICER in roles:
        yield Further(
            _("Extend the deadline"),
            _("To a later instant, at the request of a Member State or of the secretariat."),
            url_for("office.extend", slug=head.slug),
        )


def _withdrawing(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    if head.state is State.OPEN and Role.OFFICER in roles:
        yield Further(
            _("Withdraw the consultation or an item"),
            _("It ends without a result, or goes on for the other items."),
            url_for("office.withdraw", slug=head.slug),
        )


# One function for each procedure; it yields nothing where the state or the role does not fit.
_ACTS = (_extending, _withdrawing, _none)
