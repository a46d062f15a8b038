"""Asking for a link to sign in, and signing out."""

from dataclasses import replace

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Regexp

from consult.actions import accounts, entering, passkeys, sessions, throttling
from consult.actions.entering import Given
from consult.actions.passwords import DEMO
from consult.core.network import prefix
from consult.core.throttle import SIGN_IN_NETWORK
from consult.errors import LinkNeeded, NotFound, NotProven, TooOften
from consult.queries.accounts import Someone, demo_people
from consult.settings import Settings
from consult.web import security
from consult.web.account import browser, party
from consult.web.account.blueprint import pages
from consult.web.account.proving import enter, show_sent
from consult.web.forms import SecretField, at_most, faults_of, kept_carried, plain_text, safe_path
from consult.web.frame import desk, home, language
from consult.web.policy import allow, anyone, me, proving, signed_in, visitor
from consult.wording.refusals import sentence

_LONGEST_WAY_BACK = 500
_WIPE = '"cache", "cookies", "storage"'


class AskForm(FlaskForm):
    """For whom a link is asked."""

    address = EmailField(
        _l("E-mail"),
        validators=[
            InputRequired(_l("Write the address to which the secretariat writes")),
            at_most(254),
            Regexp(r"[^@\s]+@[^@\s]+$", message=_l("Write an e-mail address, with an @ in it")),
            plain_text,
        ],
        render_kw={"autocomplete": "username"},
    )


class PasswordForm(FlaskForm):
    """A password and a code: for the day when mail does not work.

    What is left empty is a fault of the form; only what was given in full counts as a try.
    """

    address = EmailField(
        _l("E-mail"),
        validators=[
            DataRequired(_l("Write the address to which the secretariat writes")),
            at_most(254),
        ],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Write your password"))],
        render_kw={"autocomplete": "current-password"},
    )
    second = SecretField(
        _l("Code"),
        validators=[DataRequired(_l("Write the code of your app, or a recovery code"))],
        render_kw={"autocomplete": "one-time-code", "maxlength": "40", "spellcheck": "false"},
    )


@pages.route("/sign-in", methods=["GET", "POST"])
@allow(anyone)
def sign_in() -> ResponseReturnValue:
    """Mail a link; known or not, the page that comes next is the same (T3)."""
    kept, form = kept_carried(), AskForm()
    if request.method == "GET":
        if visitor() is not None:
            return redirect(home(), 303)
        return page(form)
    if not form.validate():
        return page(form), 422
    secret = browser.new_secret()
    try:
        accounts.ask_for_link(desk(), form.address.data or "", secret, back())
    except TooOften as refused:
        form.address.errors = [sentence(refused)]
        return page(form), 429, {"Retry-After": str(refused.facts["seconds"])}
    answer: Response
    if kept is None:
        answer = redirect(url_for("account.sent"), 303)
    else:  # nothing is stored for strangers: the page itself holds what was typed
        answer = current_app.make_response(show_sent(kept))
    browser.remember(answer, secret, carrying=kept is not None)
    return answer


@pages.post("/sign-in/password")
@allow(anyone)
def by_password() -> ResponseReturnValue:
    """Sign in by a password with a code of the app, without mail (T12)."""
    form, ask = PasswordForm(prefix="p-"), AskForm(formdata=None)
    if not form.validate():
        return page(ask, form), 422
    given = Given(form.password.data or "", (form.second.data or "").strip(), _network())
    try:
        signed = entering.by_password(desk(), form.address.data or "", given, browser.present())
    except TooOften as refused:
        form.password.errors = [sentence(refused)]
        return page(ask, form), 429, {"Retry-After": str(refused.facts["seconds"])}
    except (NotProven, LinkNeeded) as refused:
        security.refused("sign-in refused", refused.code, way="password")
        form.password.errors = [sentence(refused)]
        return page(ask, form), 422
    return enter(replace(signed, back_to=back()), kept_carried(), "password")


@pages.post("/sign-in/passkey")
@allow(anyone)
def by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey (T11)."""
    for_whom = party.party()
    if for_whom is None:
        raise NotFound
    answer, challenge = request.form.get("answer", ""), request.form.get("challenge", "")
    try:
        throttling.take(desk(), SIGN_IN_NETWORK, _network())
        signed = passkeys.sign_in(desk(), for_whom, challenge, answer, browser.present())
    except NotProven as refused:
        security.refused("sign-in refused", refused.code, way="passkey")
        return page(AskForm(formdata=None), fault=_("The passkey did not sign you in.")), 422
    return enter(replace(signed, back_to=back()), kept_carried(), "passkey")


@pages.post("/sign-out")
@allow(signed_in)
@proving
def sign_out() -> ResponseReturnValue:
    """End the session, here and on the server, and let the browser forget it."""
    who = me()
    sessions.end(desk(), int(who.actor.person_id or 0), who.token_hash)
    security.happened("signed out")
    there = browser.provider_end()
    browser.leave()
    answer = current_app.make_response(
        render_template("account/signed-out.html", there=there, provider=party.provider_name())
    )
    answer.headers["Clear-Site-Data"] = _WIPE
    return answer


def page(form: AskForm, other: PasswordForm | None = None, fault: str = "") -> str:
    """Return the sign-in page.

    Args:
        other: The form of the password with its faults.
        fault: What went wrong on another way, in a sentence.
    """
    other = other or PasswordForm(prefix="p-")
    faults = [*faults_of(form), *faults_of(other)]
    return render_template(
        "account/sign-in.html",
        form=form,
        other=other,
        ask=party.asked_to_sign_in(),
        provider=party.provider_name(),
        back=back(),
        fault=fault,
        faults=faults,
        kept=kept_carried(),
        people=_demo_people(),
        demo_password=DEMO,
    )


def back() -> str:
    """Return where one wanted to go."""
    found = safe_path(request.args.get("back", ""))
    return found if len(found) <= _LONGEST_WAY_BACK else ""


def _demo_people() -> tuple[Someone, ...]:
    """Return whom one may be in the demonstration; nobody anywhere else."""
    settings: Settings = current_app.extensions["consult_settings"]
    if settings.production:
        return ()
    return demo_people(desk().engine, accounts.DEMO_DOMAIN, desk().clock(), language())


def _network() -> str:
    return prefix(request.remote_addr)
