"""The mail about a reply that the database had lost and that was readmitted (T98)."""

from flask_babel import gettext as _
from flask_babel import pgettext

from consult.mail import contested, parts
from consult.mail.facts import Facts
from consult.mail.said import Row, Said
from consult.wording import instants


def readmitted(facts: Facts) -> Said:
    """Tell the member's people that its reply stands again; others, where the count changed."""
    about = facts.text("about_name")
    named = {"member": about, "reference": facts.reference}
    at = facts.instant("received_at")
    return Said(
        subject=_("Readmitted: reply of %(member)s (%(reference)s)", **named),
        heading=_("A reply of %(member)s was lost and is readmitted", member=about),
        intro=parts.present(
            _(
                "The database had lost it after it was acknowledged. It was taken in again from its"
                " receipt, with the time and the words that it had: asked for by %(asker)s,"
                " confirmed by %(confirmer)s.",
                asker=facts.data["asked_by"],
                confirmer=facts.data["confirmed_by"],
            ),
            _treated(facts),
            contested.changed(facts),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(
                pgettext("of a reply", "Received"),
                (instants.exact(at, facts.seat) if at else "",),
                strong=True,
            ),
            Row(pgettext("of a reply", "Version"), (_version(facts),)),
        ),
        button=contested.to_receipt(facts),
        after=(),
        why=parts.to_focal_point(facts),
    )


def _treated(facts: Facts) -> str:
    if facts.data["late"]:
        return _("It came after the deadline: it is registered as late and is not counted.")
    return _("It counts by the time it was received; the latest one received in time counts alone.")


def _version(facts: Facts) -> str:
    version, sent_as = facts.data["version"], facts.data["sent_as"]
    if version == sent_as:
        return str(version)
    return _(
        "%(version)s; %(sent)s in its receipt, a number that a later reply bears here",
        version=version,
        sent=sent_as,
    )
