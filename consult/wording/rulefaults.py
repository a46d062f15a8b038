"""What is wrong with a rule as it is typed, as sentences: what to do about it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

_Facts = Mapping[str, Any]


def fault(code: str, facts: _Facts | None = None) -> str:
    """Return what to do about a fault; what has no sentence is a phrase already."""
    said = _FAULTS.get(code)
    return str(said(facts or {})) if said else code


def _too_many(facts: _Facts) -> str:
    return ngettext(
        "Write smaller numbers: there is only %(num)d such Member State.",
        "Write smaller numbers: there are only %(num)d such Member States.",
        int(facts.get("most", 0)),
    )


_FAULTS: Mapping[str, Callable[[_Facts], str]] = {
    "rule-title-missing": lambda _facts: _(
        "Write what the rule is called, in one language at least."
    ),
    "rule-source-missing": lambda _facts: _(
        "Write the text that the rule follows, such as rule 3.2."
    ),
    "rule-source-long": lambda _facts: _("Shorten it to %(most)s characters.", most=500),
    "rule-name-shape": lambda _facts: _("Use up to 40 small letters a to z, digits and hyphens."),
    "rule-name-taken": lambda _facts: _("Choose another name: the body has a rule of this name."),
    "rule-nothing-offered": lambda _facts: _("Offer one position at least."),
    "rule-kept": lambda _facts: _("Load the page again: a part of the rule was lost."),
    "threshold-whole": lambda _facts: _("Write a whole number, such as 10."),
    "threshold-share": lambda _facts: _(
        "Write a fraction such as 2/3, or a percentage such as %(share)s.", share="70 %"
    ),
    "numbers-too-many": _too_many,
    "codes-unknown": lambda facts: _(
        "Not entitled on the present roll: %(codes)s.", codes=facts.get("codes", "")
    ),
    "codes-twice": lambda facts: _("Named twice: %(codes)s.", codes=facts.get("codes", "")),
}
