"""What the record of a comment round says: the table as its ledger tells it, and the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consult.core.record import NAMES as OF_A_DECISION
from consult.core.record import around_ledger
from consult.core.round import table_of

FORMAT = "consult-round/1"
NAMES = OF_A_DECISION - {"case", "result"} | {"table"}


def build_round(
    consultation: Mapping[str, object],
    entries: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, str]],
    withheld: Mapping[str, str],
    heads_sent: Iterable[tuple[int, str]],
) -> dict[str, Any]:
    """Return the record of a compiled comment round; arguments as of `record.build_record`."""
    told = {"format": FORMAT, "table": table_of(link["entry"] for link in entries)}
    return told | around_ledger(consultation, entries, texts, withheld, heads_sent)
