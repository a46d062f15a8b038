"""Read JSON from strangers: whole, exact, without repeated keys, and never slowly."""

import json

from consult.core import fields
from consult.core.fields import MAX_DIGITS, Inexact, Unfit


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
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        fields.refuse(path, f"is not UTF-8 at byte {fault.start}")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=Inexact,
            parse_int=_whole,
        )
    except json.JSONDecodeError as fault:
        fields.refuse(path, f"is not JSON at line {fault.lineno}, column {fault.colno}")
    except RecursionError:
        fields.refuse(path, f"is nested deeper than {fields.MAX_DEPTH}")


def _object(pairs: list[tuple[str, object]]) -> object:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Unfit(f"has the key {fields.shown(key)} twice")
        seen.add(key)
    return found


def _constant(spelled: str) -> Unfit:
    return Unfit(f"{spelled} is no number")


def _whole(spelled: str) -> object:
    # Longer ones take quadratic time to read.
    if len(spelled.lstrip("-")) > MAX_DIGITS:
        return Unfit(f"has more than {MAX_DIGITS} digits")
    return int(spelled)
