"""The comparisons of a rule in words: what is counted, and the limit it is held against."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_percent
from flask_babel import LazyString, get_locale, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _lp

from consult.core.comparison import All, AnyOf, Compare, Comparison, Not, Test

_COUNTED: Mapping[str, LazyString] = {
    "entitled": _lp("what a rule counts", "Member States entitled to vote"),
    "replied": _lp("what a rule counts", "Replies"),
    "approve": _lp("what a rule counts", "Approvals"),
    "object": _lp("what a rule counts", "Objections"),
    "abstain": _lp("what a rule counts", "Abstentions"),
    "silent": _lp("what a rule counts", "Member States that do not reply"),
    "voting": _lp("what a rule counts", "Votes cast (approvals and objections)"),
    "not_approving": _lp("what a rule counts", "Member States that do not approve"),
}
_PER_CENT = 100


def comparison(test: Comparison) -> str:
    """Return "Approvals: more than half of all Member States entitled to vote"."""
    said = _("%(counted)s: %(limit)s", counted=counted(test), limit=limit(test))
    if test.among is not None:
        said = _("%(said)s (in group %(group)s)", said=said, group=test.among)
    if test.by is not None:
        said = _("%(said)s (by %(weight)s)", said=said, weight=test.by)
    return said


def counted(test: Comparison) -> str:
    """Return what *test* counts, as the head of a line."""
    return set_words(test.count)


def set_words(name: str) -> str:
    """Return what a set of members is called."""
    return str(_COUNTED[name])


def joined(test: Test) -> str:
    """Return a test with all its parts in words."""
    match test:
        case All(tests):
            return _("all of these: %(tests)s", tests="; ".join(map(joined, tests)))
        case AnyOf(tests):
            return _("one of these: %(tests)s", tests="; ".join(map(joined, tests)))
        case Not(inner):
            return _("not this: %(test)s", test=joined(inner))
        case Comparison():
            return comparison(test)


def limit(test: Comparison) -> str:
    """Return "more than half of all replies", or "at least 10"."""
    if test.over is None:
        return _whole(test)
    match test.over:
        case "entitled":
            return _("%(limit)s of all Member States entitled to vote", limit=bound(test))
        case "replied":
            return _("%(limit)s of the replies", limit=bound(test))
        case "voting":
            return _("%(limit)s of the votes cast (approvals and objections)", limit=bound(test))
    return _("%(limit)s of this number: %(base)s", limit=bound(test), base=_COUNTED[test.over])


def bound(test: Comparison) -> str:
    """Return "more than 1/2", without saying of what."""
    share = fraction(test.threshold)
    match test.compare:
        case Compare.MORE_THAN:
            return pgettext("a share", "more than %(share)s", share=share)
        case Compare.AT_LEAST:
            return pgettext("a share", "at least %(share)s", share=share)
        case Compare.LESS_THAN:
            return pgettext("a share", "less than %(share)s", share=share)
        case Compare.AT_MOST:
            return pgettext("a share", "at most %(share)s", share=share)


def fraction(share: Fraction) -> str:
    """Return "half", "two thirds", or the fraction; what was meant in per cent in per cent."""
    if share == Fraction(1, 2):
        return pgettext("a share", "half")
    if share == Fraction(2, 3):
        return pgettext("a share", "two thirds")
    if share == Fraction(1, 4):
        return pgettext("a share", "one quarter")
    if _PER_CENT % share.denominator == 0:
        return percent(share)
    if share.denominator > _PER_CENT and _PER_CENT**2 % share.denominator == 0:
        return percent(share)  # such as 66.66 %, which no one would write as 3333/5000
    return f"{share.numerator}/{share.denominator}"


def percent(share: Fraction) -> str:
    """Return *share* in per cent with two decimals at most, never rounded up."""
    hundredths = share.numerator * 100 * _PER_CENT // share.denominator
    return str(format_percent(Decimal(hundredths).scaleb(-4), "#,##0.##%", get_locale()))


def _whole(test: Comparison) -> str:
    number = int(test.threshold)
    match test.compare:
        case Compare.MORE_THAN:
            return pgettext("a number", "more than %(number)s", number=number)
        case Compare.AT_LEAST:
            return pgettext("a number", "at least %(number)s", number=number)
        case Compare.LESS_THAN:
            return pgettext("a number", "fewer than %(number)s", number=number)
        case Compare.AT_MOST if not number:
            return pgettext("a number", "none")
        case Compare.AT_MOST:
            return pgettext("a number", "at most %(number)s", number=number)
