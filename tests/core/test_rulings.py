"""Rulings after the count: what they let in, what they end, and what a check finds in them."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from consult.core.canonical import canonical
from consult.core.contesting import doubtful, may_contest
from consult.core.life import State
from consult.core.record import decision_of, derive_case, if_ruled, result_of
from consult.core.verify import verify_ledger, verify_record
from tests.ledgers import APPROVER, HASH, OFFICER, Writer, certified, export_of, record_of, signed


def published(*, counts: bool) -> Writer:
    """Publish, and then rule on the late reply of JPN."""
    writer = certified()
    writer.enter("publication", result=writer.result(), record=HASH)
    return ruled(writer, counts=counts)


def late_of(writer: Writer) -> int:
    return next(e["number"] for e in writer.entries if e["what"] == "late-reply")


def ruled(writer: Writer, *, counts: bool) -> Writer:
    writer.enter(
        "ruling",
        APPROVER,
        member="JPN",
        about=late_of(writer),
        counts=counts,
        reasons=writer.commit("The log shows it."),
        approved=writer.approve("ruling"),
        authority=HASH,
    )
    writer.enter("tally", APPROVER, result=writer.result())
    return writer


def corrected() -> Writer:
    """Publish, rule that a late reply stays out, and publish the correction."""
    return published(counts=False)


def phase(writer: Writer) -> object:
    findings = verify_ledger(canonical(export_of(writer)))
    assert findings.faults == []
    return findings.facts["phase"]


def test_a_ruling_that_changes_nothing_decided_leaves_what_was_certified() -> None:  # T76
    assert phase(ruled(certified(), counts=False)) == "certified"
    assert phase(published(counts=False)) == "published"


def test_a_ruling_that_changes_a_position_asks_for_a_new_certification() -> None:  # T76
    assert phase(ruled(certified(), counts=True)) == "counted"
    assert phase(published(counts=True)) == "counted"


def test_what_would_be_ruled_is_counted_by_the_one_tally() -> None:
    writer = certified()
    late = late_of(writer)
    out, let_in = (
        result_of(if_ruled(writer.entries, late, counts=counts)) for counts in (False, True)
    )
    before = result_of(derive_case(writer.entries))
    assert decision_of(out) == decision_of(before)
    assert let_in["questions"]["1"]["positions"]["JPN"] == "object"


def test_the_late_register_holds_what_is_late_after_the_statement_contested_or_ruled() -> None:
    found = {one.member: one for one in doubtful(certified().entries)}
    assert found.keys() == {"JPN", "BRA"}
    assert found["JPN"].late
    assert found["BRA"].after_statement
    assert found["BRA"].contest
    assert [ruling.counts for ruling in found["BRA"].rulings] == [True]
    assert not found["JPN"].waits


@pytest.mark.parametrize(
    ("state", "on_behalf", "counts", "may"),
    [
        (State.OPEN, False, False, False),
        (State.OPEN, True, True, True),
        (State.CLOSED, False, False, True),
        (State.CLOSED, False, True, False),
        (State.PUBLISHED, True, True, True),
        (State.DISCARDED, True, False, False),
    ],
)
def test_a_member_contests_what_is_not_counted_or_not_its_own_words(
    state: State, on_behalf: bool, counts: bool, may: bool
) -> None:
    assert may_contest(state, on_behalf=on_behalf, counts=counts) is may


def _publish(writer: Writer) -> Writer:
    writer.enter("publication", OFFICER, result=writer.result(), record="cd" * 32)
    return writer


def test_a_correction_names_the_record_that_it_corrects() -> None:  # T60
    writer = corrected()
    record = record_of(writer)
    named = {"revision": 0, "sha256": HASH}
    record["consultation"] |= {"corrects": named}
    assert verify_record(canonical(signed(record))).faults == []
    for wrong in (None, {"revision": 0, "sha256": "cd" * 32}, "cd" * 32):
        other = deepcopy(record)
        other["consultation"] |= {"corrects": wrong}
        (fault,) = verify_record(canonical(signed(other))).faults
        assert fault.where == "consultation.corrects"


def _edited(writer: Writer, what: str, **facts: object) -> Writer:
    entry = next(e for e in reversed(writer.entries) if e["what"] == what)
    entry["facts"] |= facts
    return writer


def _confirm(member: str, *, twice: bool = False, about: int | None = None) -> Writer:
    writer = certified()
    papers = [e["number"] for e in writer.entries if e["what"] == "reply-on-behalf"]
    number = papers[0] if about is None else about
    for _time in range(1 + twice):
        writer.enter("reply-confirmed", member=member, about=number, mandate=3)
    return writer


def test_a_member_confirms_what_was_recorded_on_its_behalf() -> None:
    assert phase(_confirm("ARG")) == "certified"


_WRONG: dict[str, Callable[[], Writer]] = {
    "published twice without a ruling": lambda: _publish(_publish(certified())),
    "published after a ruling that ends the certification": lambda: _publish(
        published(counts=True)
    ),
    "a ruling turned round": lambda: _edited(published(counts=False), "ruling", counts=True),
    "a ruling on another's reply": lambda: _edited(published(counts=False), "ruling", member="KEN"),
    "a contest of another's reply": lambda: _edited(certified(), "contest", member="KEN"),
    "a paper confirmed twice": lambda: _confirm("ARG", twice=True),
    "a paper confirmed by another": lambda: _confirm("KEN"),
    "a web reply confirmed": lambda: _confirm("KEN", about=5),
    "a contest of what is no reply": lambda: _edited(certified(), "contest", about=3),
}


@pytest.mark.parametrize("name", _WRONG)
def test_a_check_finds(name: str) -> None:  # T48
    assert verify_ledger(canonical(export_of(_WRONG[name]()))).faults


def test_a_correction_after_a_ruling_is_published() -> None:  # T60
    assert phase(_publish(corrected())) == "published"
