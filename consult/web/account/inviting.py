"""An invited person sets up the account; opening the link spends nothing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectChoice, SelectField
from wtforms.validators import Optional

from consult.actions import invitations
from consult.actions.passwords import LEAST
from consult.core.ledger import sha256_hex
from consult.core.throttle import SIGN_IN_NETWORK
from consult.errors import BadInput, LinkEnded
from consult.queries.accounts import Someone, invited
from consult.queries.zones import zones
from consult.web import security
from consult.web.account import browser
from consult.web.account.blueprint import pages
from consult.web.account.proving import duty
from consult.web.forms import faults_of, refuse
from consult.web.frame import desk, language
from consult.web.policy import allow, anyone, limited
from consult.wording import LANGUAGES


class SettingsForm(FlaskForm):
    """In which language and time a person reads."""

    language = SelectField(
        _l("Language of your pages and mail"),
        choices=[SelectChoice(*pair) for pair in LANGUAGES.items()],
    )
    zone = SelectField(_l("Your time, beside that of the seat"), validators=[Optional()])

    def offer(self, kept: str | None) -> None:
        """Offer the zones of the capitals, and the one that is kept."""
        offered = zones(desk().engine, language())
        known = {zone for zone, _city in offered}
        if kept and kept not in known:
            offered = ((kept, kept), *offered)
        self.zone.choices = [SelectChoice("", "UTC"), *(SelectChoice(*pair) for pair in offered)]


class SetUpForm(SettingsForm):
    """What a new account needs."""

    password = PasswordField(_l("Password"), render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("The password again"), render_kw={"autocomplete": "new-password"})


@pages.route("/invitations/<token>", methods=["GET", "POST"])
@allow(anyone)
@limited(SIGN_IN_NETWORK, "POST")
def invitation(token: str) -> ResponseReturnValue:
    """Show whose account it is; the button sets it up and signs the person in."""
    someone = invited(desk().engine, sha256_hex(token.encode()), desk().clock(), language())
    if someone is None:
        return render_template("account/ended.html", kept=None), 410
    form = SetUpForm(language=language())
    form.offer(None)
    if request.method == "GET":
        return _page(form, someone)
    if not form.validate() or not _typed_twice(form):
        return _page(form, someone), 422
    try:
        signed = invitations.set_up(
            desk(),
            token,
            form.language.data,
            form.zone.data or None,
            form.password.data or "",
            browser.present(),
        )
    except LinkEnded as ended:
        security.refused("sign-in refused", ended.code, way="invitation")
        return render_template("account/ended.html", kept=None), 410
    except BadInput as refused:
        refuse(form, refused)
        return _page(form, someone), 422
    browser.begin(signed)
    security.happened("signed in", person=signed.opaque, way="invitation", factors=signed.factors)
    return redirect(url_for("register.home", lang=form.language.data), 303)


def _typed_twice(form: SetUpForm) -> bool:
    if (form.password.data or "") == (form.again.data or ""):
        return True
    form.again.errors = [_l("Type the same password twice")]
    return False


def _page(form: SetUpForm, someone: Someone) -> str:
    return render_template(
        "account/invitation.html",
        form=form,
        someone=someone,
        does=duty(someone),
        least=LEAST,
        faults=faults_of(form),
    )
