"""The fields of drafts: texts as a ledger can hash them, days in three parts, forms to fit."""

from datetime import date
from typing import Any

from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectFieldBase,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from consult.core.canonical import normal
from consult.core.deadline import Written, read_day
from consult.errors import BadInput

LINE, WORDS = 1000, 20_000


def clean(text: str | None) -> str:
    """Return what was typed with line ends as LF, without the characters a ledger cannot hold."""
    return normal(text or "").replace("\0", "").strip()


def line(label: str, **more: Any) -> StringField:
    """Return a field for one line of text."""
    longest = more.pop("longest", LINE)
    return StringField(
        label, [Length(max=longest, message=_too_long(longest))], filters=[clean], **more
    )


def words(label: str, **more: Any) -> TextAreaField:
    """Return a field for a longer text."""
    return TextAreaField(
        label, [Length(max=WORDS, message=_too_long(WORDS))], filters=[clean], **more
    )


def choose(label: str, choices: list[tuple[str, str]], **more: Any) -> SelectField:
    """Return a select of values and their words."""
    return SelectField(
        label,
        choices=[SelectChoice(value, said) for value, said in choices],
        validate_choice=True,
        **more,
    )


class DraftForm(FlaskForm):
    """A form of a draft: which version was shown, and which button was pressed."""

    seen = IntegerField(
        widget=HiddenInput(),
        validators=[NumberRange(min=0, message=lazy_gettext("Load the page again."))],
    )
    do = HiddenField(default="")

    class Meta:
        csrf = True

    def hidden(self) -> str:
        """Return the hidden fields; ``do`` is the name of the buttons."""
        return str(self.csrf_token()) + str(self.seen())


def made(base: type[FlaskForm], fields: dict[str, Any]) -> type[Any]:
    """Return *base* with more fields, known only now."""
    return type(base.__name__, (base,), fields)


def day_fields(name: str, label: str) -> dict[str, Any]:
    """Return the three fields of a day that people write."""
    return {
        f"{name}-day": StringField(label, filters=[clean]),
        f"{name}-month": choose(label, months()),
        f"{name}-year": StringField(label, filters=[clean]),
    }


def months() -> list[tuple[str, str]]:
    """Return the months by number, named as the reader's language names them alone."""
    names = get_locale().months["stand-alone"]["wide"]
    return [("", _("Month")), *((str(n), names[n]) for n in range(1, 13))]


def day_data(name: str, day: str | None) -> dict[str, str]:
    """Return what the three fields say of a day in ISO text."""
    on = date.fromisoformat(day) if day else None
    return {
        f"{name}-day": str(on.day) if on else "",
        f"{name}-month": str(on.month) if on else "",
        f"{name}-year": str(on.year) if on else "",
    }


def day_of(form: FlaskForm, name: str) -> str | None:
    """Return the day that the three fields say, in ISO text; None if nothing is written.

    Raises:
        BadInput: At the field that is wrong.
    """
    day, month, year = (form[f"{name}-{part}"].data or "" for part in ("day", "month", "year"))
    written = Written(day, month, year, "")
    try:
        on = read_day(written)
    except BadInput as wrong:
        raise BadInput({f"{name}-{part}": code for part, code in wrong.faults.items()}) from None
    return on.isoformat() if on else None


def is_select(field: Field) -> bool:
    return isinstance(field, SelectFieldBase)


def _too_long(longest: int) -> Any:
    return lazy_gettext("Shorten it to %(most)s characters.", most=longest)
