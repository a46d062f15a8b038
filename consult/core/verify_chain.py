"""Checks the chain of a ledger: the form of each entry, its number, its leaf and its head."""

from collections.abc import Sequence
from typing import Any

from consult.core.findings import Findings
from consult.core.ledger import EMPTY_HEAD, fault_in_entry, leaf_of_checked, next_head
from consult.core.reading import Reading, twice_within
from consult.core.shapes import HASH

MOST_FAULTS = 100
SHORTEST_HEAD = 32

_NAMES = frozenset({"entry", "leaf", "prev", "head"})


class Chain:
    """Takes the links of one ledger in their order and notes what does not hold."""

    def __init__(self, findings: Findings, reading: Reading, ledger: object) -> None:
        self.entries: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.leaves: set[str] = set()
        self.whole = True  # every entry so far has the form of an entry of this ledger
        self._findings = findings
        self._reading = reading
        self.ledger = ledger
        self._prev = EMPTY_HEAD
        self._at = ""

    def take_all(self, links: object) -> None:
        if not isinstance(links, list):
            self.whole = False
            self._findings.fault("entries", "must be a list")
            return
        for number, link in enumerate(links):
            self._take(number, link)
            if len(self._findings.faults) >= MOST_FAULTS:
                self.whole = False
                self._findings.fault(f"entry {number}", "too many faults; the rest is not checked")
                return
        if not links:
            self.whole = False
            self._findings.fault("entries", "there is none")

    def _take(self, number: int, link: object) -> None:
        found = self._form_fault(link)
        if found is None and isinstance(link, dict):
            entry = link["entry"]
            found = self._order_fault(number, entry) or self._hash_fault(entry, link)
            self.entries.append(entry)
            self._at = entry["at"]
        else:
            self.whole = False
        # The chain goes on from what the file says, so that one fault is not told at each entry.
        self._prev = _head_of(link) if found or not isinstance(link, dict) else link["head"]
        self.heads.append(self._prev)
        if found:
            self._findings.fault(f"entry {number}", found)
        elif isinstance(link, dict):
            self.leaves.add(link["leaf"])

    def _form_fault(self, link: object) -> str | None:
        if not isinstance(link, dict) or link.keys() != _NAMES:
            return "must hold exactly entry, leaf, prev and head"
        entry = link["entry"]
        if not isinstance(entry, dict):
            return "must be an object"
        if found := fault_in_entry(entry):
            return f"{found[0]} {found[1]}"
        if name := twice_within(self._reading, link):
            return f"has the name {name!r} twice"
        return None

    def _order_fault(self, number: int, entry: dict[str, Any]) -> str | None:
        if entry["ledger"] != self.ledger:
            return "belongs to another consultation"
        if entry["number"] != number:
            return f"says that it is number {entry['number']}"
        if entry["at"] < self._at:  # one spelling, so text compares as instants do
            return "is earlier than the entry before it"
        return None

    def _hash_fault(self, entry: dict[str, Any], link: dict[str, Any]) -> str | None:
        if leaf_of_checked(entry) != link["leaf"]:
            return "its leaf is not the hash of what it says"
        if link["prev"] != self._prev:
            return "does not follow the entry before it"
        if next_head(link["prev"], link["leaf"]) != link["head"]:
            return "its head is not that of the chain"
        return None


def _head_of(link: object) -> str:
    """Return the head that a faulty link names, or no digits at all."""
    head = link.get("head") if isinstance(link, dict) else None
    return head if isinstance(head, str) and HASH.fits(head) else ""


def check_heads(findings: Findings, found: Sequence[str], given: Sequence[tuple[int, str]]) -> None:
    """Note each head that somebody was shown and that this ledger does not contain.

    Args:
        found: The heads of the ledger, by number.
        given: Number and at least 32 hex digits of each head that somebody holds.
    """
    for number, head in given:
        if len(head) < SHORTEST_HEAD:
            findings.fault(f"head {number}", f"needs at least {SHORTEST_HEAD} hex digits")
        elif number >= len(found):
            findings.fault(
                f"entry {number}", f"is not in the file, which ends with entry {len(found) - 1}"
            )
        elif not found[number].startswith(head.lower()):
            findings.fault(f"entry {number}", "the head that was shown is not in this history")
