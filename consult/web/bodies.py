"""The members of a body, for the secretariat: who may vote and from when, who can be reached."""

import csv
import io
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from consult.actions import seats
from consult.core.cells import guarded
from consult.core.life import Role
from consult.core.throttle import EXPORTS
from consult.errors import BadInput
from consult.queries.bodies import BodyPage, Ready, SeatView, body_page, readiness
from consult.queries.texts import pick
from consult.web import attention
from consult.web.drafting.faults import refuse
from consult.web.drafting.forms import clean, day_data, day_fields, day_of, made
from consult.web.forms import at_most, faults_of, plain_text
from consult.web.frame import desk, language
from consult.web.policy import allow, limited, me, officer
from consult.web.policy import office as secretariat
from consult.web.serving import send_made

pages = Blueprint("bodies", __name__, url_prefix="/<lang:lang>")

_WEIGHT = "weight-"
_CSV = "text/csv; charset=utf-8"


@pages.get("/office/bodies/<body>")
@allow(secretariat)
def members(body: str) -> ResponseReturnValue:
    found = body_page(desk().engine, body, desk().clock(), language())
    return render_template(
        "bodies/members.html", body=found, groups=_named(found), may=Role.OFFICER in me().roles
    )


@pages.route("/office/bodies/<body>/members/<code>", methods=["GET", "POST"])
@allow(officer)
def seat(body: str, code: str) -> ResponseReturnValue:
    """Show the terms of one seat; a POST changes them."""
    found = body_page(desk().engine, body, desk().clock(), language())
    held = found.seat(code)
    form = _form(held)
    if request.method == "POST" and form.validate():
        try:
            terms = _terms(held, form)
            seats.change_terms(desk(), me().actor, body, code, held.from_on, terms)
        except BadInput as wrong:
            refuse(form, wrong)
        else:
            flash(_("The seat of %(member)s is saved.", member=held.name), "ok")
            return redirect(url_for("bodies.members", body=body, _anchor=code), 303)
    faults = faults_of(form)
    answer = render_template(
        "bodies/seat.html", body=found, seat=held, form=form, faults=faults, groups=_named(found)
    )
    return (answer, 422) if faults else answer


@pages.get("/office/bodies/<body>/ready")
@allow(secretariat)
def ready(body: str) -> ResponseReturnValue:
    """Show who could answer a letter if it were opened now."""
    found, lines = readiness(desk().engine, body, desk().clock(), language())
    names = _named(found)
    regions: dict[str, list[Ready]] = {}
    for line in lines:
        regions.setdefault(line.seat.groups[0] if line.seat.groups else "", []).append(line)
    return render_template(
        "bodies/ready.html",
        body=found,
        board=attention.board(
            ((names.get(code, code), several) for code, several in regions.items()),
            "bodies.ready",
            body=body,
        ),
        lede=summary(lines),
        roles={role.value for role in me().roles},
    )


@pages.get("/office/bodies/<body>/ready.csv")
@allow(secretariat)
@limited(EXPORTS)
def ready_csv(body: str) -> ResponseReturnValue:
    _found, lines = readiness(desk().engine, body, desk().clock(), language())
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("code", "name", "vote", "people", "set_up", "signed_in_at", "telephone"))
    for line in lines:
        last = line.signed_in_at.isoformat() if line.signed_in_at else ""
        told = (line.seat.code, line.seat.name, "yes" if line.seat.votes else "no")
        reach = (str(line.people), str(line.set_up), last, line.telephone or "")
        rows.writerow([guarded(value) for value in (*told, *reach)])
    return send_made(text.getvalue().encode(), f"{body}-ready.csv", _CSV, public=False)


def summary(lines: list[Ready]) -> str:
    """Say what is worst first: nobody named, nobody set up, one person alone."""
    nobody = sum(not line.people for line in lines)
    unset = sum(line.people > 0 and not line.set_up for line in lines)
    alone = sum(line.people == 1 for line in lines)
    said = [
        ngettext("%(num)d member has nobody named", "%(num)d members have nobody named", nobody),
        ngettext(
            "%(num)d has no account that was set up",
            "%(num)d have no account that was set up",
            unset,
        ),
        ngettext("%(num)d has one person only", "%(num)d have one person only", alone),
    ]
    return str(_("%(nobody)s, %(unset)s, %(alone)s.", nobody=said[0], unset=said[1], alone=said[2]))


def _named(found: BodyPage) -> dict[str, str]:
    return {group["id"]: pick(group["name"], language()) for group in found.groups}


class SeatForm(FlaskForm):
    """The terms of a seat but for its days and weights."""

    observer = BooleanField(_l("Observer: reads, and is never counted"))
    provision = StringField(
        _l("Provision under which the right rests"),
        [Optional(), at_most(200), plain_text],
        filters=[clean],
    )
    ground = StringField(
        _l("Ground, for the secretariat alone"),
        [Optional(), at_most(500), plain_text],
        filters=[clean],
    )
    groups = StringField(_l("Groups"), [Optional(), at_most(200), plain_text], filters=[clean])


def _form(held: SeatView) -> FlaskForm:
    fields = {
        **day_fields("vote_from", _("Right to vote from")),
        **day_fields("vote_to", _("Right to vote until")),
        **{
            f"{_WEIGHT}{name}": StringField(_("Weight: %(name)s", name=name), filters=[clean])
            for name in held.weights
        },
    }
    days = {"vote_from": held.vote_from_on, "vote_to": held.vote_to_on}
    data: dict[str, object] = {
        "observer": held.observer,
        "provision": held.provision or "",
        "ground": held.ground or "",
        "groups": " ".join(held.groups),
        **{f"{_WEIGHT}{name}": size for name, size in held.weights.items()},
    }
    for name, on in days.items():
        data |= day_data(name, on.isoformat() if on else None)
    form: FlaskForm = made(SeatForm, fields)(data=data)
    return form


def _terms(held: SeatView, form: FlaskForm) -> seats.Terms:
    begins, ends = day_of(form, "vote_from"), day_of(form, "vote_to")
    return seats.Terms(
        vote_from_on=date.fromisoformat(begins) if begins else None,
        vote_to_on=date.fromisoformat(ends) if ends else None,
        provision=form.provision.data or None,
        ground=form.ground.data or None,
        observer=form.observer.data,
        groups=tuple(dict.fromkeys((form.groups.data or "").split())),
        weights={name: form[f"{_WEIGHT}{name}"].data for name in held.weights},
    )
