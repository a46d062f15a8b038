"""Step 6: in which languages the letter speaks, what is missing in each, what is waived and why."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField

from consult.errors import BadInput
from consult.queries.drafting import Draft
from consult.web.drafting.forms import DraftForm, made, words
from consult.web.drafting.page import TONGUES, Page
from consult.wording import LANGUAGES


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: of each language of the body whether the letter speaks it, and a waiver."""
    content = draft.content
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"seen": draft.version}
    for code in offered(draft):
        fields[f"speaks-{code}"] = BooleanField(LANGUAGES.get(code, code))
        fields[f"waived-{code}"] = words(_("Reason for which it may stay incomplete (optional)"))
        data[f"speaks-{code}"] = code in content["languages"]
        data[f"waived-{code}"] = content["waived"].get(code, "")
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def offered(draft: Draft) -> list[str]:
    """Return the languages that the letter may declare, in the body's order."""
    return list(dict.fromkeys([*draft.body.languages, *draft.content["languages"]]))


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the languages and the waivers.

    Raises:
        BadInput: No language is left.
    """
    languages = [code for code in offered(draft) if form[f"speaks-{code}"].data]
    if not languages:
        raise BadInput({f"speaks-{offered(draft)[0]}": "no-language"})
    waived = {code: form[f"waived-{code}"].data for code in languages}
    return {
        "languages": languages,
        "waived": {code: reason for code, reason in waived.items() if reason},
    }


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the languages in their order."""
    return {"offered": [(code, LANGUAGES.get(code, code)) for code in offered(draft)]}


PAGE = Page(TONGUES, "languages.html", form_of, changes, context)
