"""One person asks, another confirms what is shown or sends it back (T35)."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from consult.actions import requests as actions
from consult.core.life import Act
from consult.errors import Changed, Incomplete, NotFound
from consult.queries.requests import Asked, asked
from consult.web.confirming import Shown, shown_to
from consult.web.drafting.forms import clean
from consult.web.forms import at_most, faults_of
from consult.web.frame import desk, language
from consult.web.office.heading import around, asks
from consult.web.policy import allow, approver, me
from consult.web.policy import office as secretariat

pages = Blueprint("requests", __name__, url_prefix="/<lang:lang>")

CONFIRM, BACK = "confirm", "back"
_REASON = 1000


class DecisionForm(FlaskForm):
    """What the second person saw, and why it goes back if it does."""

    shown = HiddenField(validators=[Length(min=64, max=64)])
    reason = TextAreaField(validators=[at_most(_REASON)], filters=[clean])
    do = HiddenField()


@pages.get("/office/requests/<int:number>", endpoint="request")
@allow(secretariat)
def page(number: int) -> ResponseReturnValue:
    """Show a request: what will happen, and on what it rests."""
    return _show(_load(number), DecisionForm())


@pages.post("/office/requests/<int:number>")
@allow(approver)
def decide(number: int) -> ResponseReturnValue:
    """Confirm what was shown, or send it back with a reason."""
    g.page = ("requests.request", {"number": number})
    found, form = _load(number), DecisionForm()
    if form.do.data == BACK:
        return _send_back(found, form)
    if not form.validate():
        return _show(found, form), 422
    try:
        actions.confirm(desk(), me().actor, number, form.shown.data)
    except Changed:
        return _show(_load(number), DecisionForm(formdata=None), changed=True), 409
    except Incomplete as lacking:
        missing: Any = lacking.facts["missing"]
        return _show(found, DecisionForm(formdata=None), missing=len(missing)), 409
    flash(_done(found), "ok")
    return redirect(_after(found), 303)


def _send_back(found: Asked, form: DecisionForm) -> ResponseReturnValue:
    if not form.reason.data:
        form.reason.errors = [_("Say why you send it back")]
        return _show(found, form), 422
    if not form.validate():
        return _show(found, form), 422
    actions.send_back(desk(), me().actor, found.number, form.reason.data)
    flash(_("Sent back to %(person)s.", person=found.asked_by), "ok")
    return redirect(url_for("office.desk"), 303)


def _load(number: int) -> Asked:
    reader = me()
    return asked(
        desk().engine,
        number,
        reader.actor.person_id,
        reader.roles,
        desk().clock(),
        language(),
    )


def _show(found: Asked, form: DecisionForm, *, changed: bool = False, missing: int = 0) -> str:
    shown: Shown | None = shown_to(found)
    if found.may_decide and shown is None:
        raise NotFound(request=found.number)
    form.shown.data = shown.hash if shown else ""
    form.reason.label.text = _("If you send it back, say why")
    context: dict[str, Any] = {
        "asked": found,
        "shown": shown,
        "asks_for": asks(found.act, found.member),
        "button": _button(found.act),
        "form": form,
        "changed": changed or (shown is not None and bool(shown.before)),
        "missing": missing,
        "faults": faults_of(form),
        "faults_heading": _("It is neither confirmed nor sent back"),
    }
    return render_template("requests/request.html", **context, **around(found.head, ""))


def _button(act: Act) -> str:
    words: dict[Act, str] = {
        Act.OPEN: _("Open the consultation"),
        Act.RECORD: _("Confirm the reply"),
        Act.STATE_POST: _("Confirm the statement"),
        Act.CERTIFY: _("Certify the record"),
        Act.VIEWS: _("Open the exchange"),
        Act.MANDATE: _("Confirm the change"),
        Act.ERRATUM: _("Confirm the erratum"),
        Act.REFER: _("Confirm the referral"),
        Act.EXTEND: _("Extend the deadline"),
        Act.WITHDRAW: _("Confirm the withdrawal"),
        Act.RULE: _("Confirm the ruling"),
        Act.READMIT: _("Readmit the reply"),
        Act.CORRECT: _("Confirm the revision"),
    }
    return words[act]


def _done(found: Asked) -> str:
    words: dict[Act, str] = {
        Act.OPEN: _("The consultation is open. The invitations are queued."),
        Act.RECORD: _("The reply is confirmed and counts by the time it was received."),
        Act.STATE_POST: _("The statement stands. The replies are counted and the result is open."),
        Act.CERTIFY: _("The record is certified. An officer may publish it."),
        Act.VIEWS: _("The exchange of views is open. All Member States are told."),
        Act.MANDATE: _("The change is confirmed. Those concerned are told."),
        Act.ERRATUM: _("The erratum stands beside the record."),
        Act.REFER: _("The referral is entered. The record says where the items go."),
        Act.EXTEND: _("The deadline is extended. Everybody on the roll is told."),
        Act.WITHDRAW: _("It is withdrawn. Everybody on the roll is told."),
        Act.RULE: _("The ruling is entered. The Member State is told."),
        Act.READMIT: _("The reply is readmitted. The Member State is told."),
        Act.CORRECT: _("The revision is made. Those concerned are told."),
    }
    return words[found.act]


def _after(found: Asked) -> str:
    if found.act is Act.RULE:
        return url_for("office.late", slug=found.head.slug)
    page = "record" if found.act in {Act.STATE_POST, Act.CERTIFY} else "overview"
    return url_for(f"office.{page}", slug=found.head.slug)
