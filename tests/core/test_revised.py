"""What a revision does to earlier replies, read from the entries of a ledger alone."""

from typing import Any

import pytest

from consult.core.canonical import canonical
from consult.core.record import derive_case, lapsed, result_of
from consult.core.verify import verify_ledger, verify_receipt
from tests import ledgers
from tests.ledgers import Writer, closed, export_of


def positions(writer: Writer, item: str) -> dict[str, str]:
    found: dict[str, Any] = result_of(derive_case(writer.entries))["questions"][item]
    return dict(found["positions"])


def faults(writer: Writer) -> list[str]:
    return [str(one) for one in verify_ledger(canonical(export_of(writer))).faults]


def corrigendum(writer: Writer) -> dict[str, Any]:
    (facts,) = [e["facts"] for e in writer.entries if e["what"] == "corrigendum"]
    return dict(facts)


def changed(writer: Writer, **facts: Any) -> Writer:
    """Write the corrigendum otherwise; the chain is made anew over it."""
    for entry in writer.entries:
        if entry["what"] == "corrigendum":
            entry["facts"].update(facts)
    return writer


def test_a_position_stands_where_the_letter_says_so() -> None:
    writer = closed("stands")
    assert positions(writer, "1")["FRA"] == "approve"
    assert lapsed(writer.entries) == {}
    assert faults(writer) == []


def test_it_lapses_on_the_changed_item_alone_until_it_is_confirmed() -> None:
    writer = closed("lapses")
    assert positions(writer, "1") == {
        "ARG": "silent",
        "BRA": "silent",
        "FRA": "silent",
        "JPN": "silent",
        "KEN": "approve",  # replied to the revision
    }
    assert positions(writer, "2")["FRA"] == "approve"
    rows = [r for r in derive_case(writer.entries)["replies"] if r["member"] == "FRA"]
    assert [(r["question"], r["choice"]) for r in rows] == [
        ("1", None),
        ("2", "approve"),
        ("3", "approve"),
    ]
    assert faults(writer) == []


def test_a_later_revision_lets_lapse_what_was_confirmed_to_an_earlier_one() -> None:
    writer = closed("lapses")
    cut = next(n for n, e in enumerate(writer.entries) if e["what"] == "late-reply")
    writer.entries, last = writer.entries[:cut], writer.entries[cut - 1]
    assert last["facts"]["member"] == "KEN"
    writer.enter(
        "corrigendum",
        revision=2,
        kind="revision",
        case=corrigendum(writer)["case"],
        texts={"en": ledgers.HASH},
        changed=["2"],
        reason=writer.commit("Again."),
        approved=writer.approve("corrigendum"),
        authority=None,
    )
    assert positions(writer, "1")["KEN"] == "approve"
    assert positions(writer, "2")["KEN"] == "silent"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"revision": 2}, "should be revision 1"),
        ({"kind": "editorial"}, "asks to confirm items"),
        ({"kind": "addendum"}, "asks to confirm items"),
        ({"changed": ["9"]}, "asks to confirm an item that was not there"),
        ({"kind": "roll", "changed": []}, "corrects the roll and changes the items"),
        ({"kind": "rumour"}, "must be one of"),
    ],
)
def test_a_revision_that_its_kind_does_not_allow_is_found(facts: dict[str, Any], said: str) -> None:
    """T48."""
    assert any(said in fault for fault in faults(changed(closed(), **facts)))


def test_a_roll_that_another_kind_changes_is_found() -> None:
    writer = closed()
    case = {**corrigendum(writer)["case"]}
    case["roll"] = [{**line, "entitled": line["code"] != "FRA"} for line in case["roll"]]
    assert any("changes the roll" in fault for fault in faults(changed(writer, case=case)))


def test_items_that_are_added_or_taken_away_are_found() -> None:
    writer = closed()
    case = {**corrigendum(writer)["case"]}
    case["questions"] = case["questions"][:2]
    assert any("takes away items" in fault for fault in faults(changed(writer, case=case)))


def test_a_rule_that_changes_is_found() -> None:
    writer = closed()
    case = {**corrigendum(writer)["case"], "rule": {**ledgers.RULE, "silence": "approve"}}
    assert any("changes the rule" in fault for fault in faults(changed(writer, case=case)))


def test_a_receipt_says_on_which_items_it_lapsed() -> None:
    writer = closed("lapses")
    (number,) = [e["number"] for e in writer.entries if e["facts"].get("reply") == "FRA-1"]
    made = ledgers.receipt_of(writer, number)
    found = verify_receipt(canonical(made), canonical(export_of(writer)))
    assert found.facts["verdict"] == "counted"
    assert found.facts["lapsed"] == ["1"]
