"""Showing who one is once more: before a change of how one signs in, or one factor more."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField

from consult.actions import entering
from consult.actions.entering import Given
from consult.actions.sessions import SignedIn
from consult.core.network import prefix
from consult.errors import NotProven, TooOften
from consult.queries.factors import ways
from consult.web import security
from consult.web.account import browser, party
from consult.web.account.blueprint import pages
from consult.web.forms import SecretField, faults_of, safe_path
from consult.web.frame import desk
from consult.web.policy import allow, lacks_factors, me, proving, signed_in
from consult.wording.refusals import sentence

_LONGEST = 500


class AgainForm(FlaskForm):
    """What one shows again."""

    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
    second = SecretField(
        _l("Code"),
        render_kw={"autocomplete": "one-time-code", "maxlength": "40", "spellcheck": "false"},
    )


@pages.route("/me/confirm", methods=["GET", "POST"])
@allow(signed_in)
@proving
def confirm() -> ResponseReturnValue:
    """Ask for a factor again; who has none sets one up, or asks for a link."""
    form = AgainForm()
    if request.method != "POST":
        return page(form)
    given = Given(form.password.data or "", (form.second.data or "").strip(), network())
    if not (given.password or given.second):
        form.password.errors = [_("Write your password or a code")]
        return page(form), 422
    who = me()
    try:
        signed = entering.again(desk(), int(who.actor.person_id or 0), who.token_hash, given)
    except TooOften as refused:
        form.password.errors = [sentence(refused)]
        return page(form), 429, {"Retry-After": str(refused.facts["seconds"])}
    except NotProven as refused:
        security.refused("factor refused", refused.code)
        form.password.errors = [sentence(refused)]
        return page(form), 422
    return shown(signed)


def page(form: AgainForm) -> str:
    """Return the page on which one shows it again."""
    who = me()
    held = ways(desk().engine, int(who.actor.person_id or 0))
    ask = party.asked_again(who) if held.keys else None
    return render_template(
        "account/confirm.html",
        form=form,
        ways=held,
        ask=ask,
        provider=party.provider_name() if held.accounts else "",
        address=who.address,
        lacks=lacks_factors(who),
        back=back(),
        faults=faults_of(form),
        faults_heading=_("Not confirmed: look at what is marked"),
    )


def shown(signed: SignedIn, to: str | None = None) -> ResponseReturnValue:
    """Let the browser hold the stronger session, and go on."""
    browser.begin(signed)
    security.happened("factor shown", person=signed.opaque, factors=signed.factors)
    return redirect(to or back() or url_for("account.me"), 303)


def keep(signed: SignedIn, said: str, endpoint: str = "account.me") -> ResponseReturnValue:
    """Go on in the stronger session after a change, and say what else one may want to do."""
    browser.begin(signed)
    flash(said, "ok")
    return redirect(url_for(endpoint), 303)


def back() -> str:
    """Return where one wanted to go."""
    found = safe_path(request.args.get("back", ""))
    return found if len(found) <= _LONGEST else ""


def network() -> str:
    """Return the prefix of the network from which the request comes."""
    return prefix(request.remote_addr)
