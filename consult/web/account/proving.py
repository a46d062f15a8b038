"""Signing in: by the link where it was asked for, elsewhere by its code, typed where it was."""

from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import Optional

from consult.actions import accounts
from consult.actions.accounts import Proof
from consult.actions.sessions import SignedIn
from consult.core.ledger import sha256_hex
from consult.core.network import prefix
from consult.core.tokens import code_of, same
from consult.errors import BadInput, LinkEnded, WrongCode
from consult.queries.accounts import Asked, Someone, asked
from consult.settings import Settings
from consult.web import captured, security
from consult.web.account import browser
from consult.web.account.blueprint import pages
from consult.web.forms import Kept, SecretField, faults_of, kept_carried, refuse, safe_path
from consult.web.frame import desk, language
from consult.web.policy import allow, anyone
from consult.wording import kinds
from consult.wording.refusals import sentence


@dataclass(frozen=True, slots=True)
class Needs:
    """What is asked for beside a link.

    Args:
        must: Whether one of the two must be given.
        password, app: Whether there is a field for it.
        passkey: Whether a passkey would do without the link.
    """

    must: bool
    password: bool
    app: bool
    passkey: bool


class ProofForm(FlaskForm):
    """What is shown beside the link: who of several one is, and a password."""

    code = StringField(
        _l("Code, if you opened the link elsewhere"), render_kw={"autocomplete": "off"}
    )
    person = RadioField(_l("Who are you?"), choices=[], validators=[Optional()])
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
    second = SecretField(
        _l("Code of your authenticator app, or a recovery code"),
        render_kw={"autocomplete": "one-time-code", "maxlength": "40", "spellcheck": "false"},
    )


@pages.get("/sign-in/sent")
@allow(anyone)
def sent() -> ResponseReturnValue:
    """Say that a link is on its way, if the address is known, and take its code."""
    return show_sent(None)


@pages.post("/sign-in/sent")
@allow(anyone)
def by_code() -> ResponseReturnValue:
    """Sign in by the code that the link shows in another browser (T9)."""
    form, kept = _form(None), kept_carried()
    proof = _proof(form, token=None)
    if not proof.code:
        return show_sent(kept, _("Type the 8 characters that the link shows")), 422
    try:
        signed = accounts.sign_in(desk(), proof)
    except (LinkEnded, WrongCode, BadInput) as refused:
        _note(refused, "code")
        return _not_by_code(form, kept, refused)
    return enter(signed, kept, "code")


@pages.get("/sign-in/link/<token>")
@allow(anyone)
def link(token: str) -> ResponseReturnValue:
    """Show who would be signed in and a button; elsewhere the code to type where it was asked."""
    found = _asked_by(token)
    return _show_link(token, found, _form(found)) if found else _ended(None)


@pages.post("/sign-in/link/<token>")
@allow(anyone)
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by the link, in the browser that asked for it."""
    found = _asked_by(token)
    if found is None:
        _note(LinkEnded(), "link")
        return _ended(None)
    form = _form(found)
    try:
        signed = accounts.sign_in(desk(), _proof(form, token=token))
    except LinkEnded as ended:
        _note(ended, "link")
        return _ended(None)
    except WrongCode as wrong:
        _note(wrong, "link")
        if not wrong.left:
            return _ended(None)
        _beside(form, wrong)
        return _show_link(token, found, form), 422
    except BadInput as missing:
        refuse(form, missing)
        return _show_link(token, found, form), 422
    return enter(signed, None, "link")


def show_sent(kept: Kept | None, fault: str | None = None) -> str:
    """Return the page that takes the code; *kept* is what it carries along."""
    form = ProofForm()
    form.code.errors = [fault] if fault else []
    return render_template(
        "account/sent.html",
        form=form,
        kept=kept,
        faults=faults_of(form) if fault else [],
        arrived=_arrived(),
    )


def _arrived() -> str | None:
    """Return the link that was just mailed, from the demo's captured mail; None anywhere else."""
    found = _asked_here()
    if found is None or not captured.is_open():
        return None
    for mail_link in captured.links_to({person.address for person in found.people}):
        token = mail_link.rpartition("/")[2]
        if (by_mail := _asked_by(token)) and by_mail.browser_hash == found.browser_hash:
            return mail_link
    return None


def _asked_here() -> Asked | None:
    secret = browser.asking().secret
    if not secret:
        return None
    return asked(
        desk().engine, desk().clock(), language(), browser_hash=sha256_hex(secret.encode())
    )


def _asked_by(token: str) -> Asked | None:
    return asked(desk().engine, desk().clock(), language(), token_hash=sha256_hex(token.encode()))


def _show_link(token: str, found: Asked, form: ProofForm) -> str:
    held = browser.asking()
    here = same(found.browser_hash, sha256_hex(held.secret.encode()))
    return render_template(
        "account/link.html",
        form=form,
        asked=found,
        here=here,
        code=None if here and not held.carrying else code_of(token),
        faults=faults_of(form),
        needs=_needs(found),
        duty=duty,
    )


def _not_by_code(
    form: ProofForm, kept: Kept | None, refused: LinkEnded | WrongCode | BadInput
) -> ResponseReturnValue:
    if isinstance(refused, LinkEnded) or (isinstance(refused, WrongCode) and not refused.left):
        return _ended(kept)
    if isinstance(refused, WrongCode) and refused.what == "code":
        return show_sent(kept, sentence(refused)), 422
    return _who(form, kept, refused)


def _who(form: ProofForm, kept: Kept | None, refused: BadInput | WrongCode) -> ResponseReturnValue:
    """The code is right: ask which person of the mailbox one is, and for the password."""
    found = _asked_here()
    if found is None:
        return _ended(kept)
    again = _form(found)
    if isinstance(refused, WrongCode):
        _beside(again, refused)
    elif request.form.get("stage") == "who":  # not when the code has just been typed
        refuse(again, refused)
    return (
        render_template(
            "account/who.html",
            form=again,
            kept=kept,
            faults=faults_of(again),
            needs=_needs(found),
        ),
        422 if again.errors else 200,
    )


def _form(found: Asked | None) -> ProofForm:
    form = ProofForm()
    people = found.people if found else ()
    form.person.choices = [SelectChoice(person.opaque, describe(person)) for person in people]
    return form


def describe(person: Someone) -> str:
    """Return a person with what it does: "A. Name, officer" or "A. Name, Kenya"."""
    does = duty(person)
    if not does:
        return person.name
    return str(_("%(person)s, %(does)s", person=person.name, does=does))


def duty(person: Someone) -> str:
    """Return what a person does here: "officer and approver" or "Kenya"."""
    return kinds.roles(person.roles) if person.roles else kinds.listed(person.members)


def _note(refused: LinkEnded | WrongCode | BadInput, way: str) -> None:
    """Note a try that failed; what was left out is none yet."""
    if isinstance(refused, WrongCode):
        security.refused("sign-in refused", f"wrong-{refused.what}", way=way)
    elif isinstance(refused, LinkEnded):
        security.refused("sign-in refused", refused.code, way=way)


def _beside(form: ProofForm, wrong: WrongCode) -> None:
    """Put what is wrong beside the field that it is about."""
    field = form.second if wrong.what == "second" else form.password
    field.errors = [sentence(wrong)]


def _needs(found: Asked) -> Needs:
    """Say what is asked for beside the link."""
    several = found.people
    settings: Settings = current_app.extensions["consult_settings"]
    strict = settings.focal_point_factors > 1
    must = len(several) == 1 and (
        several[0].staff or (strict and (several[0].password or several[0].app))
    )
    app = any(person.app for person in several)
    # The secretariat's people see the field even before they have a password.
    password = any(person.password for person in several) or (must and not app)
    return Needs(must, password, app, any(person.passkey for person in several))


def _proof(form: ProofForm, token: str | None) -> Proof:
    return Proof(
        token=token,
        code=None if token else (form.code.data or "").strip(),
        browser=browser.asking().secret,
        person=request.form.get("person", ""),
        password=form.password.data or "",
        second=(form.second.data or "").strip(),
        from_browser=browser.present(),
        network=prefix(request.remote_addr),
    )


def enter(signed: SignedIn, kept: Kept | None, way: str) -> ResponseReturnValue:
    """Begin the session; show what was kept, or go where the person wanted to."""
    browser.begin(signed)
    security.happened("signed in", person=signed.opaque, way=way, factors=signed.factors)
    answer: Response
    if kept is not None:
        answer = Response(render_template("account/restore.html", kept=kept), mimetype="text/html")
    else:
        answer = redirect(safe_path(signed.back_to) or url_for("register.home"), 303)
    browser.forget(answer)
    return answer


def _ended(kept: Kept | None) -> ResponseReturnValue:
    return render_template("account/ended.html", kept=kept), 410
