"""The exchange of views that went before a vote, as an annex of the decision record."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.ledger import read_instant
from consult.documents.reading import Opened
from consult.wording import instants


@dataclass(frozen=True, slots=True)
class ViewSaid:
    """A statement: of whom, when, in its own words and language."""

    member: str
    at: str
    text: str
    language: str


def views_of(opened: Opened) -> tuple[ViewSaid, ...]:
    """Return the statements in the order of time."""
    told, record = opened.told, opened.record
    place = instants.Place(told["body"]["zone"], opened.pick(told["body"]["seat"]))
    return tuple(
        ViewSaid(
            member=_name(opened, entry["facts"]["member"]),
            at=instants.long(read_instant(entry["at"]), place),
            text=_text(record["texts"].get(entry["facts"]["text"])),
            language=entry["facts"]["language"],
        )
        for entry in (link["entry"] for link in record["ledger"]["entries"])
        if entry["what"] == "view"
    )


def _name(opened: Opened, code: str) -> str:
    known = opened.told["members"].get(code)
    return opened.pick(known["name"]) if known else code


def _text(kept: dict[str, str] | None) -> str:
    return kept["text"] if kept else str(_("This text is withheld."))
