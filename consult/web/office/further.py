"""What else an officer may do with a consultation as it stands: each act with where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import Kind, Role
from consult.queries.consultation import Head
from consult.queries.views import BEFORE


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


def _comments(head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    if head.kind is Kind.COMMENTS and head.disclosed:
        yield Further(
            _("The table of comments"),
            _("By paragraph and Member State, with what becomes of each comment."),
            url_for("comments.table", slug=head.slug),
        )
    if head.follows:
        yield Further(
            _("What was taken up"),
            _("The comments on the text before that were accepted, beside what changed."),
            url_for("comments.taken_up", slug=head.slug),
        )


def _views(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    if head.views:
        yield Further(
            _("The exchange of views"),
            _("What Member States stated before the vote."),
            url_for("viewing.office", slug=head.slug),
        )
    elif head.kind is Kind.DECISION and head.state in BEFORE and Role.OFFICER in roles:
        yield Further(
            _("Open an exchange of views"),
            _("Before the vote, when the rule or a Member State asks for it."),
            url_for("viewing.office", slug=head.slug),
        )


# One function for each procedure; it yields nothing where the state or the role does not fit.
_ACTS = (_none, _comments, _views)
