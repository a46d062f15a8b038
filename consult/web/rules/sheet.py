"""A rule as a form holds it: lines of six fields each, and what no line can say kept whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.core.comparison import All, AnyOf, Choice, Compare, Comparison, Test
from consult.core.rule import Rule, parse, rule_data
from consult.core.threshold import read_threshold, threshold_text
from consult.errors import BadInput

ALL, ANY = "all", "any"
PARTS = ("count", "compare", "value", "over", "among", "by")
MOST_LINES = 20
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison as it is typed, or a test within tests, kept as it was copied.

    Args:
        typed: By the names of `PARTS`; empty for a test that is kept.
        kept: Such a test as JSON; empty for a comparison.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""

    def data(self) -> dict[str, Any]:
        """Return the test as a rule's data hold it.

        Raises:
            BadInput: The number is none; the place is ``value``.
        """
        if self.kept:
            return _loaded(self.kept)
        typed = self.typed
        share = bool(typed["over"])
        found: dict[str, Any] = {
            "count": typed["count"],
            typed["compare"]: read_threshold(typed["value"], share=share),
        }
        scope = {name: typed[name] for name in ("over", "among", "by")}
        return found | {name: said for name, said in scope.items() if said}


NEW_LINE = Line(
    {
        "count": "approve",
        "compare": Compare.MORE_THAN.value,
        "value": "1/2",
        "over": "entitled",
        "among": "",
        "by": "",
    }
)
NEW_QUORUM = Line({**NEW_LINE.typed, "count": "replied"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is decided when, in lines.

    Args:
        quorum: None if the rule asks for none.
        join: Whether all of the *lines* must hold, or any of them.
    """

    quorum: Line | None
    join: str
    lines: tuple[Line, ...]


def sheet_of(rule: Rule) -> Sheet:
    """Return *rule* in lines."""
    whole, data = rule.adopted_if, rule_data(rule)
    quorum = None if rule.quorum is None else _line(rule.quorum, data["quorum"])
    if isinstance(whole, All | AnyOf):
        join = ALL if isinstance(whole, All) else ANY
        written: Any = data["adopted_if"]
        lines = tuple(map(_line, whole.tests, written[join]))
        return Sheet(quorum, join, lines)
    return Sheet(quorum, ALL, (_line(whole, data["adopted_if"]),))


def adopted_if(join: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
    """Join the tests of the lines; one alone needs no joining."""
    return tests[0] if len(tests) == 1 else {join: tests}


def kept_test(kept: str) -> Test:
    """Return a test that a form carries whole.

    Raises:
        BadInput: It was tampered with.
    """
    choices = [choice.value for choice in Choice]
    return parse({"choices": choices, "silence": "absent", "adopted_if": _loaded(kept)}).adopted_if


def _line(test: Test, data: Any) -> Line:
    if not isinstance(test, Comparison):
        return Line(kept=json.dumps(data, sort_keys=True))
    return Line(
        {
            "count": test.count,
            "compare": test.compare.value,
            "value": threshold_text(test.threshold, share=test.over is not None),
            "over": test.over or "",
            "among": test.among or "",
            "by": test.by or "",
        }
    )


def _loaded(kept: str) -> dict[str, Any]:
    try:
        found = json.loads(kept)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput({KEPT: "rule-kept"})
    return found
