"""The sections of a letter that the product writes itself from the data, in every language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from consult.core.life import Unconfirmed
from consult.core.need import Need
from consult.core.outage import Clause
from consult.core.rule import Rule
from consult.core.silence import Breaks, under_silence
from consult.wording import instants, kinds, rules

Own = Mapping[str, tuple[Rule, Need]]
Said = Callable[[Rule, Need], str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a letter must say truly, whatever its authors wrote.

    Args:
        rule: By which the items are decided, but those of *own*; None of a comment round.
        need: What that takes on the roll.
        own: Of each item with a rule of its own, that rule and what it takes.
        closes_at: None while a draft has no deadline.
        place: In whose time instants are said.
        outage: What the letter promises if the service is away before the deadline.
        address: Where the secretariat gets mail; empty if it is not known.
        follows: Which letter's items it takes up again: ``reference``, ``as``, ``decisive``.
        breaks: Under the silence procedure, what an objection breaks.
        unconfirmed: What becomes of a reply that was given before a revision of its items.
        notes: Whether a PDF may go with a reply.
    """

    rule: Rule | None
    need: Need | None
    own: Own
    closes_at: datetime | None
    place: instants.Place
    address: str
    follows: Mapping[str, Any] | None = None
    breaks: Breaks = Breaks.ITEM
    outage: Clause | None = None
    unconfirmed: Unconfirmed = Unconfirmed.STANDS
    notes: bool = False


def sections(terms: Terms) -> list[tuple[str, str, str]]:
    """Return id, heading and small Markdown of each section, in the order of reading."""
    written = [("earlier", _("Earlier consultation"), _earlier(terms.follows))]
    written = [one for one in written if one[2]] + [
        ("majority", _("Majority that applies"), _majority(terms)),
        ("silence", _("If no reply is given"), _silence(terms)),
        ("how_to_reply", _("How to reply"), _how_to_reply(terms)),
    ]
    if terms.closes_at is not None:
        written.append(("deadline", _("Deadline"), _deadline(terms, terms.closes_at)))
    return written


def _earlier(follows: Mapping[str, Any] | None) -> str:
    """Say which letter's items are taken up again, and what the number of replies means now."""
    if follows is None:
        return ""
    said = _(
        "This letter takes up items on which consultation %(reference)s came to no decision.",
        reference=follows["reference"],
    )
    if not follows["decisive"]:
        return said
    decisive = _("Its result stands whatever the number of replies.")
    return f"{said}\n\n{decisive}"


def _majority(terms: Terms) -> str:
    if terms.rule is None:
        return _("This is not a vote. No majority applies and nothing is counted.")
    return _by_rule(terms, rules.letter_majority)


def _silence(terms: Terms) -> str:
    if terms.rule is None:
        return no_comment()
    return "\n\n".join([*_silence_procedure(terms, terms.rule), _by_rule(terms, if_silent)])


def _silence_procedure(terms: Terms, rule: Rule) -> list[str]:
    """Say what nobody need do, and what an objection does; nothing where no item is under it."""
    under = [under_silence(rule), *(under_silence(own) for own, _need in terms.own.values())]
    if not any(under):
        return []
    if all(under):
        first = _("No action is needed unless your government objects.")
    else:
        first = _(
            "On the items that are placed under the silence procedure no action is needed unless"
            " your government objects."
        )
    states = _(
        "An objection states its reasons. It is sent to all Member States at once, with the name"
        " of the Member State that objects and its reasons."
    )
    if terms.breaks is Breaks.WHOLE:
        breaks = _(
            "The first objection in time breaks the silence on the whole letter: no item of it is"
            " adopted, and the objection can no longer be lifted."
        )
    else:
        breaks = _(
            "It breaks the silence on the item to which it is made: the item is not adopted,"
            " unless the objection is lifted before the deadline. The other items go on."
        )
    return [first, f"{states} {breaks}"]


def no_comment() -> str:
    """Say what it means that a Member State sends no comment, in a letter, a mail and a record."""
    return _(
        "A Member State that sends no comment is recorded as having made none. This is not "
        "agreement with the text, and does not prejudge the position it may take later."
    )


def if_silent(rule: Rule, need: Need) -> str:
    """Say what silence means for whoever does not reply, in a letter and in a record."""
    said = rules.silence(rule, need, _("a Member State that does not reply"))
    return said[:1].upper() + said[1:]


def _by_rule(terms: Terms, said: Said) -> str:
    """Say something of the rule of the letter, then of each rule that some items have."""
    assert terms.rule is not None and terms.need is not None  # noqa: S101, PT018 - it decides
    paragraphs = [said(terms.rule, terms.need)]
    for items, rule, need in _grouped(terms.own):
        words = said(rule, need)
        if words not in paragraphs:
            several = len(items) > 1
            paragraphs += [_other_items(items) if several else _other_item(items[0]), words]
    return "\n\n".join(paragraphs)


def _grouped(own: Own) -> list[tuple[Sequence[str], Rule, Need]]:
    """Put items with an equal rule together."""
    groups: list[tuple[list[str], Rule, Need]] = []
    for item, (rule, need) in own.items():
        found = next((items for items, other, _need in groups if other == rule), None)
        if found is None:
            groups.append(([item], rule, need))
        else:
            found.append(item)
    return [(items, rule, need) for items, rule, need in groups]


def _other_items(items: Sequence[str]) -> str:
    return _("Items %(items)s are decided by another rule.", items=kinds.listed(items))


def _other_item(item: str) -> str:
    return _("Item %(item)s is decided by another rule.", item=item)


def _how_to_reply(terms: Terms) -> str:
    if terms.rule is None:
        return _how_to_comment(terms)
    paragraphs = [
        _(
            "Replies are given on the web form, by the focal point of each Member State or an "
            "alternate. The address of the form is in the message that accompanies this letter."
        ),
        _(
            "A reply may be changed until the deadline. The latest version received in time "
            "counts, alone: an item left empty in it is an item on which the Member State is "
            "silent. Earlier versions are kept, and each version is acknowledged."
        ),
    ]
    paragraphs.append(if_revised(terms.unconfirmed))
    if terms.notes:
        paragraphs.append(
            _("One note in PDF may go with a reply. It is shown when the positions are.")
        )
    if terms.address:
        paragraphs.append(
            _(
                "A Member State that cannot use the form may write to %(address)s. The "
                "secretariat records the reply on its behalf; a second officer confirms it.",
                address=terms.address,
            )
        )
    return "\n\n".join(paragraphs)


def _how_to_comment(terms: Terms) -> str:
    paragraphs = [
        _(
            "Comments are given on the web form, paragraph by paragraph with the wording that "
            "is proposed, by the focal point of each Member State or an alternate, in any of the "
            "languages of this letter. The address of the form is in the message that "
            "accompanies this letter."
        ),
        _(
            "Comments may be changed until the deadline. The latest version received in time "
            "stands, alone. Earlier versions are kept, and each version is acknowledged."
        ),
    ]
    if terms.address:
        paragraphs.append(
            _(
                "A Member State that cannot use the form may write to %(address)s.",
                address=terms.address,
            )
        )
    return "\n\n".join(paragraphs)


def if_revised(unconfirmed: Unconfirmed) -> str:
    """Say what becomes of a reply when the items that it answers are revised after it."""
    if unconfirmed is Unconfirmed.LAPSES:
        return _(
            "If items of the letter are revised, a reply given before must be confirmed or "
            "changed until the deadline; otherwise the Member State is recorded as silent on the "
            "revised items."
        )
    return _(
        "If items of the letter are revised, a reply given before stands unless the Member State "
        "changes it."
    )


def _deadline(terms: Terms, closes_at: datetime) -> str:
    said = _(
        "Replies must be received before %(instant)s. The instant of receipt decides. A reply "
        "that is received at or after that instant is registered as late and is not counted.",
        instant=instants.full(closes_at, terms.place),
    )
    return f"{said}\n\n{_outage(terms.outage)}" if terms.outage else said


def _outage(clause: Clause) -> str:
    return _(
        "If the web service is away for longer than %(away)s in the last %(window)s before the"
        " deadline, as measured by its own record of being there, the deadline is extended once by"
        " %(longer)s; if it is away at the deadline itself, from when it is back. All are told.",
        away=instants.duration(timedelta(minutes=clause.minutes)),
        window=instants.duration(clause.window),
        longer=instants.duration(clause.longer),
    )
