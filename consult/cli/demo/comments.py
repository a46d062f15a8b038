"""The comment round of 2020 on the outcome of the virtual consultation, closed and disposed of."""

from datetime import datetime
from typing import Any

from consult.actions import commenting, disposing, drafting, opening, posting
from consult.actions.change import Desk
from consult.actions.importing import content_from_data
from consult.cli.demo.council import BODY, read
from consult.cli.demo.people import Cast
from consult.cli.demo.replay import Replay, begin
from consult.core.ledger import hash_of
from consult.core.round import GENERAL, Disposed, NewComment, Remark, content_hash
from consult.queries.round import member_table

_DRAFTED = datetime.fromisoformat("2020-06-12T09:00:00+02:00")
_SUBMITTED = datetime.fromisoformat("2020-06-12T16:00:00+02:00")
_OPENED = datetime.fromisoformat("2020-06-12T17:30:00+02:00")
_POST_STATED = datetime.fromisoformat("2020-06-18T08:10:00+02:00")
_POST_CONFIRMED = datetime.fromisoformat("2020-06-18T08:20:00+02:00")
_DISPOSED = datetime.fromisoformat("2020-06-18T08:30:00+02:00")


def replay(desk: Desk, cast: Cast) -> str:
    """Act it under its dates, to what becomes of each comment; return the round's slug."""
    given = read("demo/comments.yaml")["comments"]
    this = begin(desk, _DRAFTED)
    slug, closes_at = _open(this, cast, given)
    for one in given["given"]:
        this.at(datetime.fromisoformat(one["at"]))
        _comment(this, cast, slug, one)
    this.at(closes_at)
    this.at(_POST_STATED)
    request = posting.state_post(this.desk, slug, cast.officer)
    this.at(_POST_CONFIRMED)
    this.confirm(request, cast.approver)
    this.at(_DISPOSED)
    _dispose(this, cast, slug, given["given"])
    this.send()
    return slug


def _open(this: Replay, cast: Cast, given: dict[str, Any]) -> tuple[str, datetime]:
    content = content_from_data(read("itu-council-2020/consultation-outcome.yaml"))
    remarks = content.pop("remarks")
    content["illustrative"] = given["notice"]
    for item in content["items"]:
        item["text"] = given["paragraphs"].get(item["id"], {})
    slug = drafting.create(this.desk, cast.officer, BODY, content, remarks)
    this.at(_SUBMITTED)
    request = opening.submit(this.desk, slug, cast.officer)
    this.at(_OPENED)
    this.confirm(request, cast.approver)
    this.at(datetime.fromisoformat(content["opens_at"]))
    return slug, datetime.fromisoformat(content["closes_at"])


def _comment(this: Replay, cast: Cast, slug: str, given: dict[str, Any]) -> None:
    member = given["member"]
    remarks = tuple(
        Remark(
            item=one.get("item", GENERAL),
            paragraph=one.get("paragraph"),
            text=one["text"],
            proposed=one.get("proposed", ""),
            language=one["lang"],
        )
        for one in given["remarks"]
    )
    new = NewComment(
        member=member,
        remarks=remarks,
        base=0,
        key=hash_of({"demonstration": slug, "member": member})[:32],
        received_at=this.clock.now,
        language=remarks[0].language,
        shown=content_hash(remarks),
    )
    commenting.comment(this.desk, slug, cast.heads[member], new)


def _dispose(this: Replay, cast: Cast, slug: str, given: list[dict[str, Any]]) -> None:
    """Say of each comment what the file says of it."""
    said = {
        (one["member"], remark.get("item", GENERAL), remark.get("paragraph")): remark
        for one in given
        for remark in one["remarks"]
    }
    for row in member_table(this.desk.engine, slug)["table"]["rows"]:
        one = said[row["member"], row["item"], row["paragraph"]]
        reasons = {"en": one["reasons"]}
        disposed = Disposed(one["disposition"])
        disposing.dispose(this.desk, slug, cast.officer, row["remark"], disposed, reasons)
