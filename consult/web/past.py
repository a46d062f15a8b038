"""A member's letters over the years: what was asked, what it replied, its receipts."""

from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.comparison import Choice
from consult.core.ledger import instant
from consult.core.throttle import EXPORTS
from consult.documents.record_csv import write
from consult.queries.memory import Past, Remembered, of_member
from consult.web.frame import desk, language
from consult.web.policy import allow, focal_point_or_office, limited, me
from consult.web.serving import send_made
from consult.wording import kinds
from consult.wording.instants import Place

pages = Blueprint("past", __name__, url_prefix="/<lang:lang>")


@dataclass(frozen=True, slots=True)
class Year:
    """The letters of one year; *asked* counts those in which the member could vote.

    A comment round asks for no reply: it stands among the letters and in no number.
    """

    year: int
    asked: int
    replied: int
    letters: tuple[Past, ...]


@pages.get("/member/<member>/letters")
@allow(focal_point_or_office)
def letters(member: str) -> ResponseReturnValue:
    """Show every letter to a member that was opened, the newest first."""
    found, own = _found(member)
    return render_template(
        "member/letters.html",
        found=found,
        own=own,
        years=_years(found),
        said=_said,
        place_of=lambda letter: Place(letter.zone, letter.seat.get(language(), "")),
    )


@pages.get("/member/<member>/letters.csv", endpoint="csv")
@allow(focal_point_or_office)
@limited(EXPORTS)
def file(member: str) -> ResponseReturnValue:
    """Send the same as CSV."""
    found, _own = _found(member)
    head = ["reference", "subject", "opened_at", "closed_at", "entitled", "versions", "counted"]
    rows = [
        [
            one.reference,
            one.subject,
            instant(one.opens_at),
            instant(one.closes_at),
            "yes" if one.entitled else "no",
            str(len(one.versions)),
            str(one.counted or ""),
            instant(one.received_at) if one.received_at else "",
            "yes" if one.late else "no",
        ]
        for one in found.letters
    ]
    content = write([[*head, "received_at", "late"], *rows])
    return send_made(content, f"{member}-letters.csv", "text/csv; charset=utf-8")


def _found(member: str) -> tuple[Remembered, bool]:
    own = member in me().actor.members
    return of_member(desk().engine, member, desk().clock(), language(), own=own), own


def _years(found: Remembered) -> list[Year]:
    return [
        Year(
            year=year,
            asked=sum(one.entitled and not one.comments for one in some),
            replied=sum(
                one.entitled and one.counted is not None for one in some if not one.comments
            ),
            letters=tuple(some),
        )
        for year, some in (
            (year, list(group)) for year, group in groupby(found.letters, key=_year_of)
        )
    ]


def _year_of(letter: Past) -> int:
    return letter.opens_at.astimezone(ZoneInfo(letter.zone)).year


def _said(letter: Past) -> str:
    """Say how often a member took each position, such as "Approve 3, Object 1"."""
    return kinds.listed(
        [f"{kinds.choice(Choice(name))} {count}" for name, count in (letter.said or {}).items()]
    )
