"""The late register of the secretariat, and the ruling that an officer enters on one line."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField

from consult.actions import ruling
from consult.core.contesting import Doubtful
from consult.core.life import ENDED, Act, Channel, NotNow, Role, State
from consult.documents.late import effects
from consult.errors import BadInput, NotFound
from consult.queries.late import LateRegister, Line, late_register
from consult.web.drafting.forms import clean
from consult.web.drafting.forms import line as one_line
from consult.web.forms import at_most, faults_of, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer
from consult.web.policy import office as secretariat
from consult.wording import kinds

_COUNTS, _OUT = "counts", "out"
_RULED = frozenset({State.CLOSED, *ENDED})


class RulingForm(FlaskForm):
    """What the presiding officer ruled, why, and on what paper."""

    counts = RadioField(validate_choice=False)
    reasons = TextAreaField(validators=[at_most(ruling.LONGEST_REASONS)], filters=[clean])
    authority = one_line("", longest=ruling.LONGEST_AUTHORITY)


@pages.get("/office/<slug>/late")
@allow(secretariat)
def late(slug: str) -> ResponseReturnValue:
    """Show what is not counted or contested; no position before disclosure (T33, T74)."""
    found = late_register(desk().engine, slug, desk().clock(), language())
    return render_template(
        "office/late.html",
        lines=[_shown(found, line) for line in found.lines],
        may_rule=found.head.state in _RULED and Role.OFFICER in me().roles,
        **around(found.head, "replies"),
    )


@pages.route("/office/<slug>/late/<int:number>/rule", methods=["GET", "POST"])
@allow(officer)
def rule(slug: str, number: int) -> ResponseReturnValue:
    """Ask for the ruling; a POST asks a second person to confirm it (T35, T76)."""
    found = late_register(desk().engine, slug, desk().clock(), language())
    line = next((one for one in found.lines if one.reply.number == number), None)
    if line is None:
        raise NotFound(number=number)
    if found.head.state not in _RULED:
        raise NotNow(act=Act.RULE.value, state=found.head.state.value)
    form = _form()
    if request.method == "GET" or restored():
        return _show(found, line, form)
    if not _valid(form):
        return _show(found, line, form), 422
    said = ruling.Ruling(
        number, form.counts.data == _COUNTS, form.reasons.data, form.authority.data
    )
    try:
        ruling.rule(desk(), slug, me().actor, said)
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(found, line, form), 422
    flash(_("Entered. It holds once an approver, another person than you, confirms it."), "ok")
    return redirect(url_for("office.late", slug=slug), 303)


def _form() -> RulingForm:
    form = RulingForm()
    form.counts.choices = [
        SelectChoice(_COUNTS, _("The reply counts")),
        SelectChoice(_OUT, _("The reply does not count")),
    ]
    form.counts.label.text = _("What the presiding officer ruled")
    form.reasons.label.text = _("Reasons")
    form.authority.label.text = _("Authority of the presiding officer")
    return form


def _valid(form: RulingForm) -> bool:
    form.validate()
    if form.counts.data not in {_COUNTS, _OUT}:
        form.counts.errors = [_("Say whether the reply counts")]
    if not form.reasons.data:
        form.reasons.errors = [_("Give the reasons of the ruling")]
    if not form.authority.data:
        form.authority.errors = [_("Name the letter or message of the presiding officer")]
    return not any(field.errors for field in form)


def _show(found: LateRegister, line: Line, form: RulingForm) -> str:
    return render_template(
        "office/rule.html",
        line=_shown(found, line),
        form=form,
        faults=faults_of(form),
        faults_heading=_("The ruling is not entered: look at what is marked"),
        **around(found.head, "replies"),
    )


def _shown(found: LateRegister, line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "reply": line.reply,
        "channel": kinds.channel(Channel(line.reply.channel)),
        "why": _why(found, line.reply),
        "effects": effects(line, found.titles, language()),
    }


def _why(found: LateRegister, reply: Doubtful) -> str:
    """Say in one line why the reply stands here."""
    closes_at = found.head.closes_at
    if reply.late and closes_at is not None:
        return str(_("%(time)s after the deadline", time=_lapse(reply.received_at - closes_at)))
    if reply.after_statement:
        return str(_("Recorded on behalf after the post-room statement"))
    return str(_("Received in time"))


def _lapse(by: timedelta) -> str:
    """Return how late, in its two largest units; below a second, that."""
    seconds = int(by.total_seconds())
    if not seconds:
        return str(_("less than a second"))
    days, rest = divmod(seconds, 24 * 60 * 60)
    hours, rest = divmod(rest, 60 * 60)
    minutes, rest = divmod(rest, 60)
    units: list[str] = []
    if days:
        units.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours:
        units.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if minutes:
        units.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    if rest:
        units.append(ngettext("%(num)d second", "%(num)d seconds", rest))
    return kinds.listed(units[:2])
