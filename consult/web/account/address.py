"""One's own e-mail address: asked for, and confirmed by the mail that goes to it (T15)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from consult.actions import addresses
from consult.core.factors import FactorChanged
from consult.core.ledger import sha256_hex
from consult.core.tokens import code_of
from consult.errors import BadInput, LinkEnded, TooOften, WrongCode
from consult.queries.addresses import wanted
from consult.web import security
from consult.web.account.blueprint import pages
from consult.web.account.second import done, person_id
from consult.web.forms import faults_of, new_address, refuse
from consult.web.frame import desk
from consult.web.policy import allow, anyone, fresh, me, signed_in, visitor
from consult.wording.refusals import sentence

CONFIRM = "confirm"


class AddressForm(FlaskForm):
    """Where mail shall go."""

    address = new_address("email")


class CodeForm(FlaskForm):
    """What the link shows."""

    code = StringField(
        _l("Code that the link shows"), render_kw={"autocomplete": "off", "maxlength": "20"}
    )


@pages.route("/me/address", methods=["GET", "POST"])
@allow(signed_in)
@fresh
def address() -> ResponseReturnValue:
    """Ask for another address, or confirm the one that was asked for."""
    if request.method != "POST":
        return _page(AddressForm(formdata=None), CodeForm(formdata=None))
    if request.form.get("do") == CONFIRM:
        return _confirm(CodeForm())
    form, other = AddressForm(), CodeForm(formdata=None)
    if not form.validate():
        return _page(form, other), 422
    try:
        addresses.ask(desk(), person_id(), form.address.data or "")
    except TooOften as refused:
        form.address.errors = [sentence(refused)]
        return _page(form, other), 429, {"Retry-After": str(refused.facts["seconds"])}
    except BadInput as refused:
        refuse(form, refused)
        return _page(form, other), 422
    security.happened("address asked for")
    return redirect(url_for("account.address"), 303)


@pages.get("/address/<token>")
@allow(anyone)
def address_link(token: str) -> ResponseReturnValue:
    """Show the button to whoever asked, elsewhere the code to type; nothing is changed here."""
    found = wanted(desk().engine, desk().clock(), token_hash=sha256_hex(token.encode()))
    if found is None:
        return render_template(
            "account/ended.html", kept=None, again=url_for("account.address")
        ), 410
    who = visitor()
    return render_template(
        "account/address-link.html",
        address=found.address,
        code=code_of(token),
        own=who is not None and who.actor.person_id == found.person_id,
    )


def _confirm(form: CodeForm) -> ResponseReturnValue:
    """Change the address, if the code is the one that was mailed to it."""
    other = AddressForm(formdata=None)
    if not (form.code.data or "").strip():
        form.code.errors = [_("Type the 8 characters that the link shows")]
        return _page(other, form), 422
    try:
        addresses.confirm(desk(), person_id(), form.code.data or "")
    except LinkEnded as refused:
        security.refused("address refused", refused.code)
        return render_template(
            "account/ended.html", kept=None, again=url_for("account.address")
        ), 410
    except WrongCode as refused:
        security.refused("address refused", refused.code)
        form.code.errors = [sentence(refused)]
        return _page(other, form), 422
    except BadInput as refused:
        refuse(other, refused)
        return _page(other, form), 422
    security.changed(FactorChanged.ADDRESS_CHANGED)
    flash(done(_("The address is changed.")), "ok")
    return redirect(url_for("account.me"), 303)


def _page(form: AddressForm, code: CodeForm) -> str:
    found = wanted(desk().engine, desk().clock(), person_id=person_id())
    if found and form.address.errors and not form.address.data:
        form.address.data = found.address  # the fault is about the one that waits
    return render_template(
        "account/address.html",
        form=form,
        code=code,
        waiting=found.address if found else "",
        who=me(),
        faults=[*faults_of(form), *faults_of(code)],
    )
