"""What is wrong with one field, by the code of its fault: what to do about it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

_Facts = Mapping[str, Any]

_TEXT_LIMIT = 10_000


def fault(code: str, facts: _Facts | None = None) -> str:
    """Return what is wrong with one field: what to do about it.

    A code that is not known is a phrase already, as for a file that an operator imports.
    """
    said = _FAULTS.get(code)
    return str(said(facts or {})) if said else code


_FAULTS: Mapping[str, Callable[[_Facts], str]] = {
    "missing": lambda _facts: _("Fill this in"),
    "too-long": lambda facts: _(
        "Shorten it to %(most)s characters", most=facts.get("most", _TEXT_LIMIT)
    ),
    "views-past": lambda _facts: _("It must be in the future"),
    "views-subject": lambda _facts: _("Write first the subject of the draft"),
    "comment-missing": lambda _facts: _("Write the comment that goes with the proposed text"),
    "nothing-written": lambda _facts: _("Write at least one comment"),
    "no-such-place": lambda _facts: _("There is no such paragraph in this consultation"),
    "disposition-missing": lambda _facts: _("Say what becomes of the comment"),
    "disposition-reasons": lambda _facts: _("Give the reasons in at least one language"),
    "item-unknown": lambda _facts: _("There is no such item in this consultation"),
    "referred-before": lambda _facts: _("One of these items was referred before"),
    "was-decided": lambda _facts: _("One of these items was decided: it cannot be referred"),
    "decided-before": lambda _facts: _("One of these items was decided: it is not taken up again"),
    "not-on-the-roll": lambda _facts: _("Choose a Member State on the roll, or the secretariat"),
    "no-such-item": lambda _facts: _("There is no such item in this consultation"),
    "no-right-to-vote": lambda _facts: _("Without the right to vote one comments on the whole"),
    "item-withdrawn": lambda _facts: _(
        "It was withdrawn meanwhile: nothing is said on it any more"
    ),
    "choice-not-offered": lambda _facts: _("Choose one of the positions that are offered"),
    "unclear-and-said": lambda _facts: _("Take no position on an item that is unclear"),
    "unclear-words-missing": lambda _facts: _(
        "Write the words of the paper, and what you ask the Member State"
    ),
    "note-not-asked": lambda _facts: _("This letter allows no note with a reply"),
    "comment-not-asked": lambda _facts: _("The letter does not ask for comments here"),
    "comment-required": lambda _facts: _("Write a comment: the letter requires it"),
    "reasons-required": lambda _facts: _("Give your reasons for objecting"),
    "no-item-named": lambda _facts: _("Tick at least one item"),
    "last-item": lambda _facts: _("Leave one item, or withdraw the whole consultation"),
    "key-unknown": lambda _facts: _("Choose a key whose file is there"),
    "key-asked-before": lambda _facts: _("This key was asked for before: make another"),
    "key-change-waits": lambda _facts: _("Another change waits: it must be decided first"),
    "not-later": lambda _facts: _("Must be after the deadline as it stands"),
    "too-many-extensions": lambda facts: ngettext(
        "The body allows %(num)d extension of one consultation, and there was one",
        "The body allows %(num)d extensions of one consultation, and there were as many",
        facts.get("extensions") or 0,
    ),
    "extension-too-long": lambda facts: ngettext(
        "The body allows %(num)d day at a time: choose an earlier one",
        "The body allows %(num)d days at a time: choose an earlier one",
        facts.get("days") or 0,
    ),
    "not-on-roll": lambda _facts: _("Choose a Member State on the roll, or the secretariat"),
    "observes-already": lambda _facts: _("This person observes the body already"),
    "not-by-web": lambda _facts: _("Say how the reply reached the secretariat"),
    "before-opening": lambda _facts: _("Must be after the opening of the consultation"),
    "in-the-future": lambda _facts: _("Must not be later than now"),
    "day": lambda _facts: _("Write a day of that month, such as 17"),
    "month": lambda _facts: _("Choose a month"),
    "year": lambda _facts: _("Write a year of four figures, such as 2020"),
    "time": lambda _facts: _("Write a time of 24 hours, such as 16:00"),
    "clock-forward": lambda _facts: _("There is no such time on that day: the clocks go forward"),
    "no-such-day": lambda _facts: _("That month has no such day"),
    "not-an-adopted-text": lambda _facts: _("Only an adopted text has a number"),
    "file-empty": lambda _facts: _("Choose a file that is not empty"),
    "file-too-large": lambda _facts: _("Choose a file of at most 20 MiB"),
    "file-kind": lambda _facts: _("Choose a file of one of the formats named"),
    "file-disagrees": lambda _facts: _(
        "Its content is not what its name says: save it anew and try again"
    ),
    "file-unpacks": lambda _facts: _("It unpacks to more than a document holds: send it as PDF"),
    "file-nested": lambda _facts: _("It holds another archive: send it as PDF"),
    "file-broken": lambda _facts: _("It cannot be read: save it anew and try again"),
    "file-not-text": lambda _facts: _("Choose a text file in UTF-8."),
    "calendar-broken": lambda _facts: _(
        "It is not an iCalendar file, or is damaged: save it anew and try again"
    ),
    "calendar-large": lambda _facts: _("They are more than 5000: split the file"),
    "day-missing": lambda _facts: _("It is missing: every event needs its first day"),
    "day-twice": lambda _facts: _("It is there twice: an event has one"),
    "day-unreadable": lambda _facts: _("It must be a day, such as 20200622, or an instant"),
    "day-before": lambda _facts: _("It must not be before DTSTART"),
    "file-pixels": lambda _facts: _("Its picture has more than 40 million pixels: make it smaller"),
    "file-infected": lambda _facts: _("The scanner of this service refuses it: send another file"),
    "password-short": lambda facts: _(
        "Choose a password of at least %(least)s characters", least=facts.get("least", 12)
    ),
    "password-long": lambda facts: _(
        "Choose a password of at most %(most)s characters", most=facts.get("most", 128)
    ),
    "code-wrong": lambda _facts: _("The code is not right: type the one that the app shows now"),
    "not-proven": lambda _facts: _("It does not fit: try again"),
    "name-missing": lambda _facts: _("Write the name"),
    "password-common": lambda _facts: _(
        "Choose another password: this one is among those that are guessed first"
    ),
    "password-own-words": lambda _facts: _(
        "Choose other words: these are names of yours, of the organisation or of this service"
    ),
    "address": lambda _facts: _("Write an e-mail address, such as name@mission.example"),
    "address-same": lambda _facts: _("This is the address already"),
    "address-taken": lambda _facts: _(
        "Somebody else has this address: a mailbox is shared by focal points of one Member State"
        " alone"
    ),
    "control-characters": lambda _facts: _("Write it again: it has signs that cannot be seen"),
}
