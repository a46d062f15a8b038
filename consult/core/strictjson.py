"""Read JSON from strangers: whole, exact, without repeated keys, and never slowly."""

import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable

from consult.core import fields
from consult.core.fields import MAX_DIGITS, Inexact, Unfit

_SHORT = 16


def read_json(raw: bytes, path: str = "file") -> object:
    """Turn *raw* into data.

    What cannot stand anywhere (a repeated key, NaN, a number beyond thirty digits) is left
    in the data as `Unfit`, so that whoever reads the fields can name its path; a number with
    a decimal point is left as `Inexact`.

    Args:
        raw: The bytes of one JSON value.
        path: What to call the whole.

    Raises:
        BadInput: It is not UTF-8, not JSON, or nested deeper than can be read.
    """
    if raw.startswith(BOM_UTF8):
        fields.refuse(path, "begins with a byte order mark: save it as UTF-8 without one")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        fields.refuse(path, f"is not UTF-8 at byte {fault.start}")
    try:
        return json.loads(
            text,
            object_pairs_hook=_objects(),
            parse_constant=_constant,
            parse_float=Inexact,
            parse_int=_whole,
        )
    except json.JSONDecodeError as fault:
        fields.refuse(path, f"is not JSON at line {fault.lineno}, column {fault.colno}")
    except RecursionError:
        fields.refuse(path, f"is nested deeper than {fields.MAX_DEPTH}")


def _objects() -> Callable[[list[tuple[str, object]]], object]:
    """Make a reader of objects that keeps each short text once: codes recur a million times."""
    known: dict[object, object] = {}
    once = known.setdefault

    def read(pairs: list[tuple[str, object]]) -> object:
        found = {
            key: once(value, value) if type(value) is str and len(value) < _SHORT else value
            for key, value in pairs
        }
        return found if len(found) == len(pairs) else _repeated(pairs)

    return read


def _repeated(pairs: list[tuple[str, object]]) -> Unfit:
    counts = Counter(key for key, _ in pairs)
    key = next(key for key, times in counts.items() if times > 1)
    return Unfit(f"has the key {fields.shown(key)} twice")


def _constant(spelled: str) -> Unfit:
    return Unfit(f"{spelled} is no number")


def _whole(spelled: str) -> object:
    # Longer ones take quadratic time to read.
    if len(spelled.lstrip("-")) > MAX_DIGITS:
        return Unfit(f"has more than {MAX_DIGITS} digits")
    return int(spelled)
