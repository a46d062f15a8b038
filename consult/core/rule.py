"""A decision rule as data: what may be said, what silence means, what adoption takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from consult.core import fields
from consult.core.comparison import (
    SETS,
    All,
    AnyOf,
    Choice,
    Compare,
    Comparison,
    Counts,
    Not,
    Scope,
    Silence,
    Test,
    comparisons,
    holds,
    sets_of,
)

__all__ = [
    "MAX_COMPARISONS",
    "SETS",
    "All",
    "AnyOf",
    "Choice",
    "Compare",
    "Comparison",
    "Counts",
    "Not",
    "Rule",
    "Scope",
    "Silence",
    "Test",
    "comparisons",
    "holds",
    "parse",
    "rule_data",
    "sets_of",
]

MAX_COMPARISONS = 64

_FRACTION = re.compile(r"([0-9]{1,30})/([0-9]{1,30})", re.ASCII)
_JOINS = ("all", "any", "not")
_COMPARES = tuple(Compare)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one question is decided.

    Args:
        id: Its name in the library; empty for the rule of a case file that gives none.
        title: Its name for people, by language.
        source: The text that it follows.
        choices: What the form offers.
        silence: What a member's not replying means.
        quorum: What must hold for there to be any decision; None if nothing must.
        adopted_if: What must hold for adoption.
        names: Of each position, how this rule calls it otherwise, by language.
    """

    id: str
    title: Mapping[str, str]
    source: str
    choices: tuple[Choice, ...]
    silence: Silence
    quorum: Test | None
    adopted_if: Test
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def tests(self) -> tuple[Test, ...]:
        """The tests in the order in which they are taken: the quorum first."""
        return (self.adopted_if,) if self.quorum is None else (self.quorum, self.adopted_if)


def parse(data: object, path: str = "rule") -> Rule:
    """Read a rule from JSON or YAML.

    Args:
        data: The rule in the shape of design section 3. A title may be a text, in English.
        path: Where it stands, for the fault.

    Raises:
        BadInput: The first place that is not understood.
    """
    found = fields.members(
        data,
        path,
        required=("choices", "silence", "adopted_if"),
        optional=("id", "title", "source", "quorum", "names"),
    )
    rule = Rule(
        id=fields.text(found["id"], f"{path}.id") if "id" in found else "",
        title=_title(found["title"], f"{path}.title") if "title" in found else {},
        source=fields.text(found["source"], f"{path}.source") if "source" in found else "",
        choices=_choices(found["choices"], f"{path}.choices"),
        silence=fields.word(found["silence"], f"{path}.silence", Silence),
        quorum=_test(found["quorum"], f"{path}.quorum", 1) if "quorum" in found else None,
        adopted_if=_test(found["adopted_if"], f"{path}.adopted_if", 1),
        names=_names(found.get("names", {}), f"{path}.names"),
    )
    if sum(1 for test in rule.tests for _ in comparisons(test)) > MAX_COMPARISONS:
        fields.refuse(path, f"has more than {MAX_COMPARISONS} comparisons")
    return rule


def _title(value: object, path: str) -> dict[str, str]:
    if isinstance(value, str):
        return {"en": fields.text(value, path)}
    return {
        language: fields.text(said, fields.key_path(path, language))
        for language, said in fields.mapping(value, path).items()
    }


def _names(value: object, path: str) -> dict[str, dict[str, str]]:
    found = fields.members(value, path, required=(), optional=tuple(Choice))
    return {name: _title(said, f"{path}.{name}") for name, said in found.items()}


def _choices(value: object, path: str) -> tuple[Choice, ...]:
    found = tuple(
        fields.word(one, f"{path}[{n}]", Choice)
        for n, one in enumerate(fields.entries(value, path))
    )
    if not found:
        fields.refuse(path, "must offer at least one choice")
    if len(set(found)) < len(found):
        fields.refuse(path, "names a choice twice")
    return found


def _test(value: object, path: str, depth: int) -> Test:
    if depth > fields.MAX_DEPTH:
        fields.refuse(path, f"is nested deeper than {fields.MAX_DEPTH}")
    found = fields.mapping(value, path)
    join = next((name for name in _JOINS if name in found), None)
    if join is None:
        return _comparison(found, path)
    inner = fields.members(found, path, required=(join,))[join]
    if join == "not":
        return Not(_test(inner, f"{path}.not", depth + 1))
    parts = tuple(
        _test(part, f"{path}.{join}[{n}]", depth + 1)
        for n, part in enumerate(fields.entries(inner, f"{path}.{join}"))
    )
    if not parts:
        fields.refuse(f"{path}.{join}", "must have at least one test")
    return All(parts) if join == "all" else AnyOf(parts)


def _comparison(found: dict[str, object], path: str) -> Comparison:
    fields.members(found, path, required=("count",), optional=("over", "among", "by", *_COMPARES))
    used = [compare for compare in _COMPARES if compare in found]
    if len(used) != 1:
        fields.refuse(path, f"must have exactly one of {', '.join(_COMPARES)}")
    over = _set(found["over"], f"{path}.over") if "over" in found else None
    return Comparison(
        count=_set(found["count"], f"{path}.count"),
        compare=used[0],
        threshold=_threshold(found[used[0]], f"{path}.{used[0]}", share=over is not None),
        over=over,
        among=fields.text(found["among"], f"{path}.among") if "among" in found else None,
        by=fields.text(found["by"], f"{path}.by") if "by" in found else None,
    )


def _set(value: object, path: str) -> str:
    found = fields.fit(value, path)
    if not isinstance(found, str) or found not in SETS:
        fields.refuse(path, f"must be one of {', '.join(SETS)}")
    return found


def _threshold(value: object, path: str, *, share: bool) -> Fraction:
    fields.fit(value, path)
    if share:
        spelled = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if spelled is None or not int(spelled[2]):
            fields.refuse(path, 'must be a fraction such as "1/2", because of `over`')
        return Fraction(int(spelled[1]), int(spelled[2]))
    if type(value) is not int or value < 0:
        fields.refuse(path, "must be a whole number, or a fraction with `over`")
    if value >= 10**fields.MAX_DIGITS:
        fields.refuse(path, f"has more than {fields.MAX_DIGITS} digits")
    return Fraction(value)


def rule_data(rule: Rule) -> dict[str, object]:
    """Write *rule* as data that is JSON, and that `parse` reads as an equal rule."""
    data: dict[str, object] = {
        "choices": [str(choice) for choice in rule.choices],
        "silence": str(rule.silence),
        "adopted_if": _test_data(rule.adopted_if),
    }
    if rule.quorum is not None:
        data["quorum"] = _test_data(rule.quorum)
    given = {
        "id": rule.id,
        "title": dict(rule.title),
        "source": rule.source,
        "names": {position: dict(names) for position, names in rule.names.items()},
    }
    return data | {key: value for key, value in given.items() if value}


def _test_data(test: Test) -> dict[str, object]:
    match test:
        case All(tests):
            return {"all": [_test_data(part) for part in tests]}
        case AnyOf(tests):
            return {"any": [_test_data(part) for part in tests]}
        case Not(inner):
            return {"not": _test_data(inner)}
        case Comparison():
            return _comparison_data(test)


def _comparison_data(test: Comparison) -> dict[str, object]:
    share = test.threshold
    spelled = int(share) if test.over is None else f"{share.numerator}/{share.denominator}"
    data: dict[str, object] = {"count": test.count, str(test.compare): spelled}
    scope = {"over": test.over, "among": test.among, "by": test.by}
    return data | {key: value for key, value in scope.items() if value is not None}
