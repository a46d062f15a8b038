"""What an item of a letter holds, by its kind, and which numbers one may bear."""

import re
from collections.abc import Mapping
from typing import Any

from consult.core.entries import GENERAL
from consult.core.life import ItemKind

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}", re.ASCII)

EMPTY_ITEM: Mapping[str, Any] = {
    "title": {},
    "text": {},
    "comments": None,
    "rule": None,
    "from": None,
    "to": None,
    "where": {},
    "zone": None,
    "group": None,
    "post": {},
    "candidate": {},
    "nominated_by": None,
    "region": None,
    "seats": None,
    "term_from": None,
    "term_to": None,
    "cv": {},
    "cv_document": None,
    "annex": None,
    "symbols": [],
}

# Beside its title, by kind: words in every language, days, and what is chosen or written once.
TEXTS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.TEXT: ("text",),
    ItemKind.DATES: ("where", "text"),
    ItemKind.APPOINTMENT: ("post", "candidate", "cv", "text"),
    ItemKind.QUESTION: ("text",),
}
DAYS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.DATES: ("from", "to"),
    ItemKind.APPOINTMENT: ("term_from", "term_to"),
}
CODES: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.DATES: ("zone",),
    ItemKind.APPOINTMENT: ("group", "nominated_by", "region", "cv_document"),
}


def fields_of(kind: ItemKind) -> frozenset[str]:
    """Return the names of all that only some kinds have and *kind* has."""
    posts = ("seats",) if kind is ItemKind.APPOINTMENT else ()
    return frozenset((*TEXTS[kind], *DAYS.get(kind, ()), *CODES.get(kind, ()), *posts))


def number_fits(code: str) -> bool:
    """Say whether an item may bear *code*: it can stand in a ledger and in addresses."""
    return _NUMBER.fullmatch(code) is not None and code != GENERAL
