"""The files of a draft: attach one to the letter or an item, entitle it, take it away."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from consult.actions import documents
from consult.actions.documents import ANNEX, SIGNED, About
from consult.core.upload import LARGEST
from consult.errors import BadInput
from consult.queries.drafting import Draft
from consult.queries.enclosures import Enclosed
from consult.queries.texts import pick
from consult.web import receiving
from consult.web.drafting.faults import faults_of, refuse
from consult.web.drafting.forms import DraftForm, choose, line, made
from consult.web.drafting.page import ITEMS, LETTER, around, load, pages, steps
from consult.web.files import send_stored
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer, takes
from consult.wording import LANGUAGES

_FORM_AROUND = 256 * 1024  # what a form adds to the file


@pages.get("/office/<slug>/draft/documents")
@allow(officer)
def attach(slug: str) -> ResponseReturnValue:
    """Ask for a file, and what it is."""
    draft = load(slug)
    return show_new(draft, new_form(draft))


@pages.post("/office/<slug>/draft/documents")
@allow(officer)
@takes(LARGEST + _FORM_AROUND)
def add_document(slug: str) -> ResponseReturnValue:
    """Keep a file and attach it."""
    draft = load(slug)
    form = new_form(draft)
    if not form.validate():
        return show_new(draft, form), 422
    try:
        document = _added(draft, form)
    except BadInput as refused:
        refuse(form, refused)
        return show_new(draft, form), 422
    return redirect(url_for("drafting.document", slug=slug, document=document, saved=1), 303)


@pages.get("/office/<slug>/draft/documents/<int:document>")
@allow(officer)
def document(slug: str, document: int) -> ResponseReturnValue:
    """Show a document with its titles."""
    draft = load(slug)
    found = draft.document(document)
    return show(draft, found, form_of(draft, found))


@pages.post("/office/<slug>/draft/documents/<int:document>")
@allow(officer)
def save_document(slug: str, document: int) -> ResponseReturnValue:
    """Keep the titles of a document, or take it away."""
    draft = load(slug)
    found = draft.document(document)
    form = form_of(draft, found)
    if form.do.data == "remove":
        documents.remove(desk(), slug, me().actor, document)
        return redirect(_beside(draft, found), 303)
    if not form.validate():
        return show(draft, found, form), 422
    titles = {
        code: form[f"title-{code}"].data
        for code in draft.content["languages"]
        if form[f"title-{code}"].data
    }
    documents.entitle(desk(), slug, me().actor, document, titles, form.symbol.data or None)
    return redirect(_beside(draft, found), 303)


@pages.get("/office/<slug>/draft/documents/<int:document>/file")
@allow(officer)
def document_file(slug: str, document: int) -> ResponseReturnValue:
    """Send the file."""
    return send_stored(desk(), load(slug).document(document))


def new_form(draft: Draft) -> FlaskForm:
    """Make the form that asks for a file; the address may say for what."""
    tongue = language()
    items = [(i["id"], f"{i['id']} {pick(i['title'], tongue)}") for i in draft.content["items"]]
    languages = [(code, LANGUAGES.get(code, code)) for code in draft.content["languages"]]
    fields = {
        "file": FileField(_("File")),
        "purpose": choose(
            _("What it is"), [(ANNEX, _("A document")), (SIGNED, _("The signed letter"))]
        ),
        "item": choose(_("It belongs to"), [("", _("The letter")), *items]),
        "language": choose(_("Its language"), [("", _("The same for all readers")), *languages]),
        "symbol": line(_("Symbol (optional)"), longest=64),
        "title": line(_("Title")),
    }
    data = {"seen": draft.version, **{n: request.args.get(n, "") for n in ("item", "language")}}
    data["purpose"] = request.args.get("purpose", ANNEX)
    form: FlaskForm = made(DraftForm, fields)(data=data)
    return form


def _added(draft: Draft, form: FlaskForm) -> int:
    signed = form.purpose.data == SIGNED
    if signed and not form.language.data:
        raise BadInput({"language": "signed-language"})
    sent = form.file.data
    if not sent:
        raise BadInput({"file": "file-empty"})
    kept = receiving.keep(sent)
    title = form.title.data
    return documents.add(
        desk(),
        draft.slug,
        me().actor,
        kept,
        About(
            title={_title_language(draft, form): title} if title else {},
            purpose=form.purpose.data,
            item=None if signed else form.item.data or None,
            language=form.language.data or None,
            symbol=form.symbol.data or None,
        ),
    )


def _title_language(draft: Draft, form: FlaskForm) -> str:
    return str(form.language.data or draft.body.working_language)


def form_of(draft: Draft, found: Enclosed) -> FlaskForm:
    """Make the form with the title in each language."""
    fields: dict[str, Any] = {"symbol": line(_("Symbol (optional)"), longest=64)}
    data: dict[str, Any] = {"seen": draft.version, "symbol": found.symbol or ""}
    for code in draft.content["languages"]:
        fields[f"title-{code}"] = line(_("Title, %(language)s", language=LANGUAGES.get(code, code)))
        data[f"title-{code}"] = found.title.get(code, "")
    form: FlaskForm = made(DraftForm, fields)(data=data)
    return form


def show_new(draft: Draft, form: FlaskForm) -> str:
    """Return the page that asks for a file."""
    g.page = ("drafting.attach", {"slug": draft.slug})
    return render_template(
        "drafting/attach.html",
        form=form,
        faults=faults_of(form),
        steps=steps(draft, LETTER),
        **around(draft),
    )


def show(draft: Draft, found: Enclosed, form: FlaskForm) -> str:
    """Return the page of one document."""
    g.page = ("drafting.document", {"slug": draft.slug, "document": found.id})
    return render_template(
        "drafting/document.html",
        form=form,
        document=found,
        faults=faults_of(form),
        steps=steps(draft, ITEMS if found.item else LETTER),
        back=_beside(draft, found),
        **around(draft),
    )


def _beside(draft: Draft, found: Enclosed) -> str:
    """Return the address of what the document belongs to."""
    if found.item:
        return url_for("drafting.item", slug=draft.slug, code=found.item, _anchor="documents")
    anchor = "signed" if found.purpose == SIGNED else "documents"
    return url_for("drafting.step", slug=draft.slug, step=LETTER, _anchor=anchor)
