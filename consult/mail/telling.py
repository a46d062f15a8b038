"""The mails that tell members what happened: a reply was received, a result is published."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from consult.core.comparison import Choice
from consult.core.life import Channel, ItemKind
from consult.core.tally import Outcome
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants, kinds

_TITLES_FIT = 1600  # bytes; beyond, items are named by their numbers


def acknowledgement(facts: Facts) -> Said:
    """Tell every focal point of a member who replied what, and when (T86)."""
    late = bool(facts.data.get("late"))
    named = {
        "member": facts.member_name,
        "body": facts.body,
        "reference": facts.reference,
    }
    if late:
        subject = _(
            "Received late, not counted: reply of %(member)s (%(body)s, consultation"
            " %(reference)s)",
            **named,
        )
        heading = _(
            "The reply of %(member)s came late and is not counted", member=facts.member_name
        )
    else:
        subject = _("Received: reply of %(member)s (%(body)s, consultation %(reference)s)", **named)
        heading = _("The reply of %(member)s is received", member=facts.member_name)
    version = facts.data["version"]
    return Said(
        subject=subject,
        heading=heading,
        intro=parts.present(_by_whom(facts), _treated(facts, late=late)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(pgettext("of a reply", "Received"), (_received(facts),), strong=True),
            Row(_("How it came"), (kinds.channel(Channel(facts.data["channel"])),)),
            Row(pgettext("of a reply", "Version"), (str(version),)),
            *(_answered(facts) if not facts.asks_comments else (_said(facts),)),
        ),
        button=Button(
            _("See the receipt"),
            facts.page("c", facts.data["slug"], facts.member, _receipts(facts), version),
        ),
        after=parts.present(_attached(facts), _your_own(facts), _what_next(facts, late=late)),
        why=parts.to_focal_point(facts),
    )


def result(facts: Facts) -> Said:
    """Tell the members what was decided, that its record was corrected, or what was commented."""
    if facts.asks_comments:
        return _table(facts)
    revision = facts.data.get("record_revision")
    number = _numbered(facts)
    return Said(
        subject=_(
            "Decision record %(number)s: %(body)s, consultation %(reference)s",
            number=number,
            body=facts.body,
            reference=facts.reference,
        )
        if number
        else _unnumbered(facts),
        heading=_("The result of consultation %(reference)s", reference=facts.reference),
        intro=(
            _(
                "The decision record is certified and published. It gives every outcome, with its"
                " arithmetic and the positions of all Member States."
            )
            if number
            else _("A rehearsal decides nothing. Its record gives every outcome as it would be."),
            *_corrected(revision),
            *_recorded_late(facts),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Outcome"), tuple(_outcomes(facts))),
            *_referred(facts),
            *_record(number),
        ),
        button=Button(_("Read the decision record"), facts.page("decisions", facts.data["slug"])),
        after=(
            _("SHA-256 of the record: %(hash)s", hash=facts.data["sha256"]),
            _(
                "The page says how to check the record without us: compare the ledger line below"
                " with it."
            ),
        ),
        why=parts.to_focal_point(facts),
    )


def _numbered(facts: Facts) -> str:
    """Return the number of a record with its revision; nothing for that of a rehearsal."""
    number, revision = facts.data["number"], facts.data.get("record_revision")
    if number and revision:
        return _("%(number)s Rev.%(revision)s", number=number, revision=revision)
    return number or ""


def _unnumbered(facts: Facts) -> str:
    return _(
        "Result: %(body)s, consultation %(reference)s", body=facts.body, reference=facts.reference
    )


def _record(number: str) -> tuple[Row, ...]:
    return (Row(_("Record"), (number,)),) if number else ()


def _referred(facts: Facts) -> tuple[Row, ...]:
    """Say which items go on to which meeting, where that was settled before the publication."""
    by_meeting: dict[str, list[str]] = {}
    for code, meeting in (facts.data.get("referred") or {}).items():
        by_meeting.setdefault(meeting, []).append(code)
    lines = [
        _("%(said)s: %(items)s", said=meeting, items=kinds.listed(codes))
        for meeting, codes in by_meeting.items()
    ]
    return (Row(_("Referred to"), tuple(lines)),) if lines else ()


def _corrected(revision: int | None) -> tuple[str, ...]:
    if not revision:
        return ()
    return (
        _(
            "It corrects the record that was published before: what was ruled or readmitted since"
            " stands in it. The former one stays readable."
        ),
    )


def _recorded_late(facts: Facts) -> tuple[str, ...]:
    """Name those for whom a reply was recorded after the deadline (T69)."""
    members = facts.data.get("recorded_late")
    if not members:
        return ()
    said = kinds.listed(members)
    return (_("Recorded on behalf after the deadline: %(members)s.", members=said),)


def _your_own(facts: Facts) -> str:
    if not facts.data.get("asked_by") or facts.asks_comments:
        return ""
    return _("Say on the page of the receipt whether this is your reply: confirm it or contest it.")


def _table(facts: Facts) -> Said:
    number = facts.data["number"] or ""
    return Said(
        subject=_(
            "Table of comments %(number)s: %(body)s, consultation %(reference)s",
            number=number,
            body=facts.body,
            reference=facts.reference,
        )
        if number
        else _unnumbered(facts),
        heading=_("The comments on consultation %(reference)s", reference=facts.reference),
        intro=(
            _(
                "The table of comments is certified and published. It gives each comment by"
                " paragraph and Member State, with what the secretariat did with it."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            *_record(number),
        ),
        button=Button(_("Read the table of comments"), facts.page("decisions", facts.data["slug"])),
        after=(_("SHA-256 of the record: %(hash)s", hash=facts.data["sha256"]),),
        why=parts.to_focal_point(facts),
    )


def _said(facts: Facts) -> Row:
    if not facts.asks_comments:
        return Row(_("Positions"), tuple(_positions(facts)))
    number = facts.data["remarks"]
    words: str = ngettext("%(num)d comment", "%(num)d comments", number)
    return Row(_("Comments"), (words,))


def _receipts(facts: Facts) -> str:
    return "comments" if facts.asks_comments else "receipts"


def _attached(facts: Facts) -> str:
    return "" if facts.asks_comments else _("The receipt is attached. Keep it.")


def _by_whom(facts: Facts) -> str:
    data = facts.data
    if data.get("asked_by") and facts.asks_comments:
        return _(
            "%(asker)s recorded these comments on behalf of %(member)s; %(confirmer)s confirmed"
            " them.",
            asker=data["asked_by"],
            member=facts.member_name,
            confirmer=data["confirmed_by"],
        )
    if data.get("asked_by"):
        return _(
            "%(asker)s recorded this reply on behalf of %(member)s; %(confirmer)s confirmed it.",
            asker=data["asked_by"],
            member=facts.member_name,
            confirmer=data["confirmed_by"],
        )
    if data.get("by"):
        return _("%(person)s replied for %(member)s.", person=data["by"], member=facts.member_name)
    return ""


def _received(facts: Facts) -> str:
    at = facts.instant("received_at")
    return instants.exact(at, facts.seat) if at else ""


def _treated(facts: Facts, *, late: bool) -> str:
    if late:
        return _late(facts)
    if facts.data.get("after_statement"):
        return _(
            "It was recorded after the post-room statement: it is not counted unless the presiding"
            " officer rules that it is."
        )
    return _version(facts)


def _late(facts: Facts) -> str:
    return _(
        "It was received on %(received)s. The deadline was %(deadline)s. It is registered as"
        " late and is not counted.",
        received=_received(facts),
        deadline=instants.exact(facts.closes_at, facts.seat) if facts.closes_at else "",
    )


def _version(facts: Facts) -> str:
    if facts.asks_comments:
        return _commented(facts)
    if not any(choice for _code, _title, choice in facts.data["positions"]):
        if facts.data.get("unopposed") and not facts.data.get("gaps"):
            return _("%(member)s has no objection.", member=facts.member_name)
        return _(
            "It has no position on any item: it withdraws what %(member)s said before.",
            member=facts.member_name,
        )
    if facts.data["version"] > 1:
        return _("It replaces the earlier reply; the latest one received in time counts alone.")
    return ""


def _commented(facts: Facts) -> str:
    if not facts.data["remarks"]:
        return _(
            "It has no comment: it withdraws what %(member)s said before.", member=facts.member_name
        )
    if facts.data["version"] > 1:
        return _("It replaces the earlier comments; the latest version received in time stands.")
    return ""


def _what_next(facts: Facts, *, late: bool) -> str:
    if late:
        if not facts.address:
            return ""
        return _("If you hold that it was in time, write to %(address)s.", address=facts.address)
    return _(
        "Until the deadline any focal point of %(member)s may send a new reply. If this reply is"
        " not what %(member)s decided, send a new one at once.",
        member=facts.member_name,
    )


def _answered(facts: Facts) -> tuple[Row, ...]:
    """Name the positions, or say that the member has no vote and only comments."""
    if facts.data.get("entitled", True):
        return (Row(_("Positions"), tuple(_positions(facts))),)
    return (Row(_("Positions"), (_("none: a comment without the right to vote"),)),)


def _positions(facts: Facts) -> list[str]:
    """Name every item with its position; a long letter's items by their numbers."""
    positions = facts.data["positions"]
    lines = [
        _(
            "%(item)s. %(title)s: %(said)s",
            item=code,
            title=title,
            said=_choice(facts, choice, code),
        )
        for code, title, choice in positions
    ]
    if sum(len(line.encode()) for line in lines) <= _TITLES_FIT:
        return lines
    by_words: dict[str, list[str]] = {}
    for code, _title, choice in positions:
        by_words.setdefault(_choice(facts, choice, code), []).append(code)
    return [
        _("%(said)s: %(items)s", said=said, items=kinds.listed(codes))
        for said, codes in by_words.items()
    ]


def _choice(facts: Facts, choice: str | None, item: str) -> str:
    if choice is None and item in (facts.data.get("unopposed") or ()):
        return _("No objection")
    names = facts.rule.names if facts.rule else None
    return kinds.choice(Choice(choice) if choice else None, names, facts.language)


def _outcomes(facts: Facts) -> Sequence[str]:
    """Name every item with its outcome; of a long letter count them by kind."""
    silence = facts.data.get("silence") or {}
    outcomes = [
        (code, title, ItemKind(kind), Outcome(outcome))
        for code, title, kind, outcome in facts.data["outcomes"]
    ]
    lines = [
        _(
            "%(item)s. %(title)s: %(said)s",
            item=code,
            title=title,
            said=kinds.outcome_by_silence(kind, result, silence[code])
            if code in silence
            else kinds.outcome(kind, result),
        )
        for code, title, kind, result in outcomes
    ]
    if sum(len(line.encode()) for line in lines) <= _TITLES_FIT:
        return lines
    return [kinds.mixed([(kind, result) for _code, _title, kind, result in outcomes])]
