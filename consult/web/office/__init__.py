"""The secretariat sees what waits, and every consultation."""

from consult.web.office import (
    calendars,
    correcting,
    desk,
    documents,
    extending,
    figures,
    following,
    history,
    notices,
    overview,
    record,
    recording,
    referring,
    reminding,
    replies,
    voting,
    withdrawing,
)
from consult.web.office.blueprint import pages

__all__ = [
    "calendars",
    "correcting",
    "desk",
    "documents",
    "extending",
    "figures",
    "following",
    "history",
    "notices",
    "overview",
    "pages",
    "record",
    "recording",
    "referring",
    "reminding",
    "replies",
    "voting",
    "withdrawing",
]
