"""Comment rounds: a member comments on paragraphs; the secretariat says what becomes of it."""

from consult.web.comments import recording, table, writing
from consult.web.comments.blueprint import pages

__all__ = ["pages", "recording", "table", "writing"]
