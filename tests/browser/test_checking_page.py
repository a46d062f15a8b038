"""The page that checks files from disk says what `consult verify` says, and reaches nobody."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consult.core.canonical import canonical
from consult.core.record import record_bytes
from consult.core.signing import (
    COMPROMISED,
    KEYS_FORMAT,
    fingerprint_of,
    key_list,
    state_key,
    with_checkpoints,
)
from consult.core.verify import RECEIPTS, examine, kind_of, verify_receipt
from consult.errors import BadInput
from consult.wording.catalogues import read
from tests import countersigned
from tests.browser.conftest import Site
from tests.build import LANGUAGES
from tests.ledgers import (
    CLOSES_AT,
    DAY,
    KEYS,
    LEDGER,
    OPENS_AT,
    REFERENCE,
    SIGNER,
    THIEF,
    certified,
    closed,
    comment,
    export_of,
    head_at,
    on_behalf,
    opened,
    readmit,
    receipt_of,
    record_of,
    round_opened,
    signed,
    signed_ones,
)

WRITER = certified()
RECORD, EXPORT = record_of(WRITER), export_of(WRITER)
OURS = fingerprint_of(SIGNER.public_key)
CHANGED = key_list(
    [
        state_key(SIGNER, "2020-01-01T00:00:00.000000Z"),
        state_key(
            THIEF,
            "2021-01-01T00:00:00.000000Z",
            COMPROMISED,
            SIGNER,
            revokes_from="2020-06-24T00:00:00.000000Z",
        ),
    ]
)


@pytest.fixture
def page(site: Site, tmp_path: Path) -> Page:
    """The page as somebody saved it, opened from disk without a connection."""
    path = tmp_path / "consult-check.html"
    made = site.app.test_client().get("/en/check.html").data
    assert len(made) <= 100 * 1024
    path.write_bytes(made)
    here = site.page(offline=True)
    here.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    here.goto(path.as_uri())
    here.wait_for_selector("body[data-able]")
    assert [url for url in asked if not url.startswith("file:")] == []
    return here


def told(page: Page, files: dict[str, bytes], key: str = "", line: str = "") -> dict[str, Any]:
    """Return of each file what the page says: whether it holds, the verdict, its faults' places."""
    page.locator("#files").set_input_files(
        [
            {"name": name, "mimeType": "application/json", "buffer": raw}
            for name, raw in files.items()
        ]
    )
    page.locator("#key").fill(key)
    page.locator("#line").fill(line)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#found section")).to_have_count(len(files))
    return {
        part.get_attribute("data-file") or "": (
            part.get_attribute("data-holds") == "true",
            part.get_attribute("data-verdict") or "",
            [line.get_attribute("data-where") or "" for line in part.locator("li").all()],
        )
        for part in page.locator("#found section").all()
    }


def ours(raw: bytes, record: bytes | None = None) -> tuple[bool, str, set[str]]:
    """Return what our own check says: whether it holds, the verdict, where the faults are."""
    try:
        found = verify_receipt(raw, record) if kind_of(raw) in RECEIPTS else examine(raw)[0]
    except BadInput:
        return False, "", {"file"}
    places = {fault.where for fault in found.faults}
    return found.holds, str(found.facts.get("verdict", "")), places


def edited(made: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    copy = deepcopy(made)
    change(copy)
    return copy


def _entry(number: int) -> Callable[[dict[str, Any]], object]:
    return lambda made: made["ledger"]["entries"][number]["entry"].update(actor="person:other")


def without(made: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in made.items() if each != name}


ALTERED: dict[str, bytes] = {
    "whole record": record_bytes(RECORD),
    "whole export": canonical(EXPORT),
    "whole, spelled otherwise": json.dumps(RECORD, indent=2).encode(),
    "an entry changed": canonical(edited(RECORD, _entry(8))),
    "an entry cut": canonical(edited(RECORD, lambda r: r["ledger"]["entries"].pop())),
    "an entry dropped": canonical(edited(RECORD, lambda r: r["ledger"]["entries"].pop(9))),
    "a count changed": canonical(
        edited(RECORD, lambda r: r["result"]["questions"]["1"].update(outcome="not_adopted"))
    ),
    "a head left out": canonical(edited(RECORD, lambda r: r["ledger"]["heads_sent"].pop())),
    "a free word changed": canonical(
        edited(RECORD, lambda r: r["consultation"].update(body="another"))
    ),
    "a text changed": canonical(
        edited(RECORD, lambda r: next(iter(r["texts"].values())).update(text="Non."))
    ),
    "no signature": canonical(RECORD | {"keys": [], "signers": [], "signatures": {}}),
    "an old export": canonical(
        {name: EXPORT[name] for name in ("format", "consultation", "entries")}
    ),
    "a checkpoint of another key": canonical(
        edited(EXPORT, lambda e: e.update(checkpoints=signed_ones(WRITER, THIEF)))
    ),
    "a key of another name": canonical(edited(EXPORT, lambda e: e["keys"][0].update(kid="0" * 16))),
    "signed after it was revoked": canonical(
        signed(with_checkpoints(RECORD, signed_ones(WRITER), CHANGED))
    ),
    "a name twice": record_bytes(RECORD).replace(b'"format":', b'"format":"x","format":', 1),
    "a float": record_bytes(RECORD).replace(b'"v":1', b'"v":1.0', 1),
    "not UTF-8": b"\xff" + record_bytes(RECORD),
    "not JSON": record_bytes(RECORD)[:-1],
    "another format": b'{"format": "consult-record/2"}',
}


def test_the_page_says_of_records_and_ledgers_what_the_command_says(page: Page) -> None:  # T56
    found = told(page, ALTERED)
    for name, raw in ALTERED.items():
        holds, _verdict, places = ours(raw)
        assert found[name][0] is holds, (name, found[name])
        if not holds:
            first = found[name][2][0]
            assert any(place.startswith(first) for place in places), (name, places, found[name])


def test_the_page_says_that_it_leaves_countersignatures_to_the_command(page: Page) -> None:  # T54
    (holds, _verdict, faults) = told(page, {"beside": canonical(countersigned.made())})["beside"]
    assert (holds, faults) == (False, ["file"])
    assert "the command consult verify checks it" in page.locator("#found li").inner_text()


def test_the_page_says_of_receipts_what_the_command_says(page: Page) -> None:  # T56
    record = record_bytes(RECORD)
    replies = [e["number"] for e in WRITER.entries if "reply" in e["facts"]]
    files = {f"receipt {n}": canonical(receipt_of(WRITER, n)) for n in replies}
    other = opened()
    missing = other.reply("reply", "JPN", "aaa", OPENS_AT)
    files["missing"] = canonical(receipt_of(other, missing))
    made = receipt_of(WRITER, replies[0])
    for name, change in {
        "choice": {"choices": {"1": "object"}},
        "signature": {"signature": "0" * 128},
        "unsigned": {"signature": None},
        "text": {"texts": []},
    }.items():
        files[name] = canonical(made | change)
    files["of a thief"] = canonical(receipt_of(WRITER, replies[0], THIEF))
    found = told(page, {"record": record, **files})
    for name, raw in files.items():
        holds, verdict, _where = ours(raw, record)
        assert found[name][:2] == (holds, verdict), (name, found[name])
    assert {"counted", "superseded", "late", "missing", "not admitted"} - {
        verdict for _holds, verdict, _faults in found.values()
    } <= {"not admitted"}
    alone = told(page, {"of a thief": files["of a thief"]})
    assert alone["of a thief"][0] is ours(files["of a thief"])[0] is True


REHEARSED = certified(rehearsal=True)
OF_REHEARSAL = signed(
    record_of(REHEARSED)
    | {"consultation": {"id": LEDGER, "reference": REFERENCE, "number": None, "rehearsal": True}}
)


def test_the_page_says_of_a_rehearsal_that_it_counts_for_nothing(page: Page) -> None:  # T56
    record = canonical(OF_REHEARSAL)
    number = next(e["number"] for e in REHEARSED.entries if e["what"] == "reply")
    made = receipt_of(REHEARSED, number)
    letter = made["consultation"]
    files = {
        "receipt": canonical(made),
        "not said": canonical(made | {"consultation": without(letter, "rehearsal")}),
        "said otherwise": canonical(made | {"consultation": letter | {"rehearsal": False}}),
        "of the letter itself": canonical(receipt_of(WRITER, number)),
    }
    found = told(page, {"record": record, **files})
    assert found["record"] == (True, "", [])
    for name, raw in files.items():
        holds, verdict, places = ours(raw, record)
        assert (*found[name][:2], set(found[name][2])) == (holds, verdict, places), name
    said = page.locator("#found section").filter(has_text="counts for nothing")
    assert {part.get_attribute("data-file") for part in said.all()} == {"record", "receipt"}
    told(page, {"record": record_bytes(RECORD)})
    assert "rehearsal" not in page.locator("#found").inner_text()
    for wrong in (
        {"consultation": without(OF_REHEARSAL["consultation"], "rehearsal")},
        {"consultation": OF_REHEARSAL["consultation"] | {"number": "2020/3"}},
    ):
        altered = canonical(signed(OF_REHEARSAL | wrong))
        _holds, _verdict, places = ours(altered)
        assert told(page, {"r": altered})["r"] == (False, "", list(places))


def test_the_page_takes_receipts_of_unclear_papers_and_of_comments(page: Page) -> None:  # T56
    writer = opened()
    said = {name: writer.commit(name) for name in ("words", "question")}
    paper = on_behalf(writer, "KEN", "a-a", OPENS_AT, unclear={"2": said})
    made = receipt_of(writer, paper)
    files = {
        "unclear": canonical(made),
        "lacks one": canonical(made | {"texts": made["texts"][1:]}),
    }
    assert len(made["texts"]) == 2
    found = told(page, {"ledger": canonical(export_of(writer)), **files})
    assert [found[name] for name in ("ledger", *files)] == [
        (True, "", []), (True, "counted", []), (False, "", ["texts", "signature"]),
    ]  # fmt: skip

    writer = round_opened()
    numbers = [
        comment(writer, "KEN", {"1": "Agreed."}, OPENS_AT + DAY),
        comment(writer, "KEN", {"1": "Not so.", "2": "Nor this."}, OPENS_AT + 2 * DAY),
        comment(writer, "JPN", {"2": "Sorry."}, CLOSES_AT),
    ]
    files = {f"comments {n}": canonical(receipt_of(writer, n)) for n in numbers}
    one = receipt_of(writer, numbers[0])
    files["changed"] = canonical(one | {"remarks": []})
    files["of a reply"] = canonical(one | {"format": "consult-receipt/1"})
    other = round_opened()
    files["missing"] = canonical(receipt_of(other, comment(other, "BRA", {"1": "No."}, OPENS_AT)))
    ledger = canonical(export_of(writer))
    found = told(page, {"ledger": ledger, **files})
    for name, raw in files.items():
        holds, verdict, _where = ours(raw, ledger)
        assert found[name][:2] == (holds, verdict), (name, found[name])
    assert [found[name][1] for name in files] == [
        "superseded",
        "counted",
        "late",
        "",
        "",
        "missing",
    ]


def test_the_page_names_the_items_on_which_a_reply_lapsed(page: Page) -> None:  # T56
    writer = closed(unconfirmed="lapses")
    for member in ("KEN", "FRA"):
        number = max(e["number"] for e in writer.entries if e["facts"].get("member") == member)
        files = {"receipt": canonical(receipt_of(writer, number))}
        found = told(page, {"ledger": canonical(export_of(writer)), **files})
        assert found["receipt"] == (True, "counted", [])
        said = page.locator("#found").inner_text()
        assert ("says nothing on these items: 1." in said) is (member == "FRA")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_is_said_in_the_language_of_the_page(  # T56
    site: Site, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "consult-check.html"
    path.write_bytes(site.app.test_client().get(f"/{language}/check.html").data)
    page = site.page(offline=True)
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-able=yes]")
    files = {
        name: ALTERED[name]
        for name in ("an entry changed", "a head left out", "no signature", "a float", "not JSON")
    }
    page.locator("#files").set_input_files(
        [{"name": n, "mimeType": "application/json", "buffer": raw} for n, raw in files.items()]
    )
    page.locator("form button").click()
    expect(page.locator("#found section.bad")).to_have_count(len(files))
    said = page.locator("#found li span").all_inner_texts()
    catalogue = read(language)
    for english in ("its leaf is not the hash of what it says", "is not JSON"):
        assert catalogue.gettext(english) in said
        assert (english in said) is (language == "en")
    assert not [one for one in said if "undefined" in one or "{" in one]


def test_the_page_finds_a_reply_that_was_lost_and_readmitted(page: Page) -> None:  # T56, T98
    lost, held = opened(), opened()
    first, second = (
        receipt_of(lost, lost.reply("reply", "KEN", choices, OPENS_AT + DAY, version=version))
        for version, choices in ((1, "aaa"), (2, "ooo"))
    )
    forged = receipt_of(lost, lost.reply("reply", "JPN", "aaa", OPENS_AT + DAY))
    for made in (second, first):
        readmit(held, made)
    number = readmit(held, forged)
    held.entries[number]["facts"]["choices"] = {"1": "object", "2": "object", "3": "object"}
    ledger = canonical(export_of(held))
    made = {"first": first, "second": second, "forged": forged}
    files = {name: canonical(one) for name, one in made.items()}
    found = told(page, {"ledger": ledger, **files})
    assert found["ledger"][0]
    for name, raw in files.items():
        holds, verdict, _where = ours(raw, ledger)
        assert found[name][:2] == (holds, verdict), (name, found[name])
    assert [found[name][:2] for name in files] == [
        (True, "superseded"), (True, "counted"), (False, ""),
    ]  # fmt: skip
    assert "lost and readmitted from its receipt" in page.locator("#found").inner_text()


def test_the_key_and_the_line_that_are_given_are_looked_for(page: Page) -> None:  # T48, T50
    files = {"record": record_bytes(RECORD)}
    assert told(page, files, key=OURS[:16].upper())["record"][0]
    assert "you gave" in page.locator("#found").inner_text()
    assert told(page, files)["record"][0]
    assert "file's own" in page.locator("#found").inner_text()
    assert not told(page, files, key=fingerprint_of(THIEF.public_key))["record"][0]
    number, head = head_at(WRITER, 12)
    assert told(page, files, line=f"Ledger DM-20/1021 #{number} {head[:32]}")["record"][0]
    assert not told(page, files, line=f"{number + 1}:{head[:32]}")["record"][0]
    lists = {"keys": canonical({"format": KEYS_FORMAT, "keys": KEYS})}
    assert told(page, {**files, **lists})["record"][0]
    lists = {"keys": canonical({"format": KEYS_FORMAT, "keys": CHANGED})}
    revoked = told(page, {**files, **lists})
    assert (revoked["keys"][0], revoked["record"][0]) == (True, False)


def test_a_browser_without_ed25519_is_told_so_and_shows_no_mark(  # T56
    site: Site, tmp_path: Path, chromium: Browser
) -> None:
    path = tmp_path / "consult-check.html"
    path.write_bytes(site.app.test_client().get("/fr/check.html").data)
    page = site.page()
    page.add_init_script(
        "const real = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = (form, data, kind, ...more) => kind === 'Ed25519'"
        " ? Promise.reject(new DOMException('no', 'NotSupportedError'))"
        " : real(form, data, kind, ...more);"
    )
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-able=no]")
    assert "Ed25519" in page.locator("#said").inner_text()
    assert page.locator("#form").is_hidden()
    assert page.locator(".ok").count() == 0
