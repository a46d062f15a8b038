"""How one line of the table of addresses is written: see `tests.matrix`."""

from dataclasses import dataclass, field
from typing import Any

from tests.world import slug

ABSENT: dict[str, Any] = {"slug": "NO-SUCH", "member": "XXX", "token": "x" * 43}
ENDED = 410


@dataclass(frozen=True)
class Row:
    """An address that is there, and the answers of those whom its policy lets in.

    Args:
        answers: By method, with only the form's own mark sent.
        values: The parts of the address.
        but: Whom the page itself judges further, with the status of all methods.
        unable: Who is refused with 403 whatever the address names.
        missing: The status where a part of the address names nothing.
        fixed: Parts that name nothing by themselves and are not tried absent.
    """

    endpoint: str
    answers: dict[str, int]
    values: dict[str, Any]
    but: dict[str, int] = field(default_factory=dict)
    unable: frozenset[str] = frozenset()
    missing: int = 404
    fixed: frozenset[str] = frozenset()


def row(
    endpoint: str,
    get: int | None = None,
    post: int | None = None,
    at: int | None = None,
    but: dict[str, int] | None = None,
    **values: Any,
) -> Row:
    """Write a line of the table; *at* is the number of a letter."""
    answers = {name: code for name, code in (("GET", get), ("POST", post)) if code}
    missing = values.pop("missing", 404)
    unable = frozenset(values.pop("unable", ()))
    fixed = frozenset(values.pop("fixed", ()))
    if at is not None:
        values["slug"] = slug(at)
    return Row(endpoint, answers, values, but or {}, unable, missing, fixed)
