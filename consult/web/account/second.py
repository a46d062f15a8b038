"""One's own password, authenticator app and recovery codes: set up, changed, taken away."""

import io
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from consult.actions import authenticator, own_password, sessions
from consult.actions.passwords import LEAST
from consult.core.factors import Factor, FactorChanged
from consult.errors import BadInput
from consult.queries.factors import Ways, ways
from consult.web import security
from consult.web.account import browser
from consult.web.account.again import keep
from consult.web.account.blueprint import pages
from consult.web.forms import faults_of, refuse
from consult.web.frame import desk
from consult.web.policy import allow, fresh, lacks_factors, me, proving, signed_in
from consult.web.serving import send_made
from consult.web.templating import organisation


class PasswordForm(FlaskForm):
    """A new password."""

    password = PasswordField(_l("New password"), render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("The password again"), render_kw={"autocomplete": "new-password"})


class CodeForm(FlaskForm):
    """The first code of a new app."""

    code = StringField(
        _l("Code"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )


@pages.route("/me/password", methods=["GET", "POST"])
@allow(signed_in)
@fresh
@proving
def password() -> ResponseReturnValue:
    """Set or change one's password."""
    held = allowed_ways()
    if not isinstance(held, Ways):
        return held
    form = PasswordForm()
    if request.method == "POST" and form.validate() and _twice(form):
        try:
            own_password.change(desk(), person_id(), form.password.data or "")
        except BadInput as refused:
            refuse(form, refused)
        else:
            security.changed(FactorChanged.PASSWORD_SET)
            return keep(_stronger(Factor.PASSWORD), done(_("The password is saved.")))
    faults = faults_of(form)
    page = render_template(
        "account/password.html", form=form, ways=held, least=LEAST, faults=faults
    )
    return (page, 422) if faults else page


@pages.post("/me/password/remove")
@allow(signed_in)
@fresh
def remove_password() -> ResponseReturnValue:
    own_password.remove(desk(), person_id())
    security.changed(FactorChanged.PASSWORD_REMOVED)
    flash(done(_("The password is removed.")), "ok")
    return redirect(url_for("account.me"), 303)


@pages.route("/me/app", methods=["GET", "POST"])
@allow(signed_in)
@fresh
@proving
def app() -> ResponseReturnValue:
    """Show the app that waits for its first code as a picture and as text; a POST confirms it."""
    held = allowed_ways()
    if not isinstance(held, Ways):
        return held
    form = CodeForm()
    if request.method == "POST":
        try:
            codes = authenticator.confirm(desk(), person_id(), form.code.data or "")
        except BadInput as refused:
            refuse(form, refused)
        else:
            security.changed(FactorChanged.APP_ADDED)
            browser.begin(_stronger(Factor.APP))
            return _show(codes)
    seed = authenticator.seed_of(desk(), person_id(), held.waiting) if held.waiting else ""
    faults = faults_of(form)
    page = render_template(
        "account/app.html",
        form=form,
        ways=held,
        seed=seed,
        picture=_picture(seed) if seed else "",
        faults=faults,
    )
    return (page, 422) if faults else page


@pages.post("/me/app/begin")
@allow(signed_in)
@fresh
@proving
def begin_app() -> ResponseReturnValue:
    """Make the seed of a new app."""
    held = allowed_ways()
    if not isinstance(held, Ways):
        return held
    authenticator.begin(desk(), person_id())
    return redirect(url_for("account.app"), 303)


@pages.post("/me/app/remove")
@allow(signed_in)
@fresh
def remove_app() -> ResponseReturnValue:
    authenticator.remove(desk(), person_id())
    security.changed(FactorChanged.APP_REMOVED)
    flash(done(_("The authenticator app and its recovery codes are removed.")), "ok")
    return redirect(url_for("account.me"), 303)


@pages.post("/me/codes")
@allow(signed_in)
@fresh
def renew_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them, this once."""
    codes = authenticator.renew_codes(desk(), person_id())
    security.changed(FactorChanged.CODES_RENEWED)
    return _show(codes)


@pages.post("/me/codes.txt")
@allow(signed_in)
def codes_as_file() -> ResponseReturnValue:
    """Give back as a file the codes that the page showed: only their hashes are kept here."""
    text = "\r\n".join(request.form.get("codes", "").split()[: authenticator.CODES])
    host = urlsplit(current_app.extensions["consult_settings"].public_url).hostname
    said = f"{_('Recovery codes')}: {host}\r\n\r\n{text}\r\n"
    return send_made(said.encode(), "recovery-codes.txt", "text/plain; charset=utf-8")


def allowed_ways() -> Ways | ResponseReturnValue:
    """Return what one has; whoever must still show a factor that is there is sent to do so.

    A session with too few factors may only set up the first one: T12.
    """
    held = ways(desk().engine, person_id())
    if lacks_factors(me()) and held.second:
        return redirect(url_for("account.confirm", back=request.path), 303)
    return held


def person_id() -> int:
    return int(me().actor.person_id or 0)


def done(said: str) -> str:
    """Say what was done, and what else one may want to do now (T15)."""
    more = _("You are told by mail. If you do not know all the sessions below, end the others.")
    return f"{said} {more}"


def _stronger(shown: Factor) -> sessions.SignedIn:
    return sessions.strengthen(desk(), person_id(), me().token_hash, shown)


def _twice(form: PasswordForm) -> bool:
    if (form.password.data or "") == (form.again.data or ""):
        return True
    form.again.errors = [_l("Type the same password twice")]
    return False


def _show(codes: tuple[str, ...]) -> str:
    return render_template("account/codes.html", codes=codes)


def _picture(seed: str) -> str:
    """Return the QR code as inline SVG."""
    import segno  # noqa: PLC0415 - for this page alone

    address = authenticator.address_of(seed, me().address, organisation().short_name or "Consult")
    made = io.BytesIO()
    segno.make(address, micro=False).save(
        made,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,  # a view box instead: the style sheet's size scales it, and cuts nothing off
        border=4,
        light="#fff",
        dark="#000",
    )
    return made.getvalue().decode()
