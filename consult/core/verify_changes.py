"""Checks what changes a letter while it is open: an extension after an outage, a withdrawal."""

from datetime import timedelta

from consult.core.ledger import read_instant
from consult.core.outage import Gap, clause_of, exceeds, total
from consult.core.verify_standing import Entry, Standing

_MINUTE = timedelta(minutes=1)


def outage(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    """Check an extension that the letter itself promised; it may come after the deadline."""
    before, clause = standing.closes_at, clause_of(standing.outage)
    standing.closes_at, standing.outage = facts["to"], None
    if clause is None:
        return "rests on a clause that the opening does not declare, or that has served once"
    if entry["actor"] != "system":
        return "is entered by a person; the service alone measures its outages"
    if facts["from"] != before:
        return f"extends from {facts['from']}; the deadline was {before}"
    if entry["at"] < before:
        return "is decided before the deadline"
    gaps = [Gap(read_instant(gap["from"]), read_instant(gap["to"])) for gap in facts["gaps"]]
    start, end = read_instant(before) - clause.window, read_instant(before)
    edges = [start, *(at for gap in gaps for at in (gap.from_at, gap.to_at)), end]
    if edges != sorted(edges) or any(gap.from_at == gap.to_at for gap in gaps):
        return "names absences that overlap or lie outside the time that the opening declares"
    away = total(gaps)
    if facts["minutes"] != away // _MINUTE:
        return "says another time than the sum of its absences"
    if not exceeds(clause, away):
        return "rests on absences that the opening lets pass"
    decided, moved = read_instant(entry["at"]), read_instant(facts["to"]) - clause.longer
    anew = gaps[-1].to_at == end or end + clause.longer <= decided
    if not (end <= moved <= decided + _MINUTE if anew else moved == end):
        return "moves the deadline by another time than the opening declares"
    return None


def withdraw(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Check that what is withdrawn was there, and that something is left where items go."""
    if facts["items"] is None:
        return None
    items, there = set(facts["items"]), standing.items[-1] - standing.withdrawn
    standing.withdrawn |= items
    if not items or len(items) != len(facts["items"]) or not items <= there:
        return "withdraws an item that is not there, or none"
    return None if there - items else "leaves no item; the whole letter must be withdrawn"
