"""After the deadline: the post, the conclusion, certification and publication."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from consult.actions import certifying, posting, publishing
from consult.actions.certifying import LONGEST_CONCLUSION, Adoption, Conclusion
from consult.core.life import Act, NotNow, State
from consult.errors import BadInput
from consult.queries.overview import overview
from consult.queries.result import Concluding, concluding
from consult.web.drafting.forms import clean, day_data, day_fields, day_of, line, made
from consult.web.forms import at_most, faults_of, refuse, restored
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.office.overview import show as show_overview
from consult.web.policy import allow, me, officer, officer_or_approver
from consult.wording import LANGUAGES

pages = Blueprint("ending", __name__, url_prefix="/<lang:lang>")

_SOME, _NONE = "some", "none"


@pages.post("/office/<slug>/post")
@allow(officer_or_approver)
def post(slug: str) -> ResponseReturnValue:
    """State what the post room received; a second person confirms it (T75)."""
    now = desk().clock()
    found = overview(desk().engine, slug, now, language())
    if found.head.state is not State.CLOSED:
        raise NotNow(act=Act.STATE_POST.value, state=found.head.state.value)
    fault = _post_fault(len(found.recorded))
    if fault:
        g.page = ("office.overview", {"slug": slug})
        said = [("#post-none", fault)]
        heading = _("It is not stated")
        return show_overview(found, now, faults=said, fault=fault, faults_heading=heading), 422
    posting.state_post(desk(), slug, me().actor)
    flash(_("Stated. The result opens when a second officer has confirmed it."), "ok")
    return redirect(url_for("office.overview", slug=slug), 303)


def _post_fault(recorded: int) -> str:
    """Return what is wrong with what was stated: it must be what is recorded."""
    stated, seen = request.form.get("post", ""), request.form.get("recorded", "")
    if stated not in {_SOME, _NONE}:
        return str(_("Say what is recorded"))
    if seen != str(recorded):
        return str(_("Another reply was recorded since you saw this: look again"))
    if (stated == _SOME) != bool(recorded):
        said: str = ngettext(
            "%(num)d reply is recorded: say that, or write to the member",
            "%(num)d replies are recorded: say that, or write to the members",
            recorded,
        )
        return said
    return ""


@pages.route("/office/<slug>/conclusion", methods=["GET", "POST"])
@allow(officer)
def conclude(slug: str) -> ResponseReturnValue:
    """Ask for the conclusion in each language; a POST asks an approver to certify it."""
    found = concluding(desk().engine, slug, desk().clock(), language())
    if found.head.state is not State.COUNTED:
        raise NotNow(act=Act.CONCLUDE.value, state=found.head.state.value)
    form = _form(found)
    if request.method == "GET" or restored():
        return _show(found, form)
    said = _said(found, form)
    if said is None:
        return _show(found, form), 422
    certifying.conclude(desk(), slug, me().actor, said)
    flash(_("An approver, another person than you, certifies it or sends it back."), "ok")
    return redirect(url_for("office.record", slug=slug), 303)


@pages.post("/office/<slug>/publish")
@allow(officer)
def publish(slug: str) -> ResponseReturnValue:
    """Publish the record, and tell all."""
    number = publishing.publish(desk(), slug, me().actor)
    if number is None:
        flash(_("The rehearsal is published to its members. It decides nothing."), "ok")
    else:
        said = _("Published as decision record %(number)s. The result goes to all.", number=number)
        flash(said, "ok")
    return redirect(url_for("register.record", slug=slug), 303)


def _form(found: Concluding) -> Any:
    fields: dict[str, Any] = {
        f"texts-{code}": TextAreaField(
            LANGUAGES.get(code, code), [at_most(LONGEST_CONCLUSION)], filters=[clean]
        )
        for code in found.head.languages
    }
    for code, title in found.adopted:
        named = _("Number of item %(item)s, %(title)s", item=code, title=title)
        fields[f"number-{code}"] = line(named, longest=200)
        fields |= day_fields(f"force-{code}", _("In force from"))
    fields["authority"] = line(_("Authority of the presiding officer"), longest=200)
    return made(FlaskForm, fields)(data=_data(found))


def _data(found: Concluding) -> dict[str, str]:
    """Return what was written before and sent back, to begin from."""
    said = found.said or {"texts": {}, "adopted": {}}
    data = {f"texts-{code}": text for code, text in said["texts"].items()}
    for code, _title in found.adopted:
        adoption = said["adopted"].get(code, {})
        data[f"number-{code}"] = adoption.get("number", "")
        data |= day_data(f"force-{code}", adoption.get("in_force"))
    return data | {"authority": found.authority}


def _said(found: Concluding, form: Any) -> Conclusion | None:
    """Return the conclusion; None with its faults beside their fields."""
    first = found.head.languages[0]
    form.validate()
    if not form[f"texts-{first}"].data:
        form[f"texts-{first}"].errors = [_("Write what follows from the count")]
    adopted = {code: _adoption(form, code) for code, _title in found.adopted}
    if any(field.errors for field in form):
        return None
    texts = {code: form[f"texts-{code}"].data for code in found.head.languages}
    return Conclusion(
        texts={code: text for code, text in texts.items() if text},
        adopted={code: one for code, one in adopted.items() if one is not None},
        authority=form.authority.data or "",
    )


def _adoption(form: Any, code: str) -> Adoption | None:
    number = form[f"number-{code}"].data
    if not number:
        form[f"number-{code}"].errors = [_("Give the number under which the text is adopted")]
    try:
        day = day_of(form, f"force-{code}")
    except BadInput as wrong:
        refuse(form, wrong)
        return None
    return Adoption(number, date.fromisoformat(day) if day else None)


def _show(found: Concluding, form: Any) -> str:
    return render_template(
        "ending/conclusion.html",
        form=form,
        adopted=found.adopted,
        sent_back=found.sent_back,
        certifying=found.certifying,
        tongues=[(code, LANGUAGES.get(code, code)) for code in found.head.languages],
        faults=faults_of(form),
        faults_heading=_("It is not asked for: look at what is marked"),
        **around(found.head, "record"),
    )
