"""The approved dates of a published record, for calendars."""

import json
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from consult.core.ledger import read_instant
from consult.documents.items import zone_words
from consult.queries.texts import pick

MEDIA_TYPE = "text/calendar; charset=utf-8"
_DAY = timedelta(days=1)


def record_ics(content: str, language: str) -> bytes:
    """Return the approved sessions and meetings of a record as iCalendar.

    Args:
        content: The published record, as JSON text.
    """
    record = json.loads(content)
    told, questions = record["consultation"], record["result"]["questions"]
    first = (told["languages"] or ["en"])[0]
    calendar = Calendar()
    calendar.add("prodid", "-//Consult//Decision records//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp: datetime = read_instant(told["published_at"])
    for item in told["content"]["items"]:
        decided = questions.get(item["id"], {}).get("outcome") == "adopted"
        if item["kind"] != "dates" or not item["from"] or not decided:
            continue
        event = Event()
        event.add("uid", f"{told['id']}-{item['id']}@{told['slug']}".lower())
        event.add("dtstamp", stamp)
        event.add("summary", pick(item["title"], language, first))
        event.add("dtstart", date.fromisoformat(item["from"]))
        event.add("dtend", date.fromisoformat(item["to"] or item["from"]) + _DAY)
        if where := pick(item["where"], language, first):
            event.add("location", where)
        said = [f"{told['reference']}, {told['number']}"]
        if item.get("zone"):
            said.append(zone_words(item))  # whole days have no zone of their own in a calendar
        event.add("description", "\n".join(said))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
