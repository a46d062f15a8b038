"""After publication: a numbered erratum beside the record."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from consult.actions.correcting import LONGEST_ERRATUM, correct
from consult.core.life import Act, NotNow, State
from consult.errors import BadInput
from consult.queries.aftermath import Aftermath, aftermath
from consult.web.drafting.forms import clean, made
from consult.web.forms import at_most, faults_of, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer
from consult.wording import LANGUAGES


@pages.route("/office/<slug>/erratum", methods=["GET", "POST"])
@allow(officer)
def erratum(slug: str) -> ResponseReturnValue:
    """Ask what is put right, in each language; a POST asks a second person."""
    found = aftermath(desk().engine, slug, desk().clock(), language())
    if found.head.state is not State.PUBLISHED:
        raise NotNow(act=Act.ERRATUM.value, state=found.head.state.value)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    try:
        if not form.validate():
            return _show(found, form), 422
        words = {code: form[f"words-{code}"].data for code in found.head.languages}
        correct(desk(), slug, me().actor, words)
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(found, form), 422
    flash(_("An approver, another person than you, confirms it or sends it back."), "ok")
    return redirect(url_for("office.record", slug=slug), 303)


def _form(found: Aftermath) -> Any:
    fields = {
        f"words-{code}": TextAreaField(
            LANGUAGES.get(code, code), [at_most(LONGEST_ERRATUM)], filters=[clean]
        )
        for code in found.head.languages
    }
    return made(FlaskForm, fields)()


def _show(found: Aftermath, form: Any) -> str:
    return render_template(
        "office/erratum.html",
        form=form,
        errata=found.errata,
        tongues=[(code, LANGUAGES.get(code, code)) for code in found.head.languages],
        faults=faults_of(form),
        faults_heading=_("It is not asked for: look at what is marked"),
        **around(found.head, "record"),
    )
