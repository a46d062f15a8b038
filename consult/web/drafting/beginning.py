"""Begin a draft: from nothing, from an earlier letter, or from a file."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, HiddenField

from consult.actions import drafting, importing
from consult.core.life import Kind
from consult.errors import BadInput, NotFound
from consult.queries.drafting import Beginnings, beginnings
from consult.web.drafting.faults import faults_of, refuse
from consult.web.drafting.forms import choose, line
from consult.web.drafting.page import LETTER, pages
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer

NOTHING, EARLIER, FILE = "nothing", "earlier", "file"
_LARGEST_FILE = 2 * 1024 * 1024


class Begin(FlaskForm):
    """What every way to begin asks for."""

    how = HiddenField()


@pages.get("/office/drafts/new")
@allow(officer)
def begin() -> ResponseReturnValue:
    """Ask from what to begin."""
    return show(_forms(beginnings(desk().engine, language()), ""))


@pages.post("/office/drafts")
@allow(officer)
def new() -> ResponseReturnValue:
    """Begin a draft, and go to its first step."""
    how = request.form.get("how", "")
    forms = _forms(beginnings(desk().engine, language()), how)
    form = forms.get(how)
    if form is None:
        raise BadRequest
    if not form.validate():
        return show(forms), 422
    try:
        slug = _MAKE[how](form)
    except BadInput as refused:
        refuse(form, refused)
        return show(forms), 422
    return redirect(url_for("drafting.step", slug=slug, step=LETTER), 303)


def show(forms: dict[str, FlaskForm]) -> str:
    """Return the page as HTML."""
    g.page = ("drafting.begin", {})
    faults = [fault for form in forms.values() for fault in faults_of(form)]
    return render_template("drafting/begin.html", forms=forms, faults=faults)


def _forms(found: Beginnings, how: str) -> dict[str, FlaskForm]:
    fields: dict[str, dict[str, Any]] = {
        NOTHING: {
            "reference": line(_("Reference"), longest=64),
            "body": choose(_("Body that decides"), list(found.bodies)),
            "kind": choose(_("What it asks for"), _kinds()),
        },
        EARLIER: {
            "reference": line(_("Reference"), longest=64),
            "earlier": choose(_("Earlier consultation"), list(found.earlier)),
        },
        FILE: {
            "reference": line(_("Reference (optional)"), longest=64),
            "file": FileField(_("File")),
        },
    }
    if not found.earlier:
        del fields[EARLIER]
    for parts in fields.values():
        parts["rehearsal"] = BooleanField(_("A rehearsal: it counts for nothing"))
    return {name: _form(name, parts, how) for name, parts in fields.items()}


def _kinds() -> list[tuple[str, str]]:
    return [
        (Kind.DECISION.value, _("Decisions, by a rule")),
        (Kind.COMMENTS.value, _("Comments on texts, without a vote")),
    ]


def _form(name: str, parts: dict[str, Any], how: str) -> FlaskForm:
    """Make one of the forms; only the one that was sent takes what was typed."""
    made = type(f"Begin{name}", (Begin,), parts)
    for part in parts.values():
        part.kwargs["id"] = None
    sent = {} if name == how else {"formdata": None}
    form: FlaskForm = made(**sent, data={"how": name})
    for field in form:
        field.id = f"{name}-{field.name}"
        field.label.field_id = field.id
    return form


def _from_nothing(form: FlaskForm) -> str:
    content = {
        "reference": form.reference.data,
        "kind": form.kind.data,
        "rehearsal": form.rehearsal.data,
    }
    return drafting.create(desk(), me().actor, form.body.data, content)


def _from_earlier(form: FlaskForm) -> str:
    rehearsal = form.rehearsal.data
    return drafting.copy_of(
        desk(), me().actor, form.earlier.data, form.reference.data, rehearsal=rehearsal
    )


def _from_file(form: FlaskForm) -> str:
    data = form.file.data.read() if form.file.data else b""
    if not data:
        raise BadInput({"file": "file-empty"})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput({"file": "file-not-text"}) from None
    content = importing.content_from_yaml(text)
    if form.reference.data:
        content["reference"] = form.reference.data
    content["rehearsal"] = form.rehearsal.data or content["rehearsal"]
    remarks = content.pop("remarks", None)
    try:
        return drafting.create(desk(), me().actor, content["body"] or "", content, remarks)
    except NotFound:
        raise BadInput({"file": "body-unknown"}) from None


_MAKE = {NOTHING: _from_nothing, EARLIER: _from_earlier, FILE: _from_file}
