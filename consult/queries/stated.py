"""Check the live database: what a letter's row, roll and files say, by its ledger (T47)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.canonical import canonical, hash_of
from consult.core.entries import REPLIES
from consult.core.ledger import instant, normal
from consult.core.life import Kind
from consult.core.round import COMMENTS
from consult.core.verify import Findings
from consult.queries.content import content_of
from consult.tables import Body, Consultation, RollEntry

Entry = dict[str, Any]

# Said by a draft, never revised, and decisive for who sees what: the newest entry has their hash.
_DRAFTED = ("public", "observers", "notes", "electorate", "disclosure")


def check_stated(
    findings: Findings,
    session: Session,
    whole: Consultation,
    entries: Sequence[Entry],
    texts: Mapping[str, str | None],
) -> None:
    """Note each thing that decides who sees what and when, and is not as the entries say.

    Args:
        texts: The texts that are kept, by commitment.
    """
    content = content_of(whole, session.get_one(Body, whole.body_id))
    _check_row(findings, whole, entries, content)
    _check_conclusion(findings, whole, entries, texts)
    _check_roll(findings, session, whole, entries)
    _check_documents(findings, whole, entries)


def _check_row(
    findings: Findings,
    whole: Consultation,
    entries: Sequence[Entry],
    content: Mapping[str, Any],
) -> None:
    drafted: dict[str, str] = {}
    told: dict[str, Any] = {"post-stated": None}
    for entry in entries:
        told[entry["what"]] = entry
        drafted |= entry["facts"].get("fields", {})
    for name in _DRAFTED:
        if name in drafted and hash_of(content[name]) != drafted[name]:
            findings.fault("consultation", f"{name} is not as it was drafted")
    if (whole.post_stated_at is None) != (told["post-stated"] is None):
        findings.fault("consultation", "whether its post is stated is not what the ledger says")
    opened = told.get("opening") or told.get("round-opened")
    if (whole.opened_at is None) != (opened is None):
        findings.fault("consultation", "whether it was opened is not what the ledger says")
    if opened is not None:
        _check_opened(findings, whole, opened, told.get("corrigendum") or opened, content)


def _check_opened(
    findings: Findings,
    whole: Consultation,
    opened: Entry,
    revised: Entry,
    content: Mapping[str, Any],
) -> None:
    """Check what was opened, and since when; texts and roll as they were last *revised*."""
    facts, newest = opened["facts"], revised["facts"]
    roll = newest["case"]["roll"] if "case" in newest else newest["roll"]
    if (whole.kind is Kind.COMMENTS) != (opened["what"] == "round-opened"):
        findings.fault("consultation", "is of another kind than the ledger says")
    if whole.disclosure.value != facts["disclosure"]:
        findings.fault("consultation", "discloses otherwise than the opening says")
    if content["opens_at"] != facts.get("case", facts)["opens_at"]:
        findings.fault("consultation", "its opening is not the one that the ledger gives")
    if whole.texts != newest["texts"] or whole.roll_hash != hash_of(roll):
        findings.fault("consultation", "its hashes of texts or roll are not those of the ledger")


def _check_conclusion(
    findings: Findings,
    whole: Consultation,
    entries: Sequence[Entry],
    texts: Mapping[str, str | None],
) -> None:
    said = [e for e in entries if e["what"] == "certification"]
    if not said or whole.conclusion is None:
        if said or whole.conclusion is not None:
            findings.fault(
                "consultation", "whether it has a conclusion is not what the ledger says"
            )
        return
    text = texts.get(said[-1]["facts"]["conclusion"])
    if text is not None and normal(canonical(whole.conclusion).decode()) != text:
        findings.fault("consultation", "its conclusion is not the one that was certified")


def _check_roll(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    """Check of each member how many versions it sent, and when the newest one came."""
    received: dict[str, set[str]] = {}
    newest: dict[str, int] = {}
    for facts in (e["facts"] for e in entries if e["what"] in REPLIES | COMMENTS):
        member = facts["member"]
        received.setdefault(member, set()).add(facts["received_at"])
        newest[member] = max(newest.get(member, 0), facts["version"])
    for line in session.execute(
        select(
            RollEntry.member, RollEntry.versions, RollEntry.replied_at, RollEntry.reached_at
        ).where(RollEntry.consultation_id == whole.id)
    ):
        reached = instant(line.reached_at) if line.reached_at else None
        known = reached is None or reached in received.get(line.member, ())
        if line.versions != newest.get(line.member, 0) or not known:
            findings.fault(f"roll {line.member}", "says of its replies what the ledger does not")
        elif line.replied_at not in {None, line.reached_at}:
            findings.fault(f"roll {line.member}", "replied at another time than its reply came")


def _check_documents(findings: Findings, whole: Consultation, entries: Sequence[Entry]) -> None:
    """Check that the files of a letter are those that were added and not taken out again."""
    told: dict[str, tuple[Any, ...]] = {}
    for entry in entries:
        facts = entry["facts"]
        if entry["what"] == "document-added":
            told[facts["document"]] = facts["sha256"], facts["bytes"], facts["language"]
        elif entry["what"] == "document-removed":
            told.pop(facts["document"], None)
    stored = {
        str(row.id): (row.sha256, row.size, row.language)
        for row in whole.documents
        if row.sha256 is not None and row.removed_at is None and row.purpose != "evidence"
    }
    for number in sorted(told.keys() | stored.keys()):
        if told.get(number) != stored.get(number):
            findings.fault(f"document {number}", "is not what the ledger says of it")
