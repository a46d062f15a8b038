"""An officer puts the items of a letter whose silence is broken to a vote."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult import rules
from consult.actions import voting
from consult.core.life import NotNow
from consult.core.rule import parse
from consult.core.silence import under_silence
from consult.errors import BadInput
from consult.queries.voting import Broken, broken
from consult.web.drafting.faults import faults_of, refuse
from consult.web.drafting.forms import choose, line, made
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer
from consult.wording import objections
from consult.wording import rules as in_words


@pages.get("/office/<slug>/vote")
@allow(officer)
def vote(slug: str) -> ResponseReturnValue:
    """Ask for the reference and the rule of the vote."""
    found = _found(slug)
    return _show(found, _form(found))


@pages.post("/office/<slug>/vote")
@allow(officer)
def begin_vote(slug: str) -> ResponseReturnValue:
    """Begin the draft, and go to its first step."""
    found = _found(slug)
    form = _form(found)
    if not form.validate_on_submit():
        return _show(found, form), 422
    section = objections.section(found.head.reference, found.objections, found.head.languages)
    rule = _rules(found)[form.rule.data]
    try:
        begun = voting.put_to_vote(desk(), slug, me().actor, form.reference.data, rule, section)
    except BadInput as refused:
        refuse(form, refused)
        return _show(found, form), 422
    return redirect(url_for("drafting.step", slug=begun, step=1), 303)


def _found(slug: str) -> Broken:
    found = broken(desk().engine, slug, desk().clock(), language())
    if found.head.state not in voting.MAY_FOLLOW or not found.objections:
        raise NotNow(act=voting.VOTE, state=found.head.state.value)
    return found


def _rules(found: Broken) -> Mapping[str, Mapping[str, Any]]:
    """Return the rules by which one votes, that of the body first."""
    library = {key: rules.load_data(key) for key in rules.all_ids()}
    own = {str(found.rule.get("id")): found.rule} if found.rule else {}
    return {
        key: rule
        for key, rule in {**own, **library, **own}.items()
        if not under_silence(parse(rule))
    }


def _form(found: Broken) -> FlaskForm:
    choices = [
        (key, in_words.title(parse(rule), language()) or key) for key, rule in _rules(found).items()
    ]
    fields = {
        "reference": line(_("Reference"), longest=64),
        "rule": choose(_("Rule"), choices),
    }
    form: FlaskForm = made(FlaskForm, fields)()
    return form


def _show(found: Broken, form: FlaskForm) -> str:
    return render_template(
        "office/vote.html",
        form=form,
        found=found,
        faults=faults_of(form),
        **around(found.head, "overview"),
    )
