"""One's own passkeys: added, named, removed, shown again (T11)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from consult.actions import passkeys, sessions
from consult.core.factors import Factor, FactorChanged
from consult.errors import BadInput, NotFound, NotProven
from consult.queries.factors import Ways
from consult.web import security
from consult.web.account import again, browser, party
from consult.web.account.blueprint import pages
from consult.web.account.second import allowed_ways, done, person_id
from consult.web.forms import at_most, faults_of, plain_text, refuse
from consult.web.frame import desk
from consult.web.policy import allow, fresh, me, proving, signed_in
from consult.wording.refusals import sentence


class KeyForm(FlaskForm):
    """A name for a key, and what the browser answered."""

    name = StringField(
        _l("Name"), validators=[at_most(60), plain_text], render_kw={"autocomplete": "off"}
    )
    answer = HiddenField(_l("Passkey"))
    challenge = HiddenField()


@pages.route("/me/passkeys", methods=["GET", "POST"])
@allow(signed_in)
@fresh
@proving
def keys() -> ResponseReturnValue:
    """List one's passkeys; a POST keeps a new one."""
    held = allowed_ways()
    if not isinstance(held, Ways):
        return held
    for_whom = party.party()
    if for_whom is None:
        raise NotFound
    form = KeyForm()
    if request.method == "POST" and form.validate():
        try:
            passkeys.add(
                desk(),
                for_whom,
                person_id(),
                form.name.data or "",
                form.challenge.data or "",
                form.answer.data or "",
            )
        except BadInput as refused:
            refuse(form, refused)
        else:
            security.changed(FactorChanged.PASSKEY_ADDED)
            signed = sessions.strengthen(desk(), person_id(), me().token_hash, Factor.PASSKEY)
            browser.begin(signed)
            flash(done(_("The passkey is saved.")), "ok")
            return redirect(url_for("account.keys"), 303)
    faults = faults_of(form)
    page = render_template(
        "account/passkeys.html",
        form=form,
        ways=held,
        ask=party.asked_to_add(me()),
        faults=faults,
    )
    return (page, 422) if faults else page


@pages.post("/me/passkeys/<int:number>/remove")
@allow(signed_in)
@fresh
def remove_key(number: int) -> ResponseReturnValue:
    passkeys.remove(desk(), person_id(), number)
    security.changed(FactorChanged.PASSKEY_REMOVED)
    flash(done(_("The passkey is removed.")), "ok")
    return redirect(url_for("account.me"), 303)


@pages.post("/me/passkeys/<int:number>/name")
@allow(signed_in)
def name_key(number: int) -> ResponseReturnValue:
    form = KeyForm()
    if not form.validate():
        raise BadInput({"name": "control-characters"})
    passkeys.rename(desk(), person_id(), number, form.name.data or "")
    flash(_("The passkey has its new name."), "ok")
    return redirect(url_for("account.keys"), 303)


@pages.post("/me/confirm/passkey")
@allow(signed_in)
@proving
def confirm_by_passkey() -> ResponseReturnValue:
    """Show one's passkey again, or as the factor that is still missing."""
    for_whom = party.party()
    if for_whom is None:
        raise NotFound
    form = again.AgainForm(formdata=None)
    challenge, answer = request.form.get("challenge", ""), request.form.get("answer", "")
    try:
        signed = passkeys.again(desk(), for_whom, person_id(), me().token_hash, challenge, answer)
    except NotProven as refused:
        security.refused("factor refused", refused.code)
        form.password.errors = [sentence(refused)]
        return again.page(form), 422
    return again.shown(signed)
