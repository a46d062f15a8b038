"""After the count: a second round on what was not decided, in one step."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from consult.actions.following import Following, follow
from consult.core.deadline import Written
from consult.core.deadline import read as read_instant
from consult.core.life import Kind
from consult.core.tally import Outcome
from consult.errors import BadInput, NotFound
from consult.queries.aftermath import Aftermath, aftermath
from consult.web.boxes import Boxes, boxes
from consult.web.drafting.faults import refuse
from consult.web.drafting.forms import choose, clean, line, made, months
from consult.web.forms import faults_of, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer, repeats
from consult.wording import kinds

_PARTS = ("day", "month", "year", "time")


@pages.route("/office/<slug>/second-round", methods=["GET", "POST"])
@allow(officer)
@repeats("items", "asked")
def second_round(slug: str) -> ResponseReturnValue:
    """Ask what is taken up again and until when; a POST makes the draft."""
    found = voted_on(slug)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    try:
        if not form.validate():
            return _show(found, form), 422
        made_slug = follow(desk(), slug, me().actor, _wanted(found, form))
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(found, form), 422
    flash(_("The draft of the second round is made. Look through it, then submit it."), "ok")
    return redirect(url_for("drafting.step", slug=made_slug, step=7), 303)


def voted_on(slug: str) -> Aftermath:
    """Return what may follow a count.

    Raises:
        NotFound: Nothing was counted yet, or it is a comment round, in which nothing is.
    """
    found = aftermath(desk().engine, slug, desk().clock(), language())
    if found.head.kind is Kind.COMMENTS:
        raise NotFound(slug=slug)
    return found


def _form(found: Aftermath) -> Any:
    fields: dict[str, Any] = {
        "reference": line(_("Reference"), longest=64),
        "items": items_field(found),
        "asked": boxes(_("Who is asked"), list(found.members)),
        "decisive": BooleanField(_("Its result stands whatever the number of replies")),
        "closes-day": StringField(_("Day"), filters=[clean]),
        "closes-month": choose(_("Month"), months()),
        "closes-year": StringField(_("Year"), filters=[clean]),
        "closes-time": StringField(_("Time, 24 hours"), filters=[clean]),
    }
    undecided = [one.code for one in found.items if one.outcome is not Outcome.ADOPTED]
    return made(FlaskForm, fields)(
        data={"items": undecided, "asked": [code for code, _name in found.members]}
    )


def items_field(found: Aftermath) -> Boxes:
    """Return boxes for the items, each with its outcome."""
    return boxes(
        _("Items"),
        [
            (
                one.code,
                _(
                    "%(item)s. %(title)s: %(said)s",
                    item=one.code,
                    title=one.title,
                    said=kinds.outcome(one.kind, one.outcome),
                ),
            )
            for one in found.items
        ],
    )


def _wanted(found: Aftermath, form: Any) -> Following:
    try:
        written = Written(*(form[f"closes-{part}"].data or "" for part in _PARTS))
        closes_at = read_instant(written, ZoneInfo(found.head.zone))
    except BadInput as wrong:
        raise BadInput({f"closes-{part}": code for part, code in wrong.faults.items()}) from None
    everybody = {code for code, _name in found.members}
    asked = frozenset(form.asked.data or ())
    return Following(
        reference=form.reference.data,
        items=frozenset(form.items.data or ()),
        closes_at=closes_at,
        decisive=form.decisive.data,
        asked=None if asked == everybody else asked,
    )


def _show(found: Aftermath, form: Any) -> str:
    return render_template(
        "office/second-round.html",
        form=form,
        later=found.later,
        faults=faults_of(form),
        faults_heading=_("The draft is not made: look at what is marked"),
        **around(found.head, "record"),
    )
