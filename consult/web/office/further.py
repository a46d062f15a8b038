"""What else an officer may do with a consultation as it stands: each act with where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import Role, State
from consult.queries.consultation import Head

_UNOPENED = frozenset({State.DRAFT, State.SUBMITTED, State.DISCARDED})


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


def _revise(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    """Change the letter, or its roll, while it is open; look at what it said."""
    if head.state is State.OPEN and Role.OFFICER in roles:
        yield Further(
            _("Revise the letter"),
            _(
                "Corrigendum, editorial correction, revision or addendum; a second officer"
                " confirms it, and the Member States are told."
            ),
            url_for("revising.revise", slug=head.slug),
        )
        yield Further(
            _("Correct the roll"),
            _(
                "Right to vote, name, groups or weights of a Member State; or put one on it or"
                " take one off."
            ),
            url_for("revising.roll", slug=head.slug),
        )
    if head.state not in _UNOPENED:
        yield Further(
            _("Read the revisions"),
            _("What the letter said at its opening and since, with the differences."),
            url_for("revising.newest", slug=head.slug),
        )


# One function for each procedure; it yields nothing where the state or the role does not fit.
_ACTS = (_revise,)
