"""The outage clause of a draft: three whole numbers, or none of them."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from consult.errors import BadInput
from consult.web.drafting.forms import clean

# Of each number its field, and from where to where it may go.
_NUMBERS = {
    "minutes": ("outage-minutes", 0, 1440),
    "hours": ("outage-hours", 1, 168),
    "extension_minutes": ("outage-extension", 1, 10_080),
}


def fields() -> dict[str, Any]:
    """Return the fields, in the order in which the sentence reads."""
    return {
        "outage-minutes": StringField(_("Minutes away"), filters=[clean]),
        "outage-hours": StringField(_("Hours before the deadline"), filters=[clean]),
        "outage-extension": StringField(_("Minutes of extension"), filters=[clean]),
    }


def written(clause: dict[str, int] | None) -> dict[str, str]:
    """Return what stands in the fields."""
    return {
        field: str(clause[name]) if clause else ""
        for name, (field, _low, _high) in _NUMBERS.items()
    }


def read(form: FlaskForm) -> dict[str, int] | None:
    """Return the clause; None if no number is written.

    Raises:
        BadInput: At each number that is missing or out of range.
    """
    typed = {name: (form[field].data or "") for name, (field, _low, _high) in _NUMBERS.items()}
    if not any(typed.values()):
        return None
    found: dict[str, int] = {}
    faults: dict[str, str] = {}
    for name, (field, low, high) in _NUMBERS.items():
        text = typed[name]
        plain = text.isascii() and text.isdecimal() and len(text) <= len(str(high))
        if plain and low <= int(text) <= high:
            found[name] = int(text)
        else:
            faults[field] = field
    if not faults and found["minutes"] >= found["hours"] * 60:
        faults["outage-minutes"] = "outage-minutes"
    if faults:
        raise BadInput(faults)
    return found
