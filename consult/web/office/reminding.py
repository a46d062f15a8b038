"""An officer looks at a reminder to the members that are ticked, and sends it by hand."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.actions import due
from consult.actions.due import LONGEST_NOTE
from consult.core.schedule import NoticeKind
from consult.errors import NotFound
from consult.mail.message import MailContent
from consult.mail.render import preview
from consult.queries.consultation import head_of
from consult.queries.telling import reminder_preview
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, me, officer, repeats

_TO = "to"


@pages.post("/office/<slug>/reminder/preview")
@allow(officer)
@repeats(_TO)
def preview_reminder(slug: str) -> ResponseReturnValue:
    """Show what the reminder says; nothing is sent."""
    members = request.form.getlist(_TO)
    if not members:
        flash(_("Tick at least one Member State, then look at the reminder."), "warn")
        return redirect(url_for("office.overview", slug=slug, _anchor="nr"), 303)
    return _show(slug, members, "")


@pages.post("/office/<slug>/reminder")
@allow(officer)
@repeats(_TO)
def remind(slug: str) -> ResponseReturnValue:
    """Queue the reminder."""
    members = request.form.getlist(_TO)
    note = request.form.get("note", "").replace("\0", "").strip()
    if len(note) > LONGEST_NOTE:
        return _show(slug, members, note), 422
    told = due.remind(desk(), slug, me().actor, members, note)
    flash(
        ngettext(
            "The reminder is queued for %(num)d person.",
            "The reminder is queued for %(num)d people.",
            told,
        ),
        "ok",
    )
    return redirect(url_for("office.overview", slug=slug), 303)


def _show(slug: str, members: list[str], note: str) -> str:
    head = head_of(desk().engine, slug, desk().clock(), language())
    mail = _mail(slug, members[0]) if members else None
    too_long = len(note) > LONGEST_NOTE
    fault = _("Shorten it to %(most)s characters", most=LONGEST_NOTE)
    return render_template(
        "office/reminder.html",
        members=members,
        note=note,
        fault=fault if too_long else "",
        faults=[("#note", _("Note: %(fault)s", fault=fault))] if too_long else [],
        mail=mail,
        **around(head, "overview"),
    )


def _mail(slug: str, member: str) -> MailContent:
    """Return the reminder to *member* as an officer may see it.

    Raises:
        NotFound: It is not on the roll of an open consultation.
    """
    data = reminder_preview(desk().engine, slug, member, desk().clock())
    if data is None:
        raise NotFound(member=member)
    origin: str = current_app.extensions["consult_settings"].public_url
    return preview(NoticeKind.REMINDER, data, language(), member, origin)
