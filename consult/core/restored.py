"""What the entry of a restored reply says of the one that was lost."""

from collections.abc import Mapping
from typing import Any

from consult.core.ledger import leaf

# What the entry of a reply on behalf says of its second person and of why it was recorded: the
# one is of the ledger that was lost, and the words of the other went with it.
_OF_THEN = frozenset({"reason", "approved"})
_OF_NOW = frozenset({"leaf", "approved"})

Entry = Mapping[str, Any]


def restored_facts(entry: Entry, version: int) -> dict[str, Any]:
    """Return what the entry of a reply that was lost says, for that which restores it.

    Args:
        version: Its own, or the next one where another reply took that number meanwhile.
    """
    facts = {name: value for name, value in entry["facts"].items() if name not in _OF_THEN}
    return {**facts, "version": version}


def tells_same(restored: Entry, entry: Entry) -> bool:
    """Say whether the entry *restored* says what the lost *entry* said.

    Its version may be a later one: see `readmitting.version_for`.
    """
    facts = {name: value for name, value in restored["facts"].items() if name not in _OF_NOW}
    version = facts["version"]
    same: bool = restored["facts"]["leaf"] == leaf(entry)
    return same and version >= entry["facts"]["version"] and facts == restored_facts(entry, version)
