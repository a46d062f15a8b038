"""What else an officer may do with a consultation as it stands: each act with where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import BEFORE, ENDED, NOT_OPENED, Kind, Role, State
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


def _after(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    """Yield what may follow a count."""
    if not head.disclosed:
        return
    decides = head.kind is Kind.DECISION
    if decides and Role.OFFICER in roles:
        yield Further(
            _("Second round"),
            _("A new letter takes up what was not decided, with a new deadline."),
            url_for("office.second_round", slug=head.slug),
        )
        yield Further(
            _("Refer items to a meeting"),
            _("What correspondence did not decide goes on to a meeting of the body."),
            url_for("office.referral", slug=head.slug),
        )
    if head.state is State.PUBLISHED and Role.OFFICER in roles:
        yield Further(
            _("Erratum"),
            _("Words are put right beside the record, which stays as it is."),
            url_for("office.erratum", slug=head.slug),
        )
    if decides:
        yield Further(
            _("Results letter"),
            _("The outcome as a letter of the presiding officer, to be signed and sent."),
            url_for("office.results_letter", slug=head.slug),
        )
    yield Further(
        _("Dossier"),
        _("One ZIP with letter, replies, notices, mandates, ledger and record, and an index."),
        url_for("office.dossier", slug=head.slug),
    )


def _vote(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    over = head.state is State.BROKEN or (head.has_broken and head.state in ENDED)
    if over and Role.OFFICER in roles:
        yield Further(
            label=_("Begin a vote on these items"),
            sentence=_(
                "A draft with the items that objections broke and another rule of the body; its"
                " letter names the objections. Left undone, they stay without a decision."
            ),
            href=url_for("office.vote", slug=head.slug),
        )


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


def _reach(head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    if head.state is State.OPEN:
        yield Further(
            _("Who can be reached"),
            _("Access, mail and reply of each Member State; invite again those that need it."),
            url_for("office.ready", slug=head.slug),
        )


def _late(head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    if head.kind is Kind.DECISION and head.state in {State.CLOSED, *ENDED}:
        yield Further(
            _("Late register"),
            _("What came late or is contested, and the rulings of the presiding officer."),
            url_for("office.late", slug=head.slug),
        )


def _after_statement(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    decides = head.kind is Kind.DECISION
    if decides and head.state is State.COUNTED and roles & {Role.OFFICER, Role.APPROVER}:
        yield Further(
            _("Record a reply after the post-room statement"),
            _("It stands in the late register and counts only by a ruling."),
            url_for("office.record_reply", slug=head.slug),
        )


def _readmit(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    """Take in again what a restored backup did not have."""
    lasts = head.state in {State.OPEN, State.CLOSED, *ENDED}
    if head.kind is Kind.DECISION and lasts and roles & {Role.OFFICER, Role.APPROVER}:
        yield Further(
            _("Readmit a reply from its receipt"),
            _("One that was acknowledged and that the database has lost."),
            url_for("office.readmit", slug=head.slug),
        )


def _revise(head: Head, roles: frozenset[Role]) -> Iterator[Further]:
    """Change the letter, or its roll, while it is open; look at what it said."""
    decides = head.kind is Kind.DECISION
    if decides and head.state is State.OPEN and Role.OFFICER in roles:
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
    if head.state not in NOT_OPENED:
        yield Further(
            _("Read the revisions"),
            _("What the letter said at its opening and since, with the differences."),
            url_for("revising.newest", slug=head.slug),
        )


def _comments(head: Head, _roles: frozenset[Role]) -> Iterator[Further]:
    if head.kind is Kind.COMMENTS and head.disclosed:
        yield Further(
            _("The table of comments"),
            _("By paragraph and Member State, with what becomes of each comment."),
            url_for("comments.table", slug=head.slug),
        )
    if head.takes_up:
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
_ACTS = (
    _reach,
    _views,
    _extending,
    _revise,
    _withdrawing,
    _late,
    _after_statement,
    _readmit,
    _comments,
    _after,
    _vote,
)
