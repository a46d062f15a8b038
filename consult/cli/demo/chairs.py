"""The consultation on chairs and vice-chairs, open now: some states have replied, most not yet."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from consult.actions import drafting, due, opening
from consult.actions.change import Desk
from consult.actions.importing import content_from_data
from consult.cli.demo.council import BODY, read
from consult.cli.demo.people import COTE_D_IVOIRE, KENYA, SENEGAL, Cast, language_of
from consult.cli.demo.replay import Replay, begin, draft_of
from consult.core.ledger import instant
from consult.queries.working_days import holidays_of

_GENEVA = ZoneInfo("Europe/Zurich")
_CLOSES = time(16)
_LEAST_LEFT = timedelta(days=5)
_OPENED_BEFORE = timedelta(days=16)
_HOLIDAYS = "CH-GE"
_SATURDAY = 5
_REMINDED = (KENYA, SENEGAL, COTE_D_IVOIRE)


def replay(desk: Desk, cast: Cast) -> str:
    """Open it some days ago and let states reply until now; return the consultation's slug."""
    now = desk.clock()
    opened_at = _at_nine(now - _OPENED_BEFORE)
    this = begin(desk, opened_at - timedelta(days=1))
    content = content_from_data(read("itu-council-2020/consultation-chairs.yaml"))
    remarks = content.pop("remarks")
    content["illustrative"] = read("itu-council-2020/replies.yaml")["replies"]["notice"]
    content["opens_at"] = None
    content["closes_at"] = instant(deadline_after(now))
    slug = drafting.create(this.desk, cast.officer, BODY, content, remarks)
    request = opening.submit(this.desk, slug, cast.officer)
    this.at(opened_at)
    this.confirm(request, cast.approver)
    items = [item["id"] for item in content["items"]]
    _reply(this, cast, slug, items, opened_at)
    this.at(now)
    due.remind(desk, slug, cast.officer, _REMINDED)  # leaves these mails for the visitor to read
    return slug


def deadline_after(now: datetime) -> datetime:
    """Return 16:00 Geneva on the first working day that is at least five days ahead."""
    day = (now + _LEAST_LEFT).astimezone(_GENEVA).date()
    is_holiday = holidays_of(_HOLIDAYS)
    while day.weekday() >= _SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return datetime.combine(day, _CLOSES, _GENEVA)


def _reply(this: Replay, cast: Cast, slug: str, items: list[str], opened_at: datetime) -> None:
    """Let the states of the file reply, some minutes apart."""
    for number, given in enumerate(read("demo/chairs-replies.yaml")["replies"]):
        member = given["member"]
        this.at(opened_at + timedelta(days=given["day"], minutes=13 * number + 7))
        draft = draft_of(_whole(given, items), items, 0)
        this.reply(slug, cast.heads[member], draft, language_of(member))


def _whole(given: dict[str, Any], items: list[str]) -> dict[str, Any]:
    """Return a reply with a position on each item: an approval where the file says nothing else."""
    other = given.get("positions", {})
    positions = {item: other.get(item, "approve") for item in items}
    return {
        "member": given["member"],
        "positions": {item: choice for item, choice in positions.items() if choice},
        "comments": given.get("comments", {}),
        "general_comment": given.get("general"),
    }


def _at_nine(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(_GENEVA).date(), time(9), _GENEVA)
