"""Reads what a file gives, place by place: all faults of one file at once, each with its path."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from consult.core import fields
from consult.core.ledger import instant
from consult.errors import BadInput

_Word = TypeVar("_Word", bound=StrEnum)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._&()/-]{0,63}", re.ASCII)

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
LONGEST_TEXT = 100_000  # characters


class Faults:
    """What is wrong in one file; `end` refuses it if anything is."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, path: str, what: str) -> None:
        self.found.setdefault(path or "file", what)

    def end(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises:
            BadInput: With every fault.
        """
        if self.found:
            raise BadInput(self.found)


class Given:
    """One object of a file. What is asked for is read; what nobody asked for is a fault.

    A value that cannot be read is entered as a fault, and a harmless one is given in its
    place, so that reading goes on to the next fault.
    """

    def __init__(self, value: object, path: str, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self.asked: set[str] = set()
        self.values: Mapping[str, Any] = {}
        if isinstance(value, dict):
            self.values = value
        else:
            faults.add(path, "must be an object")

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def place(self, name: str) -> str:
        """Return the path of *name* here."""
        return fields.key_path(self.path, name)

    def fault(self, name: str, what: str) -> None:
        """Enter that *name* is faulty."""
        self.faults.add(self.place(name), what)

    def end(self) -> None:
        """Enter a fault for each name that nobody asked for."""
        for name in self.values:
            if name not in self.asked:
                self.fault(name, "has no place here")

    def raw(self, name: str, *, required: bool = False) -> Any:
        """Return the value as it is, None if there is none."""
        self.asked.add(name)
        value = self.values.get(name)
        if value is None and required:
            self.fault(name, "is missing")
        return value

    def text(self, name: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str | None:
        """Read a text of one language, or none."""
        value = self.raw(name, required=required)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        try:
            said = fields.text(value, self.place(name))
        except BadInput as refused:
            self.faults.found |= refused.faults
            return None
        if len(said) > longest:
            self.fault(name, f"is longer than {longest} characters")
        return said

    def code(self, name: str) -> str:
        """Read a name by which something else refers to this: letters, digits, signs."""
        value = self.text(name, required=True)
        if value is not None and not is_code(value):
            self.fault(name, "must be letters, digits and . _ - & ( ) /, at most 64")
        return value or ""

    def texts(
        self, name: str, languages: Collection[str], *, required: bool = False
    ) -> dict[str, str]:
        """Read a text in several languages."""
        value = self.raw(name, required=required)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(name, "must give the text of each language: {en: …}")
            return {}
        inner = Given(value, self.place(name), self.faults)
        said = {code: inner.text(code) for code in languages}
        inner.end()
        return {code: text for code, text in said.items() if text}

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Read a whole number, or none."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault(name, f"must be a whole number, {least} to {most}")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """Read true or false, or none."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, "must be true or false")
            return None
        return value

    def day(self, name: str, *, required: bool = False) -> str | None:
        """Read a day, written 2020-06-22."""
        value = self.raw(name, required=required)
        if value is None:
            return None
        found = read_day(value)
        if found is None:
            self.fault(name, "must be a day, such as 2020-06-22")
        return found.isoformat() if found else None

    def instant(self, name: str) -> str | None:
        """Read an instant with its time zone, as canonical text."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            return instant(datetime.fromisoformat(value))
        except (TypeError, ValueError, BadInput):
            self.fault(name, "must be an instant with its zone, such as 2020-07-17T18:00:00+02:00")
            return None

    def word(self, name: str, words: type[_Word], otherwise: _Word) -> _Word:
        """Read one of the *words*; *otherwise* if there is none."""
        value = self.raw(name)
        if value is None:
            return otherwise
        try:
            return fields.word(value, self.place(name), words)
        except BadInput as refused:
            self.faults.found |= refused.faults
            return otherwise

    def zone(self, name: str) -> str:
        """Read the name of a time zone."""
        value = self.text(name, required=True)
        if value is not None and not is_zone(value):
            self.fault(name, "must be a time zone, such as Europe/Zurich")
        return value or "UTC"

    def list(self, name: str, *, required: bool = False) -> Sequence[Any]:
        """Read a list, empty if there is none."""
        value = self.raw(name, required=required)
        if value is not None and not isinstance(value, list):
            self.fault(name, "must be a list")
        return value if isinstance(value, list) else []

    def inner(self, name: str, *, required: bool = False) -> "Given":
        """Read an object within this one, empty if there is none."""
        value = self.raw(name, required=required)
        return Given({} if value is None else value, self.place(name), self.faults)

    def rows(self, name: str, *, required: bool = False) -> Iterator["Given"]:
        """Read a list of objects; each ends by itself."""
        for number, value in enumerate(self.list(name, required=required)):
            row = Given(value, f"{self.place(name)}[{number}]", self.faults)
            yield row
            row.end()

    def remarks(self, *names: str) -> dict[str, Any]:
        """Return what is kept beside the content: notes that nothing in the product reads."""
        kept = {name: self.raw(name) for name in names}
        for name, value in kept.items():
            try:
                fields.remark(value, self.place(name))
            except BadInput as refused:
                self.faults.found |= refused.faults
        return {name: value for name, value in kept.items() if value is not None}


def read_languages(given: Given) -> list[str]:
    """Read ``languages``: at least one; what is none of the six is a fault."""
    found = given.list("languages", required=True)
    for number, code in enumerate(found):
        if code not in LANGUAGES:
            given.faults.add(
                f"{given.place('languages')}[{number}]", f"must be one of {', '.join(LANGUAGES)}"
            )
    return [code for code in found if code in LANGUAGES]


def read_day(value: object) -> date | None:
    """Return the day that *value* writes, None if it is none."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def is_code(value: str) -> bool:
    """Say whether *value* can be the name of a body, a member, an item."""
    return _CODE.fullmatch(value) is not None


def is_zone(name: str) -> bool:
    """Say whether *name* is a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
