"""Step 5: when members are reminded, and what each mail will say to a focal point."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from consult.core.schedule import NoticeKind, steps
from consult.errors import BadInput
from consult.queries.drafting import Draft
from consult.web.drafting.forms import DraftForm, choose, clean, made
from consult.web.drafting.page import NOTICES, Page, back
from consult.web.frame import desk
from consult.wording import kinds

DAY, HOUR = 24 * 60, 60
MOST = 10
LONGEST = 365 * DAY
# Which mails focal points get about a letter, in their order.
PREVIEWED = (
    NoticeKind.INVITATION,
    NoticeKind.REMINDER,
    NoticeKind.ACKNOWLEDGEMENT,
    NoticeKind.RESULT,
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of the schedule.

    Args:
        number: Its place in the form, from 0.
        due_at: None while there is no deadline, or where it falls before the opening.
    """

    number: int
    due_at: datetime | None


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: of each reminder a number and a unit, and an empty one to add."""
    reminders = draft.content["reminders"]
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"seen": draft.version}
    for n in range(len(reminders) + 1):
        fields[f"before-{n}"] = StringField(_("How long before the deadline"), filters=[clean])
        fields[f"unit-{n}"] = choose(_("Unit"), [(str(DAY), _("days")), (str(HOUR), _("hours"))])
    for n, minutes in enumerate(reminders):
        unit = DAY if minutes % DAY == 0 else HOUR
        data |= {f"before-{n}": str(minutes // unit), f"unit-{n}": str(unit)}
    form: FlaskForm = made(DraftForm, fields)(*given, data=data)
    return form


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the schedule, longest first; an emptied or removed reminder is left out.

    Raises:
        BadInput: At a number that is none, or too many reminders.
    """
    act, _colon, removed = form.do.data.partition(":")
    found = []
    faults = {}
    for n in range(len(draft.content["reminders"]) + 1):
        text = form[f"before-{n}"].data
        if not text or (act == "remove" and removed == str(n)):
            continue
        unit = int(form[f"unit-{n}"].data or DAY)
        size = int(text) * unit if text.isascii() and text.isdecimal() and len(text) < 5 else 0  # noqa: PLR2004
        if not 0 < size <= LONGEST:
            faults[f"before-{n}"] = "before"
        found.append(size)
    if faults:
        raise BadInput(faults)
    if len(set(found)) > MOST:
        raise BadInput({f"before-{len(draft.content['reminders'])}": "reminders-many"})
    return {"reminders": sorted(set(found), reverse=True)}


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return when each reminder falls due, and the mails to look at."""
    content = draft.content
    closes_at = datetime.fromisoformat(content["closes_at"]) if content["closes_at"] else None
    opens_at = datetime.fromisoformat(content["opens_at"]) if content["opens_at"] else None
    begins_at = opens_at or desk().clock()
    due = {}
    if closes_at:
        due = {s.minutes: s.due_at for s in steps(content["reminders"], begins_at, closes_at)}
    return {
        "reminders": [Reminder(n, due.get(m)) for n, m in enumerate(content["reminders"])],
        "has_deadline": closes_at is not None,
        "mails": [(kind.value, kinds.notice(kind)) for kind in PREVIEWED],
    }


def after(draft: Draft, form: FlaskForm) -> str | None:
    """Come back to the list where a reminder was added or removed."""
    if form.do.data == "add" or form.do.data.startswith("remove:"):
        return back(NOTICES, draft, _anchor="reminders")
    return None


PAGE = Page(NOTICES, "notices.html", form_of, changes, context, after)
