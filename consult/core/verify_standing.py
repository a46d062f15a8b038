"""Where a consultation stands while its ledger is read, and what its letter may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from consult.core.canonical import hash_of
from consult.core.casefile import case_from_data
from consult.core.ledger import read_instant
from consult.core.life import Revising
from consult.core.revision import ASKS_AGAIN
from consult.core.shapes import CODE
from consult.core.verify_approvals import Approvals
from consult.errors import BadInput

Entry = dict[str, Any]

# A clock may go back this far without an alarm; an entry's own instant never goes back (T42).
_CLOCK_SLACK = timedelta(seconds=2)


@dataclass(slots=True)
class Standing:
    """What the entries so far have said.

    Args:
        phase: Where the consultation is in its life.
        rehearsal: Whether it counts for nothing.
        result: The hash in the last tally.
        kid: The key that the ledger goes by; None of one from before there were keys.
        items: By revision of the letter, the items that a reply to it must name.
        advisers: The mandates under which nobody may send anything.
        outage: The clause that the opening declares, until it has extended the deadline once.
        withdrawn: The items that were withdrawn alone.
        counted: What the tally of the entries so far decides, as a hash.
        adopted: The items that this tally adopts.
        certified_as: The same as `counted`, as it was when the result was certified.
        ruled: Something was ruled upon, or readmitted, since the last publication.
        rulings: Of each ruling, on whose reply it is.
        published: The hash of the record that was published last.
        views, views_until: Whether an exchange of views was opened, and until when.
        alarmed: The clock went back further than is passed over.
        told: The entries that make the case, in their order.
        broken: The items on which the silence is broken.
        errata: How many errata stand beside the record.
        referred: The items that were referred to a meeting.
    """

    phase: str
    reference: str | None = None
    rehearsal: bool = False
    kid: str | None = None
    result: str | None = None
    counted: str = ""
    adopted: frozenset[str] = frozenset()
    certified_as: str = ""
    ruled: bool = False
    published: str | None = None
    case: Mapping[str, Any] = field(default_factory=dict)
    items: list[frozenset[str]] = field(default_factory=list)
    closes_at: str = ""
    outage: Mapping[str, Any] | None = None
    withdrawn: set[str] = field(default_factory=set)
    stated: bool = False
    alarmed: bool = False
    certified: bool = False
    versions: dict[str, int] = field(default_factory=dict)
    replies: dict[int, Entry] = field(default_factory=dict)
    rulings: dict[int, str] = field(default_factory=dict)
    told: list[Entry] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    errata: int = 0
    referred: set[str] = field(default_factory=set)
    advisers: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    views_until: str | None = None
    views: bool = False
    remarks: set[str] = field(default_factory=set)
    approvals: Approvals = field(default_factory=Approvals)

    @property
    def there(self) -> frozenset[str]:
        """Return the items of the letter that were not withdrawn; a comment round has none."""
        return (self.items[-1] if self.items else frozenset()) - self.withdrawn

    def after(self, late: str, early: str) -> bool:
        """Say whether *late* is after *early*, by more than a clock may go back unnoticed."""
        if late <= early or self.alarmed:
            return False
        return read_instant(late) - read_instant(early) > _CLOCK_SLACK


def begin(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    standing.reference, standing.kid = facts["reference"], facts["kid"]
    standing.rehearsal = facts.get("rehearsal", False)
    return None


def open_letter(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    case = facts["case"]
    standing.closes_at = case["closes_at"]
    standing.outage = facts["outage"]
    if found := _take_case(standing, case):
        return found
    if standing.after(entry["at"], case["opens_at"]):
        return "opens at an instant before it was allowed"
    if facts["roll"] != hash_of(case["roll"]):
        return "the hash of the roll is not that of the roll"
    return None


def correct(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    if not standing.items:
        return "revises what is no letter with items"
    before, case = standing.case, facts["case"]
    known = standing.items[-1]
    opens_at = before["opens_at"]
    if found := _take_case(standing, case):
        return found
    if facts["revision"] != len(standing.items) - 1:
        return f"should be revision {len(standing.items) - 1}"
    if case["opens_at"] != opens_at or case["closes_at"] != standing.closes_at:
        return "moves the opening or the deadline, which only an extension may"
    return _kind_fault(before, facts) or _items_fault(known, standing.items[-1], facts)


def _kind_fault(before: Mapping[str, Any], facts: Entry) -> str | None:
    """Check that a revision changes of the case what its kind may change."""
    case, roll = facts["case"], facts["kind"] == Revising.ROLL
    if case["rule"] != before["rule"]:
        return "changes the rule, which nothing may"
    if roll and case["questions"] != before["questions"]:
        return "corrects the roll and changes the items"
    if not roll and case["roll"] != before["roll"]:
        return "changes the roll, which only its own corrigendum may"
    return None


def _items_fault(known: frozenset[str], items: frozenset[str], facts: Entry) -> str | None:
    if known - items or (items - known and facts["kind"] != Revising.ADDENDUM):
        return f"takes away items or adds some, which a revision of kind {facts['kind']} may not"
    if not set(facts["changed"]) <= known:
        return "asks to confirm an item that was not there"
    if facts["changed"] and facts["kind"] not in ASKS_AGAIN:
        return f"asks to confirm items, which a revision of kind {facts['kind']} may not"
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


def close(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    if facts["takes_effect_at"] != standing.closes_at:
        return f"takes effect at another instant than the deadline, {standing.closes_at}"
    return "closes before the deadline" if entry["at"] < standing.closes_at else None


def alarm(standing: Standing, _entry: Entry, _facts: Entry) -> str | None:
    standing.alarmed = True
    return None


def rotate(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Take a change of the key; a ledger of before there were keys may begin with any."""
    before, standing.kid = standing.kid, facts["to"]
    if before not in {None, facts["from"]} or facts["from"] == facts["to"]:
        return f"changes the key from another one than that in force, {before}"
    return None
