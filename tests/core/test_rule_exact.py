"""Nothing between states is decided by rounding: the core has no floating point."""

import ast
from pathlib import Path

import pytest

import consult.core

MODULES = sorted(Path(consult.core.__file__).parent.glob("*.py"))


def inexact(source: str) -> list[int]:
    """Give the lines that divide, name ``float`` or write a number with a point."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_the_core_neither_divides_nor_rounds(module: Path) -> None:
    assert inexact(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", ["a / b", "a /= b", "float(a)", "x = 0.5", "1e3", "1j"])
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert inexact(source) == [1]
