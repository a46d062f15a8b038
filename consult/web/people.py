"""People, for an administrator: how and where they are signed in, and their reset."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from consult.actions import addresses, factors, sessions
from consult.core.factors import FactorChanged
from consult.core.ledger import sha256_hex
from consult.errors import BadInput, NotFound
from consult.queries.people import one, people
from consult.web import security
from consult.web.forms import at_most, faults_of, new_address, plain_text, refuse
from consult.web.frame import desk
from consult.web.policy import administrator, allow, fresh, me
from consult.web.templating import UTC_PLACE, reader_place

pages = Blueprint("people", __name__, url_prefix="/<lang:lang>/admin")

_LONGEST = 100
_OTHER = "new"  # before the fields of the second form of the page


def _reason() -> StringField:
    return StringField(
        _l("Reason, and how you made sure who asks"),
        validators=[InputRequired(_l("Write the reason")), at_most(500), plain_text],
        render_kw={"autocomplete": "off"},
    )


class ResetForm(FlaskForm):
    """Why somebody's ways to sign in are taken away."""

    reason = _reason()


class AddressForm(FlaskForm):
    """Where somebody's mail goes from now on, and why."""

    address = new_address("off")
    reason = _reason()


@pages.get("/people")
@allow(administrator)
def listing() -> ResponseReturnValue:
    """List the people; a search leaves those that fit."""
    sought = request.args.get("q", "")[:_LONGEST]
    found = people(desk().engine, sought, desk().clock())
    return render_template(
        "people/list.html", people=found, sought=sought, where=reader_place() or UTC_PLACE
    )


@pages.get("/people/<person>")
@allow(administrator)
def page(person: str) -> ResponseReturnValue:
    """Show one person."""
    return _page(person)


@pages.post("/people/<person>/reset")
@allow(administrator)
@fresh
def reset(person: str) -> ResponseReturnValue:
    """Take away all by which the person signs in, and send an invitation (T15)."""
    form = ResetForm()
    if not form.validate():
        return _page(person, form=form), 422
    factors.reset(desk(), me().actor, person, form.reason.data or "")
    security.changed(FactorChanged.RESET, of=person)
    flash(_("All was reset. The person gets a link by mail that sets up the account anew."), "ok")
    return redirect(url_for("people.page", person=person), 303)


@pages.post("/people/<person>/address")
@allow(administrator)
@fresh
def address(person: str) -> ResponseReturnValue:
    """Give the person another address, and tell the old one (T15)."""
    form = AddressForm(prefix=_OTHER)
    if not form.validate():
        return _page(person, other=form), 422
    try:
        addresses.give(desk(), me().actor, person, form.address.data or "", form.reason.data or "")
    except BadInput as refused:
        refuse(form, refused)
        return _page(person, other=form), 422
    security.changed(FactorChanged.ADDRESS_CHANGED, of=person)
    flash(_("The address is changed. Both addresses and the colleagues are told."), "ok")
    return redirect(url_for("people.page", person=person), 303)


@pages.post("/people/<person>/sessions/end")
@allow(administrator)
def end_all(person: str) -> ResponseReturnValue:
    """End all sessions of a person."""
    sessions.end_of(desk(), me().actor, person, None)
    security.happened("session ended", which="all", of=person)
    flash(_("All sessions of this person have ended."), "ok")
    return redirect(url_for("people.page", person=person), 303)


@pages.post("/people/<person>/sessions/<key>/end")
@allow(administrator)
def end_session(person: str, key: str) -> ResponseReturnValue:
    """End one session of a person."""
    held = one(desk().engine, person, desk().clock()).sessions
    found = next((each for each in held if key_of(each.token_hash) == key), None)
    if found is None:
        raise NotFound
    sessions.end_of(desk(), me().actor, person, found.token_hash)
    security.happened("session ended", which="one", of=person)
    flash(_("The session has ended."), "ok")
    return redirect(url_for("people.page", person=person), 303)


def key_of(token_hash: str) -> str:
    """Name a session in an address, without its hash."""
    return sha256_hex(token_hash.encode())[:16]


def _page(person: str, *, form: ResetForm | None = None, other: AddressForm | None = None) -> str:
    form = form or ResetForm(formdata=None)
    other = other or AddressForm(formdata=None, prefix=_OTHER)
    return render_template(
        "people/person.html",
        whole=one(desk().engine, person, desk().clock()),
        form=form,
        other=other,
        faults=[*faults_of(form), *faults_of(other)],
        key=lambda each: key_of(each.token_hash),
        where=reader_place() or UTC_PLACE,
        own=me().actor.opaque == person,
    )
