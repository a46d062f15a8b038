"""What must hold, and which tests name which line. ``python -m tests.security`` writes it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
LINES = (*range(1, 22), *range(30, 77), *range(78, 89), *range(90, 114))
NAMED = 3  # tests that a row names; the others are counted
_LINE = re.compile(r"\bT(\d{1,3})\b")
_ROW = re.compile(r"^\| (T\d+) \| (.*) \| (.*) \| (.*) \|$")
_RANGE = re.compile(r"\bT(\d{1,3})-T?(\d{1,3})\b")


def named_by_line() -> dict[int, list[str]]:
    """Return of each line the tests that name it, in the order of their files."""
    found: dict[int, list[str]] = {number: [] for number in LINES}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, numbers in _of_file(path.read_text(encoding="utf-8")):
            for number in numbers & found.keys():
                found[number].append(name)
    return found


def _of_file(source: str) -> Iterator[tuple[str, set[int]]]:
    tree, lines = ast.parse(source), source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, _numbers("\n".join(lines[node.lineno - 1 : node.end_lineno]))
        elif isinstance(node, ast.ClassDef):
            yield f"{node.name}", _numbers(ast.get_docstring(node) or "")


def _numbers(text: str) -> set[int]:
    found = {int(number) for number in _LINE.findall(text)}
    for first, last in _RANGE.findall(text):
        found |= set(range(int(first), int(last) + 1))
    return found


def rows() -> dict[str, tuple[str, str, str]]:
    """Return of each line what must hold, what holds it, and which tests prove it."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if row := _ROW.match(line):
            found[row[1]] = (row[2], row[3], row[4])
    return found


def proof(tests: list[str]) -> str:
    """Name some tests of a line; "none yet" if there is none."""
    if not tests:
        return "none yet"
    said = ", ".join(f"`{name}`" for name in tests[:NAMED])
    more = len(tests) - NAMED
    return f"{said} and {more} more" if more > 0 else said


def main() -> None:
    """Write the last column anew."""
    tests = named_by_line()
    lines = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if row := _ROW.match(line):
            proven = proof(tests[int(row[1][1:])])
            lines.append(f"| {row[1]} | {row[2]} | {row[3]} | {proven} |")
        else:
            lines.append(line)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
