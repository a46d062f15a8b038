"""What a member keeps of its reply or comments: the receipt, before `signing` signs it."""

from collections.abc import Mapping, Sequence

from consult.core.entries import REPLIES
from consult.core.round import COMMENTS
from consult.errors import BadInput

FORMAT = "consult-receipt/1"
COMMENTS_FORMAT = "consult-comments/1"

# What a receipt repeats from the facts of its entry, so that a person can read it.
REPEATED = ("member", "reply", "version", "answered", "choices", "received_at")

REPEATED_OF_COMMENTS = ("member", "comment", "version", "late", "remarks", "received_at")


def receipt(
    reference: str,
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]] = (),
    *,
    rehearsal: bool = False,
) -> dict[str, object]:
    """Return the receipt of the reply that *entry* holds; made again, it is the same.

    Args:
        reference: That of the consultation.
        entry: A whole ledger entry of a reply, with its nonce.
        head: The head of the chain after that entry.
        texts: The member's own comments, each as commitment, salt (in hex) and text.
        rehearsal: Whether the consultation counts for nothing; the receipt then says so.

    Raises:
        BadInput: The entry is not that of a reply.

    Source: trust, T55, T57.
    """
    if entry["what"] not in REPLIES:
        raise BadInput({"entry": "is not that of a reply"})
    letter = _letter(reference, entry, rehearsal=rehearsal)
    return _made(FORMAT, REPEATED, letter, entry, head, texts)


def comment_receipt(
    reference: str,
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]] = (),
    *,
    rehearsal: bool = False,
) -> dict[str, object]:
    """Return the receipt of a version of comments; arguments and refusal as of `receipt`."""
    if entry["what"] not in COMMENTS:
        raise BadInput({"entry": "is not that of comments"})
    letter = _letter(reference, entry, rehearsal=rehearsal)
    return _made(COMMENTS_FORMAT, REPEATED_OF_COMMENTS, letter, entry, head, texts)


def _letter(
    reference: str, entry: Mapping[str, object], *, rehearsal: bool
) -> Mapping[str, object]:
    said = {"rehearsal": True} if rehearsal else {}
    return {"id": entry["ledger"], "reference": reference, **said}


def _made(
    form: str,
    repeated: Sequence[str],
    letter: Mapping[str, object],
    entry: Mapping[str, object],
    head: str,
    texts: Sequence[Mapping[str, str]],
) -> dict[str, object]:
    facts = entry["facts"]
    if not isinstance(facts, Mapping):
        raise BadInput({"entry": "has no facts"})
    return {
        "format": form,
        "consultation": letter,
        **{name: facts[name] for name in repeated},
        "texts": [dict(text) for text in texts],
        "entry": dict(entry),
        "number": entry["number"],
        "head": head,
        "checkpoint": None,
        "kid": None,
        "public_key": None,
        "signature": None,
    }
