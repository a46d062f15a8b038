"""Several candidates for one sort of post: each approved alone, no more than there are posts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consult.core.canonical import hash_of
from consult.core.case import Post


class Standing(StrEnum):
    """Where a candidate that was approved stands beside the others."""

    IN = "in"
    TIED = "tied"  # at the edge: those equal to it are more than the posts that are left
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Ranked:
    """How a candidate came out of the ranking for its post.

    Args:
        post: What the post is called.
        seats: How many can be appointed.
        approvals: How many members approved the candidate.
    """

    post: str
    seats: int
    approvals: int


def standings(seats: int, approvals: Mapping[str, int]) -> dict[str, Standing]:
    """Return where each approved candidate stands.

    Those with most approvals are in. Candidates with equally many at the edge of the posts are
    tied, all of them: nothing else may decide between them.

    Args:
        approvals: Of each approved candidate, how many members approved it.
    """
    level = Counter(approvals.values())
    ahead, so_far = {}, 0
    for number in sorted(level, reverse=True):
        ahead[number] = so_far
        so_far += level[number]
    return {
        candidate: _standing(seats, ahead[number], level[number])
        for candidate, number in approvals.items()
    }


def _standing(seats: int, ahead: int, level: int) -> Standing:
    if ahead + level <= seats:
        return Standing.IN
    return Standing.TIED if ahead < seats else Standing.OUT


def posts_of(items: Iterable[Mapping[str, Any]], language: str) -> list[Post]:
    """Return the posts for which a letter's appointments name how many there are.

    Args:
        items: As `queries.content` gives them; those of one group and post stand together.
        language: In which the post is called.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if item["kind"] == "appointment":
            found.setdefault(post_key(item), []).append(item)
    return [_post(some, language) for some in found.values() if any(one["seats"] for one in some)]


def post_key(item: Mapping[str, Any]) -> str:
    """Return what is the same for all candidates for one sort of post."""
    return hash_of({"group": item["group"] or "", "post": dict(item["post"] or {})})


def unequal(items: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the candidates whose letter says of one sort of post different numbers of posts."""
    said: dict[str, set[int | None]] = {}
    keys = {item["id"]: post_key(item) for item in items if item["kind"] == "appointment"}
    for item in items:
        if item["id"] in keys:
            said.setdefault(keys[item["id"]], set()).add(item["seats"])
    return {candidate for candidate, key in keys.items() if len(said[key]) > 1}


def posts_data(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Write *posts* as they stand in case files, records and the ledger."""
    return [
        {"id": post.id, "seats": post.seats, "questions": list(post.questions)} for post in posts
    ]


def _post(candidates: Sequence[Mapping[str, Any]], language: str) -> Post:
    first = candidates[0]
    said = (first["post"] or {}).get(language) or next(iter((first["post"] or {}).values()), "")
    name = ", ".join(part for part in (first["group"] or "", said) if part) or first["id"]
    return Post(
        name, max(one["seats"] or 0 for one in candidates), tuple(one["id"] for one in candidates)
    )
