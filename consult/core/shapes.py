"""What a value in an entry, a receipt or a record may look like, each shape with its words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.core.canonical import LARGEST, fault_of

_HEX64 = re.compile(r"[0-9a-f]{64}").fullmatch
_HEX32 = re.compile(r"[0-9a-f]{32}").fullmatch
_HEX16 = re.compile(r"[0-9a-f]{16}").fullmatch
_CODE = re.compile(r"[A-Za-z0-9._-]{1,100}").fullmatch
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}").fullmatch
_ACTOR = re.compile(r"system|person:[A-Za-z0-9._-]{1,100}").fullmatch
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z").fullmatch
_LINE = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+").fullmatch
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """A test of one value, and what to say where it does not fit.

    Args:
        words: What a value must be.
        test: True, or what counts as true, where it fits. It may be a compiled pattern's own
            method, the fastest there is, and so may raise TypeError for a value that is no text.
    """

    words: str
    test: Callable[[Any], object]

    def fits(self, value: object) -> bool:
        try:
            return bool(self.test(value))
        except TypeError:
            return False


def _is_text(value: str) -> bool:
    return _LINE(value) is not None and len(value) <= _LONGEST


def is_instant(value: object) -> bool:
    """Say whether *value* is an instant in the one spelling that a ledger knows."""
    if not isinstance(value, str) or _INSTANT(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _is_positive(value: object) -> bool:
    return type(value) is int and 0 < value <= LARGEST


TEXT = Shape("must be one line of at most 1000 characters", _is_text)
CODE = Shape("must be a code of letters, digits, '.', '_' and '-'", _CODE)
LANGUAGE = Shape("must be a language tag", _LANGUAGE)
ACTOR = Shape("must be 'system' or 'person:' and a code", _ACTOR)
UUID = Shape("must be a UUID in lower case", _UUID)
HASH = Shape("must be 64 hex digits in lower case", _HEX64)
NONCE = Shape("must be 32 hex digits in lower case", _HEX32)
KEY_ID = Shape("must be 16 hex digits in lower case", _HEX16)
INSTANT = Shape("must be an instant such as 2020-12-10T08:00:00.123456Z", is_instant)
NUMBER = Shape("must be a whole number from 0", _is_number)
POSITIVE = Shape("must be a whole number from 1", _is_positive)
INTEGER = Shape(
    "must be a whole number", lambda value: type(value) is int and -LARGEST <= value <= LARGEST
)
TRUE = Shape("must be true", lambda value: value is True)
BOOLEAN = Shape("must be true or false", lambda value: isinstance(value, bool))
OBJECT = Shape(
    "must be an object of canonical values",
    lambda value: isinstance(value, dict) and fault_of(value) is None,
)


def one_of(*words: str) -> Shape:
    """Return the shape of a value that is one of *words*."""
    return Shape(f"must be one of: {', '.join(words)}", lambda value: value in words)


def or_null(shape: Shape) -> Shape:
    """Return the shape of a value of *shape* or null."""
    test = shape.test
    return Shape(f"{shape.words}, or null", lambda value: value is None or test(value))


def either(one: Shape, other: Shape) -> Shape:
    """Return the shape of a value of the one shape or the other."""
    first, second = one.test, other.test
    return Shape(f"{one.words}, or {other.words}", lambda value: first(value) or second(value))


def list_of(shape: Shape) -> Shape:
    """Return the shape of a list of values of *shape*."""
    test = shape.test
    return Shape(
        f"must be a list; each {shape.words}",
        lambda value: isinstance(value, list) and all(map(test, value)),
    )


def by(key: Shape, shape: Shape) -> Shape:
    """Return the shape of an object that has a value of *shape* for each *key*."""
    names, test = key.test, shape.test
    return Shape(
        f"must be an object; each name {key.words}; each value {shape.words}",
        # Most values stand there many times; one that cannot be in a set fits no shape of ours.
        lambda value: (
            isinstance(value, dict)
            and all(map(names, value))
            and all(map(test, set(value.values())))
        ),
    )


def some(shape: Shape) -> Shape:
    """Return the shape of a value of *shape* that is not empty."""
    test = shape.test
    return Shape(f"{shape.words}, not empty", lambda value: bool(value) and test(value))


def each_by(key: Shape, shape: Shape) -> Shape:
    """Return what `by` does, for values that cannot stand in a set."""
    names, test = key.test, shape.test
    return Shape(
        f"must be an object; each name {key.words}; each value {shape.words}",
        lambda value: (
            isinstance(value, dict) and all(map(names, value)) and all(map(test, value.values()))
        ),
    )


def exactly(shapes: Mapping[str, Shape]) -> Shape:
    """Return the shape of an object that has exactly the names of *shapes*."""
    return Shape(
        f"must hold exactly: {', '.join(sorted(shapes))}",
        lambda value: isinstance(value, dict) and misfit(value, shapes) is None,
    )


def misfit(value: Mapping[str, object], shapes: Mapping[str, Shape]) -> tuple[str, str] | None:
    """Return the first name where *value* departs from *shapes*, and how; None if nowhere."""
    if value.keys() != shapes.keys():
        return _wrong_names(value, shapes)
    return first_misfit(value, shapes)


def first_misfit(
    value: Mapping[str, object], shapes: Mapping[str, Shape]
) -> tuple[str, str] | None:
    """Return what `misfit` does, of a *value* that has at least the names of *shapes*."""
    for name, shape in shapes.items():
        try:
            if shape.test(value[name]):
                continue
        except TypeError:
            pass
        return name, shape.words
    return None


def _wrong_names(value: Mapping[str, object], shapes: Mapping[str, Shape]) -> tuple[str, str]:
    for name in shapes:
        if name not in value:
            return name, "is missing"
    unknown = min(str(name) for name in value if name not in shapes)
    return unknown, "is not known"
