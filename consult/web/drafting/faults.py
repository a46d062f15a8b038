"""What is wrong with a form of a draft: each fault in words, with the field where it stands."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.errors import BadInput
from consult.wording.faults import fault


class Fault(NamedTuple):
    """One fault, as the summary lists it: where to go, and the words beside the field."""

    href: str
    words: str


def faults_of(form: FlaskForm) -> list[Fault]:
    """Return the faults of the fields, in their order, then those of the form."""
    found = [
        Fault(f"#{field.id}", f"{field.label.text}: {error}" if field.label.text else str(error))
        for field in form
        for error in field.errors
    ]
    return found + [Fault("#main", str(error)) for error in form.form_errors]


def refuse(form: FlaskForm, refused: BadInput) -> None:
    """Put the faults that an action found beside their fields."""
    for place, code in refused.faults.items():
        said = sentence(code)
        if place in form:
            form[place].errors = [*form[place].errors, said]
        else:
            form.form_errors.append(f"{place}: {said}")


def sentence(code: str) -> str:
    """Return what to do about a fault."""
    said: dict[str, str] = {
        "missing": _("Write one."),
        "rule-of-silence": _("Choose another rule: this one is of the silence procedure."),
        "reference-shape": _(
            "Use letters, digits, full stop, hyphen, underscore, brackets and oblique, "
            "64 characters at most."
        ),
        "reference-taken": _("Choose another: a consultation with this reference exists."),
        "number-taken": _("Choose another number: two items would bear it."),
        "number-shape": _("Use up to 16 letters, digits, full stops and hyphens."),
        "outage-minutes": _("Write a whole number of minutes, fewer than the hours have."),
        "outage-hours": _("Write a whole number of hours from 1 to 168."),
        "outage-extension": _("Write a whole number of minutes from 1 to 10080."),
        "day": _("Write the day as a number from 1 to 31."),
        "month": _("Choose the month."),
        "year": _("Write the year with four digits."),
        "time": _("Write the time as hours and minutes, such as 16:00."),
        "no-such-day": _("That month has no such day."),
        "clock-forward": _(
            "Choose another time: the clocks are put forward over this hour on that day."
        ),
        "file-empty": _("Choose a file that is not empty."),
        "file-too-large": _("Choose a file of at most 20 MiB."),
        "file-kind": _("Choose a PDF, DOCX, ODT, PNG or JPEG file."),
        "file-disagrees": _("Its content is not what its name says. Save it anew and try again."),
        "file-unpacks": _("It unpacks to far more than a document holds. Send it as PDF."),
        "file-nested": _("It holds another archive. Send it as PDF."),
        "file-broken": _("It cannot be read. Save it anew and try again."),
        "file-pixels": _("Its picture has more than 40 million pixels. Make it smaller."),
        "file-infected": _("The scanner of this service refuses it. Send another file."),
        "body-unknown": _("The body that it names is not known here."),
        "file-not-text": _("Choose a text file in UTF-8."),
        "signed-language": _("Choose the language in which it is signed."),
        "before": _("Write a whole number of days or hours, at most a year."),
        "reminders-many": _("Remove one first: there are ten reminders."),
        "no-language": _("Keep one language at least."),
        "item-unknown": _("Choose an item of this draft."),
        "ends-before": _("It must not come before the first day."),
        "member-unknown": _("Use the codes of members of the body."),
        "group-unknown": _("Use the groups of the body, by their codes."),
        "weight-shape": _("Write a number such as 12, 0.5 or 2/3."),
        "signed-twice": _("The signed letter in this language is there; remove it first."),
    }
    return said.get(code) or fault(code)
