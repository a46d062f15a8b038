"""The small Markdown of letters and draft decisions, read once into a value every form prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("zero", {"html": False}).enable(["emphasis", "list", "heading"])
_LISTS = {"bullet_list_open": "bullets", "ordered_list_open": "numbers"}
_HAN = ("\u2e80", "\u9fff"), ("\uff00", "\uffef"), ("\U00020000", "\U0003ffff")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look alike."""

    text: str
    strong: bool = False
    em: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a list.

    Args:
        kind: ``paragraph``, ``heading``, ``bullets`` or ``numbers``.
        runs: The words of a paragraph or a heading.
        items: The blocks of each point of a list.
        start: The number of the first point.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    items: tuple[tuple["Block", ...], ...] = ()
    start: int = 1


@lru_cache(maxsize=512)
def prose(text: str) -> tuple[Block, ...]:
    """Read *text*; links, pictures, code and tags stay the characters that they are."""
    return _blocks(iter(_READER.parse(text)), "")


def plain(blocks: Sequence[Block]) -> str:
    """Return the words alone, paragraphs apart, points of lists on lines of their own."""
    return "\n\n".join(_plain(block) for block in blocks)


def _blocks(tokens: Iterator[Token], until: str) -> tuple[Block, ...]:
    found: list[Block] = []
    for token in tokens:
        if token.type == until:
            break
        if token.type in {"paragraph_open", "heading_open"}:
            inline = next(tokens)
            found.append(Block(token.type.removesuffix("_open"), _runs(inline.children or [])))
        elif token.type in _LISTS:
            found.append(_list(token, tokens))
    return tuple(found)


def _list(opened: Token, tokens: Iterator[Token]) -> Block:
    until = opened.type.replace("_open", "_close")
    items: list[tuple[Block, ...]] = []
    for token in tokens:
        if token.type == until:
            break
        if token.type == "list_item_open":
            items.append(_blocks(tokens, "list_item_close"))
    start = opened.attrs.get("start", 1)
    return Block(_LISTS[opened.type], items=tuple(items), start=int(start))


def _runs(tokens: Sequence[Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = em = 0
    for token in tokens:
        if token.type.startswith("strong_"):
            strong += token.nesting
        elif token.type.startswith("em_"):
            em += token.nesting
        elif token.content:
            runs.append(Run(_joined(token.content), strong > 0, em > 0))
    return tuple(runs)


def _joined(text: str) -> str:
    """Join the lines of a paragraph: by a space, but not between Chinese characters."""
    first, *others = text.split("\n")
    for line in others:
        between = "" if first and line and _han(first[-1]) and _han(line[0]) else " "
        first = first + between + line
    return first


def _han(character: str) -> bool:
    return any(low <= character <= high for low, high in _HAN)


def _plain(block: Block) -> str:
    words = "".join(run.text for run in block.runs)
    if not block.items:
        return words
    lines = []
    for number, item in enumerate(block.items, block.start):
        mark = "- " if block.kind == "bullets" else f"{number}. "
        inner = "\n".join(_plain(part) for part in item)
        lines.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)
