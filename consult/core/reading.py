"""Reads a file that is to be checked: JSON in UTF-8, with every repeated name noticed."""

import json
from dataclasses import dataclass
from typing import Any

from consult.errors import BadInput


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and the names that stand twice in one of its objects."""

    value: dict[str, Any]
    doubled: dict[int, tuple[dict[str, Any], str]]  # by the identity of the object

    @property
    def format(self) -> object:
        return self.value.get("format")


def read(raw: bytes) -> Reading:
    """Read *raw*, the content of one file.

    Raises:
        BadInput: It is not UTF-8, not JSON, nested too deeply to be read, or not an object.
    """
    doubled: dict[int, tuple[dict[str, Any], str]] = {}

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            doubled[id(value)] = value, _twice(pairs)
        return value

    try:
        value = json.loads(raw.decode(), object_pairs_hook=made)
    except UnicodeDecodeError as error:
        raise BadInput({"file": f"is not UTF-8 at byte {error.start}"}) from error
    except RecursionError as error:
        raise BadInput({"file": "is nested too deeply"}) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput({"file": f"is not JSON at {where}"}) from error
    except ValueError as error:
        raise BadInput({"file": "holds a number of more digits than can be read"}) from error
    if not isinstance(value, dict):
        raise BadInput({"file": "is not a JSON object"})
    return Reading(value, doubled)


def _twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError("no name stands twice")


def twice_in(reading: Reading, value: object) -> str | None:
    """Return a name that stands twice in *value* itself; None if there is none."""
    found = reading.doubled.get(id(value))
    return found and found[1]


def twice_within(reading: Reading, value: object) -> str | None:
    """Return a name that stands twice in one object within *value*; None if there is none."""
    if not reading.doubled:
        return None
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if id(each) in reading.doubled:
                return reading.doubled[id(each)][1]
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return None
