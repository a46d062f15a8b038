"""An officer corrects the roll of an open letter, one member at a time."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from consult.actions import corrected_roll
from consult.actions.corrected_roll import Correction, corrected
from consult.actions.revising import LONGEST_AUTHORITY
from consult.core.roll import read_weight
from consult.errors import BadInput
from consult.queries import correcting
from consult.queries.correcting import Seat
from consult.web.confirming.revision import figures
from consult.web.drafting.faults import faults_of
from consult.web.drafting.forms import DraftForm, line, made, words
from consult.web.drafting.texts import with_words
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer
from consult.web.revising.blueprint import pages
from consult.web.revising.faults import refuse, sentence
from consult.web.revising.page import refuse_unfit
from consult.wording import LANGUAGES

YES, NO, CHECK, REMOVE = "yes", "no", "check", "remove"
_WEIGHT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]{0,63})\s*[:=]\s*(\S+)\s*", re.ASCII)


@pages.get("/office/<slug>/roll")
@allow(officer)
def roll(slug: str) -> ResponseReturnValue:
    """Show the roll, each member with where it is corrected."""
    found = correcting.roll(desk().engine, slug, desk().clock(), language())
    refuse_unfit(found.head)
    return render_template("revising/roll.html", found=found, **around(found.head, ""))


@pages.route("/office/<slug>/roll/<code>", methods=["GET", "POST"])
@allow(officer)
def seat(slug: str, code: str) -> ResponseReturnValue:
    """Show what the roll says of a member; a POST asks a second officer to correct it."""
    found = correcting.seat(desk().engine, slug, code, desk().clock(), language())
    refuse_unfit(found.head)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    removes = form.do.data == REMOVE
    try:
        wanted = None if removes else _line(found, form)
        if not form.validate():
            return _show(found, form), 422
        if form.do.data == CHECK:
            return _show(found, form, figures_of(found, wanted))
        said = Correction(code, wanted, form.reason.data, form.authority.data)
        number = corrected_roll.submit(desk(), slug, me().actor, said)
    except BadInput as refused:
        refuse(form, _at_fields(refused))
        return _show(found, form), 422
    flash(_("Submitted. An approver, another person than you, confirms it or sends it back."), "ok")
    return redirect(url_for("requests.request", number=number), 303)


def figures_of(found: Seat, line_: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return what the rule takes on the roll as it stands and as it would be.

    Raises:
        BadInput: The rule cannot be counted on that roll.
    """
    if found.head.rule is None:
        return []
    try:
        after = corrected(list(found.lines), found.code, line_)
        return figures(found.head.rule, found.lines, after)
    except KeyError:
        raise BadInput({"weights": "rule-does-not-fit"}) from None


def _form(found: Seat) -> FlaskForm:
    said = found.line
    names = {
        f"name-{code}": line(_("Name (%(language)s)", language=LANGUAGES.get(code, code)))
        for code in found.head.languages
    }
    fields = {
        "entitled": RadioField(
            _("Right to vote"),
            choices=[SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No"))],
        ),
        "no_vote_under": line(_("Without it under (provision)"), longest=200),
        **names,
        "groups": line(_("Groups")),
        "weights": words(_("Weights (optional)")),
        "reason": words(_("Reason")),
        "authority": line(_("Authority (optional)"), longest=LONGEST_AUTHORITY),
    }
    data = {
        "seen": 0,
        "entitled": YES if said["entitled"] else NO,
        "no_vote_under": said["no_vote_under"] or "",
        **{f"name-{code}": said["name"].get(code, "") for code in found.head.languages},
        "groups": " ".join(said["groups"]),
        "weights": "\n".join(f"{name}: {size}" for name, size in said["weights"].items()),
    }
    form: FlaskForm = made(DraftForm, fields)(data=data)
    return form


def _line(found: Seat, form: FlaskForm) -> dict[str, Any]:
    """Return what the roll shall say of the member.

    Raises:
        BadInput: At the field that is wrong.
    """
    entitled = form.entitled.data == YES
    name = dict(found.line["name"])
    for code in found.head.languages:
        name = with_words(name, code, form[f"name-{code}"].data)
        if not name.get(code):
            raise BadInput({f"name-{code}": "missing"})
    if not entitled and not form.no_vote_under.data:
        raise BadInput({"no_vote_under": "provision-missing"})
    return {
        "name": name,
        "groups": form.groups.data.split(),
        "weights": _weights(form.weights.data),
        "entitled": entitled,
        "no_vote_under": None if entitled else form.no_vote_under.data,
    }


def _weights(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in filter(str.strip, text.splitlines()):
        said = _WEIGHT.fullmatch(row)
        if said is None:
            raise BadInput({"weights": "weight"})
        try:
            read_weight(said[2], "weights")
        except BadInput:
            raise BadInput({"weights": "weight"}) from None
        found[said[1]] = said[2]
    return found


def _at_fields(refused: BadInput) -> BadInput:
    """Put what is wrong with the member as a whole beside its right to vote."""
    at = {
        "entitled" if place == corrected_roll.PLACE else place: code
        for place, code in refused.faults.items()
    }
    return BadInput(at)


def _show(found: Seat, form: FlaskForm, takes: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "revising/seat.html",
        found=found,
        form=form,
        faults=faults_of(form),
        faults_heading=_("The roll is not corrected"),
        takes=takes or [],
        stays=sentence("has-replied"),
        **around(found.head, ""),
    )
