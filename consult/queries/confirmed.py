"""Check the live database: who asked, confirmed and contested, and what followed (T35, T47)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from consult.core.verify import Findings
from consult.tables import Consultation, Contest, Erratum, Person, Referral, Request

Entry = dict[str, Any]

_ANSWERS = frozenset({"countersigned", "approval-refused", "approval-lapsed"})


def check_confirmed(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    """Note each request, contest, erratum and referral that is not as the entries say."""
    _check_requests(findings, session, whole, entries)
    _check_contests(findings, session, whole, entries)
    _check_aftermath(findings, session, whole, entries)


def _check_requests(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    asked = {e["number"]: e for e in entries if e["what"] == "approval-asked"}
    answers = {e["facts"]["asked"]: e for e in entries if e["what"] in _ANSWERS}
    asks, decides = aliased(Person), aliased(Person)
    for row, asking, deciding in session.execute(
        select(Request, asks.opaque, decides.opaque)
        .outerjoin(asks, asks.id == Request.asked_by_id)
        .outerjoin(decides, decides.id == Request.decided_by_id)
        .where(Request.consultation_id == whole.id)
    ):
        entry = asked.pop(row.asked_number, None)
        if entry is None:
            findings.fault(f"request {row.id}", "has no entry, or is one too many for it")
            continue
        where, facts = f"entry {entry['number']}", entry["facts"]
        told = facts["act"], facts["shown"], entry["actor"]
        if (row.act.value, row.shown, f"person:{asking}") != told:
            findings.fault(where, "the stored request is not what it says")
        answer = answers.get(entry["number"])
        confirmed = answer["what"] == "countersigned" if answer else None
        by = answer["actor"] if answer and answer["what"] != "approval-lapsed" else None
        decided_by = row.decided_by_id and f"person:{deciding}"
        if (row.confirmed, decided_by) != (confirmed, by) or bool(row.decided_at) != bool(answer):
            findings.fault(where, "what became of the stored request is not what the ledger says")
    for number in asked:
        findings.fault(f"entry {number}", "the request that it enters is not stored")


def _check_contests(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    rulings = {e["facts"]["about"]: e["number"] for e in entries if e["what"] == "ruling"}
    told = {}
    for entry in entries:
        if entry["what"] == "contest":
            facts = entry["facts"]
            said = tuple(facts[name] for name in ("member", "about", "grounds", "proof"))
            told[entry["number"]] = *said, entry["actor"], rulings.get(facts["about"])
    stored = {
        row.number: (row.member, row.about, row.grounds, row.proof, f"person:{by}", row.ruling)
        for row, by in session.execute(
            select(Contest, Person.opaque)
            .outerjoin(Person, Person.id == Contest.by_id)
            .where(Contest.consultation_id == whole.id)
        )
    }
    for number in sorted(told.keys() | stored.keys()):
        if told.get(number) != stored.get(number):
            findings.fault(f"entry {number}", "the stored contest is not what it says")


def _check_aftermath(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    """Check which items go on to a meeting, and which errata stand beside the record."""
    errata = {(e["number"], e["facts"]["erratum"]) for e in entries if e["what"] == "erratum"}
    found = session.execute(
        select(Erratum.entry, Erratum.number).where(Erratum.consultation_id == whole.id)
    )
    if {(row.entry, row.number) for row in found} != errata:
        findings.fault("errata", "those that are stored are not those of the ledger")
    stored: dict[int, set[str]] = {}
    for row in session.execute(
        select(Referral.entry, Referral.item).where(Referral.consultation_id == whole.id)
    ):
        stored.setdefault(row.entry, set()).add(row.item)
    if stored != _referred(whole, entries):
        findings.fault("referrals", "those that are stored are not those of the ledger")


def _referred(whole: Consultation, entries: Sequence[Entry]) -> dict[int, set[str]]:
    """Return which items each entry sends to a meeting: a referral, or a withdrawal that names one.

    A withdrawal of the whole letter sends all that had not been withdrawn before.
    """
    told: dict[int, set[str]] = {}
    standing = {item.code for item in whole.items}
    for entry in entries:
        facts = entry["facts"]
        if entry["what"] not in {"referral", "withdrawal"}:
            continue
        items = standing if facts["items"] is None else set(facts["items"])
        if facts["meeting"]:
            told[entry["number"]] = items
        if entry["what"] == "withdrawal":
            standing = standing - items
    return told
