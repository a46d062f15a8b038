"""A silence procedure that is open now: an objection has broken the silence on one of its items."""

from datetime import timedelta

from consult.actions import drafting, opening
from consult.actions.change import Desk
from consult.actions.importing import content_from_data
from consult.cli.demo.chairs import deadline_after
from consult.cli.demo.council import BODY, read
from consult.cli.demo.people import Cast
from consult.cli.demo.replay import begin, draft_of
from consult.core.ledger import instant

_DRAFTED_BEFORE = timedelta(days=4)
_OPENED_BEFORE, _OBJECTED_BEFORE = timedelta(days=3), timedelta(days=1)
_LONGER = timedelta(days=7)
# What the letter has in common with the other specimen: to whom and from whom it is.
_FRAME = ("issuing_unit", "place", "to", "salutation", "closing", "signature")


def replay(desk: Desk, cast: Cast) -> str:
    """Open it some days ago and let one state object; return the consultation's slug."""
    now = desk.clock()
    given = read("demo/silence.yaml")
    objection = given.pop("objection")
    this = begin(desk, now - _DRAFTED_BEFORE)
    content = content_from_data(given)
    remarks = content.pop("remarks")
    frame = content_from_data(read("demo/virtual-sessions.yaml"))["letter"]
    content["letter"] |= {name: frame[name] for name in _FRAME}
    content["closes_at"] = instant(deadline_after(now + _LONGER))
    slug = drafting.create(this.desk, cast.officer, BODY, content, remarks)
    request = opening.submit(this.desk, slug, cast.officer)
    this.at(now - _OPENED_BEFORE)
    this.confirm(request, cast.approver)
    this.at(now - _OBJECTED_BEFORE)
    reply = {
        "member": objection["member"],
        "positions": {objection["item"]: "object"},
        "comments": {objection["item"]: {"text": objection["text"], "lang": objection["lang"]}},
    }
    items = [item["id"] for item in content["items"]]
    head = cast.heads[objection["member"]]
    this.reply(slug, head, draft_of(reply, items, 0), objection["lang"])
    this.at(now)
    return slug
