"""What a check says of kinds of comment, unclear papers, notes and comments on behalf."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from consult.core import ledger
from consult.core.canonical import canonical
from consult.core.entries import check, fault_in
from consult.core.receipt import receipt
from consult.core.round import table_of
from consult.core.signing import checkpoint, sign_receipt
from consult.core.verify import Findings, verify_ledger, verify_receipt, verify_record
from consult.core.verify_course import NEW, take
from consult.core.verify_standing import Standing
from consult.errors import BadInput
from tests.core.test_round import CLOSES, IN_TIME, LATER, comment, remark
from tests.core.test_round import opened as round_opened
from tests.ledgers import (
    APPROVER,
    DAY,
    HASH,
    LEDGER,
    OPENS_AT,
    SIGNER,
    Writer,
    certified,
    export_of,
    opened,
    record_of,
)

AT, SECOND = OPENS_AT + DAY, timedelta(seconds=1)
OPEN = {"1": {"words": HASH, "question": HASH}}


def checked(writer: Writer) -> Findings:
    return verify_ledger(canonical(export_of(writer)))


def replied(choices: str = "a-a", **beside: Any) -> Writer:
    writer = opened()
    writer.reply("reply", "KEN", choices, AT, comments={"1": "We reserve."}, **beside)
    return writer


def on_paper(choices: str, **beside: Any) -> Writer:
    writer = opened()
    approved = writer.approve("reply-on-behalf", AT)
    recorded = writer.at + SECOND
    writer.reply(
        "reply-on-behalf",
        "KEN",
        choices,
        AT,
        actor=APPROVER,
        entered_at=recorded,
        channel="letter",
        recorded_at=ledger.instant(recorded),
        source=HASH,
        reason=writer.commit("Letter."),
        approved=approved,
        **beside,
    )
    return writer


def test_what_is_as_usual_is_left_out_and_nothing_is_said_twice() -> None:
    facts = replied().entries[-1]["facts"]
    assert fault_in("reply", facts) is None
    for wrong in (
        {"kinds": {}},
        {"kinds": {"1": "comment"}},
        {"kinds": {"1": "verdict"}},
        {"note": None},
        {"unclear": OPEN},  # of a paper alone
    ):
        assert fault_in("reply", {**facts, **wrong}) is not None, wrong
    check("reply", {**facts, "kinds": {"1": "reservation"}, "note": HASH})
    with pytest.raises(BadInput):
        check("view", {"member": "KEN", "mandate": None, "text": HASH, "kinds": {}})


def test_a_kind_is_that_of_a_comment_which_is_there() -> None:
    assert checked(replied(kinds={"1": "explanation"}, note=HASH)).faults == []
    found = checked(replied(kinds={"2": "reservation"})).faults
    assert "of what kind a comment is that is not there" in found[0].what


def test_what_is_unclear_is_an_item_without_a_position() -> None:
    item = {"2": OPEN["1"]}
    assert checked(on_paper("a-a", unclear=item)).faults == []
    found = checked(on_paper("aaa", unclear=item)).faults
    assert "takes a position on an item that it calls unclear" in found[0].what
    found = checked(on_paper("a-a", unclear={"9": OPEN["1"]})).faults
    assert "calls unclear what is no item" in found[0].what


def test_a_receipt_holds_what_its_member_is_asked() -> None:
    writer = Writer()
    said = {"words": writer.commit("If so."), "question": writer.commit("Yes or no?")}
    made = on_paper("a-a", unclear={"2": said})
    texts = [{"commitment": name, **writer.texts[name]} for name in said.values()]
    for held, holds in ((texts, True), (texts[:1], False)):
        entry = made.entries[-1]
        head = checkpoint(SIGNER, LEDGER, entry["number"], HASH, entry["at"])
        raw = canonical(sign_receipt(SIGNER, receipt("DM-20/1021", entry, HASH, held), head))
        assert verify_receipt(raw).holds is holds


def paper(number: int, member: str, *remarks: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = deepcopy(comment(number, member, *remarks, **more))
    made |= {"what": "comment-on-behalf", "at": more.get("entered_at", LATER)}
    made["facts"] |= {"recorded_at": made["at"], "approved": 5}
    made["facts"].pop("entered_at", None)
    return made


def found_in_round(*entries: dict[str, Any], stated: bool = False) -> str | None:
    standing = Standing(NEW)
    standing.phase = "draft"
    standing.approvals._allowed[0] = {"facts": {"act": "opening"}}
    standing.approvals._allowed[5] = {"facts": {"act": "reply-on-behalf"}}
    found = take(standing, round_opened())
    standing.stated = stated
    for one in entries:
        found = take(standing, one)
    return found


def test_comments_on_behalf_rest_on_two_persons_and_come_before_the_statement() -> None:
    one = paper(2, "ARG", remark("a"))
    assert found_in_round(one) is None
    assert found_in_round(one, stated=True) == "is recorded after the post was stated"
    assert found_in_round({**one, "facts": {**one["facts"], "approved": 6}}) is not None
    assert found_in_round(paper(2, "ARG", remark("a"), late=True)) is not None
    early = {**one, "facts": {**one["facts"], "recorded_at": IN_TIME, "received_at": LATER}}
    assert found_in_round(early) == "was received or recorded after it was entered"
    assert found_in_round(paper(2, "XXX", remark("a"))) is not None


def test_the_later_received_stands_in_the_table_not_the_later_recorded() -> None:
    web = comment(2, "ARG", remark("b"), received_at=LATER)
    letter = paper(3, "ARG", remark("a"), version=2, base=1, entered_at=CLOSES)
    told = table_of([round_opened(), web, letter])
    assert [row["remark"] for row in told["rows"]] == ["b"]


def test_an_old_record_says_nothing_of_these_and_holds() -> None:
    assert verify_record(canonical(record_of(certified()))).faults == []
