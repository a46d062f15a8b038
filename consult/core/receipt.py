"""What a member keeps of its reply: the receipt, before `signing.sign_receipt` signs it."""

from collections.abc import Mapping, Sequence

from consult.core.entries import REPLIES
from consult.errors import BadInput

FORMAT = "consult-receipt/1"

# What a receipt repeats from the facts of its entry, so that a person can read it.
REPEATED = ("member", "reply", "version", "answered", "choices", "received_at")


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
    facts = entry["facts"]
    if entry["what"] not in REPLIES or not isinstance(facts, Mapping):
        raise BadInput({"entry": "is not that of a reply"})
    return {
        "format": FORMAT,
        "consultation": {
            "id": entry["ledger"],
            "reference": reference,
            **({"rehearsal": True} if rehearsal else {}),
        },
        **{name: facts[name] for name in REPEATED},
        "texts": [dict(text) for text in texts],
        "entry": dict(entry),
        "number": entry["number"],
        "head": head,
        "checkpoint": None,
        "kid": None,
        "public_key": None,
        "signature": None,
    }
