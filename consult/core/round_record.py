"""What the record of a comment round says: the table as its ledger tells it, and the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consult.core.round import table_of

FORMAT = "consult-round/1"
NAMES = frozenset(
    {
        "format",
        "consultation",
        "table",
        "ledger",
        "texts",
        "withheld",
        "keys",
        "signers",
        "signatures",
    }
)


def build_round(
    consultation: Mapping[str, object],
    entries: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, str]],
    withheld: Mapping[str, str],
    heads_sent: Iterable[tuple[int, str]],
) -> dict[str, Any]:
    """Return the record of a compiled comment round; arguments as of `record.build_record`."""
    return {
        "format": FORMAT,
        "consultation": dict(consultation),
        "table": table_of(link["entry"] for link in entries),
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
