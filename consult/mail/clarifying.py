"""The mail that puts to a member what a paper of its own leaves unclear."""

from flask_babel import gettext as _

from consult.core.life import Channel
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants, kinds


def clarification(facts: Facts) -> Said:
    """Ask every focal point of a member what was meant; nobody else reads a position into it."""
    named = {"member": facts.member_name, "reference": facts.reference}
    return Said(
        subject=_("Please clarify: reply of %(member)s (%(reference)s)", **named),
        heading=_("The reply of %(member)s is unclear in part", member=facts.member_name),
        intro=(
            _(
                "The secretariat recorded the reply that it received otherwise. It reads no"
                " position into words that are unclear or on a condition."
            ),
            _closed() if facts.data["passed"] else _open(facts),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            Row(_("Received"), (_received(facts),)),
            Row(_("How it came"), (kinds.channel(Channel(facts.data["channel"])),)),
            *(_row(*one) for one in facts.data["unclear"]),
        ),
        button=_button(facts),
        after=(),
        why=parts.to_focal_point(facts),
    )


def _open(facts: Facts) -> str:
    return _(
        "Answer on the form before the deadline, %(instant)s. If nothing comes, these items stay"
        " without a position.",
        instant=parts.deadline(facts),
    )


def _closed() -> str:
    return _("The deadline has passed: these items stay without a position.")


def _row(code: str, title: str, words: str, question: str) -> Row:
    return Row(
        _("Item %(item)s", item=code),
        (
            title,
            _("Words of the paper: %(words)s", words=words),
            _("Question of the secretariat: %(question)s", question=question),
        ),
    )


def _received(facts: Facts) -> str:
    at = facts.instant("received_at")
    return instants.exact(at, facts.seat) if at else ""


def _button(facts: Facts) -> Button:
    slug, member = facts.data["slug"], facts.member
    if facts.data["passed"]:
        return Button(
            _("See the receipt"), facts.page("c", slug, member, "receipts", facts.data["version"])
        )
    return Button(_("Answer on the form"), facts.page("c", slug, member))
