"""The exchange of views before a vote: members state theirs, an officer opens it."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from wtforms import StringField, TextAreaField

from consult.actions import throttling, viewing
from consult.actions.viewing import LONGEST_REASON, LONGEST_VIEW, RULE, SECRETARIAT, Exchange
from consult.core import deadline
from consult.core.deadline import Written
from consult.core.life import BEFORE, Kind, Role
from consult.core.throttle import REPLIES
from consult.documents.prose import prose
from consult.errors import BadInput, NotFound
from consult.queries import views as queries
from consult.queries.views import Views
from consult.web.drafting.forms import choose, clean, made, months
from consult.web.forms import at_most, faults_of, is_mark, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.policy import allow, focal_point, me, officer
from consult.web.policy import office as secretariat
from consult.web.templating import words
from consult.wording.faults import fault
from consult.wording.instants import Place

pages = Blueprint("viewing", __name__, url_prefix="/<lang:lang>")

_PARTS = ("day", "month", "year", "time")


@pages.get("/c/<slug>/<member>/views")
@allow(focal_point)
def views(slug: str, member: str) -> ResponseReturnValue:
    """Show the exchange to a member, with a form for its own statement while it lasts."""
    return _show(_load(slug, member), member)


@pages.post("/c/<slug>/<member>/views")
@allow(focal_point)
def state(slug: str, member: str) -> ResponseReturnValue:
    """Keep a statement; all members read it at once."""
    g.page = ("viewing.views", {"slug": slug, "member": member})
    found, text = _load(slug, member), request.form.get("text", "")
    key = request.form.get("key", "")
    if not is_mark(key) or "\0" in text:
        raise BadRequest
    if restored():
        return _show(found, member, text)
    throttling.take_early(desk(), REPLIES, member)
    try:
        viewing.state_view(desk(), slug, me().actor, member, text, language(), key)
    except BadInput as refused:
        said = fault(refused.faults["text"], {"most": LONGEST_VIEW})
        return _show(found, member, text, said), 422
    flash(_("The statement is kept, and all Member States can read it."), "ok")
    return redirect(url_for("viewing.views", slug=slug, member=member), 303)


@pages.get("/office/<slug>/views")
@allow(secretariat)
def office(slug: str) -> ResponseReturnValue:
    """Show the exchange to the secretariat; before there is one, the form that asks for it."""
    return _office(slug)


@pages.post("/office/<slug>/views")
@allow(officer)
def ask(slug: str) -> ResponseReturnValue:
    """Ask an approver to open an exchange of views."""
    g.page = ("viewing.office", {"slug": slug})
    about, found, seats = queries.office_views(desk().engine, slug, desk().clock(), language())
    if found is not None or about.kind is Kind.COMMENTS:
        raise NotFound(slug=slug)
    form = _form(seats)
    if restored() or not form.validate():
        return _office(slug, form), 200 if restored() else 422
    try:
        until = _until(form, ZoneInfo(about.zone))
        new = Exchange(form.reason.data or "", form.asked_for_by.data or "", until)
        viewing.ask_views(desk(), slug, me().actor, new)
    except BadInput as refused:
        refuse(form, refused)
        if "until" in refused.faults:
            form["until-day"].errors = [fault(refused.faults["until"])]
        return _office(slug, form), 422
    flash(_("An approver, another person than you, opens the exchange or sends it back."), "ok")
    return redirect(url_for("viewing.office", slug=slug), 303)


def _load(slug: str, member: str) -> Views:
    return queries.views(desk().engine, slug, member, desk().clock(), language())


def _show(found: Views, member: str, text: str = "", said: str = "") -> str:
    mandate = me().mandate_for(member)
    name = words(mandate.name) if mandate else member
    return render_template(
        "views/views.html",
        views=found,
        member=member,
        may_state=me().actor.speaks_for(member),
        name=name,
        place=Place(found.zone, words(found.seat)),
        items=[(code, title, prose(words_)) for code, title, words_ in found.items],
        key=secrets.token_hex(16),
        text=text,
        said=said,
        faults=[("#text", said)] if said else [],
        faults_heading=_("The statement is not kept: look at what is marked"),
    )


def _office(slug: str, form: FlaskForm | None = None) -> str:
    about, found, seats = queries.office_views(desk().engine, slug, desk().clock(), language())
    may_ask = Role.OFFICER in me().roles and about.state in BEFORE and found is None
    may_ask = may_ask and about.kind is Kind.DECISION
    shown = (form if form is not None else _form(seats)) if may_ask else None
    return render_template(
        "views/office.html",
        views=found,
        form=shown,
        items=[(code, title, prose(said)) for code, title, said in found.items] if found else [],
        faults=faults_of(shown) if shown else [],
        faults_heading=_("It is not asked for: look at what is marked"),
        **around(about, ""),
    )


def _form(seats: list[tuple[str, str]]) -> Any:
    return made(
        FlaskForm,
        {
            "asked_for_by": choose(
                _("Who asks for it"),
                [
                    (RULE, _("The rule")),
                    (SECRETARIAT, _("The secretariat")),
                    *seats,
                ],
            ),
            "reason": TextAreaField(
                _("Reason, as the members are told"), [at_most(LONGEST_REASON)], filters=[clean]
            ),
            "until-day": StringField(_("Day"), filters=[clean]),
            "until-month": choose(_("Month"), months()),
            "until-year": StringField(_("Year"), filters=[clean]),
            "until-time": StringField(_("Time, 24 hours"), filters=[clean]),
        },
    )()


def _until(form: Any, zone: ZoneInfo) -> datetime | None:
    written = Written(*(form[f"until-{part}"].data or "" for part in _PARTS))
    try:
        return deadline.read(written, zone)
    except BadInput as wrong:
        raise BadInput({f"until-{part}": code for part, code in wrong.faults.items()}) from None
