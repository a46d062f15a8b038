"""The mails that tell of a revised letter: item by item what changed, and what that asks."""

from collections.abc import Sequence

from flask_babel import gettext as _

from consult.core.life import Revising, Unconfirmed
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import kinds, revisions

_FIT = 1600  # bytes; beyond, items are named by their numbers


def corrigendum(facts: Facts) -> Said:
    """Tell what was corrected or revised in a letter, or in its roll."""
    return _roll(facts) if facts.data["revising"] == Revising.ROLL else _letter(facts)


def addendum(facts: Facts) -> Said:
    """Tell which items were added."""
    return _letter(facts)


def _letter(facts: Facts) -> Said:
    kind = Revising(facts.data["revising"])
    return Said(
        subject=_(
            "%(kind)s, Rev.%(number)s (%(body)s, consultation %(reference)s, %(member)s)",
            kind=kinds.revising(kind),
            number=facts.data["revision"],
            body=facts.body,
            reference=facts.reference,
            member=facts.member_name,
        ),
        heading=_heading(facts, kind),
        intro=parts.present(_asks(facts, kind), _unconfirmed(facts)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("What changed"), tuple(_changes(facts))),
            Row(_("Reason"), (facts.data["reason"],)),
            parts.reply_by(facts),
        ),
        button=Button(
            _("Read the letter and reply"),
            facts.page("c", facts.data["slug"], facts.member),
        ),
        after=parts.present(
            _(
                "The differences, word by word: %(address)s",
                address=facts.page(
                    "c", facts.data["slug"], facts.member, "revisions", facts.data["revision"]
                ),
            ),
            parts.without_website(facts),
        ),
        why=parts.to_focal_point(facts),
    )


def _heading(facts: Facts, kind: Revising) -> str:
    named = {"reference": facts.reference, "number": facts.data["revision"]}
    if kind is Revising.ADDENDUM:
        return _("Items are added to consultation %(reference)s: Rev.%(number)s", **named)
    if kind is Revising.EDITORIAL:
        return _("Words of consultation %(reference)s are corrected: Rev.%(number)s", **named)
    return _("The letter of consultation %(reference)s is revised: Rev.%(number)s", **named)


def _asks(facts: Facts, kind: Revising) -> str:
    """Say what is asked, and by when."""
    if kind is Revising.EDITORIAL:
        return _("Only words of your language are corrected. Nothing is asked of you.")
    replied, by = facts.data.get("replied"), parts.deadline(facts)
    if kind is Revising.ADDENDUM and replied:
        return _(
            "%(member)s has replied: it has no position yet on what is added. Complete the reply"
            " before %(deadline)s.",
            member=facts.member_name,
            deadline=by,
        )
    if facts.data["changed"] and replied:
        return _(
            "%(member)s replied before: confirm or change its reply before %(deadline)s.",
            member=facts.member_name,
            deadline=by,
        )
    return _("Reply to the letter as it now stands before %(deadline)s.", deadline=by)


def _unconfirmed(facts: Facts) -> str:
    if not facts.data["changed"] or not facts.data.get("replied"):
        return ""
    return revisions.reply_before(Unconfirmed(facts.data["unconfirmed"]), facts.member_name)


def _changes(facts: Facts) -> Sequence[str]:
    lines = [_change(*one) for one in facts.data["changes"]]
    if sum(len(line.encode()) for line in lines) <= _FIT:
        return lines
    codes = [place for place, _title, _names, _added in facts.data["changes"] if place]
    return [revisions.items(codes)]


def _change(place: str, title: str, names: list[str], added: object) -> str:
    if added:
        return _("%(item)s. %(title)s: new", item=place, title=title)
    said = kinds.listed(
        list(dict.fromkeys(revisions.name(name, data=bool(place)) for name in names))
    )
    if not place:
        return _("The letter: %(what)s", what=said)
    return _("%(item)s. %(title)s: %(what)s", item=place, title=title, what=said)


def _roll(facts: Facts) -> Said:
    member = facts.text("roll_member")
    told, own = facts.data["roll_told"], bool(facts.data.get("concerned"))
    if told == "added":
        said = _("%(member)s is put on the roll.", member=member)
    elif told == "removed":
        said = _("%(member)s is taken off the roll.", member=member)
    else:
        said = _("What the roll says of %(member)s is corrected.", member=member)
    removed = own and told == "removed"
    return Said(
        subject=_(
            "Roll corrected, Rev.%(number)s (%(body)s, consultation %(reference)s)",
            number=facts.data["revision"],
            body=facts.body,
            reference=facts.reference,
        ),
        heading=_("The roll of consultation %(reference)s is corrected", reference=facts.reference),
        intro=parts.present(said, _right(facts) if own else ""),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Reason"), (facts.data["reason"],)),
        ),
        button=None
        if removed
        else Button(
            _("Read the correction"),
            facts.page("c", facts.data["slug"], facts.member, "revisions", facts.data["revision"]),
        ),
        after=parts.present(parts.without_website(facts) if own and not removed else ""),
        why=parts.to_focal_point(facts),
    )


def _right(facts: Facts) -> str:
    """Say to the member concerned whether it may reply now."""
    if facts.data["roll_told"] == "removed":
        return ""
    if facts.data.get("entitled"):
        return _(
            "%(member)s has the right to vote: reply before %(deadline)s.",
            member=facts.member_name,
            deadline=parts.deadline(facts),
        )
    return _(
        "%(member)s has not the right to vote in this consultation. What it sent stays"
        " registered and is not counted.",
        member=facts.member_name,
    )
