"""The documents that an addendum adds to an open letter."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from consult.actions import revising
from consult.actions.documents import ANNEX
from consult.core.life import Revising
from consult.core.revision import ATTACHED
from consult.core.upload import LARGEST
from consult.errors import BadInput, Changed, NotFound
from consult.queries.revising import Revision
from consult.queries.texts import pick
from consult.web import receiving
from consult.web.drafting.faults import faults_of
from consult.web.drafting.forms import DraftForm, choose, line, made
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer, takes
from consult.web.revising.blueprint import pages
from consult.web.revising.faults import refuse
from consult.web.revising.page import back, load
from consult.wording import LANGUAGES

_FORM_AROUND = 256 * 1024  # what a form adds to the file
_MOST = 20


@pages.route("/office/<slug>/revise/documents", methods=["GET", "POST"])
@allow(officer)
@takes(LARGEST + _FORM_AROUND)
def attach(slug: str) -> ResponseReturnValue:
    """Ask for a document that the addendum adds; keep it and add it."""
    found = _addendum(slug)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    if not form.validate():
        return _show(found, form), 422
    try:
        attached = [*found.writing.attached, _kept(found, form)]
        revising.save(desk(), slug, me().actor, {ATTACHED: attached}, seen=form.seen.data)
    except BadInput as refused:
        refuse(form, refused)
        return _show(found, form), 422
    except Changed:
        newer = _addendum(slug)
        form.seen.data = newer.writing.draft.version
        form.seen.raw_data = [str(form.seen.data)]
        return _show(newer, form, conflict=True), 409
    return redirect(back(found.draft), 303)


@pages.post("/office/<slug>/revise/documents/<int:place>/remove")
@allow(officer)
def detach(slug: str, place: int) -> ResponseReturnValue:
    """Take a document out of the addendum that is written."""
    found = _addendum(slug)
    kept = list(found.writing.attached)
    form: FlaskForm = made(DraftForm, {})()
    if place >= len(kept) or not form.validate():
        raise NotFound
    del kept[place]
    revising.save(desk(), slug, me().actor, {ATTACHED: kept}, seen=form.seen.data)
    return redirect(back(found.draft), 303)


def _addendum(slug: str) -> Revision:
    """Return the addendum that is written.

    Raises:
        NotFound: None is: other kinds of revision add no documents.
    """
    found = load(slug)
    if found.writing.kind is not Revising.ADDENDUM:
        raise NotFound(slug=slug)
    return found


def _form(found: Revision) -> FlaskForm:
    content, tongue = found.writing.draft.content, language()
    items = [(i["id"], f"{i['id']} {pick(i['title'], tongue)}") for i in content["items"]]
    spoken = [(code, LANGUAGES.get(code, code)) for code in content["languages"]]
    fields: dict[str, Any] = {
        "file": FileField(_("File")),
        "item": choose(_("It belongs to"), [("", _("The letter")), *items]),
        "language": choose(_("Its language"), [("", _("The same for all readers")), *spoken]),
        "symbol": line(_("Symbol (optional)"), longest=64),
    }
    for code, words in spoken:
        fields[f"title-{code}"] = line(_("Title, %(language)s", language=words))
    form: FlaskForm = made(DraftForm, fields)(data={"seen": found.writing.draft.version})
    return form


def _kept(found: Revision, form: FlaskForm) -> dict[str, Any]:
    """Keep the file and return what the addendum says of it.

    Raises:
        BadInput: There is no file, it is none of those that are taken, or it has no title.
    """
    spoken = found.writing.draft.content["languages"]
    title = {code: form[f"title-{code}"].data for code in spoken if form[f"title-{code}"].data}
    missing = [form.language.data] if form.language.data else spoken
    faults = {f"title-{code}": "missing" for code in missing if code not in title}
    sent = form.file.data
    if not sent:
        faults["file"] = "file-empty"
    elif len(found.writing.attached) >= _MOST:
        faults["file"] = "documents-too-many"
    if faults:
        raise BadInput(faults)
    kept = receiving.keep(sent)
    return {
        "item": form.item.data or None,
        "purpose": ANNEX,
        "language": form.language.data or None,
        "symbol": form.symbol.data or None,
        "title": title,
        "dated_on": None,
        "filename": kept.filename,
        "media_type": kept.media_type,
        "sha256": kept.sha256,
        "size": kept.size,
    }


def _show(found: Revision, form: FlaskForm, *, conflict: bool = False) -> str:
    return render_template(
        "revising/document.html",
        form=form,
        conflict=conflict,
        spoken=found.writing.draft.content["languages"],
        back=url_for("revising.revise", slug=found.head.slug),
        faults=faults_of(form),
        faults_heading=_("The revision is not saved"),
        **around(found.head, ""),
    )
