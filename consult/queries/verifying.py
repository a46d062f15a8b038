"""Check the live database: every ledger by itself, and the tables against their ledger (T47)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core import letter as letters
from consult.core.canonical import canonical, hash_of
from consult.core.ledger import instant
from consult.core.life import ENDED, State
from consult.core.reading import read
from consult.core.record import build_export, derive_case, withdrawn
from consult.core.roll import roll_data
from consult.core.signing import with_checkpoints
from consult.core.silence import Breaks
from consult.core.verify import Findings
from consult.core.verify_record import check_ledger
from consult.errors import BadInput
from consult.queries.answered import check_replies
from consult.queries.commented import check_comments
from consult.queries.confirmed import check_confirmed
from consult.queries.content import content_of, load_whole
from consult.queries.countersigned import check_countersignatures
from consult.queries.filed import check_records
from consult.queries.kept import check_kept
from consult.queries.keys import checkpoints_of, keys_of
from consult.queries.mandated import check_mandates, check_register, check_senders
from consult.queries.roll import frozen, lines_of
from consult.queries.signed import check_key, check_receipts
from consult.queries.stated import check_stated
from consult.tables import (
    OPENING,
    Body,
    Consultation,
    LedgerEntry,
    Revision,
    reading,
)

Entry = dict[str, Any]

_RESULTS = frozenset({"tally", "compilation", "certification"})
_MOVES = {
    "ledger-opened": State.DRAFT,
    "draft-discarded": State.DISCARDED,
    "opening": State.OPEN,
    "round-opened": State.OPEN,
    "closing": State.CLOSED,
    "tally": State.COUNTED,
    "compilation": State.COUNTED,
    "certification": State.CERTIFIED,
    "publication": State.PUBLISHED,
}


def verify_database(engine: sa.Engine) -> Iterator[tuple[str, Findings]]:
    """Check every consultation in turn; give its reference and what was found."""
    with reading(engine) as session:
        wanted = select(Consultation.id, Consultation.reference).order_by(Consultation.id)
        letters = session.execute(wanted).all()
    for number, reference in letters:
        with reading(engine) as session:
            found = _read(session, number)
        yield reference, found


def _read(session: Session, number: int) -> Findings:
    """Check one consultation; what cannot even be read is a fault of it, and hides no other."""
    try:
        return _check(session, load_whole(session, number))
    except BadInput as wrong:
        why = "; ".join(f"{where}: {what}" for where, what in wrong.faults.items())
    except (LookupError, TypeError, ValueError, AttributeError, sa.exc.NoResultFound) as wrong:
        why = " ".join(f"{type(wrong).__name__}: {wrong}".split())[:200]
    unread = Findings("ledger")
    unread.fault("consultation", f"what is stored of it cannot be read ({why})")
    return unread


def _check(session: Session, whole: Consultation) -> Findings:
    rows = session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.consultation_id == whole.id)
        .order_by(LedgerEntry.number)
    ).all()
    links = [_link(row) for row in rows]
    about = {"id": whole.ledger, "reference": whole.reference}
    export = with_checkpoints(
        build_export(about, links), checkpoints_of(session, whole.id), keys_of(session)
    )
    findings, keys = check_ledger(read(canonical(export)), (), to_its_end=False)
    for row, link in zip(rows, links, strict=True):
        _row(findings, row, link["entry"])
    entries = [link["entry"] for link in links]
    if findings.holds:
        _head(findings, whole, rows[-1])
        _state(findings, whole, entries)
        if findings.facts["rehearsal"] is not whole.rehearsal:
            findings.fault("entry 0", "does not say of a rehearsal what the table says")
        check_replies(findings, session, whole, entries)
        check_receipts(findings, session, whole, keys)
        _opened(findings, session, whole, entries)
        _silence(findings, whole, entries)
        _revisions(findings, session, whole, entries)
        check_comments(findings, session, whole, entries)
        check_mandates(findings, session, entries)
        check_register(findings, session, entries)
        check_senders(findings, session, whole)
        _counted(findings, whole, entries)
        check_key(findings, whole, entries)
        check_records(findings, session, whole, entries)
        check_countersignatures(findings, session, whole)
        texts = check_kept(findings, session, whole, links)
        check_stated(findings, session, whole, entries, texts)
        check_confirmed(findings, session, whole, entries)
    return findings


def _link(row: LedgerEntry) -> Entry:
    try:
        entry = json.loads(row.entry)
    except ValueError as error:
        raise BadInput({f"entry {row.number}": "is not JSON"}) from error
    return {"entry": entry, "leaf": row.leaf, "prev": row.prev, "head": row.head}


def _row(findings: Findings, row: LedgerEntry, entry: Entry) -> None:
    stored = (row.number, instant(row.at), row.what)
    if stored != (entry["number"], entry["at"], entry["what"]):
        findings.fault(f"entry {row.number}", "its columns are not what the entry says")
    if row.entry != canonical(entry).decode():
        findings.fault(f"entry {row.number}", "is not spelled canonically")


def _head(findings: Findings, whole: Consultation, last: LedgerEntry) -> None:
    if (whole.number, whole.head) != (last.number, last.head):
        findings.fault("consultation", "its head is not that of the last entry")


def _state(findings: Findings, whole: Consultation, entries: list[Entry]) -> None:
    told = State.DRAFT
    waiting: set[int] = set()
    for entry in entries:
        told = _MOVES.get(entry["what"], told)
        if entry["what"] == "broken" and entry["facts"]["breaks"] == Breaks.WHOLE:
            told = State.BROKEN
        if entry["what"] == "withdrawal" and entry["facts"]["items"] is None:
            told = State.WITHDRAWN
        if entry["what"] == "approval-asked" and entry["facts"]["act"] == "opening":
            waiting.add(entry["number"])
        waiting.discard(entry["facts"].get("asked", -1))
    if told in ENDED:  # a ruling may or may not have ended the certification
        told = State(str(findings.facts["phase"]))
    if told is State.DRAFT and waiting:
        told = State.SUBMITTED
    if whole.state is not told:
        findings.fault("consultation", f"is {whole.state.value}; the ledger says {told.value}")


def _opened(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    openings = [e for e in entries if e["what"] in {"opening", "corrigendum"}]
    if not openings:
        return
    facts, number = openings[-1]["facts"], openings[-1]["number"]
    body = session.get_one(Body, whole.body_id)
    lines = lines_of(frozen(session, whole.id), body.working_language)
    if roll_data(lines) != facts["case"]["roll"]:
        findings.fault(f"entry {number}", "the stored roll is not the one that it froze")
    content = content_of(whole, body)
    if content["unconfirmed"] != openings[0]["facts"]["unconfirmed"]:
        findings.fault(
            f"entry {openings[0]['number']}", "what becomes of an unconfirmed reply is otherwise"
        )
    if fault := _rule_fault(content, facts["case"]):
        findings.fault(f"entry {number}", fault)
    for language, told in facts.get("texts", {}).items():
        if hash_of(letters.texts(content, language)) != told:
            findings.fault(f"entry {number}", f"the stored texts ({language}) are not those opened")
    _changed(findings, content, entries)
    if content["closes_at"] != derive_case(entries)["closes_at"]:
        findings.fault("consultation", "its deadline is not the one that the ledger gives")


def _rule_fault(content: Mapping[str, Any], case: Mapping[str, Any]) -> str | None:
    if content["rule"] != case["rule"]:
        return "the stored rule is not the one that it holds"
    rules = {item["id"]: item["rule"] for item in content["items"]}
    if rules != {one["id"]: one.get("rule") for one in case["questions"]}:
        return "the stored items, or their rules, are not those that it holds"
    return None


def _silence(findings: Findings, whole: Consultation, entries: list[Entry]) -> None:
    """Check of every item since when the silence on it is broken, and by which entry."""
    breaks = (whole.breaks or Breaks.ITEM).value
    told: dict[str, tuple[str, int]] = {}
    chosen: str | None = None
    for entry in entries:
        facts = entry["facts"]
        chosen = facts.get("fields", {}).get("breaks", chosen)
        if facts.get("breaks", breaks) != breaks:
            findings.fault(f"entry {entry['number']}", "breaks other than the letter says")
        if entry["what"] == "broken":
            told |= dict.fromkeys(facts["items"], (facts["takes_effect_at"], facts["cause"]))
        elif entry["what"] == "mended":
            told = {item: said for item, said in told.items() if item not in facts["items"]}
    if chosen is not None and chosen != hash_of(breaks):
        findings.fault("consultation", "what an objection breaks is not as it was drafted")
    for item in whole.items:
        at, cause = told.get(item.code, (None, None))
        stored = instant(item.broken_at) if item.broken_at else None
        own = (cause,) if whole.breaks is not Breaks.WHOLE else (cause, None)
        if stored != at or item.broken_number not in own:
            findings.fault(f"item {item.code}", "is not broken as the ledger says")


def _changed(findings: Findings, content: dict[str, Any], entries: list[Entry]) -> None:
    """Check what may change, or lead to a change, while the letter is open."""
    opening = next((entry for entry in entries if entry["what"] == "opening"), None)
    if opening is None:  # a comment round declares none
        return
    if content["outage"] != opening["facts"]["outage"]:
        findings.fault("consultation", "its outage clause is not the one that the opening declares")
    gone = {item["id"] for item in content["items"] if item.get("withdrawn_at")}
    if gone != withdrawn(entries).keys():
        findings.fault("consultation", "the items withdrawn are not those that the ledger names")


def _revisions(
    findings: Findings, session: Session, whole: Consultation, entries: list[Entry]
) -> None:
    """Check that each revision as it is kept is the one that its entry names."""
    rows = session.scalars(
        select(Revision).where(Revision.consultation_id == whole.id).order_by(Revision.number)
    ).all()
    told = [e for e in entries if e["what"] in {"opening", "round-opened", "corrigendum"}]
    if [row.number for row in rows] != list(range(len(told))):
        findings.fault("revisions", "are not those that the ledger enters, each once")
        return
    if whole.revision != max(len(told) - 1, 0):
        findings.fault("consultation", f"is at revision {whole.revision}; the ledger is not")
    for row, entry in zip(rows, told, strict=True):
        facts, place = entry["facts"], f"entry {entry['number']}"
        said = facts.get("kind", OPENING), facts["texts"], facts.get("changed", [])
        rule = facts.get("case", row.content)["rule"]
        if (row.kind, row.texts, row.changed, row.content["rule"]) != (*said, rule):
            findings.fault(place, "the stored revision is not what it says")
        for language, text in facts["texts"].items():
            if hash_of(letters.texts(row.content, language)) != text:
                findings.fault(place, f"the texts kept of its revision ({language}) are others")


def _counted(findings: Findings, whole: Consultation, entries: list[Entry]) -> None:
    if whole.result is None:
        return
    if hash_of(whole.result) != _last_tally(entries):
        findings.fault("consultation", "its result is not the one that the last tally entered")


def _last_tally(entries: list[Entry]) -> str | None:
    tallies = [e["facts"]["result"] for e in entries if e["what"] in {"tally", "compilation"}]
    return tallies[-1] if tallies else None
