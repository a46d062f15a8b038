"""Which words a reader gets of a text that exists in several languages."""

from collections.abc import Mapping


def pick(texts: Mapping[str, str] | None, language: str, first: str = "en") -> str:
    """Return the words in *language*, else in *first*, else in any, else nothing."""
    if not texts:
        return ""
    return texts.get(language) or texts.get(first) or next((t for t in texts.values() if t), "")
