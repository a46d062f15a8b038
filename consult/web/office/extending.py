"""An officer asks for a later deadline; the date is checked as that of a draft is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from consult.actions import extending
from consult.core import deadline
from consult.core.deadline import Warn, Written
from consult.core.extension import SECRETARIAT, NewDeadline, words_missing
from consult.core.life import Act, NotNow
from consult.errors import BadInput
from consult.queries.extending import Extendable, extendable
from consult.queries.working_days import holidays_of
from consult.web.drafting.forms import choose, clean, made, months
from consult.web.forms import faults_of, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer

_PARTS = ("day", "month", "year", "time")
_CHECK, _TAKE = "check", "take"


@dataclass(frozen=True, slots=True)
class Checked:
    """What can be said of a date as it is written; see `drafting.rule.Checked`."""

    at: datetime
    warnings: tuple[Warn, ...]
    proposed: datetime | None
    hours: tuple[()] = ()


@pages.route("/office/<slug>/extend", methods=["GET", "POST"])
@allow(officer)
def extend(slug: str) -> ResponseReturnValue:
    """Ask for the new deadline; a POST asks a second person to confirm it."""
    found = extendable(desk().engine, slug, desk().clock(), language())
    if not found.open:
        raise NotNow(act=Act.EXTEND.value, state=found.head.state.value)
    form = _form(found)
    pressed = request.form.get("do", "")
    if pressed == _TAKE:
        _take(found, form)
    if request.method == "GET" or pressed in {_CHECK, _TAKE} or restored():
        wrong = pressed == _CHECK and _read(found, form) is None
        return _show(found, form), 422 if wrong else 200
    return _ask(found, form)


def _ask(found: Extendable, form: Any) -> ResponseReturnValue:
    at = _read(found, form)
    new = NewDeadline(
        closes_at=at or desk().clock(),
        asked_for_by=form.asked_for_by.data or "",
        reason=form.reason.data or "",
        authority=form.authority.data or "",
    )
    if at is None:  # its fault is said; say the others too
        refuse(form, BadInput(words_missing(new.reason, new.authority)))
        return _show(found, form), 422
    try:
        extending.extend(desk(), found.head.slug, me().actor, new)
    except BadInput as wrong:
        refuse(form, _at_fields(wrong))
        return _show(found, form), 422
    flash(_("Asked for. The deadline moves when a second person confirms it."), "ok")
    return redirect(url_for("office.overview", slug=found.head.slug), 303)


def _at_fields(wrong: BadInput) -> BadInput:
    faults = {("to-day" if at == "closes_at" else at): code for at, code in wrong.faults.items()}
    return BadInput(faults, **wrong.facts)


def _form(found: Extendable) -> Any:
    """Return the form; the deadline as it stands is in its fields at first."""
    zone = ZoneInfo(found.head.zone)
    written = deadline.write(found.head.closes_at, zone)
    fields = {
        "to-day": StringField(_("Day"), filters=[clean]),
        "to-month": choose(_("Month"), months()),
        "to-year": StringField(_("Year"), filters=[clean]),
        "to-time": StringField(_("Time, 24 hours"), filters=[clean]),
        "asked_for_by": choose(
            _("Asked for by"),
            [("", _("Choose")), (SECRETARIAT, _("The secretariat")), *found.members],
        ),
        "reason": TextAreaField(_("Reason"), filters=[clean]),
        "authority": StringField(_("Authority of the presiding officer"), filters=[clean]),
    }
    data = {f"to-{part}": getattr(written, part) for part in _PARTS}
    return made(FlaskForm, fields)(data=data)


def _read(found: Extendable, form: Any) -> datetime | None:
    """Return the instant that is written; None where a fault stands beside it."""
    written = Written(*(form[f"to-{part}"].data or "" for part in _PARTS))
    try:
        at = deadline.read(written, ZoneInfo(found.head.zone))
    except BadInput as wrong:
        refuse(form, BadInput({f"to-{part}": code for part, code in wrong.faults.items()}))
        return None
    if at is None:
        refuse(form, BadInput({"to-day": "missing"}))
    return at


def _take(found: Extendable, form: Any) -> None:
    """Put the proposed day into the fields."""
    checked = _checked(found, form)
    if checked and checked.proposed:
        written = deadline.write(checked.proposed, ZoneInfo(found.head.zone))
        for part in _PARTS:
            form[f"to-{part}"].data = getattr(written, part)


def _checked(found: Extendable, form: Any) -> Checked | None:
    """Return what can be said of the new deadline; None before it is another one."""
    written = Written(*(form[f"to-{part}"].data or "" for part in _PARTS))
    zone, was = ZoneInfo(found.head.zone), found.head.closes_at
    try:
        at = deadline.read(written, zone)
    except BadInput:
        return None
    if at is None or was is None or at <= was:
        return None
    holiday = holidays_of(found.holidays)
    warned = deadline.warnings(at, zone, holiday, begins_at=was, least_days=None)
    proposed = deadline.nearest(at, zone, holiday, begins_at=was, least_days=None)
    return Checked(at, tuple(warned), proposed if warned else None)


def _show(found: Extendable, form: Any) -> str:
    return render_template(
        "office/extend.html",
        form=form,
        limits=found.limits,
        earlier=len([one for one in found.changes.extensions if one.minutes is None]),
        checked=_checked(found, form) if request.method == "POST" else None,
        faults=faults_of(form),
        faults_heading=_("The extension is not asked for: look at what is marked"),
        **around(found.head, "overview"),
    )
