"""Checks the replies of a ledger, the count of them, and what rests on the count."""

from consult.core.verify_silence import unsaid
from consult.core.verify_standing import Entry, Standing

# Replies that came, and without which nothing is stated or certified (T35).
_WAITED_FOR = frozenset({"reply-on-behalf", "reply-restored"})


def reply(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    standing.replies[entry["number"]] = entry
    return (
        _moment_fault(standing, entry, facts)
        or _version_fault(standing, entry, facts)
        or _withdrawn_fault(standing, entry, facts)
    )


def restore(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    """Judge a reply that is readmitted; under whose mandate it came was judged when it came."""
    member, version = facts["member"], facts["version"]
    before = [one["facts"] for one in standing.replies.values()]
    standing.replies[entry["number"]] = entry
    standing.ruled = True
    if any(one["member"] == member and one["version"] == version for one in before):
        return f"is version {version} of {member}, which is there already"
    return _moment_fault(standing, entry, facts) or _version_fault(standing, entry, facts)


def _moment_fault(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    """Judge `late` again: against the deadline as it then stood."""
    what, came = entry["what"], facts["received_at"]
    if standing.certified and what != "reply-restored":
        return f"{what} cannot stand here: the result was certified"
    recorded: str = facts["recorded_at"] if "recorded_at" in facts else entry["at"]
    if standing.after(recorded, entry["at"]) or standing.after(came, recorded):
        return "was received or recorded after it was entered"
    if what == "reply" and not standing.case["opens_at"] <= came < standing.closes_at:
        return "did not come between opening and deadline"
    if what == "late-reply" and came < standing.closes_at:
        return "is called late and came before the deadline"
    return None


def _version_fault(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    member, version = facts["member"], facts["version"]
    last = standing.versions.get(member, 0)
    standing.versions[member] = max(last, version)
    if entry["what"] != "reply-restored" and version != last + 1:
        return f"is version {version} of {member}; version {last + 1} should follow"
    if facts["base"] >= version:
        return "is made from a version that was not there yet"
    revision = facts["answered"]["revision"]
    if revision >= len(standing.items):
        return f"answers revision {revision}, which was not there yet"
    items = standing.items[revision]
    if items and facts["choices"].keys() != items:
        return "does not name every item, and those alone"
    if not facts["comments"].keys() <= items | {"general"}:
        return "comments on what is no item"
    return _beside_fault(facts)


def _beside_fault(facts: Entry) -> str | None:
    """Judge what is said of comments and of items left open."""
    if not facts.get("kinds", {}).keys() <= facts["comments"].keys():
        return "says of what kind a comment is that is not there"
    unclear = facts.get("unclear", {})
    if not unclear.keys() <= facts["choices"].keys():
        return "calls unclear what is no item"
    if any(facts["choices"][item] is not None for item in unclear):
        return "takes a position on an item that it calls unclear"
    return None


def _withdrawn_fault(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    """Judge a reply of the form; a paper or a receipt may have been written before."""
    if entry["what"] not in {"reply", "late-reply"}:
        return None
    if any(facts["choices"].get(item) for item in standing.withdrawn):
        return "takes a position on an item that was withdrawn"
    return None


def mandate(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    if facts["role"] == "adviser":
        standing.advisers.add(facts["mandate"])
    if standing.phase == "open" and facts["approved"] is None:
        return "is given while the letter is open, without a second person"
    return None


def state_post(standing: Standing, entry: Entry, _facts: Entry) -> str | None:
    if standing.stated:
        return "states the post a second time"
    standing.stated = True
    if entry["at"] < standing.closes_at:
        return "states the post before the deadline"
    if _WAITED_FOR & standing.approvals.waiting:
        return "states the post while a reply waits for its second person"
    return unsaid(standing)


def contest(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    if facts["about"] >= entry["number"]:
        return "contests what was not there yet"
    contested = standing.replies.get(facts["about"])
    if contested is None or contested["facts"]["member"] != facts["member"]:
        return f"contests entry {facts['about']}, which is no reply of {facts['member']}"
    return None


def confirm(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    """Take the member's word that a reply on behalf is its own: once, and of its own."""
    reply = standing.replies.get(facts["about"])
    ours = reply is not None and reply["facts"]["member"] == facts["member"]
    if reply is None or not ours or "recorded_at" not in reply["facts"]:
        return f"confirms entry {facts['about']}, which is no reply on behalf of {facts['member']}"
    if facts["about"] in standing.confirmed:
        return "confirms a second time"
    standing.confirmed.add(facts["about"])
    return None


def rule(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    standing.ruled = True
    standing.rulings[entry["number"]] = facts["member"]
    ruled = standing.replies.get(facts["about"])
    if ruled is None or ruled["facts"]["member"] != facts["member"]:
        return f"rules on entry {facts['about']}, which is no reply of {facts['member']}"
    return None


def count(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    standing.result = facts["result"]
    return unsaid(standing) if standing.stated else "counts before the post was stated"


def still_certified(standing: Standing) -> bool:
    """Say whether a new tally decides what was certified: then it needs no new certification."""
    ended = standing.phase in {"certified", "published"}
    return ended and bool(standing.counted) and standing.counted == standing.certified_as


def certify(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    standing.certified, standing.certified_as = True, standing.counted
    if _WAITED_FOR & standing.approvals.waiting:
        return "certifies while a reply waits for its second person"
    return _named(standing, facts)


def publish(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    again = standing.phase == "published" and not standing.ruled
    standing.ruled, standing.published = False, facts["record"]
    if again:
        return "publishes again, and nothing was ruled since"
    return _named(standing, facts)


def _named(standing: Standing, facts: Entry) -> str | None:
    return None if facts["result"] == standing.result else "names another result than the tally's"
