"""The secretariat sees what waits, and every consultation."""

from consult.web.office import (
    desk,
    documents,
    history,
    late,
    notices,
    overview,
    record,
    recording,
    reminding,
    replies,
)
from consult.web.office.blueprint import pages

__all__ = [
    "desk",
    "documents",
    "history",
    "late",
    "notices",
    "overview",
    "pages",
    "record",
    "recording",
    "reminding",
    "replies",
]
