"""Where a rule contradicts itself or the roll, as sentences: what is the matter, what to do."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from consult.core.contradictions import Contradiction, Found
from consult.wording import comparisons


def sentence(found: Found) -> str:
    """Return what is the matter."""
    return _SENTENCES[found.code](found.name)


def _group(name: str) -> str:
    return _("Choose another group: nobody on the present roll is in group %(group)s.", group=name)


def _weight(name: str) -> str:
    return _("Choose another weight: a member on the present roll has no %(weight)s.", weight=name)


def _not_computable(_name: str) -> str:
    return _("The weights on the present roll cannot be added up exactly.")


def _not_offered(name: str) -> str:
    return _(
        "Offer this position or count something else, for nobody can take it: %(position)s.",
        position=comparisons.set_words(name),
    )


def _never_quorate(_name: str) -> str:
    return _("Lower the quorum: on the present roll it can never be reached.")


def _never(_name: str) -> str:
    return _("Change the tests: on the present roll no item could ever be adopted.")


def _line_never(_name: str) -> str:
    return _("This line can never hold on the present roll; only the others lead to adoption.")


def _always(_name: str) -> str:
    return _("Every item would be adopted, whatever Member States say.")


def _tacit(_name: str) -> str:
    return _(
        "Silence is approval here, yet the rule asks for a number of replies. "
        "Look whether that is meant."
    )


def _silence_prevents(_name: str) -> str:
    return _(
        "Silence counts as an objection, and one objection prevents adoption: one Member State "
        "that does not reply is enough."
    )


def _nobody(_name: str) -> str:
    return _("An item can be adopted though no Member State approves it.")


_SENTENCES: Mapping[Contradiction, Callable[[str], str]] = {
    Contradiction.GROUP_UNKNOWN: _group,
    Contradiction.WEIGHT_MISSING: _weight,
    Contradiction.NOT_COMPUTABLE: _not_computable,
    Contradiction.POSITION_NOT_OFFERED: _not_offered,
    Contradiction.NEVER_QUORATE: _never_quorate,
    Contradiction.NEVER_HOLDS: _never,
    Contradiction.LINE_NEVER_HOLDS: _line_never,
    Contradiction.ALWAYS_HOLDS: _always,
    Contradiction.TACIT_WITH_QUORUM: _tacit,
    Contradiction.SILENCE_PREVENTS: _silence_prevents,
    Contradiction.NOBODY_APPROVES: _nobody,
}
