"""Checks a receipt by itself, and says what became of its reply in a record."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.canonical import fault_of
from consult.core.entries import REPLIES, RESTORED
from consult.core.findings import Findings, difference
from consult.core.ledger import fault_in_entry, leaf_of_checked
from consult.core.reading import Reading, twice_within
from consult.core.receipt import COMMENTS_FORMAT, REPEATED, REPEATED_OF_COMMENTS
from consult.core.record import admissions, derive_case, lapsed, replies_in
from consult.core.restored import tells_same
from consult.core.round import COMMENTS, OPENED, deadline_of, in_time
from consult.core.shapes import HASH, OBJECT, TEXT, TRUE, UUID, either, exactly, misfit
from consult.core.verify_keys import NO_TRUST, UNSIGNED, KeySet, Trust
from consult.core.verify_signatures import check_receipt_signatures
from consult.core.verify_texts import text_fault, texts_of

Entry = Mapping[str, Any]

_AROUND = frozenset(
    {
        "format", "consultation", "texts", "entry", "number", "head",
        "checkpoint", "kid", "public_key", "signature",
    }
)  # fmt: skip
_LETTER = {"id": UUID, "reference": TEXT}
_CONSULTATION = either(exactly(_LETTER), exactly({**_LETTER, "rehearsal": TRUE}))
_TEXT_NAMES = frozenset({"commitment", "salt", "text"})


def check_receipt(
    reading: Reading, trust: Trust = NO_TRUST, keys: KeySet | None = None
) -> Findings:
    """Check a receipt, of a reply or of comments, against its entry, and who signed it.

    Args:
        keys: Those of the record beside it, if there is one.
    """
    findings, value = Findings("receipt"), reading.value
    of_comments = reading.format == COMMENTS_FORMAT
    repeated = REPEATED_OF_COMMENTS if of_comments else REPEATED
    names = _AROUND | set(repeated)
    if value.keys() == names - {"public_key"} and value["signature"] is None:
        findings.fault("file", UNSIGNED)
        return findings
    if value.keys() != names:
        findings.misfit(misfit(value, dict.fromkeys(sorted(names), OBJECT)))
        return findings
    if twice := twice_within(reading, value):
        findings.fault("receipt", f"has the name {twice!r} twice")
    entry = value["entry"]
    if not isinstance(entry, dict):
        findings.fault("entry", "must be an object")
    elif found := fault_in_entry(entry):
        findings.fault(f"entry.{found[0]}", found[1])
    elif entry["what"] not in (COMMENTS if of_comments else REPLIES):
        said = "comments" if of_comments else "a reply"
        findings.fault("entry.what", f"is not that of {said}")
    else:
        _check_repeated(findings, value, entry, repeated)
        _check_comments(findings, value["texts"], entry)
        if found := fault_of(value):
            findings.fault(found[0].lstrip("."), found[1])
        else:
            check_receipt_signatures(findings, value, trust, keys)
        findings.facts |= {
            "reference": value["consultation"]["reference"]
            if _CONSULTATION.fits(value["consultation"])
            else None,
            "rehearsal": _is_rehearsal(value["consultation"]),
            "ledger": entry["ledger"],
            "member": entry["facts"]["member"],
            "version": entry["facts"]["version"],
            "number": entry["number"],
            "leaf": leaf_of_checked(entry),
            "late": entry["facts"].get("late", entry["what"] == "late-reply"),
        }
    return findings


def _is_rehearsal(consultation: object) -> bool:
    return isinstance(consultation, dict) and "rehearsal" in consultation


def _check_repeated(
    findings: Findings, value: Mapping[str, Any], entry: Entry, repeated: Sequence[str]
) -> None:
    """Check that what a person reads in the receipt is what its entry says."""
    for name in repeated:
        findings.misfit(difference(value[name], entry["facts"][name], name))
    findings.misfit(difference(value["number"], entry["number"], "number"))
    if not HASH.fits(value["head"]):
        findings.fault("head", HASH.words)
    consultation = value["consultation"]
    if not _CONSULTATION.fits(consultation):
        findings.fault("consultation", _CONSULTATION.words)
    elif consultation["id"] != entry["ledger"]:
        findings.fault("consultation.id", "is not that of the entry")


def _check_comments(findings: Findings, texts: object, entry: Entry) -> None:
    """Check that the receipt holds every comment of the reply, as it was entered."""
    if not isinstance(texts, list):
        findings.fault("texts", "must be a list")
        return
    given: list[object] = []
    for place, text in enumerate(texts):
        found: str | None = "must hold exactly commitment, salt and text"
        if isinstance(text, dict) and text.keys() == _TEXT_NAMES:
            name = text["commitment"]
            given.append(name)
            found = text_fault(name, {"salt": text["salt"], "text": text["text"]})
        if found:
            findings.fault(f"texts[{place}]", found)
    comments = texts_of(entry)
    if not findings.faults and sorted(map(str, given)) != sorted(comments):
        findings.fault("texts", "are not the comments of the entry, each once")


class Book:
    """A ledger in which nothing is wrong, opened so that many receipts can be looked up.

    Args:
        links: Those of a record or an export.
        keys: Those of the same file.
    """

    def __init__(self, links: Sequence[Entry], keys: KeySet | None = None) -> None:
        self.keys = keys
        self.ledger: str = links[0]["entry"]["ledger"]
        self.reference: str = links[0]["entry"]["facts"]["reference"]
        self.rehearsal: bool = links[0]["entry"]["facts"].get("rehearsal", False)
        self._links = links
        self._roll: dict[str, bool] = {}
        self._last: dict[str, Entry] = {}  # of each member, the entry of the reply that counts
        self._ruled: dict[int, bool] = {}
        self._lapsed: dict[int, frozenset[str]] = {}
        self._restored = {
            link["entry"]["facts"]["leaf"]: link
            for link in links
            if link["entry"]["what"] == RESTORED
        }
        entries = [link["entry"] for link in links]
        if any(entry["what"] == "opening" for entry in entries):
            self._count(entries)
        elif opened := [entry["facts"] for entry in entries if entry["what"] == OPENED]:
            self._roll = {line["code"]: line["entitled"] for line in opened[0]["roll"]}
            self._closes_at = deadline_of(entries)
            self._keep_last([e for e in entries if e["what"] in COMMENTS])

    def _count(self, entries: Sequence[Entry]) -> None:
        case, self._ruled = derive_case(entries), admissions(entries)
        self._lapsed = lapsed(entries)
        self._roll = {line["code"]: line.get("entitled", True) for line in case["roll"]}
        self._opens_at, self._closes_at = case["opens_at"], case["closes_at"]
        self._keep_last(replies_in(entries))

    def _keep_last(self, entries: Sequence[Entry]) -> None:
        """Find of each member what counts, alone."""
        for entry in entries:
            if self._counts(entry):
                member = entry["facts"]["member"]
                former = self._last.get(member, entry)
                # Of two at the same instant the one that is told later is the later.
                if former["facts"]["received_at"] <= entry["facts"]["received_at"]:
                    self._last[member] = entry

    def _counts(self, entry: Entry) -> bool:
        if entry["what"] in COMMENTS:
            return in_time(entry["facts"], self._closes_at)
        came: str = entry["facts"]["received_at"]
        timely: bool = self._opens_at <= came < self._closes_at
        return self._ruled.get(entry["number"], timely)

    def look_up(self, findings: Findings, receipt: Mapping[str, Any]) -> None:
        """Say what became of the reply of *receipt*: ``verdict`` among the facts.

        If the ledger lost it and it was readmitted, ``restored`` is the number of that entry.

        Args:
            findings: Those of the receipt, without a fault so far.
            receipt: What the receipt says.
        """
        number = receipt["number"]
        link = self._links[number] if number < len(self._links) else None
        restored = self._restored.get(str(findings.facts["leaf"]))
        if restored is None and (link is None or link["entry"] != receipt["entry"]):
            findings.facts["verdict"] = "missing"
            findings.fault(f"entry {number}", "the reply of this receipt is missing in the ledger")
        elif receipt["consultation"]["reference"] != self.reference:
            findings.fault("consultation.reference", "is not that of the ledger")
        elif _is_rehearsal(receipt["consultation"]) is not self.rehearsal:
            findings.fault("consultation.rehearsal", "is not what the ledger says")
        elif restored is not None:
            self._look_up_restored(findings, receipt, restored["entry"])
        elif link is not None and link["head"] != receipt["head"]:
            findings.fault(f"entry {number}", "the head in the receipt is not in this history")
        elif link is not None:
            findings.facts |= self._fate(link["entry"])

    def _look_up_restored(
        self, findings: Findings, receipt: Mapping[str, Any], restored: Entry
    ) -> None:
        """Say what became of a reply that was readmitted: its head is that of a lost history."""
        if not tells_same(restored, receipt["entry"]):
            findings.fault(f"entry {restored['number']}", "does not restore what the receipt says")
        else:
            findings.facts |= {"restored": restored["number"], **self._fate(restored)}

    def _fate(self, entry: Entry) -> dict[str, object]:
        """Return the verdict on a reply, and by which version it was superseded if it was."""
        member, number = entry["facts"]["member"], entry["number"]
        if not self._roll.get(member, False):
            return {"verdict": "not entitled"}
        if not self._counts(entry):
            return {"verdict": "not admitted" if number in self._ruled else "late"}
        last = self._last[member]
        if last["number"] == number:
            gone = sorted(self._lapsed.get(number, ()))
            return {"verdict": "counted", **({"lapsed": gone} if gone else {})}
        return {"verdict": "superseded", "superseded_by": last["facts"]["version"]}
