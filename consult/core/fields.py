"""Read what strangers give us field by field; the first fault is refused with its path."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeVar

from consult.errors import BadInput

MAX_DIGITS = 30
MAX_DEPTH = 32

_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Unfit:
    """What a reader of JSON or YAML puts where no value of ours can stand."""

    what: str


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number with a decimal point as it was spelled: fit for remarks alone."""

    spelled: str


def refuse(path: str, what: str) -> NoReturn:
    """Refuse the value at *path*, which is empty for the whole, because of *what*."""
    raise BadInput({path or "file": what})


def shown(given: object) -> str:
    """Write something *given* so that it fits into one short line of any terminal."""
    if isinstance(given, str):
        return given if _PLAIN.fullmatch(given) else json.dumps(given[:60])
    return type(given).__name__


def in_line(words: str, most: int = 300) -> str:
    """Write what may hold anything on one line: signs that cannot be seen as their numbers."""
    cut = words if len(words) <= most else f"{words[:most]}…"
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in cut)


def key_path(path: str, key: str) -> str:
    """Name the place *key* of the object at *path*."""
    return f"{path}.{shown(key)}" if path else shown(key)


def fit(value: object, path: str) -> object:
    """Give *value* back unless its reader marked it as unfit."""
    if isinstance(value, Unfit):
        refuse(path, value.what)
    return value


def members(
    value: object, path: str, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, object]:
    """Read an object with just these keys.

    Args:
        value: What was given.
        path: Where it stands; empty for the whole.
        required: The keys that must be there.
        optional: The keys that may be there.

    Raises:
        BadInput: It is no object, lacks a key, or has one that is not known.
    """
    found = mapping(value, path)
    for key in found:
        if key not in required and key not in optional:
            refuse(key_path(path, key), "unknown key")
    for key in required:
        if key not in found:
            refuse(key_path(path, key), "is missing")
    return found


def mapping(value: object, path: str) -> dict[str, object]:
    """Read an object whose keys are data."""
    found = fit(value, path)
    if not isinstance(found, dict):
        refuse(path, "must be an object")
    return found


def entries(value: object, path: str) -> list[object]:
    """Read a list."""
    found = fit(value, path)
    if not isinstance(found, list):
        refuse(path, "must be a list")
    return found


def text(value: object, path: str) -> str:
    """Read a text that is not empty, without NUL and lone surrogates."""
    found = fit(value, path)
    if not isinstance(found, str):
        refuse(path, "must be a text")
    if not found:
        refuse(path, "must not be empty")
    if "\0" in found or not _is_unicode(found):
        refuse(path, "has a character that no text has")
    return found


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def boolean(value: object, path: str) -> bool:
    """Read true or false."""
    if not isinstance(fit(value, path), bool):
        refuse(path, "must be true or false")
    return value is True


def word(value: object, path: str, words: type[_Word]) -> _Word:
    """Read one of the *words*."""
    found = fit(value, path)
    if not isinstance(found, str) or found not in list(words):
        refuse(path, f"must be one of {', '.join(words)}")
    return words(found)


def remark(value: object, path: str) -> None:
    """Read past a note: anything that is JSON, with texts that can be kept, not nested too deep."""
    waiting = [(value, path, path.count(".") + 1)]
    while waiting:
        found, at, depth = waiting.pop()
        fit(found, at)
        if depth > MAX_DEPTH:
            refuse(path, f"is nested deeper than {MAX_DEPTH}")
        if isinstance(found, str) and found:
            text(found, at)
        if isinstance(found, dict):
            for key in found:
                text(key or "-", at)
            waiting += [(inner, key_path(at, key), depth + 1) for key, inner in found.items()]
        elif isinstance(found, list):
            waiting += [(inner, f"{at}[{n}]", depth + 1) for n, inner in enumerate(found)]
