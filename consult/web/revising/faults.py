"""What is wrong with a revision, in words beside its fields."""

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from consult.errors import BadInput, Incomplete
from consult.web.drafting import faults


def refuse(form: FlaskForm, refused: BadInput | Incomplete) -> None:
    """Put the faults that an action found beside their fields; those of no field in the summary."""
    if isinstance(refused, Incomplete):
        form.form_errors.append(_lacking(refused))
        return
    for place, code in refused.faults.items():
        said = sentence(code)
        if place in form:
            form[place].errors = [*form[place].errors, said]
        else:
            form.form_errors.append(said)


def sentence(code: str) -> str:
    """Return what to do about a fault of a revision."""
    said: dict[str, str] = {
        "missing": _("Fill this in"),
        "kind-missing": _("Choose what kind of change it is."),
        "nothing-changed": _("Change something first: the letter would say what it says."),
        "item-fixed": _("Items stay what they are, in their order; only words and data change."),
        "item-added": _("Items are added by an addendum: begin one."),
        "addendum-changes": _(
            "An addendum adds items and leaves those that are there as they are."
        ),
        "addendum-empty": _("Add an item or a document first."),
        "documents-too-many": _("An addendum adds at most 20 documents."),
        "editorial-only": _(
            "An editorial correction changes words of its one language alone. For anything else"
            " begin a corrigendum."
        ),
        "has-replied": _("It has replied: it stays on the roll. Take away its right to vote."),
        "roll-empty": _("At least one Member State must have the right to vote."),
        "rule-does-not-fit": _("The rule of the letter cannot be counted on that roll."),
        "weight": _("Write each weight as a name, a colon and a number, one on a line."),
        "provision-missing": _("Name the provision under which it has not the right to vote."),
    }
    return said.get(code) or faults.sentence(code)


def _lacking(refused: Incomplete) -> str:
    missing = refused.facts["missing"]
    assert isinstance(missing, list)  # noqa: S101 - of places and codes
    said: str = ngettext(
        "%(num)d thing is missing: a text in some language, or a datum. First: %(place)s.",
        "%(num)d things are missing: a text in some language, or a datum. First: %(place)s.",
        len(missing),
        place=missing[0][0],
    )
    return said
