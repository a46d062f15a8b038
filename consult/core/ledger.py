"""The ledger of a consultation: how an entry is written down, hashed and chained."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from consult.core import entries
from consult.core.canonical import canonical, hash_of, normal, sha256_hex, spelled
from consult.core.shapes import ACTOR, INSTANT, NONCE, NUMBER, UUID, first_misfit, is_instant
from consult.errors import BadInput

__all__ = [
    "EMPTY_HEAD",
    "canonical",
    "chain",
    "commitment",
    "entry",
    "hash_of",
    "instant",
    "leaf",
    "link",
    "next_head",
    "normal",
    "read_instant",
    "sha256_hex",
]

VERSION = 1
EMPTY_HEAD = "0" * 64
SALT_BYTES = 16

_LEAF = b"consult/leaf/1\n"
_HEAD = b"consult/head/1\n"
_TEXT = b"consult/text/1\n"
_PARTS = {"ledger": UUID, "number": NUMBER, "at": INSTANT, "actor": ACTOR, "nonce": NONCE}
_NAMES = frozenset({"v", "what", "facts", *_PARTS})


def instant(at: datetime) -> str:
    """Return *at* as entries spell it: UTC, always six digits of a second.

    Raises:
        BadInput: It has no time zone.
    """
    if at.tzinfo is None:
        raise BadInput({"at": "has no time zone"})
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def read_instant(text: str) -> datetime:
    """Return the instant that *text* spells, exactly as `instant` does.

    Raises:
        BadInput: It is spelled in any other way.
    """
    if not is_instant(text):
        raise BadInput({"at": INSTANT.words})
    return datetime.fromisoformat(text)


def commitment(salt: bytes, text: str) -> str:
    """Return what stands in an entry for *text*, which may later be erased or withheld.

    Args:
        salt: 16 random bytes, kept with the text.
        text: With LF as its line ends.

    Raises:
        BadInput: The salt is not 16 bytes, or the text is none that can be hashed.

    Source: trust, T44.
    """
    if len(salt) != SALT_BYTES:
        raise BadInput({"salt": f"must be {SALT_BYTES} bytes"})
    canonical(text)
    return sha256(_TEXT + salt + text.encode()).hexdigest()


def entry(  # noqa: PLR0913, PLR0917 - an entry has these seven parts
    ledger: str,
    number: int,
    at: datetime,
    actor: str,
    what: str,
    facts: Mapping[str, object],
    nonce: str,
) -> dict[str, object]:
    """Return one entry, ready to be hashed and kept.

    Args:
        ledger: The consultation's UUID.
        number: From 0, without gaps.
        at: Never before that of the entry before.
        actor: ``system``, or ``person:`` and the person's opaque code.
        what: The kind.
        facts: Exactly those of the kind.
        nonce: 32 hex digits of a secure source: it makes the leaf say nothing of the entry.

    Raises:
        BadInput: A part is not what the format asks.

    Source: trust, T39.
    """
    made: dict[str, object] = {
        "v": VERSION,
        "ledger": ledger,
        "number": number,
        "at": instant(at),
        "actor": actor,
        "what": what,
        "facts": dict(facts),
        "nonce": nonce,
    }
    if found := fault_in_entry(made):
        raise BadInput(dict([found]))
    return made


def fault_in_entry(found: Mapping[str, object]) -> tuple[str, str] | None:
    """Return the first place where *found* is not an entry, and how; None if nowhere."""
    if found.keys() != _NAMES:
        return _wrong_name(found)
    if found["v"] != VERSION or isinstance(found["v"], bool):
        return "v", f"must be {VERSION}"
    if wrong := first_misfit(found, _PARTS):
        return wrong
    what = found["what"]
    if not isinstance(what, str):
        return "what", "must be the name of a kind"
    return entries.fault_in(what, found["facts"])


def _wrong_name(found: Mapping[str, object]) -> tuple[str, str]:
    missing = sorted(_NAMES - found.keys())
    if missing:
        return missing[0], "is missing"
    return min(found.keys() - _NAMES), "is not known"


def leaf(entry: Mapping[str, object]) -> str:
    """Return the hash of *entry*, which says nothing of what is in it.

    Raises:
        BadInput: It holds what canonical JSON does not allow.

    Source: trust, T39, T40.
    """
    return sha256(_LEAF + canonical(entry)).hexdigest()


def leaf_of_checked(entry: Mapping[str, object]) -> str:
    """Return what `leaf` does, of an entry in which `fault_in_entry` found nothing."""
    return sha256(_LEAF + spelled(entry)).hexdigest()


def next_head(prev: str, leaf: str) -> str:
    """Return the head of the chain once *leaf* follows the head *prev*.

    Source: trust, T39; before the first entry the head is `EMPTY_HEAD`.
    """
    return sha256(_HEAD + bytes.fromhex(prev) + bytes.fromhex(leaf)).hexdigest()


def link(entry: Mapping[str, object], prev: str) -> dict[str, object]:
    """Return *entry* with its place in the chain, as exports and records hold it."""
    made = leaf(entry)
    return {"entry": entry, "leaf": made, "prev": prev, "head": next_head(prev, made)}


def chain(entries: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the links of a whole ledger, from its first entry on."""
    links: list[dict[str, object]] = []
    prev = EMPTY_HEAD
    for each in entries:
        links.append(link(each, prev))
        prev = str(links[-1]["head"])
    return links
