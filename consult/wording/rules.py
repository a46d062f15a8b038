"""A decision rule in words: what it asks, what that takes on a roll, what silence means."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.comparison import Choice, Compare, Comparison, Silence
from consult.core.need import Need, NeedKind
from consult.core.rule import Rule
from consult.wording import comparisons

_UPWARD = frozenset({Compare.MORE_THAN, Compare.AT_LEAST})


def title(rule: Rule, language: str) -> str:
    """Return what the rule is called in *language*, else in English, else what it asks."""
    named: Mapping[str, str] = rule.title
    return named.get(language) or named.get("en") or explain(rule)


def explain(rule: Rule) -> str:
    """Say in one to three sentences when an item is adopted."""
    said = [_adopted_if(rule)]
    if rule.quorum is not None:
        said.insert(
            0,
            _(
                "Without a quorum there is no decision; it asks for %(test)s.",
                test=comparisons.joined(rule.quorum),
            ),
        )
    return " ".join(said)


def takes(rule: Rule, need: Need) -> str:
    """Say what adoption takes on the roll: "25 of 48 must approve. 24 that …"."""
    said = [_quorum(need)] if need.quorum else []
    match need.kind:
        case NeedKind.NEVER:
            said.append(_("On this roll no item can be adopted under this rule."))
        case NeedKind.OBJECTIONS:
            said.append(_objections(need))
        case NeedKind.APPROVALS:
            said.append(_approvals(rule, need))
        case NeedKind.OF_REPLIES:
            said.append(_of_replies(need))
        case NeedKind.OF_VOTES:
            said.append(_of_votes(need))
        case NeedKind.GENERAL:
            said.append(_general(need))
    return " ".join(said)


def silence(rule: Rule, need: Need, member_name: str) -> str:
    """Say what it means that *member_name* does not reply."""
    match rule.silence:
        case Silence.APPROVE:
            return _(
                "Silence is consent: %(member)s consents to every item to which it does not"
                " object before the deadline.",
                member=member_name,
            )
        case Silence.OBJECT:
            return _(
                "Silence counts as an objection: %(member)s is counted as objecting.",
                member=member_name,
            )
        case Silence.ABSTAIN:
            return _(
                "Silence counts as an abstention: %(member)s is counted as abstaining.",
                member=member_name,
            )
        case Silence.ABSENT:
            return _absent(need, member_name)


def letter_majority(rule: Rule, need: Need) -> str:
    """Return the paragraph of the letter on the majority that applies."""
    return _(
        "Each item is decided separately. %(rule)s On the roll of this consultation %(entitled)s"
        " Member States are entitled to vote. %(takes)s",
        rule=explain(rule),
        entitled=need.entitled,
        takes=takes(rule, need),
    )


def _adopted_if(rule: Rule) -> str:
    test = rule.adopted_if
    if not isinstance(test, Comparison) or test.among or test.by:
        return _("An item is adopted on %(test)s.", test=comparisons.joined(test))
    if test.count == "object" and test.over is None and test.compare is Compare.AT_MOST:
        return _no_objection(rule, int(test.threshold))
    if test.count == "approve" and test.over is not None and test.compare in _UPWARD:
        return _share(test)
    return _("An item is adopted on %(test)s.", test=comparisons.comparison(test))


def _no_objection(rule: Rule, most: int) -> str:
    if most:
        return _("An item is adopted if the objections to it are at most %(number)s.", number=most)
    if rule.silence is Silence.APPROVE:
        return _(
            "An item is adopted at the deadline unless a Member State objects before it."
            " Silence is consent."
        )
    return _("An item is adopted unless a Member State objects to it.")


def _share(test: Comparison) -> str:
    bound = comparisons.bound(test)
    match test.over:
        case "entitled":
            return _(
                "An item is adopted if it is approved by %(bound)s of all Member States entitled"
                " to vote. Silence and abstention do not help it.",
                bound=bound,
            )
        case "replied":
            return _(
                "An item is adopted if it is approved by %(bound)s of the Member States that"
                " reply.",
                bound=bound,
            )
        case "voting":
            return _(
                "An item is adopted if it is approved by %(bound)s of those that approve or"
                " object. Abstentions are not counted.",
                bound=bound,
            )
    return _("An item is adopted on %(test)s.", test=comparisons.comparison(test))


def _quorum(need: Need) -> str:
    assert need.quorum is not None  # noqa: S101 - asked before
    if need.quorum.can is None:
        return _("On this roll the quorum cannot be reached.")
    return _(
        "%(number)s of %(entitled)s must reply.", number=need.quorum.can, entitled=need.entitled
    )


def _objections(need: Need) -> str:
    number = need.objections.can or 0
    prevent = ngettext(
        "%(num)d objection prevents adoption.", "%(num)d objections prevent adoption.", number
    )
    if not need.approvals.can:
        return prevent
    approve = ngettext(
        "%(num)d approval is needed too.", "%(num)d approvals are needed too.", need.approvals.can
    )
    return f"{prevent} {approve}"


def _approvals(rule: Rule, need: Need) -> str:
    must = _(
        "%(number)s of %(entitled)s must approve.",
        number=need.approvals.can,
        entitled=need.entitled,
    )
    against = need.against.can
    if not against:
        return must
    if Choice.ABSTAIN in rule.choices:
        block = ngettext(
            "%(num)d that objects, abstains or stays silent makes adoption impossible.",
            "%(num)d that object, abstain or stay silent make adoption impossible.",
            against,
        )
    else:
        block = ngettext(
            "%(num)d that objects or stays silent makes adoption impossible.",
            "%(num)d that object or stay silent make adoption impossible.",
            against,
        )
    return f"{must} {block}"


def _of_replies(need: Need) -> str:
    said = [
        _(
            "With %(replies)s replies %(approvals)s must approve.",
            replies=sample.replies,
            approvals=sample.approvals.can,
        )
        for sample in need.by_replies
        if sample.approvals.can is not None
    ]
    return " ".join(said)


def _of_votes(need: Need) -> str:
    said = [
        _(
            "With %(replies)s replies and no abstention, %(approvals)s approvals are enough.",
            replies=sample.replies,
            approvals=sample.approvals.always,
        )
        for sample in need.by_replies
        if sample.approvals.always is not None
    ]
    return " ".join(said) or _general(need)


def _general(need: Need) -> str:
    can, always = need.approvals.can, need.approvals.always
    if not can and need.objections.can and need.objections.always:
        return _(
            "No approval is needed. %(number)s of %(entitled)s can prevent adoption by objecting,"
            " depending on which Member States they are and on what the others say; %(always)s"
            " always do.",
            number=need.objections.can,
            entitled=need.entitled,
            always=need.objections.always,
        )
    if always is None:
        return _(
            "At least %(number)s of %(entitled)s must approve; whether that is enough depends on"
            " which Member States they are and on what the others say.",
            number=can,
            entitled=need.entitled,
        )
    return _(
        "At least %(number)s of %(entitled)s must approve; %(always)s are enough, whoever they"
        " are and whatever the others say.",
        number=can,
        entitled=need.entitled,
        always=always,
    )


def _absent(need: Need, member_name: str) -> str:
    match need.kind:
        case NeedKind.APPROVALS:
            return _(
                "%(member)s is recorded as silent. Silence is not an approval: an item still"
                " needs %(approvals)s approvals, so not replying does not help it to be adopted.",
                member=member_name,
                approvals=need.approvals.can,
            )
        case NeedKind.OBJECTIONS:
            return _(
                "%(member)s is recorded as silent. Silence does not prevent the adoption of an"
                " item.",
                member=member_name,
            )
    if need.quorum is not None and need.quorum.can is not None:
        return _(
            "%(member)s is recorded as silent and is not counted among the replies. If fewer than"
            " %(quorum)s Member States reply, there is no decision.",
            member=member_name,
            quorum=need.quorum.can,
        )
    if need.kind in {NeedKind.OF_REPLIES, NeedKind.OF_VOTES}:
        return _(
            "%(member)s is recorded as silent and is not counted: the items are decided by those"
            " that reply.",
            member=member_name,
        )
    return _("%(member)s is recorded as silent. Silence is not an approval.", member=member_name)
