"""The arithmetic of an outcome in words: what was counted, what was required, what was missing."""

from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.comparison import Comparison
from consult.core.figure import Figure
from consult.core.figure import number as exact
from consult.core.ranking import Ranked
from consult.core.rule import Rule
from consult.core.tally import Decision, Outcome
from consult.wording import comparisons

_HALF = Fraction(1, 2)


def arithmetic(rule: Rule, decision: Decision) -> str:
    """Return the four parts: the count, the requirement, the distance, the others."""
    said = []
    if decision.outcome is Outcome.INQUORATE:
        said.append(_("There is no decision: the quorum was not met."))
    simple = _simple(rule, decision)
    if simple is not None:
        said += [_approved(simple), _distance(simple), _others(decision, simple)]
    else:
        said += [_figure(figure) for figure in decision.tests]
        said.append(_all_counts(decision))
    if decision.ranked is not None:
        said.append(_ranked(decision, decision.ranked))
    if decision.tacit:
        said.append(
            ngettext(
                "%(num)d of these said nothing: the rule takes its silence as its position.",
                "%(num)d of these said nothing: the rule takes their silence as their position.",
                decision.tacit,
            )
        )
    return " ".join(said)


def _ranked(decision: Decision, ranked: Ranked) -> str:
    """Say how many posts there are, and what that made of a candidate that was approved."""
    said: str = ngettext(
        "There is %(num)d post: where more candidates are approved, those with most approvals"
        " are appointed.",
        "There are %(num)d posts: where more candidates are approved, those with most approvals"
        " are appointed.",
        ranked.seats,
    )
    if decision.outcome is Outcome.UNDECIDED:
        tied = _("Others have equally many, and the posts do not suffice for all of them.")
        return f"{said} {tied}"
    return said


def each_test(decision: Decision) -> list[str]:
    """Return the arithmetic of each comparison, those of the quorum first."""
    return [_figure(figure) for figure in decision.tests]


def _simple(rule: Rule, decision: Decision) -> Figure | None:
    """Return the figure of a rule that asks for a share of all those entitled, and no more."""
    test = rule.adopted_if
    if rule.quorum is not None or not isinstance(test, Comparison) or decision.tacit:
        return None
    if (test.count, test.over, test.among, test.by) != ("approve", "entitled", None, None):
        return None
    figure = decision.tests[0]
    return figure if figure.needed is not None and figure.base else None


def _approved(figure: Figure) -> str:
    return ngettext(
        "%(num)d of %(base)s Member States entitled to vote approved.",
        "%(num)d of %(base)s Member States entitled to vote approved.",
        int(figure.count),
        base=exact(figure.base or Fraction(0)),
    )


def _distance(figure: Figure) -> str:
    assert figure.needed is not None  # noqa: S101 - `_simple` looked
    bound, needed = comparisons.bound(figure.comparison), int(figure.needed)
    apart = int(figure.count) - needed
    if not apart:
        return _(
            "Required: %(bound)s, that is at least %(needed)s: exactly as many as needed.",
            bound=bound,
            needed=needed,
        )
    if apart > 0:
        return ngettext(
            "Required: %(bound)s, that is at least %(needed)s: %(num)d more than needed.",
            "Required: %(bound)s, that is at least %(needed)s: %(num)d more than needed.",
            apart,
            bound=bound,
            needed=needed,
        )
    return ngettext(
        "Required: %(bound)s, that is at least %(needed)s: %(num)d fewer than needed.",
        "Required: %(bound)s, that is at least %(needed)s: %(num)d fewer than needed.",
        -apart,
        bound=bound,
        needed=needed,
    )


def _others(decision: Decision, figure: Figure) -> str:
    counts = decision.counts
    if not counts["object"]:
        return _(
            "None objected, %(abstain)s abstained, %(silent)s did not reply; under this rule none"
            " of these count towards the %(needed)s.",
            abstain=counts["abstain"],
            silent=counts["silent"],
            needed=int(figure.needed or 0),
        )
    return _(
        "%(object)s objected, %(abstain)s abstained, %(silent)s did not reply; under this rule"
        " none of these count towards the %(needed)s.",
        object=counts["object"],
        abstain=counts["abstain"],
        silent=counts["silent"],
        needed=int(figure.needed or 0),
    )


def _all_counts(decision: Decision) -> str:
    counts = decision.counts
    return _(
        "In all: %(approve)s approved, %(object)s objected, %(abstain)s abstained,"
        " %(silent)s did not reply.",
        approve=counts["approve"],
        object=counts["object"],
        abstain=counts["abstain"],
        silent=counts["silent"],
    )


def _figure(figure: Figure) -> str:
    """Return "Approvals: 24 of 32 (75 %). Required: at least two thirds … (66.66 %). It holds."."""
    test = figure.comparison
    required = comparisons.comparison(test)
    if figure.base is None:
        shown = exact(figure.count)
    elif figure.base > 0 and test.threshold != _HALF:
        shown = _(
            "%(count)s of %(base)s (%(share)s)",
            count=exact(figure.count),
            base=exact(figure.base),
            share=comparisons.percent(
                figure.count * figure.base.denominator * Fraction(1, figure.base.numerator)
            ),
        )
    else:
        shown = _("%(count)s of %(base)s", count=exact(figure.count), base=exact(figure.base))
    if figure.holds:
        return _("Required: %(required)s. Counted: %(shown)s. Met.", required=required, shown=shown)
    return _("Required: %(required)s. Counted: %(shown)s. Not met.", required=required, shown=shown)
