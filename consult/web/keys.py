"""The keys with which the service signs: shown to everybody, changed by two persons."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import StringField

from consult.actions import rotating
from consult.core import deadline
from consult.core.deadline import Written
from consult.core.ledger import read_instant
from consult.core.life import Role
from consult.core.signing import COMPROMISED, PLANNED, fingerprint_of
from consult.errors import BadInput, NoSigningKey
from consult.queries.keys import Proposed, asked_before, key_file, proposed
from consult.web import checkpage
from consult.web.drafting.forms import choose, clean, made, months
from consult.web.forms import faults_of, refuse, restored
from consult.web.frame import desk
from consult.web.policy import Policy, allow, anyone, me
from consult.web.serving import send_made

pages = Blueprint("keys", __name__, url_prefix="/<lang:lang>")

key_keeper = Policy(
    "officer, approver or administrator",
    "the signing keys",
    frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR}),
)
_PARTS = ("day", "month", "year", "time")
_CONFIRM, _REFUSE = "confirm", "refuse"


@pages.get("/keys", endpoint="list")
@allow(anyone)
def listed() -> ResponseReturnValue:
    """Show the fingerprints, and how to check without us."""
    return render_template("keys/list.html", keys=_keys())


@pages.get("/check.html")
@allow(anyone)
def checker() -> ResponseReturnValue:
    """Send the page that checks files without any server: to be opened from disk (T56)."""
    script = resources.files("consult").joinpath("data", "check.js").read_text(encoding="utf-8")
    page = render_template(
        "keys/check.html",
        script=Markup(script),  # noqa: S704 - our own file  # nosec B704
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        said=checkpage.words(),
    )
    return send_made(page.encode(), "consult-check.html", "text/html; charset=utf-8", public=True)


@pages.route("/keys/change", methods=["GET", "POST"])
@allow(key_keeper)
def change() -> ResponseReturnValue:
    """Ask for another key, or confirm the one that another person asked for."""
    waits = proposed(desk().engine, desk().clock() - rotating.LAPSES_AFTER)
    form = _form()
    pressed = request.form.get("do", "")
    if request.method == "GET" or restored():
        return _show(waits, form)
    if pressed in {_CONFIRM, _REFUSE}:
        return _decide(pressed, request.form.get("waits", ""))
    return _ask(waits, form)


def _decide(pressed: str, kid: str) -> ResponseReturnValue:
    if pressed == _CONFIRM:
        rotating.confirm(desk(), me().actor, kid)
        flash(_("The service signs with the new key. Every ledger that goes on says so."), "ok")
    else:
        rotating.refuse(desk(), me().actor, kid)
        flash(_("The key stays as it is."), "ok")
    return redirect(url_for("keys.change"), 303)


def _ask(waits: Proposed | None, form: Any) -> ResponseReturnValue:
    reason = form.reason.data or ""
    try:
        since = _since(form) if reason == COMPROMISED else None
        rotating.ask(desk(), me().actor, form.kid.data or "", reason, since)
    except NoSigningKey:
        refuse(form, BadInput({"kid": "key-unknown"}))
        return _show(waits, form), 422
    except BadInput as wrong:
        refuse(form, wrong)
        return _show(waits, form), 422
    flash(_("Asked for. The key changes when a second person confirms it."), "ok")
    return redirect(url_for("keys.change"), 303)


def _since(form: Any) -> datetime | None:
    """Return the instant that is written.

    Raises:
        BadInput: With the fields that are wrong.
    """
    written = Written(*(form[f"since-{part}"].data or "" for part in _PARTS))
    try:
        return deadline.read(written, UTC)
    except BadInput as wrong:
        raise BadInput({f"since-{part}": code for part, code in wrong.faults.items()}) from None


def _form() -> Any:
    ready = sorted(set(desk().keys.kids()) - asked_before(desk().engine))
    fields = {
        "kid": choose(_("Key"), [("", _("Choose")), *((kid, kid) for kid in ready)]),
        "reason": choose(
            _("Reason"),
            [
                ("", _("Choose")),
                (PLANNED, _("It is time to change it")),
                (COMPROMISED, _("It may be in other hands")),
            ],
        ),
        "since-day": StringField(_("Day"), filters=[clean]),
        "since-month": choose(_("Month"), months()),
        "since-year": StringField(_("Year"), filters=[clean]),
        "since-time": StringField(_("Time, 24 hours"), filters=[clean]),
    }
    return made(FlaskForm, fields)()


def _show(waits: Proposed | None, form: Any) -> str:
    roles, own = me().roles, me().actor.person_id
    return render_template(
        "keys/change.html",
        keys=_keys(),
        waits=waits,
        fingerprint=fingerprint_of(waits.public_key) if waits else "",
        compromised=waits is not None and waits.reason == COMPROMISED,
        may_decide=waits is not None
        and waits.asked_by_id != own
        and bool(rotating.MAY_CONFIRM & roles),
        may_ask=waits is None and bool(rotating.MAY_ASK & roles),
        ready=len(form.kid.choices) > 1,
        form=form,
        faults=faults_of(form),
        faults_heading=_("It is not asked for: look at what is marked"),
    )


def _keys() -> list[dict[str, Any]]:
    """Return the keys with their instants and their fingerprints, the newest first."""
    return [
        {
            "kid": key["kid"],
            "fingerprint": fingerprint_of(key["public_key"]),
            "from": read_instant(key["valid_from"]),
            "to": read_instant(key["valid_to"]) if key["valid_to"] else None,
            "revoked": read_instant(key["revoked_at"]) if key["revoked_at"] else None,
        }
        for key in reversed(key_file(desk().engine)["keys"])
    ]
