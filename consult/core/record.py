"""What a decision record says: the case as the ledger tells it, its result, and the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consult.core.canonical import canonical, sha256_hex
from consult.core.casefile import case_from_data
from consult.core.entries import EXTENSIONS, REPLIES, RESTORED
from consult.core.life import Unconfirmed
from consult.core.tally import result_data, tally
from consult.errors import BadInput

FORMAT = "consult-record/1"
LEDGER_FORMAT = "consult-ledger/1"
NAMES = frozenset(
    {
        "format",
        "consultation",
        "case",
        "result",
        "ledger",
        "texts",
        "withheld",
        "keys",
        "signers",
        "signatures",
    }
)

# The kinds of entries of which a case and its replies are made.
MAKE_THE_CASE = (
    REPLIES | EXTENSIONS | {"opening", "corrigendum", "withdrawal", "post-stated", "ruling"}
)

Entry = Mapping[str, Any]


def derive_case(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the case file that the *entries* of a ledger tell, in their order.

    The case is that of the newest opening or corrigendum without the items that were withdrawn,
    its deadline that of the last extension. Every reply is in it, late ones too: the tally
    says what counts. What was recorded on behalf after the post-room statement is kept out
    until a ruling lets it in. Where the letter said so, a position given before a revision of
    its item says nothing until confirmed.

    Raises:
        BadInput: The consultation was never opened.

    Source: trust, T59, T75, T76 and section 14.
    """
    told = list(entries)
    cases = [e["facts"]["case"] for e in told if e["what"] in {"opening", "corrigendum"}]
    if not cases:
        raise BadInput({"entries": "the consultation was never opened"})
    ends = [e["facts"]["to"] for e in told if e["what"] in EXTENSIONS]
    gone = withdrawn(told)
    questions = [one for one in cases[-1]["questions"] if one["id"] not in list(gone)]
    items = [question["id"] for question in questions]
    admitted, none = admissions(told), lapsed(told)
    return {
        **cases[-1],
        "questions": questions,
        **_posts(cases[-1], list(gone)),
        "closes_at": ends[-1] if ends else cases[-1]["closes_at"],
        "replies": [
            row
            for entry in replies_in(told)
            for row in _rows(entry, items, admitted.get(entry["number"]), none)
        ],
    }


def _posts(case: Mapping[str, Any], gone: Sequence[str]) -> dict[str, Any]:
    """Return the posts of a case without the candidates that were withdrawn."""
    if "posts" not in case:
        return {}
    left = [
        {**post, "questions": [one for one in post["questions"] if one not in gone]}
        for post in case["posts"]
    ]
    return {"posts": [post for post in left if post["questions"]]}


def withdrawn(entries: Iterable[Entry]) -> dict[str, int]:
    """Return of each item that was withdrawn alone the number of the entry that says so."""
    return {
        item: entry["number"]
        for entry in entries
        if entry["what"] == "withdrawal"
        for item in entry["facts"]["items"] or ()
    }


def admissions(entries: Iterable[Entry]) -> dict[int, bool]:
    """Return of each reply on which something was ruled, or must be, whether it is let in.

    What is restored is treated as it was: a paper that had been recorded after the post-room
    statement waits for a ruling again.
    """
    admitted: dict[int, bool] = {}
    stated = ""
    for entry in entries:
        what, facts = entry["what"], entry["facts"]
        if what == "post-stated":
            stated = entry["at"]
        elif (what == "reply-on-behalf" and stated) or (
            what == RESTORED and stated and facts.get("recorded_at", "") >= stated
        ):
            admitted[entry["number"]] = False
        elif what == "ruling":
            admitted[facts["about"]] = facts["counts"]
    return admitted


def if_ruled(entries: Sequence[Entry], about: int, *, counts: bool) -> dict[str, Any]:
    """Return the case that *entries* would tell once the reply in entry *about* is ruled upon."""
    return derive_case([*entries, {"what": "ruling", "facts": {"about": about, "counts": counts}}])


def if_restored(entries: Sequence[Entry], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case that *entries* would tell once a reply that was lost is readmitted."""
    return derive_case([*entries, {"what": RESTORED, "number": len(entries), "facts": facts}])


def replies_in(entries: Iterable[Entry]) -> list[Entry]:
    """Return the replies in the order in which each member gave them.

    That is the order of the ledger, but that what was restored stands before the later versions
    of its member: of two that were received at the same instant the later version counts.
    """
    found: list[Entry] = []
    for entry in entries:
        if entry["what"] not in REPLIES:
            continue
        place = len(found)
        if entry["what"] == RESTORED:
            place = next((n for n, one in enumerate(found) if _is_later(one, entry)), place)
        found.insert(place, entry)
    return found


def _is_later(one: Entry, other: Entry) -> bool:
    facts, restored = one["facts"], other["facts"]
    of_it = facts["member"] == restored["member"]
    return bool(of_it and facts["version"] > restored["version"])


def decision_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a result decides: all of it but why some replies are left out.

    A ruling that keeps a late reply out changes the list of those left out and nothing else.
    """
    return {
        item: {name: one[name] for name in one if name != "not_counted"}
        for item, one in result["questions"].items()
    }


def adopted_by(result: Mapping[str, Any]) -> frozenset[str]:
    """Return the items that a result adopts."""
    questions = result["questions"].items()
    return frozenset(item for item, one in questions if one["outcome"] == "adopted")


def lapsed(entries: Iterable[Entry]) -> dict[int, frozenset[str]]:
    """Return of each reply the items whose revision it does not confirm, if that counts.

    Those of a letter that says that such positions lapse; none where they stand.
    """
    told = list(entries)
    openings = [e["facts"] for e in told if e["what"] == "opening"]
    if not openings or openings[0]["unconfirmed"] != Unconfirmed.LAPSES:
        return {}
    revised = [e["facts"] for e in told if e["what"] == "corrigendum" and e["facts"]["changed"]]
    return {
        entry["number"]: items
        for entry in told
        if entry["what"] in REPLIES
        and (items := _since(entry["facts"]["answered"]["revision"], revised))
    }


def _since(revision: int, revised: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    later = (facts["changed"] for facts in revised if facts["revision"] > revision)
    return frozenset().union(*later)


def _rows(
    entry: Entry,
    items: Sequence[object],
    admitted: bool | None,
    gone: Mapping[int, frozenset[str]],
) -> list[dict[str, Any]]:
    """Return one row for each of *items*; a position on one that was taken away is none.

    A position that lapsed stays as a row that says nothing: the reply was there.
    """
    facts, none = entry["facts"], gone.get(entry["number"], frozenset())
    said = {} if admitted is None else {"admitted": admitted}
    choices, at = facts["choices"], facts["received_at"]
    return [
        {
            "member": facts["member"],
            "question": item,
            "choice": None if item in none else choices[item],
            "at": at,
            **said,
        }
        for item in items
        if isinstance(item, str) and item in choices
    ]


def result_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of *case* by the one tally, as a record holds it."""
    return result_data(tally(case_from_data(case)))


def build_record(
    consultation: Mapping[str, object],
    entries: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, str]],
    withheld: Mapping[str, str],
    heads_sent: Iterable[tuple[int, str]],
) -> dict[str, Any]:
    """Return the decision record of a counted consultation.

    Args:
        consultation: What a reader needs besides the case: at least ``id`` and ``reference``;
            body, number, titles in each language and the like as canonical values.
        entries: The links of the ledger as they are stored: entry, leaf, prev and head.
        texts: Of each commitment, its salt (in hex) and its text.
        withheld: Of each commitment whose text is not given, the ground.
        heads_sent: Number and head that each notice carried; those after the last of *entries*
            are left out.

    Raises:
        BadInput: The entries tell no case that can be tallied.

    Source: trust, T58.
    """
    case = derive_case([link["entry"] for link in entries])
    told = {"format": FORMAT, "case": case, "result": result_of(case)}
    return told | around_ledger(consultation, entries, texts, withheld, heads_sent)


def around_ledger(
    consultation: Mapping[str, object],
    entries: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, str]],
    withheld: Mapping[str, str],
    heads_sent: Iterable[tuple[int, str]],
) -> dict[str, Any]:
    """Return what every record holds beside what it tells; arguments as of `build_record`."""
    return {
        "consultation": dict(consultation),
        "ledger": {
            "entries": [dict(link) for link in entries],
            "checkpoints": [],
            "heads_sent": [
                {"number": number, "head": head, "at": entries[number]["entry"]["at"]}
                for number, head in sorted(set(heads_sent))
                if number < len(entries)
            ],
        },
        "texts": {commitment: dict(text) for commitment, text in texts.items()},
        "withheld": dict(withheld),
        "keys": [],
        "signers": [],
        "signatures": {},
    }


def build_export(
    consultation: Mapping[str, object], entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the export of a whole ledger; *entries* are its links, as in `build_record`."""
    return {
        "format": LEDGER_FORMAT,
        "consultation": dict(consultation),
        "entries": [dict(link) for link in entries],
        "checkpoints": [],
        "keys": [],
    }


def record_bytes(record: Mapping[str, object]) -> bytes:
    """Return the bytes of the published file, the same for the same record."""
    return canonical(record)


def record_hash(record: Mapping[str, object]) -> str:
    """Return the SHA-256 of the published file, which the page and the ledger carry."""
    return sha256_hex(record_bytes(record))
