"""The mails that tell of a change while a letter is open: a later deadline, a withdrawal."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.queries.texts import pick
from consult.wording import instants, kinds


def extension(facts: Facts) -> Said:
    """Tell the old and the new deadline, who asked for it and why."""
    named = {
        "instant": parts.deadline(facts),
        "body": facts.body,
        "reference": facts.reference,
        "member": facts.member_name,
    }
    if facts.member:
        subject = _(
            "Deadline extended to %(instant)s: %(body)s, consultation %(reference)s (%(member)s)",
            **named,
        )
    else:
        subject = _(
            "Deadline extended to %(instant)s: %(body)s, consultation %(reference)s", **named
        )
    return Said(
        subject=subject,
        heading=_("The deadline is extended to %(day)s", day=parts.deadline_day(facts)),
        intro=(
            _(
                "A reply that was already sent stands and counts; nothing need be sent again. It"
                " may be changed until the new deadline."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            parts.reply_by(facts),
            Row(_("Deadline until now"), (_was(facts),)),
            *_asked_by(facts),
            Row(_("Reason"), (_why(facts),)),
        ),
        button=_button(facts),
        after=parts.present(_late(facts), _calendar(facts), parts.without_website(facts)),
        why=_to(facts),
    )


def withdrawal(facts: Facts) -> Said:
    """Tell that a letter, or some of its items, is withdrawn, and why."""
    items, meeting = facts.data["withdrawn"], facts.data.get("meeting", "")
    codes = kinds.listed([code for code, _title in items])
    named = {
        "body": facts.body,
        "reference": facts.reference,
        "member": facts.member_name,
        "items": codes,
    }
    return Said(
        subject=_withdrawn_subject(facts, named),
        heading=_withdrawn_heading(facts, named),
        intro=(_withdrawn_intro(facts),),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            *([Row(_("Withdrawn"), tuple(_titles(facts)), strong=True)] if items else []),
            *([parts.reply_by(facts)] if items else []),
            *([Row(_("Referred to"), (meeting,))] if meeting else []),
            Row(_("Reason"), (facts.data["reason"],)),
        ),
        button=_button(facts) if items else _reads(facts),
        after=(),
        why=_to(facts),
    )


def _withdrawn_subject(facts: Facts, named: dict[str, str]) -> str:
    """Name what is withdrawn, and the member that the mail is for."""
    if facts.data["withdrawn"]:
        if facts.member:
            return ngettext(
                "Item %(items)s is withdrawn: %(body)s, consultation %(reference)s (%(member)s)",
                "Items %(items)s are withdrawn: %(body)s, consultation %(reference)s (%(member)s)",
                len(facts.data["withdrawn"]),
                **named,
            )
        return ngettext(
            "Item %(items)s is withdrawn: %(body)s, consultation %(reference)s",
            "Items %(items)s are withdrawn: %(body)s, consultation %(reference)s",
            len(facts.data["withdrawn"]),
            **named,
        )
    if facts.member:
        return _("Withdrawn: %(body)s, consultation %(reference)s (%(member)s)", **named)
    return _("Withdrawn: %(body)s, consultation %(reference)s", **named)


def _withdrawn_heading(facts: Facts, named: dict[str, str]) -> str:
    if not facts.data["withdrawn"]:
        return _("Consultation %(reference)s is withdrawn", **named)
    return ngettext(
        "Item %(items)s is withdrawn; the consultation goes on",
        "Items %(items)s are withdrawn; the consultation goes on",
        len(facts.data["withdrawn"]),
        **named,
    )


def _withdrawn_intro(facts: Facts) -> str:
    if not facts.data["withdrawn"]:
        return _(
            "No reply is taken any more, and there is no result. The positions that were sent"
            " stay closed: they are shown to nobody."
        )
    return _(
        "Nothing is decided on what is withdrawn. Replies that were already sent stand for the"
        " other items; nothing need be sent again."
    )


def _titles(facts: Facts) -> list[str]:
    return [
        _("%(item)s. %(title)s", item=code, title=pick(title, facts.language))
        for code, title in facts.data["withdrawn"]
    ]


def _was(facts: Facts) -> str:
    at = facts.instant("was")
    return instants.full(at, facts.seat) if at else ""


def _asked_by(facts: Facts) -> list[Row]:
    if facts.data.get("outage"):
        return []
    asked = pick(facts.data["asked_for_by"], facts.language) or _("The secretariat")
    return [Row(_("Asked for by"), (asked,))]


def _why(facts: Facts) -> str:
    outage = facts.data.get("outage")
    if not outage:
        return str(facts.data["reason"])
    return ngettext(
        "This service was away for %(num)d minute in the time before the deadline that the letter"
        " names. The letter says that the deadline is then extended.",
        "This service was away for %(num)d minutes in the time before the deadline that the letter"
        " names. The letter says that the deadline is then extended.",
        outage["minutes"],
    )


def _late(facts: Facts) -> str:
    if not facts.data.get("outage"):
        return ""
    return _(
        "A reply that came after the earlier deadline and before the new one counts, whatever its"
        " acknowledgement said."
    )


def _calendar(facts: Facts) -> str:
    if not facts.member:
        return ""
    return _("A calendar entry for the new deadline is attached; it replaces the earlier one.")


def _button(facts: Facts) -> Button:
    if facts.member:
        return Button(
            _("Read the letter and reply"), facts.page("c", facts.data["slug"], facts.member)
        )
    return Button(_("See the consultation"), facts.page("office", facts.data["slug"]))


def _reads(facts: Facts) -> Button:
    if facts.member:
        return Button(_("Read the letter"), facts.page("c", facts.data["slug"], facts.member))
    return _button(facts)


def _to(facts: Facts) -> tuple[str, ...]:
    if facts.member:
        return parts.to_focal_point(facts)
    return parts.to_staff(facts, _("an officer or approver"))
