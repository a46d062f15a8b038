"""The mails about who may act: a mandate changed, an account to set up, a link to sign in."""

from flask_babel import gettext as _

from consult.core.factors import FactorChanged
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants, kinds
from consult.wording.instants import Place

_UTC = "UTC"


def mandate(facts: Facts) -> Said:
    """Tell a member's other people, and the officers, who may act for it or no longer may."""
    named = {"person": facts.data["person"], "member": facts.member_name}
    heading = _changed(facts, named)
    open_letter = (
        (parts.reference(facts), parts.subject(facts), parts.reply_by(facts))
        if facts.data.get("reference")
        else ()
    )
    return Said(
        subject=heading,
        heading=heading,
        intro=(
            _("The register of focal points of %(member)s was changed.", member=facts.member_name),
        ),
        rows=open_letter,
        button=Button(
            _("See who may reply for %(member)s", member=facts.member_name),
            facts.page("member", facts.data["of_member"]),
        ),
        after=parts.present(_if_wrong(facts)),
        why=parts.present(
            _(
                "Sent to you because you act for %(member)s or work at the secretariat. Opening"
                " the link changes nothing: you sign in to act.",
                member=facts.member_name,
            ),
            parts.illustrative(facts),
        ),
    )


def _changed(facts: Facts, named: dict[str, str]) -> str:
    ended, adviser = facts.data.get("ended"), facts.data.get("role") == "adviser"
    if adviser and ended:
        return _("%(person)s is no longer an adviser of %(member)s", **named)
    if adviser:
        return _("%(person)s is now an adviser of %(member)s", **named)
    if ended:
        return _("%(person)s may no longer reply for %(member)s", **named)
    return _("%(person)s may now reply for %(member)s", **named)


def account(facts: Facts) -> Said:
    """Send the link with which an invited person sets up the account (T6)."""
    heading = _named(facts)
    return Said(
        subject=_("%(heading)s: set up your account", heading=heading),
        heading=heading,
        intro=(
            _(
                "The link below sets up your account. It works once. The page shows whose account"
                " it is; nothing happens until you confirm there."
            ),
        ),
        rows=_until(facts),
        button=Button(_("Set up your account"), facts.link),
        after=(
            _("If the link has ended, ask for a new one on the sign-in page with this address."),
        ),
        why=_own_link(),
    )


def _named(facts: Facts) -> str:
    if not facts.member_name:
        return _("Your account is ready to be set up")
    if facts.data.get("adviser"):
        return _("You are named an adviser of %(member)s", member=facts.member_name)
    return _("You are named a focal point of %(member)s", member=facts.member_name)


def sign_in(facts: Facts) -> Said:
    """Send the link that was asked for on the sign-in page (T8, T9)."""
    return Said(
        subject=_("Your link to sign in"),
        heading=_("Your link to sign in"),
        intro=(
            _(
                "Somebody asked for this link on the sign-in page. It works once, in the browser"
                " that asked; in another browser it shows a code to type there."
            ),
        ),
        rows=_until(facts),
        button=Button(_("Sign in"), facts.link),
        after=(
            _("If it was not you, do nothing: without a click on the page nobody is signed in."),
        ),
        why=_own_link(),
    )


def address(facts: Facts) -> Said:
    """Ask whether mail for an account may go to this address (T15)."""
    return Said(
        subject=_("Confirm this address"),
        heading=_("Confirm this address"),
        intro=(
            _(
                "Somebody who is signed in asked that mail for an account goes to this address."
                " The link works once; it shows a button where that person is signed in, and"
                " elsewhere a code to type there."
            ),
        ),
        rows=_until(facts),
        button=Button(_("Confirm this address"), facts.link),
        after=(_("If it was not you, do nothing: without the button nothing is changed."),),
        why=parts.present(
            _("Sent once, to this address alone. Do not pass this mail on: its link is yours.")
        ),
    )


def factors(facts: Facts) -> Said:
    """Tell a person, or the colleagues of one, that the way to sign in was changed (T15)."""
    what = kinds.factor_change(FactorChanged(facts.data["what"]))
    of = str(facts.data.get("of") or "")
    heading = (
        _("How %(person)s signs in was changed", person=of)
        if of
        else _("How you sign in was changed")
    )
    at = facts.instant("at")
    when = instants.full(at, Place(_UTC, _UTC)) if at else ""
    return Said(
        subject=heading,
        heading=heading,
        intro=(_("%(what)s.", what=what),),
        rows=(Row(_("When"), (when,)),),
        button=Button(_("My account"), facts.page("me")),
        after=parts.present(_if_not_you(facts, of)),
        why=(_("Sent to you so that nobody changes this behind your back."),),
    )


def _if_not_you(facts: Facts, of: str) -> str:
    reach = " ".join(filter(None, (facts.telephone, facts.address)))
    if not reach:
        return ""
    if of:
        return _("If this looks wrong, call or write to the secretariat: %(reach)s", reach=reach)
    return _(
        "If it was not you, end your other sessions and call or write to the secretariat at"
        " once: %(reach)s",
        reach=reach,
    )


def _own_link() -> tuple[str, ...]:
    return parts.present(
        _(
            "Sent to the address that the secretariat has for you. Do not pass this mail on:"
            " its link is yours alone."
        ),
    )


def _until(facts: Facts) -> tuple[Row, ...]:
    until = facts.instant("expires_at")
    if until is None:
        return ()
    place = facts.seat if facts.data.get("body") else Place(_UTC, _UTC)
    return (Row(_("Works until"), (instants.long(until, place),), strong=True),)


def _if_wrong(facts: Facts) -> str:
    if not facts.address:
        return ""
    return _(
        "If this is not what %(member)s decided, write to %(address)s at once.",
        member=facts.member_name,
        address=facts.address,
    )
