"""The codes of the product in words: states, outcomes, positions, channels, roles and the like."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from babel.lists import format_list
from flask_babel import LazyString, get_locale, ngettext, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from consult.core.comparison import Choice
from consult.core.factors import Factor, FactorChanged
from consult.core.life import (
    Act,
    Channel,
    CommentKind,
    CommentPolicy,
    Disclosure,
    ItemKind,
    Revising,
    Role,
    State,
    Unconfirmed,
)
from consult.core.round import Disposed
from consult.core.schedule import NoticeKind, NoticeState
from consult.core.silence import Breaks
from consult.core.tally import Outcome, Reason

_STATES: Mapping[State, LazyString] = {
    State.DRAFT: _lp("state of a consultation", "Draft"),
    State.SUBMITTED: _lp("state of a consultation", "Submitted"),
    State.OPEN: _lp("state of a consultation", "Open"),
    State.CLOSED: _lp("state of a consultation", "Closed: waiting for the post"),
    State.COUNTED: _lp("state of a consultation", "Counted"),
    State.CERTIFIED: _lp("state of a consultation", "Certified"),
    State.PUBLISHED: _lp("state of a consultation", "Published"),
    State.DISCARDED: _lp("state of a consultation", "Discarded"),
    State.BROKEN: _lp("state of a consultation", "Broken"),
    State.WITHDRAWN: _lp("state of a consultation", "Withdrawn"),
}
_ADOPTED: Mapping[ItemKind, tuple[LazyString, LazyString]] = {
    ItemKind.TEXT: (_lp("a text", "Adopted"), _lp("a text", "Not adopted")),
    ItemKind.DATES: (_lp("dates", "Approved"), _lp("dates", "Not approved")),
    ItemKind.APPOINTMENT: (_lp("a person", "Appointed"), _lp("a person", "Not appointed")),
    ItemKind.QUESTION: (_lp("a question", "Approved"), _lp("a question", "Not approved")),
}
_CHOICES: Mapping[Choice, LazyString] = {
    Choice.APPROVE: _lp("position", "Approve"),
    Choice.OBJECT: _lp("position", "Object"),
    Choice.ABSTAIN: _lp("position", "Abstain"),
}
_CHANNELS: Mapping[Channel, LazyString] = {
    Channel.WEB: _l("On this website"),
    Channel.LETTER: _lp("how a reply came", "By letter"),
    Channel.NOTE_VERBALE: _l("By note verbale"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.FAX: _l("By fax"),
}
_ROLES: Mapping[Role, LazyString] = {
    Role.OFFICER: _lp("role", "officer"),
    Role.APPROVER: _lp("role", "approver"),
    Role.OBSERVER: _lp("role", "observer"),
    Role.AUDITOR: _lp("role", "auditor"),
    Role.ADMINISTRATOR: _lp("role", "administrator"),
}
_COMMENTS: Mapping[CommentPolicy, LazyString] = {
    CommentPolicy.NONE: _l("No comments"),
    CommentPolicy.OPTIONAL: _l("Comments are optional"),
    CommentPolicy.REQUIRED_TO_OBJECT: _l("Reasons are required from those that object"),
    CommentPolicy.REQUIRED: _l("A comment is required"),
}
_COMMENT_KINDS: Mapping[CommentKind, LazyString] = {
    CommentKind.COMMENT: _l("Comment"),
    CommentKind.RESERVATION: _l("Reservation"),
    CommentKind.EXPLANATION: _l("Explanation of position"),
}
_DISCLOSURES: Mapping[Disclosure, LazyString] = {
    Disclosure.AFTER_PUBLICATION: _l("With the published decision record"),
    Disclosure.AFTER_CLOSING: _l("To the Member States on the roll once the post has been counted"),
}
_BREAKS: Mapping[Breaks, LazyString] = {
    Breaks.ITEM: _l("The item to which it is made; the others go on"),
    Breaks.WHOLE: _l("The whole letter: no item is adopted"),
}
_UNCONFIRMED: Mapping[Unconfirmed, LazyString] = {
    Unconfirmed.STANDS: _l("Stands unless it is changed"),
    Unconfirmed.LAPSES: _l("Must be confirmed, or it is silence on the changed items"),
}
_REVISING: Mapping[Revising, LazyString] = {
    Revising.EDITORIAL: _l("Editorial correction of one language"),
    Revising.CORRIGENDUM: _l("Corrigendum"),
    Revising.REVISION: _lp("of a letter", "Revision"),
    Revising.ADDENDUM: _l("Addendum"),
    Revising.ROLL: _l("Corrigendum to the roll"),
}
_DISPOSED: Mapping[Disposed, LazyString] = {
    Disposed.ACCEPTED: _lp("of a comment", "Accepted"),
    Disposed.IN_PART: _lp("of a comment", "Accepted in part"),
    Disposed.NOT_ACCEPTED: _lp("of a comment", "Not accepted"),
    Disposed.NOTED: _lp("of a comment", "Noted"),
}
_ITEM_KINDS: Mapping[ItemKind, LazyString] = {
    ItemKind.TEXT: _l("Adoption of a text"),
    ItemKind.DATES: _l("Dates of a session or meeting"),
    ItemKind.APPOINTMENT: _l("Appointment of a person"),
    ItemKind.QUESTION: _l("Any other question"),
}
_NOTICES: Mapping[NoticeKind, LazyString] = {
    NoticeKind.INVITATION: _l("Invitation to reply"),
    NoticeKind.ACKNOWLEDGEMENT: _l("Acknowledgement of a reply"),
    NoticeKind.REMINDER: _lp("notice", "Reminder"),
    NoticeKind.OBJECTION: _lp("notice", "Objection"),
    NoticeKind.REQUEST: _l("Request for a second person"),
    NoticeKind.CLOSING: _lp("notice", "Closing"),
    NoticeKind.RESULT: _lp("notice", "Result"),
    NoticeKind.ERRATUM: _lp("notice", "Erratum"),
    NoticeKind.REFERRAL: _l("Referral to a meeting"),
    NoticeKind.VIEWS: _l("Exchange of views"),
    NoticeKind.OBSERVED: _l("Information for observers"),
    NoticeKind.CLARIFICATION: _l("Question about an unclear reply"),
    NoticeKind.MANDATE: _l("Change of who may reply"),
    NoticeKind.EXTENSION: _lp("notice", "Extension"),
    NoticeKind.WITHDRAWAL: _lp("notice", "Withdrawal"),
    NoticeKind.CONTEST: _l("Contest of how a reply is treated"),
    NoticeKind.RULING: _l("Ruling of the presiding officer"),
    NoticeKind.READMITTED: _l("Reply readmitted from its receipt"),
    NoticeKind.CORRIGENDUM: _l("Revision of the letter"),
    NoticeKind.ADDENDUM: _l("Addendum to the letter"),
    NoticeKind.ACCOUNT: _l("Link to set up the account"),
    NoticeKind.SIGN_IN: _l("Link to sign in"),
    NoticeKind.ADDRESS: _l("Link to confirm an address"),
    NoticeKind.FACTORS: _l("Change of how one signs in"),
    NoticeKind.KEY_CHANGE: _l("Change of the signing key"),
}
_FACTORS: Mapping[Factor, LazyString] = {
    Factor.LINK: _l("mailed link"),
    Factor.PASSWORD: _lp("a factor", "password"),
    Factor.APP: _l("authenticator app"),
    Factor.RECOVERY: _l("recovery code"),
    Factor.PASSKEY: _lp("a factor", "passkey"),
    Factor.PROVIDER: _l("identity provider"),
    Factor.PROVIDER_TWO: _l("identity provider, two factors"),
}
_FACTOR_CHANGES: Mapping[FactorChanged, LazyString] = {
    FactorChanged.PASSWORD_SET: _l("A password was set"),
    FactorChanged.PASSWORD_REMOVED: _l("The password was removed"),
    FactorChanged.APP_ADDED: _l("An authenticator app was added"),
    FactorChanged.APP_REMOVED: _l("The authenticator app was removed"),
    FactorChanged.CODES_RENEWED: _l("New recovery codes were made"),
    FactorChanged.RECOVERY_USED: _l("A recovery code was used"),
    FactorChanged.PASSKEY_ADDED: _l("A passkey was added"),
    FactorChanged.PASSKEY_REMOVED: _l("A passkey was removed"),
    FactorChanged.PROVIDER_LINKED: _l("An account of the identity provider was linked"),
    FactorChanged.PROVIDER_UNLINKED: _l("The account of the identity provider was unlinked"),
    FactorChanged.ADDRESS_CHANGED: _l("The e-mail address was changed"),
    FactorChanged.RESET: _l("Everything was reset by an administrator"),
}
_NOTICE_STATES: Mapping[NoticeState, LazyString] = {
    NoticeState.QUEUED: _lp("a mail", "Waiting to be sent"),
    NoticeState.SENDING: _lp("a mail", "Being sent"),
    NoticeState.SENT: _lp("a mail", "Sent"),
    NoticeState.DEFERRED: _lp("a mail", "Deferred, will be tried again"),
    NoticeState.FAILED: _lp("a mail", "Failed"),
    NoticeState.CANCELLED: _lp("a mail", "Cancelled"),
}
_REASONS: Mapping[Reason, LazyString] = {
    Reason.NOT_ON_ROLL: _l("Not on the roll"),
    Reason.NOT_ENTITLED: _l("Without the right to vote"),
    Reason.NOT_ADMITTED: _l("Not admitted by the ruling"),
    Reason.LATE: _l("Received after the deadline"),
    Reason.EARLY: _l("Received before the opening"),
    Reason.CHOICE_NOT_OFFERED: _l("A position that was not offered"),
    Reason.SUPERSEDED: _l("Replaced by a later reply"),
}
_ACTS: Mapping[Act, LazyString] = {
    Act.DRAFT: _l("Change the draft"),
    Act.SUBMIT: _l("Submit the draft"),
    Act.RETURN: _l("Send the draft back"),
    Act.OPEN: _l("Open the consultation"),
    Act.DISCARD: _l("Discard the draft"),
    Act.RECORD: _l("Record a reply on behalf of a Member State"),
    Act.VIEWS: _l("Open an exchange of views"),
    Act.MANDATE: _l("Change who may reply for a Member State"),
    Act.EXTEND: _l("Extend the deadline"),
    Act.WITHDRAW: _l("Withdraw the consultation or an item"),
    Act.WITHDRAW_ITEM: _l("Withdraw an item"),
    Act.CORRECT: _l("Revise the letter or its roll"),
    Act.CLOSE: _l("Close the consultation"),
    Act.BREAK: _l("Break the silence"),
    Act.STATE_POST: _l("State what the post room received"),
    Act.COUNT: _l("Count the replies"),
    Act.CONCLUDE: _l("Write the conclusion"),
    Act.CERTIFY: _l("Certify the result"),
    Act.PUBLISH: _l("Publish the decision record"),
    Act.ERRATUM: _l("Add an erratum to the record"),
    Act.REFER: _l("Refer items to a meeting"),
    Act.CONTEST: _l("Contest how a reply is treated"),
    Act.RULE: _l("Enter a ruling of the presiding officer"),
    Act.READMIT: _l("Readmit a reply from its receipt"),
    Act.RECOUNT: _l("Count again after a ruling"),
    Act.REPUBLISH: _l("Publish a correction of the decision record"),
}


def state(of: State, *, comments: bool = False) -> str:
    """Return the state of a consultation, as its tag says it.

    Args:
        comments: It is a comment round, in which nothing is counted.
    """
    if comments and of is State.COUNTED:
        return str(_("Compiled"))
    return str(_STATES[of])


def outcome(kind: ItemKind, result: Outcome) -> str:
    """Return the outcome of an item in the words of its kind."""
    if result is Outcome.INQUORATE:
        return str(_("No decision: quorum not met"))
    if result is Outcome.UNDECIDED:
        return str(_("No decision: equal approvals for the post"))
    adopted, not_adopted = _ADOPTED[kind]
    return str(adopted if result is Outcome.ADOPTED else not_adopted)


def outcome_by_silence(kind: ItemKind, result: Outcome, objections: int) -> str:
    """Return the outcome of an item that was under the silence procedure."""
    if result is Outcome.NOT_ADOPTED and objections:
        return str(_("Silence broken: not adopted"))
    if result is Outcome.ADOPTED and not objections:
        return str(_("%(adopted)s: no objection", adopted=outcome(kind, result)))
    return outcome(kind, result)


def choice(
    of: Choice | None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    language: str | None = None,
) -> str:
    """Return a position in words; None is no position.

    Args:
        names: What the rule itself calls its positions, in each language.
        language: The reader's, which picks among them.
    """
    if of is None:
        return str(_("No position"))
    own = (names or {}).get(of.value, {})
    return own.get(language or "en") or own.get("en") or str(_CHOICES[of])


def channel(of: Channel) -> str:
    """Return how a reply came."""
    return str(_CHANNELS[of])


def role(of: Role) -> str:
    """Return a role as it stands in the identity line."""
    return str(_ROLES[of])


def roles(several: Iterable[Role]) -> str:
    """Return roles as one list in words, in the order of the design."""
    held = set(several)
    return listed([role(each) for each in Role if each in held])


def comment_kind(of: CommentKind) -> str:
    return str(_COMMENT_KINDS[of])


def comment_policy(of: CommentPolicy) -> str:
    """Return what a letter asks for in comments."""
    return str(_COMMENTS[of])


def disclosure(of: Disclosure) -> str:
    """Return to whom, and from when, positions are shown."""
    return str(_DISCLOSURES[of])


def breaks(of: Breaks) -> str:
    """Return what an objection breaks under the silence procedure."""
    return str(_BREAKS[of])


def unconfirmed(of: Unconfirmed) -> str:
    """Return what becomes of a reply that was given before a revision."""
    return str(_UNCONFIRMED[of])


def revising(of: Revising) -> str:
    """Return what a change of an open letter is called."""
    return str(_REVISING[of])


def disposed(of: Disposed) -> str:
    """Return what became of a comment."""
    return str(_DISPOSED[of])


def item_kind(of: ItemKind) -> str:
    """Return what is decided."""
    return str(_ITEM_KINDS[of])


def notice(of: NoticeKind) -> str:
    """Return what a mail is."""
    return str(_NOTICES[of])


def factors(words: str) -> str:
    """Return by what somebody signed in: "mailed link and password"."""
    return listed([str(_FACTORS[Factor(word)]) for word in words.split()])


def factor_change(of: FactorChanged) -> str:
    """Return what changed in how somebody signs in."""
    return str(_FACTOR_CHANGES[of])


def notice_state(of: NoticeState) -> str:
    """Return how far a mail has come."""
    return str(_NOTICE_STATES[of])


def reason(of: Reason) -> str:
    """Return why a reply is not counted."""
    return str(_REASONS[of])


def act(of: Act) -> str:
    """Return what is done, as the heading of a request says it."""
    return str(_ACTS[of])


def listed(words: Sequence[str]) -> str:
    """Return words as one list: "officer and approver"."""
    return format_list(list(words), locale=get_locale() or "en_GB") if words else ""


def mixed(outcomes: Sequence[tuple[ItemKind, Outcome]]) -> str:
    """Return several outcomes counted by kind: "6 dates approved, 1 text adopted"."""
    counts = Counter(outcomes)
    said = [
        counted(kind, result, counts[kind, result])
        for kind in dict.fromkeys(kind for kind, _result in outcomes)
        for result in Outcome
        if counts[kind, result]
    ]
    return str(pgettext("between the parts of a list", ", ")).join(said)


def counted(kind: ItemKind, result: Outcome, number: int) -> str:
    """Return "6 dates approved": how many items of a kind came out so."""
    if result is Outcome.INQUORATE:
        return str(
            ngettext(
                "%(num)d without decision: quorum not met",
                "%(num)d without decision: quorum not met",
                number,
            )
        )
    if result is Outcome.UNDECIDED:
        return str(
            ngettext(
                "%(num)d without decision: equal approvals",
                "%(num)d without decision: equal approvals",
                number,
            )
        )
    return _counted(kind, number)[result is Outcome.NOT_ADOPTED]


def _counted(kind: ItemKind, number: int) -> tuple[str, str]:
    if kind is ItemKind.TEXT:
        return (
            ngettext("%(num)d text adopted", "%(num)d texts adopted", number),
            ngettext("%(num)d text not adopted", "%(num)d texts not adopted", number),
        )
    if kind is ItemKind.DATES:
        return (
            ngettext("%(num)d date approved", "%(num)d dates approved", number),
            ngettext("%(num)d date not approved", "%(num)d dates not approved", number),
        )
    if kind is ItemKind.APPOINTMENT:
        return (
            ngettext("%(num)d person appointed", "%(num)d persons appointed", number),
            ngettext("%(num)d person not appointed", "%(num)d persons not appointed", number),
        )
    return (
        ngettext("%(num)d question approved", "%(num)d questions approved", number),
        ngettext("%(num)d question not approved", "%(num)d questions not approved", number),
    )


@cache
def mark(of: Choice | Outcome | None) -> str:
    """Return the name of the mark: ``a`` approve, ``x`` object, ``b`` abstain, ``s`` silent."""
    marks: dict[Choice | Outcome | None, str] = {
        Choice.APPROVE: "a",
        Choice.OBJECT: "x",
        Choice.ABSTAIN: "b",
        Outcome.ADOPTED: "a",
        Outcome.NOT_ADOPTED: "x",
        Outcome.INQUORATE: "s",
        Outcome.UNDECIDED: "s",
    }
    return marks.get(of, "s")
