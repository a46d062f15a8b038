"""Checks the comments of a comment round's ledger, and what was said of each."""

from consult.core.canonical import hash_of
from consult.core.round import GENERAL
from consult.core.shapes import CODE
from consult.core.verify_standing import Entry, Standing


def open_round(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    standing.case = facts
    standing.closes_at, standing.outage = facts["closes_at"], facts["outage"]
    if facts["opens_at"] >= facts["closes_at"]:
        return "closes before it opens"
    if standing.after(entry["at"], facts["opens_at"]):
        return "opens at an instant before it was allowed"
    if facts["roll_hash"] != hash_of(facts["roll"]):
        return "the hash of the roll is not that of the roll"
    if not all(CODE.fits(line.get("code")) for line in facts["roll"]):
        return f"its roll names a member that {CODE.words}"
    return None


def comment(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    """Check that a version came when it says, follows the one before, and names what is there."""
    if "documents" not in standing.case:
        return "comments on texts, and this is no comment round"
    standing.replies[entry["number"]] = entry
    return (
        _moment_fault(standing, entry, facts)
        or _version_fault(standing, facts)
        or _remark_fault(standing, facts)
    )


def _moment_fault(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    came = facts["received_at"]
    if standing.certified:
        return f"{entry['what']} cannot stand here: the table was certified"
    paper = entry["what"] == "comment-on-behalf"
    recorded = facts["recorded_at"] if paper else entry["at"]
    if standing.after(recorded, entry["at"]) or standing.after(came, recorded):
        return "was received or recorded after it was entered"
    if paper and standing.stated:
        return "is recorded after the post was stated"
    if (standing.case["opens_at"] <= came < standing.closes_at) == facts["late"]:
        return "is called late and came in time, or the reverse"
    if not facts["late"] and not paper and standing.phase != "open":
        return "came in time and was entered after the closing"
    return None


def _version_fault(standing: Standing, facts: Entry) -> str | None:
    member, version = facts["member"], facts["version"]
    last = standing.versions.get(member, 0)
    standing.versions[member] = max(last, version)
    if version != last + 1:
        return f"is version {version} of {member}; version {last + 1} should follow"
    if facts["base"] >= version:
        return "is made from a version that was not there yet"
    if member not in {line["code"] for line in standing.case["roll"] if line["entitled"]}:
        return f"is of {member}, which is not entitled on the roll"
    return None


def _remark_fault(standing: Standing, facts: Entry) -> str | None:
    documents = {one["item"]: one["paragraphs"] for one in standing.case["documents"]}
    places = set()
    for remark in facts["remarks"]:
        item, paragraph = remark["item"], remark["paragraph"]
        known = item in documents and paragraph in {None, *documents[item]}
        if not known and (item, paragraph) != (GENERAL, None):
            return "remarks on a document or a paragraph that is not there"
        if (item, paragraph) in places:
            return "remarks twice on one place"
        if remark["id"] in standing.remarks:
            return "uses the name of another remark"
        places.add((item, paragraph))
        standing.remarks.add(remark["id"])
    return None


def dispose(standing: Standing, _entry: Entry, facts: Entry) -> str | None:
    return None if facts["remark"] in standing.remarks else "is about a remark that is not there"
