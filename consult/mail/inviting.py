"""The mails that ask a member to reply: invitation and reminder."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.comparison import Silence
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants


def invitation(facts: Facts) -> Said:
    """Ask the member to reply."""
    return Said(
        subject=_invites(facts),
        heading=_heading(facts),
        intro=_matter(facts),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Items"), (str(facts.data["items"]),)),
            parts.reply_by(facts),
            *parts.rule(facts),
            *parts.silence(facts),
            *parts.key(facts),
        ),
        button=Button(_to_do(facts), _page(facts)),
        after=parts.present(_enclosures(facts), parts.without_website(facts), parts.also_in(facts)),
        why=parts.to_focal_point(facts),
    )


def reminder(facts: Facts) -> Said:
    """Tell those whose reply is missing or has gaps how much time is left."""
    if facts.data.get("objections_alone"):
        return _information(facts)
    left = instants.left(timedelta(minutes=facts.data["left"]))
    state = _gaps(facts)
    return Said(
        subject=_(
            "%(left)s: %(state)s (%(body)s, consultation %(reference)s)",
            left=left,
            state=state,
            body=facts.body,
            reference=facts.reference,
        ),
        heading=_("%(state)s: %(left)s", state=state, left=left),
        intro=parts.present(_occasion(facts), _draft(facts), _note(facts)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            parts.reply_by(facts),
            *parts.silence(facts),
        ),
        button=Button(
            _("Continue the reply") if _begun(facts) else _("Read the letter and reply"),
            _page(facts),
        ),
        after=parts.present(_colleagues(facts), parts.without_website(facts)),
        why=parts.to_focal_point(facts),
    )


def views(facts: Facts) -> Said:
    """Tell a member that Member States may state their views before the vote."""
    until = facts.instant("until")
    end = instants.full(until, facts.seat) if until else _("The opening of the consultation")
    return Said(
        subject=_(
            "Exchange of views before the vote: %(body)s, consultation %(reference)s (%(member)s)",
            body=facts.body,
            reference=facts.reference,
            member=facts.member_name,
        ),
        heading=_("%(member)s may state its views before the vote", member=facts.member_name),
        intro=(
            _(
                "Nothing is decided yet. What a Member State states, all Member States read at"
                " once, with its name."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Reason"), (facts.data["reason"],)),
            Row(_("Until"), (end,), strong=True),
        ),
        button=Button(
            _("Read the statements"),
            facts.page("c", facts.data["slug"], facts.member, "views"),
        ),
        after=(),
        why=parts.to_focal_point(facts),
    )


def _information(facts: Facts) -> Said:
    """Tell all alike when silence ends; nobody is urged to do anything."""
    return Said(
        subject=_(
            "Silence ends on %(instant)s: %(body)s, consultation %(reference)s (%(member)s)",
            instant=parts.deadline(facts),
            body=facts.body,
            reference=facts.reference,
            member=facts.member_name,
        ),
        heading=_(
            "No action is needed unless %(member)s objects by %(day)s",
            member=facts.member_name,
            day=parts.deadline_day(facts),
        ),
        intro=parts.present(
            _("This notice is for information. It goes to all Member States alike, once."),
            _note(facts),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            parts.reply_by(facts),
            *parts.silence(facts),
        ),
        button=Button(_("Read the letter"), _page(facts)),
        after=parts.present(parts.without_website(facts)),
        why=parts.to_focal_point(facts),
    )


def _to_do(facts: Facts) -> str:
    if facts.data.get("adviser"):
        return _("Read the letter and write the draft")
    return _("Read the letter and reply")


def _page(facts: Facts) -> str:
    return facts.page("c", facts.data["slug"], facts.member)


def _by_silence(facts: Facts) -> bool:
    return facts.rule is not None and facts.rule.silence is Silence.APPROVE


def _invites(facts: Facts) -> str:
    said = {
        "instant": parts.deadline(facts),
        "body": facts.body,
        "reference": facts.reference,
        "member": facts.member_name,
    }
    if not facts.data.get("entitled", True):
        return _("For information: %(body)s, consultation %(reference)s (%(member)s)", **said)
    if _by_silence(facts):
        return _(
            "Objections by %(instant)s: %(body)s, consultation %(reference)s (%(member)s)", **said
        )
    return _("Reply by %(instant)s: %(body)s, consultation %(reference)s (%(member)s)", **said)


def _heading(facts: Facts) -> str:
    said = {"member": facts.member_name, "day": parts.deadline_day(facts)}
    if not facts.data.get("entitled", True):
        return _("For the information of %(member)s: consultation until %(day)s", **said)
    if _by_silence(facts):
        return _("No action is needed unless %(member)s objects by %(day)s", **said)
    return _("%(member)s is invited to reply by %(day)s", **said)


def _matter(facts: Facts) -> tuple[str, ...]:
    if facts.asks_comments:
        return _comments(facts)
    decides = _("%(body)s decides the matters below by correspondence.", body=facts.body)
    if facts.data.get("entitled", True):
        if _by_silence(facts):
            return (decides,)
        asked = _("Reply for %(member)s: take a position on each item.", member=facts.member_name)
        return (decides, asked)
    return (decides, _barred(facts), *_may_comment(facts))


def _may_comment(facts: Facts) -> tuple[str, ...]:
    if facts.data.get("observer") or facts.data.get("comments") in {None, "none"}:
        return ()
    return (
        _("It may file a comment on the whole, which stands in the record and is counted nowhere."),
    )


def _barred(facts: Facts) -> str:
    provision = facts.data.get("no_vote_under")
    if provision:
        barred = _(
            "%(member)s is on the roll without the right to vote (%(provision)s).",
            member=facts.member_name,
            provision=provision,
        )
    else:
        barred = _("%(member)s is on the roll without the right to vote.", member=facts.member_name)
    return str(barred)


def _comments(facts: Facts) -> tuple[str, ...]:
    return (
        _(
            "%(body)s asks for comments on the documents below. Nothing is decided.",
            body=facts.body,
        ),
        _(
            "Comment for %(member)s, paragraph by paragraph where you can, with the wording that"
            " you propose.",
            member=facts.member_name,
        ),
    )


def _enclosures(facts: Facts) -> str:
    if facts.enclosed:
        return _("The letter is attached as a PDF, with a calendar entry for the deadline.")
    return _("A calendar entry for the deadline is attached.")


def _gaps(facts: Facts) -> str:
    gaps = facts.data.get("gaps")
    if facts.asks_comments:
        return _("%(member)s has not commented", member=facts.member_name)
    if gaps is None:
        return _("%(member)s has not replied", member=facts.member_name)
    return ngettext(
        "%(member)s has no position on %(num)d of %(items)d items",
        "%(member)s has no position on %(num)d of %(items)d items",
        gaps,
        member=facts.member_name,
        items=facts.data["items"],
    )


def _occasion(facts: Facts) -> str:
    """Say that not everybody gets it, so that nobody feels singled out."""
    number = facts.data.get("step")
    if number is None:
        return _(
            "The secretariat sends this reminder. Only Member States whose reply is missing or"
            " has gaps are reminded."
        )
    return _(
        "This is reminder %(number)d. It is sent only to Member States whose reply is missing or"
        " has gaps.",
        number=number,
    )


def _draft(facts: Facts) -> str:
    saved = facts.data.get("drafted")
    if saved is None:
        return ""
    return ngettext(
        "Your draft is kept: %(num)d of %(items)d items is saved. It has not been sent.",
        "Your draft is kept: %(num)d of %(items)d items are saved. It has not been sent.",
        saved,
        items=facts.data["items"],
    )


def _note(facts: Facts) -> str:
    note = facts.data.get("note")
    return _("The secretariat writes: %(note)s", note=note) if note else ""


def _begun(facts: Facts) -> bool:
    return facts.data.get("drafted") is not None or facts.data.get("gaps") is not None


def _colleagues(facts: Facts) -> str:
    others = facts.data.get("colleagues")
    if not others:
        return ""
    return ngettext(
        "Cannot reply yourself? %(num)d other focal point may reply for %(member)s and gets this"
        " reminder too.",
        "Cannot reply yourself? %(num)d other focal points may reply for %(member)s and get this"
        " reminder too.",
        others,
        member=facts.member_name,
    )
