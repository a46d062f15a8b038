"""What forms share: faults in words, safe ways back, and what was typed kept through sign-in."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, ValidationError
from wtforms.validators import Email, InputRequired, Length

from consult.errors import BadInput
from consult.wording.faults import fault

RESTORED = "restored"
_CARRIED = "kept-"
_PATH = "kept_to"
_LONGEST_MARK = 64
_MOST_FIELDS, _MOST_BYTES = 200, 256 * 1024
_NOT_KEPT = frozenset(
    {"csrf_token", "do", "password", "again", "code", "codes", "second", "answer", "challenge"}
    | {"p-password", "p-second"}
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody typed into a form that could not be sent, to be shown there again (T17, T20).

    Args:
        path: Of the form, one of ours.
        fields: Names and values as they were sent.
        files: How many files were chosen; these cannot be kept.
        cut: Whether there was more than can be carried.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    files: int = 0
    cut: bool = False

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The fields as a page that is not the form carries them."""
        return [(_CARRIED + name, value) for name, value in self.fields] + [(_PATH, self.path)]


def is_mark(text: str) -> bool:
    """Say whether *text* can be a key or hash that a form of ours carries: plain and short."""
    return 0 < len(text) <= _LONGEST_MARK and text.isascii() and text.isprintable()


class SecretField(StringField):
    """A code that is typed in clear; like a password it is never sent back."""

    def _value(self) -> str:
        return ""


def safe_path(path: str) -> str:
    """Return *path* if it is a path of ours, else nothing (T21)."""
    plain = path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else ""


def kept_of_request() -> Kept | None:
    """Return what was typed into the form that was just sent; None if nothing was."""
    if request.method != "POST":
        return None
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _NOT_KEPT and name != _PATH and not name.startswith(_CARRIED)
    ]
    files = sum(bool(file.filename) for file in request.files.values())
    return _limited(request.path, fields, files) if fields or files else None


def kept_carried() -> Kept | None:
    """Return what a page on the way through sign-in carries; None if it carries nothing."""
    path = safe_path(request.form.get(_PATH, ""))
    if not path:
        return None
    fields = [
        (name.removeprefix(_CARRIED), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(_CARRIED)
    ]
    return _limited(path, fields)


def restored() -> bool:
    """Say whether a form comes back only to be shown again, never to be acted upon."""
    return request.method == "POST" and request.form.get("do") == RESTORED


def faults_of(form: FlaskForm) -> list[tuple[str, str]]:
    """Return the faults of a form as the summary lists them: where to go, and the words."""
    return [
        (
            f"#{field.id}",
            str(_("%(field)s: %(fault)s", field=field.label.text, fault=error)),
        )
        for field in form
        for error in field.errors
    ]


def refuse(form: FlaskForm, refused: BadInput) -> None:
    """Put the faults that an action found beside their fields."""
    for name, code in refused.faults.items():
        if name in form:
            form[name].errors = [*form[name].errors, fault(code, refused.facts)]


def at_most(characters: int) -> Length:
    """Return the limit of a text field."""
    return Length(max=characters, message=_l("Shorten it to %(most)s characters", most=characters))


def plain_text(_form: FlaskForm, field: StringField) -> None:
    """Refuse signs that cannot be seen, and surrogates: they end up in names and mail headers."""
    if not (field.data or "").isprintable():
        raise ValidationError(fault("control-characters"))


def new_address(autocomplete: str) -> EmailField:
    """Make the field of the address that a person is to have."""
    return EmailField(
        _l("New e-mail address"),
        validators=[
            InputRequired(_l("Write the e-mail address")),
            at_most(254),
            Email(_l("Write an e-mail address, such as name@mission.example")),
            plain_text,
        ],
        render_kw={"autocomplete": autocomplete},
    )


def _limited(path: str, fields: Iterable[tuple[str, str]], files: int = 0) -> Kept:
    room, taken = _MOST_BYTES, []
    everything = list(fields)
    for name, value in everything[:_MOST_FIELDS]:
        room -= len(name.encode()) + len(value.encode())
        if room < 0:
            break
        taken.append((name, value))
    return Kept(path, tuple(taken), files, cut=len(taken) < len(everything))
