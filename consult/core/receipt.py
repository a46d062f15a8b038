"""What a member keeps of its reply or comments, and the bytes that a signature covers."""

from collections.abc import Mapping, Sequence

from consult.core.canonical import canonical
from consult.core.entries import REPLIES
from consult.core.round import COMMENTS
from consult.errors import BadInput

FORMAT = "consult-receipt/1"
COMMENTS_FORMAT = "consult-comments/1"

# What a receipt repeats from the facts of its entry, so that a person can read it.
REPEATED = ("member", "reply", "version", "answered", "choices", "received_at")

REPEATED_OF_COMMENTS = ("member", "comment", "version", "late", "remarks", "received_at")

_PREFIX = b"consult/receipt/1\n"


def receipt(
    reference: str,
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    """Return the receipt of the reply that *entry* holds; made again, it is the same.

    Args:
        reference: That of the consultation.
        entry: A whole ledger entry of a reply, with its nonce.
        head: The head of the chain after that entry.
        texts: The member's own comments, each as commitment, salt (in hex) and text.

    Raises:
        BadInput: The entry is not that of a reply.

    Source: trust, T55, T57.
    """
    if entry["what"] not in REPLIES:
        raise BadInput({"entry": "is not that of a reply"})
    return _made(FORMAT, REPEATED, reference, entry, head, texts)


def comment_receipt(
    reference: str,
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    """Return the receipt of a version of comments; arguments and refusal as of `receipt`."""
    if entry["what"] not in COMMENTS:
        raise BadInput({"entry": "is not that of comments"})
    return _made(COMMENTS_FORMAT, REPEATED_OF_COMMENTS, reference, entry, head, texts)


def _made(
    form: str,
    repeated: Sequence[str],
    reference: str,
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]],
) -> dict[str, object]:
    facts = entry["facts"]
    if not isinstance(facts, Mapping):
        raise BadInput({"entry": "has no facts"})
    return {
        "format": form,
        "consultation": {"id": entry["ledger"], "reference": reference},
        **{name: facts[name] for name in repeated},
        "texts": [dict(text) for text in texts],
        "entry": dict(entry),
        "number": entry["number"],
        "head": head,
        "checkpoint": None,
        "kid": None,
        "signature": None,
    }


def receipt_bytes(receipt: Mapping[str, object]) -> bytes:
    """Return what a signature of *receipt* covers: all of it but the signature itself.

    Source: trust, T55.
    """
    covered = {name: value for name, value in receipt.items() if name != "signature"}
    return _PREFIX + canonical(covered)
