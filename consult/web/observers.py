"""Who observes a body: an officer names and ends them; the secretariat reads the list."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from consult.actions import observing
from consult.core.life import Role
from consult.errors import BadInput
from consult.queries.observing import observers_of
from consult.web.forms import at_most, faults_of, plain_text, refuse
from consult.web.frame import desk, language
from consult.web.naming import PersonForm
from consult.web.policy import allow, me, officer
from consult.web.policy import office as secretariat

pages = Blueprint("observers", __name__, url_prefix="/<lang:lang>")


class ObserverForm(PersonForm):
    """Who shall observe the body."""

    for_whom = StringField(
        _l("For which organisation or State"), [Optional(), at_most(200), plain_text]
    )


@pages.get("/office/bodies/<body>/observers")
@allow(secretariat)
def listing(body: str) -> ResponseReturnValue:
    return _show(body, ObserverForm(language=language()))


@pages.post("/office/bodies/<body>/observers")
@allow(officer)
def name(body: str) -> ResponseReturnValue:
    """Name an observer."""
    form = ObserverForm()
    if not form.validate():
        return _show(body, form), 422
    new = observing.NewObserver(
        body=body,
        name=form.name.data,
        address=form.address.data,
        language=form.language.data,
        for_whom=form.for_whom.data or None,
    )
    try:
        observing.name(desk(), me().actor, new)
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(body, form), 422
    flash(_("%(person)s is an observer from now on.", person=new.name), "ok")
    return redirect(url_for("observers.listing", body=body), 303)


@pages.post("/office/bodies/<body>/observers/<int:number>/end")
@allow(officer)
def end(body: str, number: int) -> ResponseReturnValue:
    """Let somebody observe the body no longer."""
    observing.end(desk(), me().actor, body, number)
    flash(_("The person no longer observes."), "ok")
    return redirect(url_for("observers.listing", body=body), 303)


def _show(body: str, form: ObserverForm) -> str:
    named, lines = observers_of(desk().engine, body, desk().clock(), language())
    return render_template(
        "bodies/observers.html",
        slug=body,
        body=named,
        lines=lines,
        form=form,
        faults=faults_of(form) if request.method == "POST" else [],
        faults_heading=_("Nobody was named: look at what is marked"),
        may=Role.OFFICER in me().roles,
    )
