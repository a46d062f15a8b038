"""The mails to the secretariat: a request waits, a deadline has passed."""

from flask_babel import gettext as _

from consult.core.life import Act
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import kinds


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
