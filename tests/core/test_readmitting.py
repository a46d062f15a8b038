"""What a receipt proves of a reply that was lost, and what a ledger may say that restores it."""

import json
from copy import deepcopy
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.core import ledger
from consult.core.canonical import canonical
from consult.core.readmitting import proof_in, proof_of, version_for
from consult.core.record import derive_case, record_bytes, result_of
from consult.core.restored import restored_facts, tells_same
from consult.core.signing import key_list, sign_receipt, signer_of, state_key
from consult.core.verify import open_book, verify_ledger, verify_receipt
from consult.errors import NotReadmitted
from tests.ledgers import (
    APPROVER,
    CLOSES_AT,
    EXTENDED_TO,
    KEYS,
    OPENS_AT,
    SIGNER,
    THIEF,
    Writer,
    certified,
    closed,
    export_of,
    on_behalf,
    opened,
    readmit,
    receipt_of,
    record_of,
)

DAY = timedelta(days=1)
NEXT = signer_of(Ed25519PrivateKey.from_private_bytes(b"next" * 8))


def receipt(version: int = 1, choices: str = "aob", **more: Any) -> dict[str, Any]:
    """Return the receipt of a reply of Kenya in a ledger that is lost afterwards."""
    writer = opened()
    at = more.pop("at", OPENS_AT + DAY)
    number = writer.reply(
        more.pop("what", "reply"), "KEN", choices, at, version=version,
        comments={"1": "Agreed.", "general": "Thanks."}, **more,
    )  # fmt: skip
    return receipt_of(writer, number)


def faults(writer: Writer) -> list[str]:
    return [str(one) for one in verify_ledger(canonical(export_of(writer))).faults]


def why(raw: bytes, keys: Any = KEYS) -> str:
    with pytest.raises(NotReadmitted) as refused:
        proof_in(raw, keys)
    return str(refused.value.facts["why"])


def test_a_receipt_of_ours_proves_its_reply_without_any_database() -> None:  # T98
    made = receipt()
    proof = proof_in(canonical(made), KEYS)
    assert proof.leaf == ledger.leaf(made["entry"])
    assert proof.raw.encode() == canonical(made)
    assert proof_of(proof.raw).entry == made["entry"]
    spaced = json.dumps(made, indent=2).encode()  # as an editor may have saved it
    assert proof_in(spaced, KEYS).raw == proof.raw


def test_the_mail_that_enclosed_a_receipt_serves_as_well() -> None:  # T98
    mail = EmailMessage()
    mail.set_content("Your reply is received.")
    mail.add_attachment(canonical(receipt()), "application", "json", filename="receipt.json")
    assert proof_in(mail.as_bytes(), KEYS).facts["member"] == "KEN"
    mail.clear_content()
    mail.set_content("No receipt.")
    assert why(mail.as_bytes()) == "unreadable"


def test_what_proves_nothing_is_refused_with_the_reason() -> None:  # T98
    made = receipt()
    assert why(b"\xff") == "unreadable"
    assert why(b"{" + b" " * 5_000_000) == "unreadable"
    assert why(canonical(export_of(certified()))) == "no-receipt"
    assert why(canonical({**made, "format": "consult-comments/1"})) == "of-comments"
    assert why(canonical({**made, "signature": None})) == "unsigned"
    assert why(canonical(made), []) == "foreign-key"
    assert why(canonical(sign_receipt(THIEF, made, made["checkpoint"]))) == "foreign-key"
    assert why(canonical({**made, "kid": THIEF.kid})) == "foreign-key"
    lent = sign_receipt(THIEF, made, made["checkpoint"]) | {"kid": SIGNER.kid}
    assert why(canonical(lent)) == "altered"


@pytest.mark.parametrize("place", ["choices", "received_at", "version", "member", "texts", "head"])
def test_whatever_is_altered_in_a_receipt_it_proves_nothing(place: str) -> None:  # T98
    made = deepcopy(receipt())
    other = receipt(2, "ooo", at=OPENS_AT + 2 * DAY)
    made[place] = "ARG" if place == "member" else [] if place == "texts" else other[place]
    assert why(canonical(made)) == "altered"
    if place in made["entry"]["facts"]:
        made["entry"]["facts"][place] = made[place]
        assert why(canonical(made)) == "altered"


def test_a_key_signs_only_while_it_is_in_force() -> None:
    """T54, T98: before a theft its word holds, and who confirms is told; after it, it does not."""
    stolen = ledger.instant(OPENS_AT + 2 * DAY)
    keys = key_list(
        [
            state_key(SIGNER, "2020-01-01T00:00:00.000000Z"),
            state_key(NEXT, ledger.instant(OPENS_AT + 3 * DAY), "compromised", SIGNER, stolen),
        ]
    )
    assert proof_in(canonical(receipt()), keys).revoked
    assert why(canonical(receipt(at=OPENS_AT + 2 * DAY)), keys) == "revoked"
    planned = key_list(
        [
            state_key(SIGNER, "2020-01-01T00:00:00.000000Z"),
            state_key(NEXT, ledger.instant(OPENS_AT), "planned", SIGNER),
        ]
    )
    assert why(canonical(receipt()), planned) == "not-then"


def test_what_is_restored_stands_in_a_ledger_that_holds() -> None:  # T47, T98
    writer, made = opened(), receipt()
    number = readmit(writer, made)
    assert faults(writer) == []
    found = verify_receipt(canonical(made), open_book(canonical(export_of(writer))))
    assert found.faults == []
    assert found.facts["verdict"] == "counted"
    assert found.facts["restored"] == number


def test_restored_replies_count_in_the_order_in_which_they_came() -> None:
    """T98: the newest in time counts alone, in whatever order receipts come back."""
    first, second = receipt(1, "aaa"), receipt(2, "ooo", at=OPENS_AT + 2 * DAY)
    for order in ((first, second), (second, first)):
        writer = opened()
        for made in order:
            readmit(writer, made)
        assert faults(writer) == []
        result = result_of(derive_case(writer.entries))["questions"]["1"]
        assert result["positions"]["KEN"] == "object"
        assert [one["reason"] for one in result["not_counted"]] == ["superseded"]
        book = open_book(canonical(export_of(writer)))
        assert verify_receipt(canonical(second), book).facts["verdict"] == "counted"
        superseded = verify_receipt(canonical(first), book).facts
        assert (superseded["verdict"], superseded["superseded_by"]) == ("superseded", 2)


def test_of_two_restored_of_the_same_instant_the_later_version_counts() -> None:  # T98
    first, second = receipt(1, "aaa"), receipt(2, "ooo")
    writer = opened()
    readmit(writer, second)
    readmit(writer, first)
    assert result_of(derive_case(writer.entries))["questions"]["1"]["positions"]["KEN"] == "object"
    book = open_book(canonical(export_of(writer)))
    assert verify_receipt(canonical(second), book).facts["verdict"] == "counted"


def test_a_number_that_was_taken_meanwhile_leaves_both_replies() -> None:
    """T98: nothing acknowledged is lost; what came last counts."""
    made = receipt(1, "aaa")
    proof = proof_in(canonical(made), KEYS)
    assert version_for(proof, frozenset()) == 1
    assert version_for(proof, frozenset({1, 2})) == 3
    writer = opened()
    writer.reply("reply", "KEN", "ooo", OPENS_AT + 2 * DAY)
    readmit(writer, made, version=2)
    assert faults(writer) == []
    found = verify_receipt(canonical(made), open_book(canonical(export_of(writer))))
    assert found.facts["verdict"] == "superseded"
    again = opened()
    again.reply("reply", "KEN", "ooo", OPENS_AT + 2 * DAY)
    readmit(again, made, version=1)
    assert faults(again) == ["entry 9: is version 1 of KEN, which is there already"]


def test_a_late_reply_stays_late() -> None:  # T74, T98
    writer, made = closed(), receipt(what="late-reply", at=EXTENDED_TO, version=3)
    readmit(writer, made)
    assert faults(writer) == []
    book = open_book(canonical(export_of(writer)))
    assert verify_receipt(canonical(made), book).facts["verdict"] == "late"


def test_a_paper_that_was_recorded_after_the_statement_still_waits_for_a_ruling() -> None:
    """T75, T98: and one that was recorded before it counts, though it is restored after."""
    lost = closed()
    early = receipt_of(lost, on_behalf(lost, "ARG", "bbb", EXTENDED_TO - DAY))
    lost.enter("post-stated", recorded=1, refused=0, approved=lost.approve("post-stated"))
    late = receipt_of(lost, on_behalf(lost, "BRA", "aaa", EXTENDED_TO - DAY))
    writer = closed()
    writer.at = ledger.read_instant(early["entry"]["at"])
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    for made in (early, late):
        readmit(writer, made)
    assert faults(writer) == []
    book = open_book(canonical(export_of(writer)))
    assert verify_receipt(canonical(early), book).facts["verdict"] == "counted"
    assert verify_receipt(canonical(late), book).facts["verdict"] == "not admitted"


def test_what_is_restored_after_the_certification_leads_to_another_record() -> None:
    """T60, T98: as after a ruling, the result is certified anew."""
    writer = certified()
    writer.enter("publication", result=writer.result(), record="ab" * 32)
    made = receipt(3, "ooo", at=EXTENDED_TO - timedelta(hours=1))
    readmit(writer, made)
    writer.enter("tally", "system", result=writer.result())
    approved = writer.approve("certification")
    writer.enter(
        "certification", APPROVER, result=writer.result(), conclusion="ab" * 32,
        approved=approved, authority=None,
    )  # fmt: skip
    writer.enter("publication", result=writer.result(), record="cd" * 32)
    assert faults(writer) == []


def test_nothing_is_restored_that_was_never_lost() -> None:  # T48, T98
    writer = opened()
    number = writer.reply("reply", "KEN", "aaa", OPENS_AT + DAY)
    made = receipt_of(writer, number)
    readmit(writer, made, version=2)
    assert faults(writer) == [f"entry {number + 3}: restores a reply that is in the ledger"]
    twice = opened()
    readmit(twice, receipt())
    readmit(twice, receipt(), version=2)
    assert faults(twice) == ["entry 11: restores a reply a second time"]


def test_no_reply_is_restored_by_one_person_alone() -> None:  # T35, T48
    writer, made = opened(), receipt()
    readmit(writer, made)
    for entry in writer.entries:
        entry["actor"] = APPROVER
    assert any("person who asked" in fault for fault in faults(writer))


@pytest.mark.parametrize("changed", ["choices", "received_at", "comments", "member"])
def test_a_forged_restoration_is_found_with_the_receipt(changed: str) -> None:
    """T48, T98: it must say what the lost entry said; the receipt has that entry whole."""
    made = receipt()
    entry = deepcopy(made["entry"])
    entry["facts"][changed] = {
        "choices": {"1": "object", "2": "object", "3": "abstain"},
        "received_at": ledger.instant(CLOSES_AT - DAY),
        "comments": {},
        "member": "ARG",
    }[changed]
    writer = opened()
    writer.at = CLOSES_AT - DAY
    approved = writer.approve("reply-restored")
    leaf = ledger.leaf(made["entry"])
    number = writer.enter(
        "reply-restored", **restored_facts(entry, 1), leaf=leaf, approved=approved
    )
    for text in made["texts"]:
        writer.texts[text["commitment"]] = {"salt": text["salt"], "text": text["text"]}
    found = verify_receipt(canonical(made), open_book(canonical(export_of(writer))))
    assert [one.where for one in found.faults] == [f"entry {number}"]
    assert not tells_same(writer.entries[number], made["entry"])


def test_a_record_shows_what_was_restored_with_its_words() -> None:  # T58, T98
    writer = closed()
    readmit(writer, receipt(3, "ooo", at=EXTENDED_TO - timedelta(hours=1)))
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    writer.enter("tally", "system", result=writer.result())
    raw = record_bytes(record_of(writer))
    assert open_book(raw).reference
    assert json.loads(raw)["result"]["questions"]["1"]["positions"]["KEN"] == "object"
