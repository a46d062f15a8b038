"""The calendars of days to avoid: which are there, and taking one in from a file."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from consult.actions.calendars import LARGEST, import_calendar
from consult.errors import BadInput
from consult.queries import clashes as queries
from consult.web.drafting.forms import line
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.policy import allow, me, officer
from consult.wording.in_files import fault_in_file

_NAMED = 10  # events, before it is said that there are more


class CalendarForm(FlaskForm):
    """A file, and how the calendar is called."""

    file = FileField()
    slug = line("", longest=64)


@pages.route("/office/calendars", methods=["GET", "POST"])
@allow(officer)
def calendars() -> ResponseReturnValue:
    """List the calendars; a POST takes one in, or none of it."""
    form = CalendarForm()
    form.file.label.text = _("File")
    form.slug.label.text = _("Short name (optional)")
    if request.method == "GET":
        return _show(form, [])
    sent = form.file.data if isinstance(form.file.data, FileStorage) else None
    if sent is None or not sent.filename:
        return _show(form, [_("Choose a file")]), 422
    try:
        loaded = import_calendar(
            desk(), me().actor, sent.read(LARGEST + 1), sent.filename, form.slug.data or None
        )
    except BadInput as wrong:
        said = [fault_in_file(path, what) for path, what in wrong.faults.items()]
        return _show(form, said), 422
    flash(
        ngettext(
            "Calendar %(name)s has %(num)d entry.",
            "Calendar %(name)s has %(num)d entries.",
            loaded.events,
            name=loaded.slug,
        ),
        "ok",
    )
    if loaded.once:
        flash(_once(loaded.once), "warn")
    return redirect(url_for("office.calendars"), 303)


def _once(titles: Sequence[str]) -> str:
    """Say which events repeat by a rule that is not followed; of many, the first ones."""
    said = [*titles[:_NAMED], *(["…"] if len(titles) > _NAMED else [])]
    words: str = _(
        "These repeat by a rule that is not followed; only the first time of each is taken in:"
        " %(titles)s. Load the other days as events of their own.",
        titles="; ".join(said),
    )
    return words


def _show(form: CalendarForm, said: list[str]) -> str:
    form.file.errors = said[:1]
    return render_template(
        "office/calendars.html",
        form=form,
        calendars=queries.calendars(desk().engine),
        faults=[("#file", words) for words in said[:20]],
        faults_heading=_("Nothing was taken in"),
        spoken=language(),
    )
