"""An officer asks to withdraw an open consultation, or some of its items."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from consult.actions import withdrawing
from consult.actions.referring import LONGEST_MEETING, SECRETARIAT
from consult.actions.withdrawing import NewWithdrawal, Refer
from consult.core.extension import words_missing
from consult.core.life import Act, Kind, NotNow
from consult.errors import BadInput
from consult.queries.extending import Withdrawable, withdrawable
from consult.web.drafting.forms import choose, clean, line, made
from consult.web.forms import faults_of, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer, repeats

_WHOLE, _SOME, _ITEMS = "whole", "some", "items"


@pages.route("/office/<slug>/withdraw", methods=["GET", "POST"])
@allow(officer)
@repeats(_ITEMS)
def withdraw(slug: str) -> ResponseReturnValue:
    """Ask what is withdrawn and why; a POST asks a second person to confirm it."""
    found = withdrawable(desk().engine, slug, desk().clock(), language())
    if not found.open:
        raise NotNow(act=Act.WITHDRAW.value, state=found.head.state.value)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    reason, authority = form.reason.data or "", form.authority.data or ""
    if form.what.data not in {_WHOLE, _SOME}:
        form.what.errors = [_("Choose what is withdrawn")]
        refuse(form, BadInput(words_missing(reason, authority)))
        return _show(found, form), 422
    items = None if form.what.data == _WHOLE else form[_ITEMS].data or []
    try:
        refer = Refer(form.meeting.data, form.asked_for_by.data) if form.refer.data else None
        new = NewWithdrawal(items, reason, authority, refer)
        withdrawing.withdraw(desk(), slug, me().actor, new)
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(found, form), 422
    flash(_("Asked for. Nothing is withdrawn until a second person confirms it."), "ok")
    return redirect(url_for("office.overview", slug=slug), 303)


def _form(found: Withdrawable) -> Any:
    items = () if found.head.kind is Kind.COMMENTS else found.items
    what = [
        SelectChoice(_SOME, _("The items ticked below; the consultation goes on")),
        SelectChoice(_WHOLE, _("The whole consultation; it ends without a result")),
    ]
    fields = {
        "what": RadioField(
            _("What is withdrawn"),
            choices=what if items else what[1:],
            validate_choice=False,
        ),
        _ITEMS: SelectMultipleField(
            _("Items"),
            choices=[
                SelectChoice(code, str(_("%(item)s. %(title)s", item=code, title=title)))
                for code, title in items
            ],
            validate_choice=False,
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        ),
        "refer": BooleanField(_("What is withdrawn goes on to a meeting of the body")),
        "meeting": line(_("Meeting"), longest=LONGEST_MEETING),
        "asked_for_by": choose(
            _("Asked for by"), [(SECRETARIAT, _("The secretariat")), *found.members]
        ),
        "reason": TextAreaField(_("Reason"), filters=[clean]),
        "authority": StringField(_("Authority of the presiding officer"), filters=[clean]),
    }
    return made(FlaskForm, fields)()


def _show(found: Withdrawable, form: Any) -> str:
    return render_template(
        "office/withdraw.html",
        form=form,
        faults=faults_of(form),
        faults_heading=_("The withdrawal is not asked for: look at what is marked"),
        **around(found.head, "overview"),
    )
