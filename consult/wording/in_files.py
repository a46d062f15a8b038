"""What is wrong with a file in a shape of ours (YAML), where a page shows it.

The command line says it in English, with the phrases that the reader of the file found.
"""

import re
from collections.abc import Callable
from re import Match

from flask_babel import gettext as _

from consult.wording.faults import fault


def fault_in_file(path: str, what: str) -> str:
    """Return where in a file something is wrong, and what to do about it."""
    line = re.fullmatch(r"line (\d+)", path)
    place = _("Line %(number)s", number=line[1]) if line else path
    if path == "file":
        place = _("File")
    said: str = _("%(field)s: %(fault)s", field=place, fault=_said(what))
    return said


def _said(what: str) -> str:
    """Return a phrase, or the code of a fault, in the reader's language."""
    known = fault(what)
    if known != what:
        return known
    for phrase, said in _PHRASES:
        if found := phrase.fullmatch(what):
            return said(found)
    return _("It cannot be read: %(detail)s", detail=what)


_PHRASES: tuple[tuple[re.Pattern[str], Callable[[Match[str]], str]], ...] = tuple(
    (re.compile(phrase), said)
    for phrase, said in (
        ("is missing|must not be empty", lambda _found: _("Fill this in")),
        (
            r"is longer than (\d+) characters",
            lambda found: _("Shorten it to %(most)s characters", most=found[1]),
        ),
        ("has no place here", lambda _found: _("The file has no such field: take it out")),
        (
            "must be letters, digits and (?P<signs>.+), at most (?P<most>[0-9]+)",
            lambda found: _(
                "Use letters, digits and %(signs)s alone, at most %(most)s",
                signs=found["signs"],
                most=found["most"],
            ),
        ),
        (
            "must be small letters, digits and -, at most 64",
            lambda _found: _("Use small letters, digits and - alone, at most 64"),
        ),
        (
            "must give the text of each language: .*",
            lambda _found: _("Give the text of each language, such as {en: …, fr: …}"),
        ),
        ("must be a text", lambda _found: _("It must be a text: put it in quotes")),
        ("must be a list", lambda _found: _("It must be a list")),
        ("must be an object", lambda _found: _("It must have named fields")),
        ("must be one of (.+)", lambda found: _("Choose one of: %(words)s", words=found[1])),
        ("must be a day, such as .*", lambda _found: _("Write a day such as 2020-06-22")),
        ("must not be before from", lambda _found: _("It must not be before the first day")),
        (
            "has a character that no text has",
            lambda _found: _("Write it again: it has signs that cannot be seen"),
        ),
        (
            r"is larger than (\d+) MB",
            lambda found: _("It is larger than %(most)s MB", most=found[1]),
        ),
        ("is nested too deeply", lambda _found: _("It is nested too deeply")),
        ("is not YAML", lambda _found: _("It is not YAML: save it anew and try again")),
        ("is not written as true or false", lambda _found: _("Write true or false")),
        (
            r"is not written as a whole number of at most (\d+) digits",
            lambda found: _("Write a whole number of at most %(most)s digits", most=found[1]),
        ),
        ("a key is there twice", lambda _found: _("A field is there twice")),
        ("a key must be a text", lambda _found: _("The name of a field must be a text")),
        (
            "an alias is not allowed|a tag is not allowed",
            lambda _found: _("Write the value itself: no aliases and no tags"),
        ),
    )
)
