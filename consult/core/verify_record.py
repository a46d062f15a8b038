"""Checks a decision record or the export of a ledger: all that can be recomputed is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consult.core import round_record
from consult.core.canonical import fault_of, hash_of
from consult.core.entries import RESTORED
from consult.core.findings import Findings, difference
from consult.core.reading import Reading, twice_in, twice_within
from consult.core.record import NAMES, adopted_by, decision_of, derive_case, result_of
from consult.core.round import DISPOSED, is_round, table_of
from consult.core.shapes import HASH, INSTANT, NUMBER, OBJECT, UUID, exactly, misfit
from consult.core.verify_chain import Chain, check_heads
from consult.core.verify_course import NEW, take
from consult.core.verify_keys import NO_TRUST, UNSIGNED, KeySet, Trust, keys_in
from consult.core.verify_signatures import (
    check_checkpoints,
    check_end,
    check_record_signatures,
)
from consult.core.verify_standing import Standing
from consult.core.verify_texts import check_texts
from consult.errors import BadInput

Heads = Sequence[tuple[int, str]]

_LEDGER_NAMES = frozenset({"entries", "checkpoints", "heads_sent"})
_EXPORT_NAMES = frozenset({"format", "consultation", "entries", "checkpoints", "keys"})
_OF_BEFORE = _EXPORT_NAMES - {"checkpoints", "keys"}  # there were keys
_SENT = exactly({"number": NUMBER, "head": HASH, "at": INSTANT})
_RESULTS = frozenset({"tally", "compilation", "certification"})


def check_record(
    reading: Reading, heads: Heads, trust: Trust = NO_TRUST
) -> tuple[Findings, KeySet | None]:
    """Recompute a decision record, or that of a comment round, from its own ledger.

    Returns:
        What was found, and the keys by which receipts beside it are judged.
    """
    findings, value = Findings("record"), reading.value
    is_table = reading.format == round_record.FORMAT
    names = round_record.NAMES if is_table else NAMES
    if not _named(findings, reading, names):
        return findings, None
    for name in sorted(names - {"ledger", "format"}):
        found = fault_of(value[name])
        findings.misfit(found and (name + found[0], found[1]))
    ledger = value["ledger"]
    if not isinstance(ledger, dict) or ledger.keys() != _LEDGER_NAMES:
        findings.fault("ledger", "must hold exactly entries, checkpoints and heads_sent")
        return findings, None
    chain = _follow(findings, reading, ledger["entries"], heads)
    _check_sent(findings, reading, ledger["heads_sent"], chain)
    if chain.whole:
        _check_rehearsal(findings, value["consultation"])
        (_check_table if is_table else _check_content)(findings, value, chain.entries)
    keys = keys_in(findings, value["keys"], trust)
    if keys.all:
        check_checkpoints(findings, reading, ledger["checkpoints"], chain, keys)
        check_end(findings, chain)
        check_record_signatures(findings, value, keys)
    findings.facts["keys"] = keys.fingerprints()
    return findings, keys


def check_ledger(
    reading: Reading, heads: Heads, trust: Trust = NO_TRUST, *, to_its_end: bool = True
) -> tuple[Findings, KeySet | None]:
    """Recompute the export of a ledger; returns what `check_record` does.

    Args:
        to_its_end: Its last entry must be under a signed head, as in every file that is given
            out; in a live database the newest ones are not yet.
    """
    findings, value = Findings("ledger"), reading.value
    if value.keys() == _OF_BEFORE:
        findings.fault("file", UNSIGNED)
        return findings, None
    if not _named(findings, reading, _EXPORT_NAMES):
        return findings, None
    found = fault_of(value["consultation"])
    findings.misfit(found and ("consultation" + found[0], found[1]))
    chain = _follow(findings, reading, value["entries"], heads)
    if not to_its_end and value["checkpoints"] == []:
        return findings, None  # nothing of it was signed yet
    keys = keys_in(findings, value["keys"], trust)
    if keys.all:
        check_checkpoints(findings, reading, value["checkpoints"], chain, keys)
        if to_its_end:
            check_end(findings, chain)
    findings.facts["keys"] = keys.fingerprints()
    return findings, keys


def _named(findings: Findings, reading: Reading, names: frozenset[str]) -> bool:
    """Check the names of the file's outermost object, and that none in it stands twice."""
    value = reading.value
    if value.keys() != names:
        findings.misfit(misfit(value, dict.fromkeys(sorted(names), OBJECT)))
        return False
    for where, twice in _doubled(reading):
        if twice is not None:
            findings.fault(where, f"has the name {twice!r} twice")
    consultation = value["consultation"]
    if not isinstance(consultation, dict) or not UUID.fits(consultation.get("id")):
        findings.fault("consultation.id", UUID.words)
        return False
    return True


def _doubled(reading: Reading) -> Iterator[tuple[str, str | None]]:
    """Yield each part of a file but its links, with the name that stands twice in it, if any."""
    value = reading.value
    yield "file", twice_in(reading, value)
    for name, part in value.items():
        if name == "ledger":
            yield name, twice_in(reading, part)
        elif name not in {"entries", "checkpoints"}:
            yield name, twice_within(reading, part)


def _follow(findings: Findings, reading: Reading, links: object, heads: Heads) -> Chain:
    """Check the chain, the heads that people hold, and the course of the procedure."""
    consultation = reading.value["consultation"]
    chain = Chain(findings, reading, consultation["id"])
    chain.take_all(links)
    check_heads(findings, chain.heads, heads)
    numbered = all(entry["number"] == place for place, entry in enumerate(chain.entries))
    if not chain.whole or not numbered:
        chain.whole = False
        return chain
    standing = Standing(NEW)
    told: list[dict[str, Any]] = []
    for entry in chain.entries:
        where, result = f"entry {entry['number']}", None
        if entry["what"] in _RESULTS:
            result, standing.counted, standing.adopted = _tallied(told)
        if found := take(standing, entry):
            findings.fault(where, found)
        elif entry["what"] in _RESULTS and entry["facts"]["result"] != result:
            findings.fault(where, "its result is not the tally of the entries before it")
        told.append(entry)
    _check_restored(findings, chain)
    if consultation.get("reference") != standing.reference:
        findings.fault("consultation.reference", "is not that of the ledger")
    findings.facts |= {
        "reference": standing.reference,
        "rehearsal": standing.rehearsal,
        "phase": standing.phase,
        "entries": len(chain.entries),
        "replies": len(standing.replies),
        "head": chain.heads[-1],
        "heads_held": len(heads),
        "result": standing.result,
        "published": standing.published,
    }
    return chain


def _check_restored(findings: Findings, chain: Chain) -> None:
    """Check that what was restored had been lost: its own entry is not in this ledger (T98)."""
    restored: set[str] = set()
    for entry in chain.entries:
        if entry["what"] != RESTORED:
            continue
        lost = entry["facts"]["leaf"]
        if lost in chain.leaves:
            findings.fault(f"entry {entry['number']}", "restores a reply that is in the ledger")
        elif lost in restored:
            findings.fault(f"entry {entry['number']}", "restores a reply a second time")
        restored.add(lost)


def _tallied(entries: Sequence[Mapping[str, Any]]) -> tuple[str | None, str, frozenset[str]]:
    """Return the hash of what *entries* come to, that of what it decides, and what it adopts."""
    try:
        if is_round(entries):
            return hash_of(table_of(entries)), "", frozenset()
        result = result_of(derive_case(entries))
        return hash_of(result), hash_of(decision_of(result)), adopted_by(result)
    except (BadInput, KeyError):
        return None, "", frozenset()


def _check_sent(findings: Findings, reading: Reading, sent: object, chain: Chain) -> None:
    """Check that each head that a notice carried is in the chain."""
    if not isinstance(sent, list):
        findings.fault("ledger.heads_sent", "must be a list")
        return
    least = 0
    for place, each in enumerate(sent):
        if not _SENT.fits(each) or twice_in(reading, each) or each["number"] < least:
            findings.fault(f"ledger.heads_sent[{place}]", f"{_SENT.words}, in the order of numbers")
            return
        least = each["number"] + 1
        if found := _sent_fault(each, chain):
            findings.fault(f"entry {each['number']}", found)


def _sent_fault(sent: Mapping[str, Any], chain: Chain) -> str | None:
    number = sent["number"]
    if number >= len(chain.heads):
        return "is not in the record, and its head was sent"
    if sent["head"] != chain.heads[number]:
        return "its head is not the one that was sent"
    if chain.whole and sent["at"] != chain.entries[number]["at"]:
        return "its instant is not the one that the list of sent heads names"
    return None


def _check_rehearsal(findings: Findings, consultation: Mapping[str, Any]) -> None:
    """Check that the record of a rehearsal says so and bears no number, and no other does."""
    rehearsal = findings.facts["rehearsal"]
    if consultation.get("rehearsal", False) is not rehearsal:
        findings.fault("consultation.rehearsal", "is not what the ledger says")
    elif rehearsal and consultation.get("number") is not None:
        findings.fault("consultation.number", "is that of a decision, and this is a rehearsal")


def _check_content(
    findings: Findings, value: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> None:
    """Derive case, result and texts again from *entries* and compare."""
    try:
        case = derive_case(entries)
        result = result_of(case)
        digest = hash_of(result)
    except (BadInput, KeyError) as error:
        findings.fault("ledger.entries", f"tell no case that can be tallied: {error}")
        return
    findings.misfit(difference(value["case"], case, "case"))
    findings.misfit(difference(value["result"], result, "result"))
    if findings.facts["result"] is None:
        findings.fault("result", "the ledger holds no tally")
    elif findings.facts["result"] != digest:
        findings.fault("result", "is not the one that the last tally entered")
    corrects = value["consultation"].get("corrects") or {}
    named = corrects.get("sha256") if isinstance(corrects, dict) else corrects
    if findings.facts["published"] != named:
        findings.fault("consultation.corrects", "is not the record that was published before")
    check_texts(findings, value["texts"], value["withheld"], entries)
    questions = result["questions"]
    findings.facts["outcomes"] = {item: one["outcome"] for item, one in questions.items()}


def _check_table(
    findings: Findings, value: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> None:
    """Derive the table and the texts of a comment round again from *entries* and compare."""
    if not is_round(entries):
        findings.fault("ledger.entries", "tell no comment round")
        return
    table = table_of(entries)
    findings.misfit(difference(value["table"], table, "table"))
    if findings.facts["result"] is None:
        findings.fault("table", "the ledger holds no compilation")
    elif findings.facts["result"] != hash_of(table) and not _disposed_since(entries):
        findings.fault("table", "is not the one that the last compilation entered")
    check_texts(findings, value["texts"], value["withheld"], entries)
    findings.facts["outcomes"] = {}


def _disposed_since(entries: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether something was said of a comment since the table was last entered."""
    last = next(e["what"] for e in reversed(entries) if e["what"] in _RESULTS | {DISPOSED})
    return bool(last == DISPOSED)


def links_in(reading: Reading) -> list[dict[str, Any]]:
    """Return the links of a record or an export that holds."""
    value = reading.value
    links: list[dict[str, Any]] = value.get("ledger", value)["entries"]
    return links
