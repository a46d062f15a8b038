"""Where a consultation stands while its ledger is read, and what its letter may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from consult.core.canonical import hash_of
from consult.core.casefile import case_from_data
from consult.core.ledger import read_instant
from consult.core.shapes import CODE
from consult.core.verify_approvals import Approvals
from consult.errors import BadInput

Entry = dict[str, Any]

# A clock may go back this far without an alarm; an entry's own instant never goes back (T42).
_CLOCK_SLACK = timedelta(seconds=2)

KEYS_UNKNOWN = "names a key; keys are not known to this version"


@dataclass(slots=True)
class Standing:
    """What the entries so far have said.

    Args:
        phase: Where the consultation is in its life.
        result: The hash in the last tally.
        items: By revision of the letter, the items that a reply to it must name.
        views, views_until: Whether an exchange of views was opened, and until when.
        alarmed: The clock went back further than is passed over.
    """

    phase: str
    reference: str | None = None
    result: str | None = None
    case: Mapping[str, Any] = field(default_factory=dict)
    items: list[frozenset[str]] = field(default_factory=list)
    closes_at: str = ""
    stated: bool = False
    alarmed: bool = False
    certified: bool = False
    versions: dict[str, int] = field(default_factory=dict)
    replies: dict[int, Entry] = field(default_factory=dict)
    views_until: str | None = None
    views: bool = False
    remarks: set[str] = field(default_factory=set)
    approvals: Approvals = field(default_factory=Approvals)

    def after(self, late: str, early: str) -> bool:
        """Say whether *late* is after *early*, by more than a clock may go back unnoticed."""
        if late <= early or self.alarmed:
            return False
        return read_instant(late) - read_instant(early) > _CLOCK_SLACK


def begin(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    standing.reference = facts["reference"]
    return KEYS_UNKNOWN if facts["kid"] else None


def open_letter(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    case = facts["case"]
    standing.closes_at = case["closes_at"]
    if found := _take_case(standing, case):
        return found
    if standing.after(entry["at"], case["opens_at"]):
        return "opens at an instant before it was allowed"
    if facts["roll"] != hash_of(case["roll"]):
        return "the hash of the roll is not that of the roll"
    return None


def correct(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    opens_at, case = standing.case["opens_at"], facts["case"]
    if found := _take_case(standing, case):
        return found
    if facts["revision"] != len(standing.items) - 1:
        return f"should be revision {len(standing.items) - 1}"
    if case["opens_at"] != opens_at or case["closes_at"] != standing.closes_at:
        return "moves the opening or the deadline, which only an extension may"
    return None


def _take_case(standing: Standing, case: Mapping[str, Any]) -> str | None:
    standing.case = case
    standing.items.append(frozenset())
    try:
        read = case_from_data({**case, "replies": []})
    except BadInput as error:
        return f"its case cannot be tallied: {error}"
    standing.items[-1] = frozenset(question.id for question in read.questions)
    names = [*standing.items[-1], *(line.code for line in read.roll)]
    return (
        None
        if all(map(CODE.fits, names))
        else f"its case names an item or a member that {CODE.words}"
    )


def extend(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    before, standing.closes_at = standing.closes_at, facts["to"]
    if facts["from"] != before:
        return f"extends from {facts['from']}; the deadline was {before}"
    if facts["to"] <= before:
        return "makes the deadline no later"
    if standing.after(entry["at"], before):
        return "extends a deadline that had passed"
    return None


def break_silence(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    objection = standing.replies.get(facts["cause"])
    if objection and "object" in objection["facts"]["choices"].values():
        return None
    return f"rests on entry {facts['cause']}, which is no objection"


def close(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    if facts["takes_effect_at"] != standing.closes_at:
        return f"takes effect at another instant than the deadline, {standing.closes_at}"
    return "closes before the deadline" if entry["at"] < standing.closes_at else None


def alarm(standing: Standing, _entry: Entry, _facts: Entry) -> str | None:
    standing.alarmed = True
    return None


def rotate(_standing: Standing, _entry: Entry, _facts: Entry) -> str | None:
    return KEYS_UNKNOWN
