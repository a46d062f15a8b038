"""How far a draft is: which steps are done, which texts are ready in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consult.core import letter
from consult.core.life import Kind
from consult.queries.drafting import Draft
from consult.web.drafting.places import Spot, spot
from consult.wording import LANGUAGES

_EVERY = ""  # no language: every text that anybody wrote is missing in it


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a draft is ready in one language.

    Args:
        gaps: Where texts are missing, each once.
        waived: The reason for which it may stay incomplete; empty if it may not.
    """

    code: str
    name: str
    ready: int
    total: int
    gaps: tuple[Spot, ...]
    waived: str


def meters(draft: Draft) -> list[Meter]:
    """Return the state of each language that the letter declares."""
    content = draft.content
    total = len(letter.missing(content, _EVERY))
    return [_meter(draft, language, total) for language in content["languages"]]


def done_steps(draft: Draft) -> frozenset[int]:
    """Return the steps in which nothing is missing."""
    content = draft.content
    asks_comments = content["kind"] == Kind.COMMENTS.value
    done = {
        1: any(content["subject"].values()),
        2: bool(content["items"]),
        3: True,
        4: bool((content["rule"] or asks_comments) and content["closes_at"]),
        5: True,
        6: bool(content["languages"]) and not _open_gaps(content),
    }
    return frozenset(step for step, is_done in done.items() if is_done)


def _open_gaps(content: Mapping[str, Any]) -> bool:
    return any(
        letter.missing(content, language)
        for language in content["languages"]
        if language not in content["waived"]
    )


def _meter(draft: Draft, language: str, total: int) -> Meter:
    missing = letter.missing(draft.content, language)
    found = [spot(draft, path, language) for path in missing]
    return Meter(
        code=language,
        name=LANGUAGES.get(language, language),
        ready=total - len(missing),
        total=total,
        gaps=tuple({one.href: one for one in found}.values()),
        waived=draft.content["waived"].get(language, ""),
    )
