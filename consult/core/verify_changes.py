"""Checks what changes a letter while it is open, and what is entered beside its result."""

from datetime import timedelta

from consult.core.ledger import read_instant
from consult.core.outage import Clause, Gap, clause_of, exceeds, total
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
    return _absences_fault(clause, facts) or _moves_fault(clause, entry, facts)


def _absences_fault(clause: Clause, facts: Entry) -> str | None:
    end = read_instant(facts["from"])
    gaps = _gaps(facts)
    edges = [end - clause.window, *(at for one in gaps for at in (one.from_at, one.to_at)), end]
    if edges != sorted(edges) or any(one.from_at == one.to_at for one in gaps):
        return "names absences that overlap or lie outside the time that the opening declares"
    if facts["minutes"] != total(gaps) // _MINUTE:
        return "says another time than the sum of its absences"
    return None if exceeds(clause, total(gaps)) else "rests on absences that the opening lets pass"


def _moves_fault(clause: Clause, entry: Entry, facts: Entry) -> str | None:
    """Judge the new deadline: away at the deadline, the time counts from when it was back."""
    end, decided = read_instant(facts["from"]), read_instant(entry["at"])
    begins = read_instant(facts["to"]) - clause.longer
    anew = _gaps(facts)[-1].to_at == end or end + clause.longer <= decided
    if end <= begins <= decided + _MINUTE if anew else begins == end:
        return None
    return "moves the deadline by another time than the opening declares"


def _gaps(facts: Entry) -> list[Gap]:
    return [Gap(read_instant(one["from"]), read_instant(one["to"])) for one in facts["gaps"]]


def withdraw(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Check that what is withdrawn was there, and that something is left where items go."""
    if facts["items"] is None:
        return None
    items, there = set(facts["items"]), standing.there
    standing.withdrawn |= items
    if not items or len(items) != len(facts["items"]) or not items <= there:
        return "withdraws an item that is not there, or none"
    return None if there - items else "leaves no item; the whole letter must be withdrawn"


def erratum(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Check that errata are numbered from 1, without gaps."""
    standing.errata += 1
    number = facts["erratum"]
    return None if number == standing.errata else f"should be erratum {standing.errata}"


def refer(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Check that what goes on to a meeting is there, was not adopted, and goes once."""
    items, there = set(facts["items"]), standing.there
    again = items & standing.referred
    standing.referred |= items
    if not items or len(items) != len(facts["items"]) or not items <= there:
        return "refers an item that is not there, or none"
    if items & standing.adopted:
        return "refers an item that was adopted"
    return "refers an item a second time" if again else None
