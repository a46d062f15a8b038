"""The heads that left the service, as mailboxes keep them: read from the text of any mail (T50)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"Ledger[ \t]+(\S{1,64})[ \t]+#(\d{1,9})[ \t]+([0-9a-f]{32,64})\b")
_HEADER = re.compile(
    r"Consult-Ledger:\s+([0-9a-f-]{36});\s+number=(\d{1,9});\s+head=([0-9a-f]{64})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A head that somebody was shown.

    Args:
        of: The reference of the consultation, or the id of its ledger.
        head: 32 hex digits at least.
    """

    of: str
    number: int
    head: str


def heads_in(text: str) -> Iterator[Shown]:
    """Yield every head that *text* holds: the last line of a notice, or its header."""
    for pattern in (_HEADER, _LINE):
        for found in pattern.finditer(text):
            yield Shown(found[1], int(found[2]), found[3].lower())
