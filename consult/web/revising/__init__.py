"""An open letter, or its roll, is revised; every revision can be read for ever."""

from consult.web.revising import document, item, letter, reading, roll, writing
from consult.web.revising.blueprint import pages

__all__ = ["document", "item", "letter", "pages", "reading", "roll", "writing"]
