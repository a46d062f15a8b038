"""Check the live database: texts, notices and signed heads that stand beside the entries (T47)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.entries import REPLIES
from consult.core.ledger import instant
from consult.core.round import COMMENTS
from consult.core.verify import Findings
from consult.core.verify_texts import commitments_in, text_fault
from consult.queries.keys import keys_of
from consult.tables import Checkpoint, Consultation, HeadSent, LedgerText, Notice, Person

Entry = dict[str, Any]
Texts = Mapping[str, str | None]

# In the transaction of each of these a head is signed that covers it (T46).
_SIGNED = REPLIES | COMMENTS | {"opening", "round-opened", "closing", "publication", "key-changed"}


def check_kept(
    findings: Findings, session: Session, whole: Consultation, links: Sequence[Mapping[str, Any]]
) -> Texts:
    """Note each text, notice and signed head that is not as the entries say; return the texts."""
    entries = [link["entry"] for link in links]
    texts = _check_texts(findings, session, whole, entries)
    _check_sent(findings, session, whole, links, texts)
    _check_signed(findings, session, whole, entries)
    return texts


def _check_texts(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> Texts:
    named, of_texts, erased = commitments_in(entries)
    kept: dict[str, str | None] = {}
    for name, salt, text in session.execute(
        select(LedgerText.commitment, LedgerText.salt, LedgerText.text)
        .where(LedgerText.consultation_id == whole.id)
        .order_by(LedgerText.commitment)
    ):
        kept[name] = text
        if name not in named:
            findings.fault(f"text {name[:16]}", "is named by no entry")
        elif found := _text_fault(name, salt, text, gone=name in erased):
            findings.fault(f"entry {named[name]}", found)
    for name in sorted(of_texts - kept.keys(), key=named.__getitem__):
        findings.fault(f"entry {named[name]}", "a text that it commits to is not kept")
    return kept


def _text_fault(name: str, salt: str, text: str | None, *, gone: bool) -> str | None:
    if text is None:
        return None if gone else "its text is gone, and no entry says that it was erased"
    if gone:
        return "its text is kept, and an entry says that it was erased"
    if text_fault(name, {"salt": salt, "text": text}):
        return "the text kept with it is not the one that it commits to"
    return None


def _check_sent(
    findings: Findings,
    session: Session,
    whole: Consultation,
    links: Sequence[Mapping[str, Any]],
    texts: Texts,
) -> None:
    """Check the heads that notices carried, and to whom each went.

    What was overtaken before it left carries none, and a step that came to nobody sent none.
    """
    told = {
        link["entry"]["number"]: link
        for link in links
        if link["entry"]["what"] == "notices-queued" and link["entry"]["facts"]["count"]
    }
    heads = dict(
        session.execute(
            select(HeadSent.number, HeadSent.head).where(HeadSent.consultation_id == whole.id)
        ).all()
    )
    queued: dict[int | None, list[tuple[str, str | None]]] = {number: [] for number in told}
    for number, head, opaque, member in session.execute(
        select(Notice.number, Notice.head, Person.opaque, Notice.member)
        .outerjoin(Person, Person.id == Notice.person_id)
        .where(Notice.consultation_id == whole.id, Notice.number.is_not(None))
    ):
        queued.setdefault(number, []).append((f"{opaque} {member or ''}", head))
    for number in sorted(heads.keys() - told.keys()):
        findings.fault(f"entry {number}", "queues no notice, and its head is kept as sent")
    for number in queued.keys() - told.keys():
        findings.fault("notices", f"some are kept for entry {number}, which queues none")
    for number, link in told.items():
        recipients = texts.get(link["entry"]["facts"]["recipients"])
        people = "\n".join(sorted(who for who, _ in queued[number]))
        if heads.get(number) != link["head"]:
            findings.fault(f"entry {number}", "the head that its notices carried is not kept")
        if {head for _, head in queued[number]} != {link["head"]}:
            findings.fault(f"entry {number}", "its notices carry another head")
        if recipients is not None and recipients != people:
            findings.fault(f"entry {number}", "its notices are not to those whom it names")


def _check_signed(
    findings: Findings, session: Session, whole: Consultation, entries: Sequence[Entry]
) -> None:
    """Check that the newest signed head is kept, and that each says what its row says."""
    last = -1
    for number, at, said in session.execute(
        select(Checkpoint.number, Checkpoint.at, Checkpoint.said)
        .where(Checkpoint.consultation_id == whole.id)
        .order_by(Checkpoint.number)
    ):
        last = number
        if (number, instant(at)) != (said["number"], said["at"]):
            findings.fault(f"entry {number}", "the row of its signed head is not what that says")
    keys = keys_of(session)
    since = keys[0]["valid_from"] if keys else None
    needed = [e["number"] for e in entries if e["what"] in _SIGNED and since and e["at"] >= since]
    if needed and needed[-1] > last:
        findings.fault(f"entry {needed[-1]}", "the head that was signed with it is not kept")
