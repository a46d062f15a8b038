"""A council of 48 decides on ten items: whatever is changed in its files afterwards is found.

Each part of a file is tried where it is checked, by the functions that the command runs, on what
was read once: so every change of every field can be tried.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from consult.core import ledger, signing
from consult.core.canonical import canonical, fault_of, spelled
from consult.core.findings import Findings
from consult.core.reading import Reading
from consult.core.record import record_bytes
from consult.core.signing import (
    fingerprint_of,
    has_signed,
    key_list,
    sign_receipt,
    sign_record,
    state_key,
    with_checkpoints,
)
from consult.core.verify import trust_in
from consult.core.verify_chain import Chain
from consult.core.verify_keys import Trust, check_key_file, keys_in
from consult.core.verify_receipt import Book, check_receipt
from consult.core.verify_record import check_ledger, check_record
from consult.core.verify_signatures import check_checkpoints, check_end
from tests.core.test_verify import at, others, places, tell
from tests.ledgers import (
    APPROVER,
    CLOSES_AT,
    HASH,
    KEYS,
    LEDGER,
    OPENS_AT,
    SIGNER,
    THIEF,
    Writer,
    case,
    export_of,
    receipt_of,
    record_of,
    signed_ones,
)

ITEMS = tuple(str(number) for number in range(1, 11))
MEMBERS = tuple(f"M{number:02}" for number in range(1, 49))
OURS = Trust(fingerprint_of(SIGNER.public_key))
_BY_WHOM = ("keys", "signers", "signatures")
THEIRS = key_list([state_key(THIEF, "2020-01-01T00:00:00.000000Z")])

Entry = dict[str, Any]


class Council(Writer):
    items = ITEMS


def council() -> Council:
    """Write a whole consultation: each member replies, with a comment; it is certified."""
    writer = Council()
    told = case(ITEMS, MEMBERS)
    writer.enter("ledger-opened", service="Consult", reference="DM-20/1021", kid=SIGNER.kid)
    writer.enter("draft-changed", fields={"subject": HASH})
    writer.enter(
        "opening",
        APPROVER,
        OPENS_AT,
        approved=writer.approve("opening"),
        case=told,
        roll=ledger.hash_of(told["roll"]),
        texts={"en": HASH},
        documents=[HASH],
        disclosure="after_publication",
        outage=None,
        unconfirmed="stands",
        clock_offset=0,
        authority=None,
    )
    writer.enter("notices-queued", kind="invitation", occasion="opening", count=48, recipients=HASH)
    for place, member in enumerate(MEMBERS):
        said = "".join("aaob-"[(place + item) % 5] for item in range(len(ITEMS)))
        received_at = OPENS_AT + timedelta(hours=place + 1)
        writer.reply("reply", member, said, received_at, comments={"1": f"{member} says so."})
    writer.enter(
        "closing",
        "system",
        CLOSES_AT + timedelta(minutes=3),
        takes_effect_at=ledger.instant(CLOSES_AT),
        cause="clock",
        clock_offset=0,
    )
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    writer.enter("tally", "system", result=writer.result())
    writer.enter(
        "certification",
        APPROVER,
        result=writer.result(),
        conclusion=writer.commit("The items are as counted."),
        approved=writer.approve("certification"),
        authority=None,
    )
    return writer


WRITER = council()
RECORD = record_of(WRITER)
EXPORT = export_of(WRITER)
KEY_SET = keys_in(Findings("keys"), KEYS, OURS)
LINKS: list[Entry] = RECORD["ledger"]["entries"]
REPLIES = [entry["number"] for entry in WRITER.entries if entry["what"] == "reply"]


def reading(value: Entry) -> Reading:
    return Reading(value, {})


def changes(value: Any, *within: str, ways: int | None = None) -> Iterator[tuple[Any, str]]:
    """Yield *value* with one thing changed in it, each thing in each way; it is put back.

    Args:
        within: Only within what stands under one of these names.
        ways: So many ways alone, of each thing.
    """
    for path in list(places(value)):
        if not path or path == ("format",) or (within and path[0] not in within):
            continue
        holder = at(value, path[:-1])
        before = holder[path[-1]]
        for new in islice(others(before), ways):
            holder[path[-1]] = new
            yield value, f"{path} {new!r}"[:200]
        holder[path[-1]] = before


def test_all_of_it_holds() -> None:
    assert check_record(reading(RECORD), (), OURS)[0].faults == []
    assert check_ledger(reading(EXPORT), (), OURS)[0].faults == []
    book = Book(LINKS, KEY_SET)
    for number in REPLIES:
        found = check_receipt(reading(receipt_of(WRITER, number)), OURS, book.keys)
        book.look_up(found, receipt_of(WRITER, number))
        assert (found.faults, found.facts["verdict"]) == ([], "counted")


def test_every_change_of_every_field_of_every_entry_is_found_there() -> None:
    tried = 0
    for number, link in enumerate(deepcopy(LINKS)):
        for altered, what in changes(link):
            findings = Findings("ledger")
            chain = Chain(findings, reading({}), LEDGER)
            if number:
                chain._prev = LINKS[number - 1]["head"]
                chain._at = LINKS[number - 1]["entry"]["at"]
            chain._take(number, altered)
            assert findings.faults, (number, what)
            assert findings.faults[0].where == f"entry {number}"
            tried += 1
    tell("changes of entries, 48 members and 10 items", tried)


def test_every_change_of_a_record_outside_its_entries_is_found() -> None:
    """The signature covers the one spelling of all but itself.

    Of each place the first change is held against the signature; every other is seen to be
    spelled otherwise too, and no signature covers two spellings.
    """
    record = {name: deepcopy(RECORD[name]) for name in RECORD.keys() - {"signatures"}}
    entries = record["ledger"]["entries"]
    record["ledger"]["entries"] = "entries here"
    around = spelled(record)
    signature, tried = RECORD["signatures"][SIGNER.kid], 0

    def holds(raw: bytes) -> bool:
        covered = b"consult/record/1\n" + raw.replace(b'"entries here"', spelled_entries)
        return has_signed(SIGNER.public_key, signature, covered)

    spelled_entries = spelled(entries)
    assert holds(around)
    for path in list(places(record)):
        if path in {(), ("ledger", "entries")}:
            continue
        holder = at(record, path[:-1])
        before, holder[path[-1]] = holder[path[-1]], "changed here"
        first, last = spelled(record).split(b'"changed here"')
        for way, new in enumerate(others(before)):
            tried += 1
            if fault_of(new) is None:
                assert spelled(new) != spelled(before), (path, new)
                assert way or not holds(first + spelled(new) + last), (path, new)
        holder[path[-1]] = before
    tell("changes of a record outside its entries, 48 members and 10 items", tried)


def test_every_change_of_keys_signers_and_signatures_is_found() -> None:
    tried = 0
    record = {**RECORD, **{name: deepcopy(RECORD[name]) for name in _BY_WHOM}}
    for _altered, what in changes(record, *_BY_WHOM):
        findings = Findings("record")
        keys = keys_in(findings, record["keys"], OURS)
        if findings.holds and keys.all:
            findings, _keys = check_record(reading(record), (), OURS)
        assert not findings.holds, what
        tried += 1
    tell("changes of keys, signers and signatures", tried)


def rearranged() -> Iterator[tuple[str, list[Entry], int]]:
    """Yield the links with one of them moved in every way, and where that begins."""
    last = len(LINKS) - 1
    for n in range(len(LINKS)):
        yield "dropped", LINKS[:n] + LINKS[n + 1 :], n
        yield "repeated", LINKS[: n + 1] + LINKS[n:], n + 1
        yield "inserted", [*LINKS[:n], LINKS[(n + 7) % len(LINKS)], *LINKS[n:]], n
        yield "cut from here", LINKS[:n], n
        yield "cut before", LINKS[n + 1 :], 0
        for m in {n + 1, last}:
            if n < m <= last:
                swapped = list(LINKS)
                swapped[n], swapped[m] = swapped[m], swapped[n]
                yield "swapped", swapped, n
                yield "moved", LINKS[:n] + LINKS[n + 1 : m + 1] + [LINKS[n]] + LINKS[m + 1 :], n


def signed_faults(links: list[Entry], checkpoints: list[Entry]) -> list[str]:
    """Return where chain and signed heads do not hold."""
    findings, file = Findings("ledger"), reading({})
    chain = Chain(findings, file, LEDGER)
    chain.take_all(links)
    if findings.holds:
        check_checkpoints(findings, file, checkpoints, chain, KEY_SET)
        check_end(findings, chain)
    return [fault.where for fault in findings.faults]


def test_every_entry_dropped_inserted_swapped_moved_or_cut_is_found() -> None:
    signed = RECORD["ledger"]["checkpoints"]
    tried: dict[str, int] = {}
    for what, links, first in rearranged():
        where = signed_faults(links, signed)
        assert where, (what, first)
        if links and not what.startswith("cut from"):
            assert where[0] == f"entry {first}", (what, first)
        tried[what] = tried.get(what, 0) + 1
    for what, count in tried.items():
        tell(f"entries {what}", count)


def test_a_chain_hashed_anew_from_any_entry_on_is_found_by_the_signed_heads() -> None:
    signed = RECORD["ledger"]["checkpoints"]
    for number in range(len(LINKS)):
        entries = [dict(entry) for entry in WRITER.entries]
        entries[number]["nonce"] = "f" * 32
        links = ledger.chain(entries)
        assert links[number]["head"] != LINKS[number]["head"]
        assert signed_faults(links, signed)
    tell("chains hashed anew", len(LINKS))


@pytest.mark.parametrize("keys", [KEYS, THEIRS], ids=["under our name", "under its own"])
def test_what_another_key_signed_anew_is_found(keys: list[Entry]) -> None:
    """Whoever writes all of it anew and signs it, checkpoints, record, receipts, is found."""
    theirs = signed_ones(WRITER, THIEF)
    record = sign_record(THIEF, with_checkpoints(RECORD, theirs, keys))
    assert not check_record(reading(record), (), OURS)[0].holds
    assert check_record(reading(record), ())[0].holds is False  # the ledger names our key
    export = with_checkpoints(EXPORT, theirs, keys)
    assert not check_ledger(reading(export), (), OURS)[0].holds
    tried = 2
    book = Book(LINKS, KEY_SET)
    for number in REPLIES:
        made = reading(receipt_of(WRITER, number, THIEF))
        assert not check_receipt(made, OURS).holds
        assert not check_receipt(made, keys=book.keys).holds
        tried += 2
    for place, said in enumerate(theirs):
        own = list(RECORD["ledger"]["checkpoints"])
        own[place] = said
        assert signed_faults(LINKS, own)
        tried += 1
    tell("signed anew by another key", tried)


def test_all_of_it_under_another_key_is_found_by_the_fingerprint() -> None:
    writer = council()
    writer.entries[0]["facts"]["kid"] = THIEF.kid
    record = with_checkpoints(record_of(writer), signed_ones(writer, THIEF), THEIRS)
    record = sign_record(THIEF, record)
    assert check_record(reading(record), ())[0].holds  # nothing in the file speaks against it
    found = check_record(reading(record), (), OURS)[0]
    assert any("another key signed this" in fault.what for fault in found.faults)
    ours = {"format": signing.KEYS_FORMAT, "keys": KEYS}
    assert not check_record(reading(record), (), trust_in(None, canonical(ours)))[0].holds


def test_every_change_of_every_checkpoint_of_a_ledger_is_found() -> None:
    tried = 0
    chain = Chain(Findings("ledger"), reading({}), LEDGER)
    chain.take_all(LINKS)
    for place, said in enumerate(EXPORT["checkpoints"]):
        for altered, what in changes([deepcopy(said)]):
            findings = Findings("ledger")
            check_checkpoints(findings, reading({}), altered, chain, KEY_SET)
            assert findings.faults, (place, what)
            tried += 1
    for place in range(len(EXPORT["checkpoints"]) - 1):
        swapped = list(EXPORT["checkpoints"])
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert signed_faults(LINKS, swapped)
        tried += 1
    assert signed_faults(LINKS, EXPORT["checkpoints"][:-1]) == [f"entry {REPLIES[-1] + 2}"]
    tell("changes of checkpoints", tried + 1)


def test_every_change_of_every_receipt_is_found() -> None:
    book = Book(LINKS, KEY_SET)
    tried = 0
    for number in REPLIES:
        ways = None if number == REPLIES[0] else 1
        for altered, what in changes(receipt_of(WRITER, number), ways=ways):
            assert not check_receipt(reading(altered), OURS, book.keys).holds, (number, what)
            tried += 1
    tell("changes of receipts", tried)


EXCHANGED: dict[str, Callable[[Entry, Entry], Entry]] = {
    "the signature of another": lambda one, other: one | {"signature": other["signature"]},
    "the checkpoint of another": lambda one, other: one | {"checkpoint": other["checkpoint"]},
    "the entry of another": lambda one, other: one | {"entry": other["entry"]},
    "signed anew with the checkpoint of another": lambda one, other: sign_receipt(
        SIGNER, one, other["checkpoint"]
    ),
}


@pytest.mark.parametrize("what", EXCHANGED)
def test_parts_exchanged_between_receipts_are_found(what: str) -> None:
    made = [receipt_of(WRITER, number) for number in REPLIES]
    for one, other in zip(made, [*made[1:], made[0]], strict=True):
        assert not check_receipt(reading(EXCHANGED[what](one, other)), OURS).holds
    tell(f"receipts with {what}", len(made))


def test_every_change_of_a_list_of_keys_is_found() -> None:
    stated = [
        state_key(SIGNER, "2020-01-01T00:00:00.000000Z"),
        state_key(
            THIEF,
            "2021-01-01T00:00:00.000000Z",
            "compromised",
            SIGNER,
            "2020-12-01T00:00:00.000000Z",
        ),
    ]
    file = {"format": signing.KEYS_FORMAT, "keys": key_list(stated)}
    assert check_key_file(reading(file))[0].holds
    tried = 0
    for altered, what in changes(file):
        if altered["keys"] and altered["keys"] == key_list(stated[:1]):
            continue  # a shorter list is an older one
        assert not check_key_file(reading(altered))[0].holds, what
        tried += 1
    tell("changes of a list of keys", tried)


def test_the_record_is_as_long_as_it_should_be() -> None:
    assert len(LINKS) > 60
    assert len(RECORD["case"]["replies"]) == 480
    assert len(record_bytes(RECORD)) < 1_000_000
