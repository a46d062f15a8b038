"""One spelling for every value that is hashed: RFC 8785, restricted until it is simple."""

import json
import re
from hashlib import sha256

from consult.errors import BadInput

LARGEST = 2**53 - 1
DEEPEST = 32

_KEY = re.compile(r"[A-Za-z0-9._-]+").fullmatch
_HALF = re.compile(r"[\ud800-\udfff]").search
_WRITE = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
).encode

Misfit = tuple[str, str]


def canonical(value: object) -> bytes:
    """Return the one spelling of *value*, in UTF-8.

    Args:
        value: Objects with ASCII names, lists, text, true, false, null and whole numbers within
            ±(2^53-1). Line ends are LF already (see `normal`).

    Raises:
        BadInput: It holds anything else; the fault names the place.

    Source: trust, T38.
    """
    if found := fault_of(value):
        raise BadInput({found[0].lstrip(".") or "value": found[1]})
    return spelled(value)


def spelled(value: object) -> bytes:
    """Return what `canonical` does, of a value in which `fault_of` finds nothing."""
    return _WRITE(value).encode()


def normal(text: str) -> str:
    """Return *text* with every line end as LF, as it must be before it is hashed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sha256_hex(data: bytes) -> str:
    return sha256(data).hexdigest()


def hash_of(value: object) -> str:
    """Return the SHA-256 of the canonical form of *value*, in hex."""
    return sha256(canonical(value)).hexdigest()


def fault_of(value: object, depth: int = DEEPEST) -> Misfit | None:
    """Return the first place in *value* that canonical JSON does not allow, and why."""
    if isinstance(value, str):
        return _text_fault(value)
    if isinstance(value, dict):
        return _object_fault(value, depth)
    if isinstance(value, list | tuple):
        return _list_fault(value, depth)
    if type(value) is int:
        return None if -LARGEST <= value <= LARGEST else ("", "is a number out of range")
    if value is None or value is True or value is False:
        return None
    return "", f"is a {type(value).__name__}, which is not allowed"


def _text_fault(text: str) -> Misfit | None:
    if "\r" in text:
        return "", "holds a carriage return"
    if "\0" in text:
        return "", "holds a NUL"
    if not text.isascii() and _HALF(text):
        return "", "holds half of a surrogate pair"
    return None


def _object_fault(value: dict[object, object], depth: int) -> Misfit | None:
    if not depth:
        return "", "is nested too deeply"
    for key, inner in value.items():
        if not isinstance(key, str) or _KEY(key) is None:
            return "", f"has the name {key!r}, which is not allowed"
        if found := fault_of(inner, depth - 1):
            return f".{key}{found[0]}", found[1]
    return None


def _list_fault(value: list[object] | tuple[object, ...], depth: int) -> Misfit | None:
    if not depth:
        return "", "is nested too deeply"
    for place, inner in enumerate(value):
        if found := fault_of(inner, depth - 1):
            return f"[{place}]{found[0]}", found[1]
    return None
