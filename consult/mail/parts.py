"""Parts that several mails share: the deadline, the letter, the rule, who gets this and why."""

from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from consult.mail.facts import Facts
from consult.mail.said import Row
from consult.wording import instants, letters, rules


def deadline_day(facts: Facts) -> str:
    """Return "Friday 17 July 2020", where the body sits."""
    at = facts.closes_at
    return instants.weekday_day(at.astimezone(ZoneInfo(facts.seat.zone)).date()) if at else ""


def deadline(facts: Facts) -> str:
    """Return "Friday 17 July 2020, 16:00 Geneva"."""
    return instants.long(facts.closes_at, facts.seat) if facts.closes_at else ""


def reference(facts: Facts) -> Row:
    return Row(_("Reference"), (facts.reference,))


def subject(facts: Facts) -> Row:
    return Row(_("Subject"), (facts.text("subject"),))


def reply_by(facts: Facts) -> Row:
    """The deadline in the reader's time first, then in that of the seat and in UTC."""
    at, seat, own = facts.closes_at, facts.seat, facts.own_place
    label = _("Reply by")
    if at is None:
        return Row(label, ())
    if own is None or at.astimezone(ZoneInfo(own.zone)).utcoffset() == (
        at.astimezone(ZoneInfo(seat.zone)).utcoffset()
    ):
        return Row(label, (instants.full(at, seat),), strong=True)
    here, there = (at.astimezone(ZoneInfo(place.zone)).date() for place in (own, seat))
    beside = _("%(time)s (%(utc)s)", time=instants.clock_time(at, seat), utc=instants.utc(at))
    if here != there:
        beside = instants.full(at, seat)
    return Row(label, (instants.long(at, own), beside), strong=True)


def rule(facts: Facts) -> list[Row]:
    """What adoption takes, in words."""
    if facts.rule is None or facts.need is None:
        return []
    said = [rules.takes(facts.rule, facts.need)]
    if own := facts.data.get("own_rules"):
        said.append(
            ngettext(
                "%(num)d item has a rule of its own; the letter gives it.",
                "%(num)d items have rules of their own; the letter gives them.",
                own,
            )
        )
    return [Row(pgettext("of a decision", "Rule"), tuple(said))]


def silence(facts: Facts) -> list[Row]:
    """What it means if the member says nothing."""
    if facts.asks_comments:
        return [Row(_("If you do not reply"), (letters.no_comment(),))]
    if facts.rule is None or facts.need is None or not facts.data.get("entitled", True):
        return []
    said = rules.silence(facts.rule, facts.need, facts.member_name)
    return [Row(_("If you do not reply"), (said,))]


def key(facts: Facts) -> list[Row]:
    """The fingerprint by which the member checks what the service signs."""
    if not facts.data.get("key"):
        return []
    kept = _("Keep it: receipts and records are signed with this key.")
    return [fingerprint(facts, kept)]


def fingerprint(facts: Facts, *more: str) -> Row:
    """The fingerprint of a public key, in groups of eight."""
    digits = str(facts.data["key"])
    grouped = " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
    return Row(_("Fingerprint of the key"), (facts.isolated(grouped), *more))


def without_website(facts: Facts) -> str:
    """What to do when the website does not work; empty if no way is known."""
    if facts.address and facts.telephone:
        return _(
            "If you cannot use the website, send your reply to %(address)s before the deadline,"
            " or call %(telephone)s.",
            address=facts.address,
            telephone=facts.telephone,
        )
    if facts.address:
        return _(
            "If you cannot use the website, send your reply to %(address)s before the deadline.",
            address=facts.address,
        )
    return ""


def also_in(facts: Facts) -> str:
    """Name the other languages of the letter."""
    if not facts.others:
        return ""
    return _("The letter is also in: %(languages)s.", languages=_(", ").join(facts.others))


def to_focal_point(facts: Facts) -> tuple[str, ...]:
    if facts.data.get("adviser"):
        return present(
            _(
                "Sent to you as an adviser of %(member)s: you read the letter and write the draft;"
                " a focal point sends the reply. Opening the link changes nothing: you sign in to"
                " act. The link carries no rights.",
                member=facts.member_name,
            ),
            illustrative(facts),
        )
    return present(
        _(
            "Sent to you as a focal point of %(member)s. Opening the link changes nothing: you"
            " sign in to act. The link carries no rights.",
            member=facts.member_name,
        ),
        illustrative(facts),
    )


def to_staff(facts: Facts, role: str) -> tuple[str, ...]:
    return present(
        _(
            "Sent to you as %(role)s. Opening the link changes nothing: you sign in to act.",
            role=role,
        ),
        illustrative(facts),
    )


def illustrative(facts: Facts) -> str:
    if facts.data.get("rehearsal"):
        return _("This is a rehearsal: it counts for nothing.")
    return (
        _("Specimen: some of what it shows is invented.") if facts.data.get("illustrative") else ""
    )


def present(*sentences: str) -> tuple[str, ...]:
    """Return those sentences that say something."""
    return tuple(sentence for sentence in sentences if sentence)
