"""Translations read straight from the .po files: there is no compile step to go stale."""

import io
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context
from flask_babel import Babel, Domain, get_locale

CATALOGUES = Path(__file__).parent.parent / "translations"
_CLDR = {"en": "en_GB"}  # "10 July 2020"


class PoDomain(Domain):
    """Messages of the reader's language, each catalogue read once in a process."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None or locale.language == "en":
            return NullTranslations()
        if locale.language not in self.cache:
            self.cache[locale.language] = read(locale.language)
        found: NullTranslations = self.cache[locale.language]
        return found


class PoBabel(Babel):
    domain_instance = PoDomain()


def read(language: str) -> NullTranslations:
    """Return the catalogue of *language*."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    out = io.BytesIO()
    with path.open("rb") as catalogue:
        write_mo(out, read_po(catalogue, locale=language, abort_invalid=True))
    out.seek(0)
    return Translations(out)


def locale_of(language: str) -> Locale:
    """Return the locale in which *language* writes its dates and numbers."""
    return Locale.parse(_CLDR.get(language, language))


def set_up(app: Flask, language: Any) -> None:
    """Give *app* its languages; *language* says which one a request is in."""

    def select() -> str | None:
        if not has_request_context():
            return None
        chosen = g.get("language") or language()
        return _CLDR.get(chosen, chosen)

    PoBabel(app, locale_selector=select, default_locale="en_GB", default_timezone="UTC")
