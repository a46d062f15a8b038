"""The mails about a reply that is contested, and about the ruling on it (T76)."""

from flask_babel import gettext as _

from consult.core.life import State
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants


def contest(facts: Facts) -> Said:
    """Tell the secretariat, and the member's other focal points, that a reply is contested."""
    named = {"member": facts.member_name, "reference": facts.reference}
    return Said(
        subject=_("Contested: how the reply of %(member)s is treated (%(reference)s)", **named),
        heading=_("%(member)s contests how its reply is treated", member=facts.member_name),
        intro=parts.present(
            _("%(person)s contested it.", person=facts.data["by"]) if facts.data["by"] else "",
            _("The presiding officer rules, with reasons, in the record."),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("The reply"), (_received(facts),), strong=True),
        ),
        button=to_receipt(facts),
        after=(),
        why=_why(facts),
    )


def ruling(facts: Facts) -> Said:
    """Tell what the presiding officer ruled, and why; to others too where the count changed."""
    about = facts.text("about_name")
    counts = facts.data["counts"]
    words = (
        _("The reply of %(member)s counts, by a ruling of the presiding officer", member=about)
        if counts
        else _(
            "The reply of %(member)s does not count, by a ruling of the presiding officer",
            member=about,
        )
    )
    return Said(
        subject=_(
            "Ruling: reply of %(member)s (%(reference)s)", member=about, reference=facts.reference
        ),
        heading=words,
        intro=parts.present(changed(facts)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("The reply"), (_received(facts),), strong=True),
            Row(_("Reasons"), (facts.data["reasons"],)),
            Row(_("Authority"), (facts.data["authority"],)),
        ),
        button=to_receipt(facts),
        after=(),
        why=_why(facts),
    )


def _received(facts: Facts) -> str:
    at = facts.instant("received_at")
    return _(
        "version %(version)s, received on %(instant)s",
        version=facts.data["version"],
        instant=instants.exact(at, facts.seat) if at else "",
    )


def changed(facts: Facts) -> str:
    """Say what a ruling or a readmission does to the count, without a figure of it."""
    if not facts.data["changed"]:
        return ""
    overtook = facts.data["overtook"]
    if overtook == State.PUBLISHED.value:
        return _(
            "It changes what was counted. The decision record that was published is certified"
            " anew and corrected; the former one stays readable."
        )
    if overtook == State.CERTIFIED.value:
        return _("It changes what was counted: the result must be certified anew.")
    return _("It changes what is counted.")


def to_receipt(facts: Facts) -> Button:
    """Lead the member to its receipt, other members to the letter, staff to the register."""
    slug = facts.data["slug"]
    if facts.member is None:
        return Button(_("See the late register"), facts.page("office", slug, "late"))
    if facts.data.get("whose", facts.member) != facts.member:
        return Button(_("See the letter"), facts.page("c", slug, facts.member))
    return Button(
        _("See the receipt"),
        facts.page("c", slug, facts.member, "receipts", facts.data["version"]),
    )


def _why(facts: Facts) -> tuple[str, ...]:
    if facts.member is None:
        return parts.to_staff(facts, _("an officer or approver"))
    return parts.to_focal_point(facts)
