"""Step 1: subject, legal basis and the parts of the letter, in one language at a time."""

from typing import Any

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import TelField
from wtforms.validators import Length, Optional

from consult.core.arrangement import free_id, shift
from consult.core.letter import OWN_SECTIONS
from consult.queries.drafting import Draft, Roll, roll_for
from consult.web.drafting.forms import DraftForm, clean, line, made, words
from consult.web.drafting.page import LETTER, Page, editing, same_language
from consult.web.drafting.rules import terms_of
from consult.web.drafting.texts import set_in, with_words
from consult.web.frame import desk
from consult.wording import letters
from consult.wording.catalogues import locale_of

_LINES = ("issuing_unit", "place", "to", "salutation")
_SECTION = ("heading", "text")


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form in the language that is edited."""
    language = editing(draft)
    content = draft.content
    letter = content["letter"]
    data = {
        "seen": draft.version,
        "contact_email": _contact(letter).get("email") or "",
        "contact_telephone": _contact(letter).get("telephone") or "",
        **said_in(content, language),
    }
    fields = _fields()
    for section in sections_of(letter):
        for part, make in zip(_SECTION, (line, words), strict=True):
            label = _("Heading of the section") if part == "heading" else _("Text of the section")
            fields[f"section-{section['id']}-{part}"] = make(label)
            data[f"section-{section['id']}-{part}"] = _in(section.get(part), language)
    for annex in letter.get("annexes") or []:
        label = _("Title of annex %(number)s", number=annex["id"])
        fields[f"annex-{annex['id']}"] = line(label)
        data[f"annex-{annex['id']}"] = _in(annex.get("title"), language)
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def said_in(content: dict[str, Any], language: str) -> dict[str, str]:
    """Return the texts of the letter that are one field each, in *language*."""
    letter = content["letter"]
    return {
        "subject": _in(content["subject"], language),
        "legal_basis": _in(content["legal_basis"], language),
        "contact_name": _in(_contact(letter).get("name"), language),
        "signature_title": _in((letter.get("signature") or {}).get("title"), language),
        **{name: _in(letter.get(name), language) for name in (*_LINES, "copy", "closing")},
    }


def _fields() -> dict[str, Any]:
    return {
        "subject": line(_("Subject")),
        "legal_basis": words(_("Legal basis")),
        "issuing_unit": line(_("Issuing unit (optional)")),
        "place": line(_("Place")),
        "to": line(_("To")),
        "salutation": line(_("Salutation")),
        "closing": words(_("Closing words")),
        "copy": words(_("Copy (optional)")),
        "contact_name": line(_("Contact: name of the office (optional)")),
        "contact_email": line(
            _("Contact: e-mail address (optional)"),
            longest=254,
        ),
        "contact_telephone": TelField(
            _("Contact: telephone (optional)"), [Optional(), Length(max=40)], filters=[clean]
        ),
        "signature_title": line(_("Title of the presiding officer")),
    }


def sections_of(letter: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sections that people write; the product writes the others."""
    return [s for s in letter.get("sections") or [] if s["id"] not in OWN_SECTIONS]


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return what the form changes; a button may add, move or remove a section besides."""
    language = editing(draft)
    content = draft.content
    before = content["letter"]
    letter = set_in(
        before, {name: form[name].data for name in (*_LINES, "copy", "closing")}, language
    )
    letter["contact"] = {
        **_contact(before),
        "name": with_words(_contact(before).get("name"), language, form.contact_name.data),
        "email": form.contact_email.data or None,
        "telephone": form.contact_telephone.data or None,
    }
    signature = before.get("signature") or {}
    letter["signature"] = {
        **signature,
        "title": with_words(signature.get("title"), language, form.signature_title.data),
    }
    letter["sections"] = operate(
        [
            set_in(
                section, {p: form[f"section-{section['id']}-{p}"].data for p in _SECTION}, language
            )
            for section in sections_of(before)
        ],
        form.do.data,
    )
    letter["annexes"] = [
        set_in(annex, {"title": form[f"annex-{annex['id']}"].data}, language)
        for annex in before.get("annexes") or []
    ]
    return {
        "letter": letter,
        "subject": with_words(content["subject"], language, form.subject.data),
        "legal_basis": with_words(content["legal_basis"], language, form.legal_basis.data),
    }


def operate(sections: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    """Do to the sections what the button says: ``add``, ``up:ID``, ``down:ID``, ``remove:ID``."""
    act, _colon, id_ = do.partition(":")
    match act:
        case "add":
            taken = [section["id"] for section in sections] + list(OWN_SECTIONS)
            return [*sections, {"id": free_id(taken, "s"), "heading": {}, "text": {}}]
        case "up" | "down":
            return [dict(section) for section in shift(sections, id_, up=act == "up")]
        case "remove":
            return [section for section in sections if section["id"] != id_]
    return sections


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return what the page shows beside the form: the product's own sections, the documents."""
    language = editing(draft)
    roll = roll_for(desk().engine, draft, desk().clock(), language)
    return {
        "sections": sections_of(draft.content["letter"]),
        "annexes": draft.content["letter"].get("annexes") or [],
        "source": said_in(draft.content, draft.body.working_language),
        "own": own_sections(draft, roll, language),
        "documents": [d for d in draft.documents if d.purpose != "signed" and d.item is None],
        "signed": {d.language: d for d in draft.documents if d.purpose == "signed"},
    }


def own_sections(draft: Draft, roll: Roll, language: str) -> list[tuple[str, str, str]]:
    """Return what the product itself will say in the letter; nothing while there is no rule."""
    with force_locale(locale_of(language)):
        terms = terms_of(draft, roll, language)
        return letters.sections(terms) if terms else []


def after(draft: Draft, form: FlaskForm) -> str | None:
    """Come back to the section that was moved or added."""
    act, _colon, id_ = form.do.data.partition(":")
    if act not in {"add", "up", "down", "remove"}:
        return None
    anchor = f"section-{id_}" if act in {"up", "down"} else "sections"
    return url_for("drafting.step", slug=draft.slug, step=LETTER, **same_language(), _anchor=anchor)


def _contact(letter: dict[str, Any]) -> dict[str, Any]:
    return letter.get("contact") or {}


def _in(texts: dict[str, str] | None, language: str) -> str:
    return (texts or {}).get(language) or ""


PAGE = Page(LETTER, "letter.html", form_of, changes, context, after)
