"""Plain text of 72 columns, in scripts whose characters are one or two columns wide."""

import re
import unicodedata
from collections.abc import Sequence

from consult.mail.said import Said

COLUMNS = 72
_LABEL = 16

# Text in these scripts may break after any character; other text at spaces alone.
_WIDE = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
_PIECES = re.compile(rf"[ \t]+|[{_WIDE}]|[^ \t{_WIDE}]+")
_NEVER_FIRST = frozenset("、。，．：；！？）］｝〉》」』】〕”’%")
_NEVER_LAST = frozenset("（［｛〈《「『【〔“‘")


def width(text: str) -> int:
    """Return how many columns *text* takes on a terminal."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, columns: int = COLUMNS) -> list[str]:
    """Break *text* into lines of at most *columns*; an address longer than that stays whole."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines += _wrap(paragraph, columns)
    return lines


def _wrap(paragraph: str, columns: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(paragraph):
        if line and width((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(paragraph: str) -> list[str]:
    """Cut where a line may break: no closing mark begins a line, no opening mark ends one."""
    pieces: list[str] = []
    for piece in _PIECES.findall(paragraph.strip()):
        if pieces and (piece[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def table(rows: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Set labels and what stands beside them in two columns."""
    label_columns = min(_LABEL, max((width(label) for label, _ in rows), default=0))
    lines: list[str] = []
    for label, said in rows:
        left = wrap(label, label_columns)
        right = [line for part in said for line in wrap(part, COLUMNS - label_columns - 2)]
        for number in range(max(len(left), len(right))):
            beside = left[number] if number < len(left) else ""
            pad = " " * (label_columns + 2 - width(beside))
            lines.append((beside + pad + (right[number] if number < len(right) else "")).rstrip())
    return lines


def mail(said: Said, masthead: Sequence[str], ledger: str) -> str:
    """Set a mail as text: the same words in the same order as its HTML."""
    blocks = [[line for name in masthead for line in wrap(name)], wrap(said.heading)]
    blocks += [wrap(sentence) for sentence in said.intro]
    if said.rows:
        blocks.append(table([(row.label, row.lines) for row in said.rows]))
    if said.button:
        blocks.append([*wrap(said.button.label), said.button.address])
    blocks += [wrap(sentence) for sentence in said.after]
    blocks.append(["--", *wrap(" ".join(said.why))])
    blocks.append([ledger] if ledger else [])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
