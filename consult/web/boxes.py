"""Boxes to tick, several of them under one name."""

from collections.abc import Iterable

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget


class Boxes(SelectMultipleField):
    """A choice of several, each a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def boxes(label: str, choices: Iterable[tuple[str, str]]) -> Boxes:
    """Return a box for each of *choices*, a value and its words."""
    return Boxes(
        label,
        choices=[SelectChoice(value, words) for value, words in choices],
        validate_choice=False,
    )
