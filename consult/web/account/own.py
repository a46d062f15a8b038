"""One's own settings and sessions."""

import json

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.actions import invitations, sessions
from consult.core.ledger import sha256_hex
from consult.core.throttle import EXPORTS
from consult.errors import NotFound, Unavailable
from consult.queries.accounts import OwnSession, sessions_of
from consult.queries.factors import ways
from consult.queries.privacy import kept_of
from consult.web import security
from consult.web.account import party
from consult.web.account.blueprint import pages
from consult.web.account.inviting import SettingsForm
from consult.web.forms import faults_of
from consult.web.frame import desk
from consult.web.policy import allow, fresh, limited, me, signed_in, visitor
from consult.web.templating import UTC_PLACE, reader_place

_SEEN_EVERY = 60  # seconds


@pages.route("/me", methods=["GET", "POST"], endpoint="me")
@allow(signed_in)
def me_page() -> ResponseReturnValue:
    """Show one's name and address, change language and zone."""
    who = me()
    form = SettingsForm(language=who.language, zone=who.zone or "")
    form.offer(who.zone)
    if request.method == "POST" and form.validate():
        invitations.change_settings(
            desk(), _person_id(), form.language.data, form.zone.data or None
        )
        flash(_("Your settings are saved."), "ok")
        return redirect(url_for("account.me", lang=form.language.data), 303)
    faults = faults_of(form)
    page = render_template(
        "account/me.html",
        form=form,
        who=who,
        sessions=_sessions(),
        ways=ways(desk().engine, _person_id()),
        passkeys=party.party() is not None,
        provider=party.provider_name(),
        key=_key,
        where=reader_place() or UTC_PLACE,
        faults=faults,
    )
    return (page, 422) if faults else page


@pages.get("/me/data.json")
@allow(signed_in)
@limited(EXPORTS)
def own_data() -> ResponseReturnValue:
    """Give all that is kept of the person, as a file."""
    kept = kept_of(desk().engine, _person_id())
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    answer = Response(text + "\n", content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=consult-my-data.json"
    return answer


@pages.post("/me/sessions/<key>/end")
@allow(signed_in)
@fresh
def end_session(key: str) -> ResponseReturnValue:
    """End one of one's sessions."""
    found = next((each for each in _sessions() if _key(each) == key), None)
    if found is None:
        raise NotFound
    sessions.end(desk(), _person_id(), found.token_hash)
    security.happened("session ended", which="one")
    flash(_("The session has ended."), "ok")
    return redirect(url_for("account.me"), 303)


@pages.post("/me/sessions/end-others")
@allow(signed_in)
@fresh
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    sessions.end_others(desk(), _person_id(), me().token_hash)
    security.happened("session ended", which="others")
    flash(_("All your other sessions have ended."), "ok")
    return redirect(url_for("account.me"), 303)


@pages.after_app_request
def seen(response: Response) -> Response:
    """Note at most once a minute that the session is in use (T16, T36)."""
    who = visitor() if "_login_user" in g else None
    if who is not None and (desk().clock() - who.seen_at).total_seconds() >= _SEEN_EVERY:
        try:
            sessions.touch(desk(), who.token_hash)
        except Unavailable:  # the page was made: it is worth more than the note
            return response
    return response


def _sessions() -> tuple[OwnSession, ...]:
    who = me()
    return sessions_of(desk().engine, _person_id(), who.token_hash, desk().clock(), staff=who.staff)


def _key(one: OwnSession) -> str:
    """Name a session in an address, without its hash."""
    return sha256_hex(one.token_hash.encode())[:16]


def _person_id() -> int:
    return int(me().actor.person_id or 0)
