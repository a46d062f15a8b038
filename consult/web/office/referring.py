"""After the count: an item that was not decided goes on to a meeting of the body."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from consult.actions.referring import (
    LONGEST_MEETING,
    LONGEST_REASON,
    SECRETARIAT,
    NewReferral,
    refer,
)
from consult.core.tally import Outcome
from consult.errors import BadInput
from consult.queries.aftermath import Aftermath
from consult.web.drafting.forms import choose, clean, line, made
from consult.web.forms import at_most, faults_of, refuse, restored
from consult.web.frame import desk
from consult.web.office.blueprint import pages
from consult.web.office.following import items_field, voted_on
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer, repeats


@pages.route("/office/<slug>/referral", methods=["GET", "POST"])
@allow(officer)
@repeats("items")
def referral(slug: str) -> ResponseReturnValue:
    """Ask which items go where and why; a POST asks a second person."""
    found = voted_on(slug)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    try:
        if not form.validate():
            return _show(found, form), 422
        refer(
            desk(),
            slug,
            me().actor,
            NewReferral(
                items=frozenset(form.items.data or ()),
                meeting=form.meeting.data,
                asked_for_by=form.asked_for_by.data,
                reason=form.reason.data,
                authority=form.authority.data,
            ),
        )
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(found, form), 422
    flash(_("An approver, another person than you, confirms it or sends it back."), "ok")
    return redirect(url_for("office.record", slug=slug), 303)


def _form(found: Aftermath) -> Any:
    fields: dict[str, Any] = {
        "items": items_field(found),
        "meeting": line(_("Meeting"), longest=LONGEST_MEETING),
        "asked_for_by": choose(
            _("Asked for by"), [(SECRETARIAT, _("The secretariat")), *found.members]
        ),
        "reason": TextAreaField(_("Reason"), [at_most(LONGEST_REASON)], filters=[clean]),
        "authority": line(_("Authority of the presiding officer"), longest=200),
    }
    open_ = [
        one.code for one in found.items if one.outcome is not Outcome.ADOPTED and not one.meeting
    ]
    return made(FlaskForm, fields)(data={"items": open_})


def _show(found: Aftermath, form: Any) -> str:
    return render_template(
        "office/referral.html",
        form=form,
        faults=faults_of(form),
        faults_heading=_("It is not asked for: look at what is marked"),
        **around(found.head, "record"),
    )
