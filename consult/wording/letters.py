"""The sections of a letter that the product writes itself from the data, in every language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from consult.core.need import Need
from consult.core.rule import Rule
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
        address: Where the secretariat gets mail; empty if it is not known.
    """

    rule: Rule | None
    need: Need | None
    own: Own
    closes_at: datetime | None
    place: instants.Place
    address: str


def sections(terms: Terms) -> list[tuple[str, str, str]]:
    """Return id, heading and small Markdown of each section, in the order of reading."""
    written = [
        ("majority", _("Majority that applies"), _majority(terms)),
        ("silence", _("If no reply is given"), _silence(terms)),
        ("how_to_reply", _("How to reply"), _how_to_reply(terms)),
    ]
    if terms.closes_at is not None:
        written.append(("deadline", _("Deadline"), _deadline(terms.closes_at, terms.place)))
    return written


def _majority(terms: Terms) -> str:
    if terms.rule is None:
        return _("This is not a vote. No majority applies and nothing is counted.")
    return _by_rule(terms, rules.letter_majority)


def _silence(terms: Terms) -> str:
    if terms.rule is None:
        return no_comment()
    return _by_rule(terms, if_silent)


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


def _deadline(closes_at: datetime, place: instants.Place) -> str:
    return _(
        "Replies must be received before %(instant)s. The instant of receipt decides. A reply "
        "that is received at or after that instant is registered as late and is not counted.",
        instant=instants.full(closes_at, place),
    )
