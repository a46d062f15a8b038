"""Subject and sections of the letter in a revision, in one language at a time."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.actions import revising
from consult.core.letter import OWN_SECTIONS
from consult.errors import Changed
from consult.queries.revising import Revision, Written
from consult.web.drafting.forms import DraftForm, line, made, words
from consult.web.drafting.letter import said_in
from consult.web.drafting.page import compared
from consult.web.drafting.texts import set_in, with_words
from consult.web.forms import restored
from consult.web.frame import desk
from consult.web.policy import allow, me, officer
from consult.web.revising.blueprint import pages
from consult.web.revising.page import back, load, show, tongue_of

SAVE = "save"
_PARTS = ("heading", "text")


@pages.route("/office/<slug>/revise/letter", methods=["GET", "POST"])
@allow(officer)
def letter(slug: str) -> ResponseReturnValue:
    """Show subject, legal basis and sections as they are proposed, or keep what was typed."""
    found = load(slug)
    form = _form(found.writing)
    if request.method == "GET" or restored():
        return _show(found, form)
    if not form.validate():
        return _show(found, form), 422
    try:
        changes = _changes(found.writing, form)
        revising.save(desk(), slug, me().actor, changes, seen=form.seen.data)
    except Changed:
        newer = load(slug)
        saved = _form(newer.writing, None)
        return _show(newer, form, compared(saved, form, newer.writing.draft.version)), 409
    if form.do.data == SAVE:
        language = tongue_of(found.writing)
        return redirect(url_for("revising.letter", slug=slug, language=language), 303)
    return redirect(back(found.draft), 303)


def _form(written: Written, *given: Any) -> FlaskForm:
    content, tongue = written.draft.content, tongue_of(written)
    said = said_in(content, tongue)
    fields: dict[str, Any] = {
        "subject": line(_("Subject")),
        "legal_basis": words(_("Legal basis")),
        "salutation": line(_("Salutation")),
        "closing": words(_("Closing words")),
    }
    data: dict[str, Any] = {"seen": written.draft.version, **{name: said[name] for name in fields}}
    for section in _sections(content):
        for part, make in zip(_PARTS, (line, words), strict=True):
            label = _("Heading of the section") if part == "heading" else _("Text of the section")
            fields[f"section-{section['id']}-{part}"] = make(label)
            data[f"section-{section['id']}-{part}"] = (section.get(part) or {}).get(tongue) or ""
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def _sections(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sections that people wrote; the product writes the others."""
    return [s for s in content["letter"].get("sections") or [] if s["id"] not in OWN_SECTIONS]


def _changes(written: Written, form: FlaskForm) -> dict[str, Any]:
    content, tongue = written.draft.content, tongue_of(written)
    new = set_in(
        content["letter"], {name: form[name].data for name in ("salutation", "closing")}, tongue
    )
    new["sections"] = [
        set_in(section, {p: form[f"section-{section['id']}-{p}"].data for p in _PARTS}, tongue)
        if section["id"] not in OWN_SECTIONS
        else section
        for section in content["letter"].get("sections") or []
    ]
    return {
        "letter": new,
        "subject": with_words(content["subject"], tongue, form.subject.data),
        "legal_basis": with_words(content["legal_basis"], tongue, form.legal_basis.data),
    }


def _show(found: Revision, form: FlaskForm, conflicts: list[Any] | None = None) -> str:
    content = found.writing.draft.content
    first = found.draft.body.working_language
    return show(
        "letter.html",
        found,
        form,
        conflicts,
        sections=_sections(content),
        source=said_in(content, first),
    )
