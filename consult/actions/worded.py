"""Keep the words of a reply beside the ledger, and say of what kind they are."""

from collections.abc import Collection, Mapping
from typing import Any

from consult.actions.change import Change
from consult.core.answer import Draft, Unclear
from consult.core.life import CommentKind


def keep_comments(this: Change, draft: Draft) -> dict[str, dict[str, str]]:
    """Keep each comment beside the ledger; return what the receipt holds of it."""
    return {
        place: this.keep_text(words.text, words.language)
        for place, words in draft.comments.items()
        if words.text.strip()
    }


def keep_unclear(
    this: Change, unclear: Mapping[str, Unclear]
) -> dict[str, dict[str, dict[str, str]]]:
    """Keep of each item that a paper leaves open its words and what the member is asked."""
    return {
        item: {
            name: this.keep_text(words.text, words.language)
            for name, words in (("words", one.words), ("question", one.question))
        }
        for item, one in unclear.items()
    }


def not_as_usual(
    draft: Draft,
    commented: Collection[str],
    unclear: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> dict[str, Any]:
    """Return the facts that stand only where something is not as usual."""
    kinds = {
        place: words.kind.value
        for place, words in draft.comments.items()
        if place in commented and words.kind is not CommentKind.COMMENT
    }
    asked = {
        item: {name: text["commitment"] for name, text in one.items()}
        for item, one in unclear.items()
    }
    found = {"kinds": kinds, "unclear": asked, "note": draft.note}
    return {name: value for name, value in found.items() if value}
