"""The deadline as a calendar entry."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from consult.mail import parts
from consult.mail.facts import Facts

CONTENT_TYPE = "text/calendar; method=PUBLISH; charset=utf-8"


def deadline(facts: Facts, at: datetime, sender: str) -> bytes:
    """Return an iCalendar file with the deadline of *facts*; after an extension it replaces itself.

    Args:
        at: When the notice was queued.
        sender: The service's address; its domain makes the entry's id unique.
    """
    said = _(
        "Deadline: reply of %(member)s, consultation %(reference)s",
        member=facts.member_name,
        reference=facts.reference,
    )
    event = Event()
    event.add("uid", f"{facts.data['ledger']}-{facts.member}@{sender.rpartition('@')[2]}")
    event.add("sequence", facts.data["revision"] + facts.data.get("moved", 0))
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", facts.closes_at)
    event.add("summary", said)
    event.add("description", f"{parts.deadline(facts)}\n{_page(facts)}")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -timedelta(days=1))
    alarm.add("description", said)
    event.add_component(alarm)
    made = Calendar()
    made.add("prodid", "-//Consult//Consultations by correspondence//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(event)
    return made.to_ical()


def _page(facts: Facts) -> str:
    return facts.page("c", facts.data["slug"], facts.member)
