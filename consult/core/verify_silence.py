"""Checks what a ledger says of silence that was broken, or mended, against the replies in it."""

from collections.abc import Mapping

from consult.core import silence
from consult.core.casefile import case_from_data
from consult.core.record import derive_case
from consult.core.silence import Breaks
from consult.core.verify_standing import Entry, Standing
from consult.errors import BadInput


def break_silence(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Judge a breaking: its cause must be an objection that really breaks what it names.

    Or a ruling on a reply of a member whose objection does since, or a corrigendum after which
    one does.
    """
    items = set(facts["items"])
    objected = _objected(standing, facts["cause"])
    again = items & standing.broken
    standing.broken |= items
    if facts["breaks"] == Breaks.WHOLE:
        standing.phase = "broken"
    if again:
        return f"breaks the silence on item {min(again)} a second time"
    if not items or not objected & items:
        return f"rests on entry {facts['cause']}, which is no objection"
    if facts["breaks"] == Breaks.WHOLE:
        return None if items == standing.items[-1] else "breaks the whole and does not name it"
    if beyond := items - objected:
        return f"breaks the silence on item {min(beyond)}, which entry {facts['cause']} does not"
    return None


def mend_silence(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Judge a mending: the items were broken, and no objection breaks them any more."""
    items = set(facts["items"])
    unbroken = items - standing.broken
    standing.broken -= items
    cause = facts["cause"]
    said = cause in standing.replies.keys() | standing.rulings.keys()
    if not said and not _corrects(standing, cause):
        return f"rests on entry {cause}, which is no reply"
    if unbroken:
        return f"mends the silence on item {min(unbroken)}, which was not broken"
    if still := items & _broken(standing).keys():
        return f"mends the silence on item {min(still)}, to which an objection stands"
    return None


def unsaid(standing: Standing) -> str | None:
    """Return what the objections broke without an entry that says so, if anything.

    An item that was withdrawn stays as it was: nobody decides on it any more.
    """
    missing = (_broken(standing).keys() ^ standing.broken) - standing.withdrawn
    return (
        f"the silence on item {min(missing)} is not as its objections make it" if missing else None
    )


def _objected(standing: Standing, number: int) -> set[str]:
    """Return the items that the member objects to, and breaks, by the entry *number*."""
    broken, ruled = _broken(standing), standing.rulings.get(number)
    if ruled is not None:
        return {item for item, who in broken.items() if ruled in who}
    if _corrects(standing, number):
        return set(broken)
    reply = standing.replies.get(number)
    choices = reply["facts"]["choices"] if reply else {}
    return {item for item in broken if choices.get(item) == "object"}


def _corrects(standing: Standing, number: int) -> bool:
    return any(one["number"] == number and one["what"] == "corrigendum" for one in standing.told)


def _broken(standing: Standing) -> Mapping[str, tuple[str, ...]]:
    """Return the items that the replies so far break; none where the case cannot be read."""
    try:
        return silence.broken(case_from_data(derive_case(standing.told)))
    except (BadInput, KeyError):
        return {}
