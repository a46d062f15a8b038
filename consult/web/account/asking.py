"""Asking for a link to sign in, and signing out."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField
from wtforms.validators import InputRequired, Regexp

from consult.actions import accounts, sessions
from consult.actions.passwords import DEMO
from consult.queries.accounts import Someone, demo_people
from consult.settings import Settings
from consult.web.account import browser
from consult.web.account.blueprint import pages
from consult.web.account.proving import show_sent
from consult.web.forms import at_most, faults_of, kept_carried, plain_text, safe_path
from consult.web.frame import desk, home, language
from consult.web.policy import allow, anyone, me, signed_in, visitor

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


@pages.route("/sign-in", methods=["GET", "POST"])
@allow(anyone)
def sign_in() -> ResponseReturnValue:
    """Mail a link; known or not, the page that comes next is the same (T3)."""
    kept, form = kept_carried(), AskForm()
    if request.method == "GET":
        if visitor() is not None:
            return redirect(home(), 303)
        return _page(form)
    if not form.validate():
        return _page(form), 422
    back = safe_path(request.args.get("back", ""))
    secret = browser.new_secret()
    accounts.ask_for_link(
        desk(), form.address.data or "", secret, back if len(back) <= _LONGEST_WAY_BACK else ""
    )
    answer: Response
    if kept is None:
        answer = redirect(url_for("account.sent"), 303)
    else:  # nothing is stored for strangers: the page itself holds what was typed
        answer = current_app.make_response(show_sent(kept))
    browser.remember(answer, secret, carrying=kept is not None)
    return answer


@pages.post("/sign-out")
@allow(signed_in)
def sign_out() -> ResponseReturnValue:
    """End the session, here and on the server, and let the browser forget it."""
    who = me()
    sessions.end(desk(), int(who.actor.person_id or 0), who.token_hash)
    browser.leave()
    answer = current_app.make_response(render_template("account/signed-out.html"))
    answer.headers["Clear-Site-Data"] = _WIPE
    return answer


def _page(form: AskForm) -> str:
    return render_template(
        "account/sign-in.html",
        form=form,
        faults=faults_of(form),
        kept=kept_carried(),
        people=_demo_people(),
        demo_password=DEMO,
    )


def _demo_people() -> tuple[Someone, ...]:
    """Return whom one may be in the demonstration; nobody anywhere else."""
    settings: Settings = current_app.extensions["consult_settings"]
    if settings.production:
        return ()
    return demo_people(desk().engine, accounts.DEMO_DOMAIN, desk().clock(), language())
