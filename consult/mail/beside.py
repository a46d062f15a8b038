"""The mails about what stands beside a published record: an erratum, a referral to a meeting."""

from flask_babel import gettext as _

from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.queries.texts import pick


def erratum(facts: Facts) -> Said:
    """Tell the members which words are put right; the record stays as they hold it."""
    number = facts.data["erratum"]
    return Said(
        subject=_(
            "Erratum %(number)s: %(body)s, record of consultation %(reference)s",
            number=number,
            body=facts.body,
            reference=facts.reference,
        ),
        heading=_(
            "Erratum %(number)s to the record of consultation %(reference)s",
            number=number,
            reference=facts.reference,
        ),
        intro=(
            _(
                "It stands beside the record, which stays as it is: no count and no outcome"
                " changes."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(
                _("Erratum %(number)s", number=number),
                (pick(facts.data["words"], facts.language),),
                strong=True,
            ),
        ),
        button=_to_record(facts),
        after=(),
        why=parts.to_focal_point(facts),
    )


def referral(facts: Facts) -> Said:
    """Tell the members which items go on to a meeting, on whose request and why."""
    asked = pick(facts.data["asked_for_by"], facts.language) or _("The secretariat")
    return Said(
        subject=_(
            "Referred to a meeting: %(body)s, consultation %(reference)s",
            body=facts.body,
            reference=facts.reference,
        ),
        heading=_(
            "Items of consultation %(reference)s go on to a meeting", reference=facts.reference
        ),
        intro=(
            _("Correspondence came to no decision on them; the outcome stays as it was counted."),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Referred to"), (facts.data["meeting"],), strong=True),
            Row(_("Items"), tuple(_titles(facts))),
            Row(_("Asked for by"), (asked,)),
            Row(_("Reason"), (facts.data["reason"],)),
        ),
        button=_to_record(facts),
        after=(),
        why=parts.to_focal_point(facts),
    )


def _titles(facts: Facts) -> list[str]:
    return [
        _("%(item)s. %(title)s", item=code, title=pick(title, facts.language))
        for code, title in facts.data["items"]
    ]


def _to_record(facts: Facts) -> Button:
    words = (
        _("Read the table of comments") if facts.asks_comments else _("Read the decision record")
    )
    return Button(words, facts.page("decisions", facts.data["slug"]))
