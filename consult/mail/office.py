"""The mails to the secretariat: a request waits, a deadline has passed."""

from flask_babel import gettext as _

from consult.core.life import Act
from consult.core.signing import COMPROMISED
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants, kinds
from consult.wording.instants import Place

_UTC = Place("UTC", "UTC")


def request(facts: Facts) -> Said:
    """Tell an approver that something waits; not what is in it."""
    act = kinds.act(Act(facts.data["act"]))
    return Said(
        subject=_(
            "A request waits for you: %(act)s (%(reference)s)", act=act, reference=facts.reference
        ),
        heading=_("A request waits for a second person"),
        intro=(
            _(
                "Somebody of the secretariat asks for what is named below. It happens once another"
                " person has confirmed it."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("What is asked"), (act,), strong=True),
        ),
        button=Button(
            _("See the request"), facts.page("office", "requests", facts.data["request"])
        ),
        after=(),
        why=parts.to_staff(facts, _("an approver")),
    )


def closing(facts: Facts) -> Said:
    """Tell officers and approvers that a deadline has passed, and what comes next."""
    return Said(
        subject=_(
            "Closed: %(body)s, consultation %(reference)s",
            body=facts.body,
            reference=facts.reference,
        ),
        heading=_(
            "The deadline of consultation %(reference)s has passed", reference=facts.reference
        ),
        intro=(
            _("Replies that come now are registered as late and are not counted."),
            _(
                "Record what reached the secretariat by letter, fax or e-mail before the deadline."
                " Then state that all of it is recorded; a second person confirms that. Until then"
                " the result is shown to nobody."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Deadline"), (parts.deadline(facts),), strong=True),
        ),
        button=Button(_("See the consultation"), facts.page("office", facts.data["slug"])),
        after=(),
        why=parts.to_staff(facts, _("an officer or approver")),
    )


def key_change(facts: Facts) -> Said:
    """Tell who may confirm it that a change of the signing key waits (T35, T54)."""
    by, until = str(facts.data["asked_by"]), facts.instant("until")
    lost = facts.data["reason"] == COMPROMISED
    reason = _("It may be in other hands") if lost else _("It is time to change it")
    return Said(
        subject=_("A request waits for you: change of the signing key"),
        heading=_("A change of the signing key waits for a second person"),
        intro=(
            _(
                "%(person)s asks that the service signs with another key. It happens once another"
                " person has confirmed it. Compare the fingerprint with those who made the key.",
                person=by,
            ),
        ),
        rows=(
            Row(_("New key"), (facts.isolated(str(facts.data["kid"])),), strong=True),
            parts.fingerprint(facts),
            Row(_("Reason"), (reason,)),
            *((Row(_("Lapses"), (instants.full(until, _UTC),)),) if until else ()),
        ),
        button=Button(_("See the request"), facts.page("keys", "change")),
        after=(),
        why=parts.to_staff(facts, _("an approver or administrator")),
    )
