"""The table of a comment round, from its ledger alone; and what verify finds in it."""

from typing import Any

from consult.core.canonical import hash_of
from consult.core.round import table_of, undisposed
from consult.core.verify_course import NEW, take
from consult.core.verify_standing import Standing

OPENS, CLOSES = "2020-06-12T16:00:00.000000Z", "2020-06-17T22:00:00.000000Z"
IN_TIME, LATER = "2020-06-15T10:00:00.000000Z", "2020-06-16T10:00:00.000000Z"
ROLL = [{"code": code, "entitled": True} for code in ("ARG", "BRA", "CAN")]
C = "c" * 64
ADVISED = "is sent under the mandate of an adviser, who cannot send"


def entry(number: int, what: str, at: str, **facts: Any) -> dict[str, Any]:
    return {"number": number, "at": at, "actor": "person:a", "what": what, "facts": facts}


def opened() -> dict[str, Any]:
    documents = [{"item": "1", "paragraphs": ["1", "2"], "texts": {}}]
    return entry(
        1,
        "round-opened",
        OPENS,
        documents=documents,
        roll=ROLL,
        roll_hash=hash_of(ROLL),
        opens_at=OPENS,
        closes_at=CLOSES,
        texts={},
        outage=None,
        approved=0,
    )


def remark(name: str, item: str = "1", paragraph: str | None = "1") -> dict[str, Any]:
    return {
        "id": name,
        "item": item,
        "paragraph": paragraph,
        "text": C,
        "proposed": None,
        "language": "en",
    }


def comment(number: int, member: str, *remarks: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"version": 1, "base": 0, "received_at": IN_TIME, "late": False} | more
    at = more.get("received_at", IN_TIME)
    return entry(number, "comment", at, member=member, remarks=list(remarks), **said)


def rows(*entries: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["member"], row["remark"]) for row in table_of([opened(), *entries])["rows"]]


def test_rows_stand_by_document_and_paragraph_then_in_the_order_of_the_roll() -> None:
    told = rows(
        comment(2, "CAN", remark("c2", paragraph="2"), remark("c1")),
        comment(3, "ARG", remark("a1"), remark("a", "general", None)),
    )
    assert told == [("ARG", "a"), ("ARG", "a1"), ("CAN", "c1"), ("CAN", "c2")]


def test_the_latest_version_in_time_stands_alone() -> None:
    later = {"version": 2, "base": 1, "received_at": LATER}
    assert rows(comment(2, "ARG", remark("a")), comment(3, "ARG", remark("b"), **later)) == [
        ("ARG", "b")
    ]
    assert rows(comment(2, "ARG", remark("a")), comment(3, "ARG", **later)) == []


def test_what_is_late_is_named_and_stands_in_no_row() -> None:
    late = comment(2, "BRA", remark("b"), received_at=CLOSES, late=True)
    table = table_of([opened(), late])
    assert (table["rows"], table["late"], table["commented"]) == ([], ["BRA"], [])


def test_the_last_disposition_of_a_remark_stands() -> None:
    said = [
        entry(number, "disposition", CLOSES, remark="a", disposition=code, reasons_in={})
        for number, code in ((3, "noted"), (4, "accepted"))
    ]
    table = table_of([opened(), comment(2, "ARG", remark("a")), *said])
    assert table["rows"][0]["disposition"] == "accepted"
    assert undisposed(table) == []
    assert undisposed(table_of([opened(), comment(2, "ARG", remark("a"))])) == ["a"]


def fault(*entries: dict[str, Any], allows: dict[str, Any] | None = None) -> str | None:
    """Return what is found at the last entry, in a round that is open.

    *allows*: What entry 9 allowed.
    """
    standing = Standing(NEW)
    standing.phase = "draft"
    standing.approvals._allowed[0] = {"facts": {"act": "opening"}}
    standing.approvals._allowed[9] = allows or {}
    found = None
    for one in (opened(), *entries):
        found = take(standing, one)
    return found


def test_verify_finds_a_comment_that_is_not_as_it_says() -> None:
    assert fault() is None
    assert fault(comment(2, "ARG", remark("a"))) is None
    wrong = {
        "late": comment(2, "ARG", remark("a"), late=True),
        "in time": comment(2, "ARG", remark("a"), received_at=CLOSES),
        "version 2": comment(2, "ARG", remark("a"), version=2, base=1),
        "not entitled": comment(2, "XXX", remark("a")),
        "not there": comment(2, "ARG", remark("a", paragraph="9")),
        "twice": comment(2, "ARG", remark("a"), remark("b")),
    }
    for name, one in wrong.items():
        assert fault(one) is not None, name
    assert fault(comment(2, "ARG", remark("a")), comment(3, "BRA", remark("a"))) is not None


def test_verify_finds_a_comment_under_the_mandate_of_an_adviser() -> None:
    named = entry(2, "mandate", IN_TIME, mandate=7, role="adviser", approved=9)
    allowed = {"facts": {"act": "mandate"}}
    assert fault(named, comment(3, "ARG", remark("a"), mandate=8), allows=allowed) is None
    assert fault(named, comment(3, "ARG", remark("a"), mandate=7), allows=allowed) == ADVISED
