"""Set words in one language of a content, leaving the others as they are."""

from collections.abc import Mapping
from typing import Any


def with_words(texts: Mapping[str, str] | None, language: str, words: str) -> dict[str, str]:
    """Return *texts* with *words* in *language*; without that language if there are none."""
    said = {code: text for code, text in (texts or {}).items() if code != language}
    return {**said, language: words} if words else said


def set_in(whole: Mapping[str, Any], names: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return *whole* with the texts of these names set in *language*."""
    new = dict(whole)
    for name, words in names.items():
        new[name] = with_words(new.get(name), language, words)
    return new
