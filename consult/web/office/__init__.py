"""The secretariat sees what waits, and every consultation."""

from consult.web.office import (
    desk,
    documents,
    extending,
    history,
    notices,
    overview,
    record,
    recording,
    reminding,
    replies,
    withdrawing,
)
from consult.web.office.blueprint import pages

__all__ = [
    "desk",
    "documents",
    "extending",
    "history",
    "notices",
    "overview",
    "pages",
    "record",
    "recording",
    "reminding",
    "replies",
    "withdrawing",
]
