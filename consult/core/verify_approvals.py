"""Checks that what needs two persons was asked by one and allowed by another."""

from typing import Any

Entry = dict[str, Any]

# Kinds that rest on an act of another name.
_ACTS = {"round-opened": "opening", "comment-on-behalf": "reply-on-behalf"}


class Approvals:
    """Remembers what was asked and allowed in one ledger."""

    def __init__(self) -> None:
        self._asked: dict[int, Entry] = {}
        self._allowed: dict[int, Entry] = {}
        self._ended: dict[int, tuple[str, str]] = {}  # by an allowance: of which member, when

    @property
    def waiting(self) -> set[str]:
        """The acts that wait for a second person."""
        return {entry["facts"]["act"] for entry in self._asked.values()}

    def ask(self, entry: Entry) -> str | None:
        self._asked[entry["number"]] = entry
        return None

    def answer(self, entry: Entry) -> str | None:
        """Take a countersignature, a refusal or a lapse of what was asked."""
        facts = entry["facts"]
        asked = self._asked.pop(facts["asked"], None)
        if asked is None:
            return f"answers entry {facts['asked']}, in which nothing waits to be answered"
        if any(asked["facts"][name] != facts[name] for name in ("act", "shown")):
            return f"does not answer what entry {facts['asked']} asked"
        if entry["what"] != "countersigned":
            return None
        if entry["actor"] == asked["actor"]:
            return "is countersigned by the person who asked"
        self._allowed[entry["number"]] = entry
        return None

    def use(self, entry: Entry, number: int) -> str | None:
        """Take an act that rests on the countersignature *number*, which serves once.

        To name a head is one act and two entries: it ends the mandate of the head before.
        """
        allowed = self._allowed.pop(number, None)
        if allowed is None and _mandate(entry) and self._ended.get(number) == _whose(entry):
            if entry["facts"]["to"] is None:
                del self._ended[number]
            return None
        if allowed is None:
            return f"rests on entry {number}, which allows nothing (any more)"
        if allowed["facts"]["act"] != _ACTS.get(entry["what"], entry["what"]):
            return f"rests on entry {number}, which allows another act"
        if _mandate(entry) and entry["facts"]["to"] is not None:
            self._ended[number] = _whose(entry)
        return None


def _mandate(entry: Entry) -> bool:
    return bool(entry["what"] == "mandate" and entry["facts"]["role"] == "head")


def _whose(entry: Entry) -> tuple[str, str]:
    return entry["facts"]["member"], entry["at"]
