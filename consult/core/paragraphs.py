"""Splits the text of a document into paragraphs with their numbers, so that one can be named."""

import re
from dataclasses import dataclass

# A number that the author wrote: "1", "2.3", "4.1.2", "a)", "12." before the words.
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,3}|[a-z])[.)]?[ \t]+(?=\S)", re.ASCII)
# How the words of a comment begin that is made on one paragraph: a line of its own.
_ABOUT = re.compile(r"\u00b6 (\d{1,3}(?:\.\d{1,3}){0,3}|[a-z])\n", re.ASCII)
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph by its number, as a comment names it; its text is without that number."""

    number: str
    text: str


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of *text*, which stand apart by blank lines.

    Where every paragraph begins with a number and none comes twice, these are their numbers;
    else they are counted from 1. So the same paragraph has the same number in each language.
    """
    parts = [part.strip() for part in _BLANK.split(text) if part.strip()]
    found = [_NUMBERED.match(part) for part in parts]
    written = [one.group(1) for one in found if one is not None]
    if parts and len(written) == len(parts) and len(set(written)) == len(written):
        return tuple(
            Paragraph(one.group(1), part[one.end() :])
            for one, part in zip(found, parts, strict=True)
            if one is not None
        )
    return tuple(Paragraph(str(number), part) for number, part in enumerate(parts, start=1))


def on_paragraph(number: str, words: str) -> str:
    """Return the words of a comment with the paragraph on which it is made, as they are kept."""
    return f"\u00b6 {number}\n{words}"


def split(text: str) -> tuple[str, str]:
    """Return the paragraph that a comment names, empty if none, and its words."""
    found = _ABOUT.match(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def numbers(texts: dict[str, str], language: str) -> tuple[str, ...]:
    """Return the numbers of a document's paragraphs, by its text in *language* or any it has."""
    said = texts.get(language) or next((text for text in texts.values() if text), "")
    return tuple(one.number for one in paragraphs(said))
