"""Takes in the members of a body from a table: names, seats, groups, weights, right to vote."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import sheet
from consult.actions.change import Desk
from consult.actions.given import Faults, is_code, is_zone
from consult.core.roll import read_weight
from consult.errors import BadInput
from consult.tables import Body, Member, Seat, writing

_OPTIONAL = (
    "region",
    "groups",
    "zone",
    "from",
    "to",
    "vote_from",
    "vote_to",
    "no_vote_under",
    "no_vote_ground",
    "observer",
)
_LONGEST = {"no_vote_under": 200, "no_vote_ground": 500}
_YES_OR_NO = {"yes": True, "no": False, "": False}


class Taken(NamedTuple):
    """How many rows of a file were new, and how many were there already."""

    made: int
    kept: int


def import_members(desk: Desk, text: str, body_slug: str) -> Taken:
    """Take in the members of a body from CSV: code, name_xx, and optional columns.

    A member that is there is brought up to date; a seat is known by its member and first day.

    Args:
        text: Columns: code, name_xx for each language of the body; optional region, groups
            (separated by spaces), weight_*, zone, capital_*, from, to, vote_from, vote_to,
            no_vote_under (the provision that suspends the right to vote), no_vote_ground (why,
            seen by staff alone), observer (yes or no).

    Raises:
        BadInput: There is no such body; or with every fault of the file. Nothing is changed.
    """
    with writing(desk.engine) as session:
        body = session.scalar(select(Body).where(Body.slug == body_slug))
        if body is None:
            raise BadInput({"body": f"there is no body {body_slug}; import it first"})
        faults = Faults()
        rows = [_read(row, body) for row in _rows(text, body, faults)]
        _refuse_doubles(rows, faults)
        faults.end()
        return _keep(session, body, rows)


def _rows(text: str, body: Body, faults: Faults) -> list[sheet.Row]:
    names = [f"name_{language}" for language in body.languages]
    optional = (*_OPTIONAL, "weight_*", "capital_*")
    return list(sheet.read(text, ("code", *names), optional, faults))


def _read(row: sheet.Row, body: Body) -> dict[str, Any]:
    code = row.required("code")
    if code and not is_code(code):
        row.fault("code", "must be a code, such as KEN")
    zone, capital = row.get("zone"), row.columns("capital_")
    if zone and not is_zone(zone):
        row.fault("zone", "must be a time zone, such as Africa/Nairobi")
    known = capitals().get(code)
    from_on, to_on = _term(row, body)
    return {
        "line": row,
        "code": code,
        "name": {language: row.required(f"name_{language}") for language in body.languages},
        "zone": zone or (known and known[0]) or None,
        "capital": capital or (known and known[1]) or None,
        "seat": {
            "from_on": from_on,
            "to_on": to_on,
            "groups": _groups(row, body),
            "weights": _weights(row),
            "vote_from_on": _date(row.day("vote_from")),
            "vote_to_on": _date(row.day("vote_to")),
            "no_vote_under": _words(row, "no_vote_under"),
            **_told_only_where_given(row),
        },
    }


def _told_only_where_given(row: sheet.Row) -> dict[str, Any]:
    """Return what a file without these columns leaves as it is."""
    told: dict[str, Any] = {}
    if "no_vote_ground" in row.cells:
        told["no_vote_ground"] = _words(row, "no_vote_ground")
    if "observer" in row.cells:
        said = row.get("observer").lower()
        if said not in _YES_OR_NO:
            row.fault("observer", "must be yes or no")
        told["observer"] = _YES_OR_NO.get(said, False)
    return told


def _words(row: sheet.Row, column: str) -> str | None:
    said = row.get(column)
    if len(said) > _LONGEST[column]:
        row.fault(column, f"is longer than {_LONGEST[column]} characters")
    return said or None


def _term(row: sheet.Row, body: Body) -> tuple[date, date | None]:
    """Return the days of the seat: those of the row, else the term of the body."""
    term = (body.remarks or {}).get("term") or {}
    from_on = _date(row.day("from") or term.get("from"))
    to_on = _date(row.day("to") or term.get("to"))
    if from_on is None:
        row.fault("from", "is missing, and the body names no term")
        return date.min, to_on
    if to_on is not None and to_on < from_on:
        row.fault("to", "is before its beginning")
    return from_on, to_on


def _groups(row: sheet.Row, body: Body) -> list[str]:
    found = [*([row.get("region")] if row.get("region") else []), *row.get("groups").split()]
    known = {group["id"] for group in body.groups}
    for group in found:
        if known and group not in known:
            column = "region" if group == row.get("region") else "groups"
            row.fault(column, f"must be one of {', '.join(sorted(known))}")
    return list(dict.fromkeys(found))


def _weights(row: sheet.Row) -> dict[str, str]:
    found = row.columns("weight_")
    for name, value in found.items():
        try:
            read_weight(value, name)
        except BadInput as refused:
            row.fault(f"weight_{name}", refused.faults[name])
    return found


def _refuse_doubles(rows: list[dict[str, Any]], faults: Faults) -> None:
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        key = (row["code"], row["seat"]["from_on"])
        if key in seen:
            row["line"].fault("code", f"stands in line {seen[key]} already")
        seen[key] = row["line"].line


def _keep(session: Session, body: Body, rows: list[dict[str, Any]]) -> Taken:
    """Write the rows; the order of the file is the organisation's own."""
    codes = {row["code"] for row in rows}
    members = {m.code: m for m in session.scalars(select(Member).where(Member.code.in_(codes)))}
    for row in rows:
        member = members.get(row["code"])
        if member is None:
            member = members[row["code"]] = Member(code=row["code"])
            session.add(member)
        for name in ("name", "zone", "capital"):
            setattr(member, name, row[name])
    session.flush()
    seats = {
        (seat.member_id, seat.from_on): seat
        for seat in session.scalars(select(Seat).where(Seat.body_id == body.id))
    }
    made = 0
    for place, row in enumerate(rows):
        member_id = members[row["code"]].id
        seat = seats.get((member_id, row["seat"]["from_on"]))
        if seat is None:
            made += 1
            seat = Seat(body_id=body.id, member_id=member_id)
            session.add(seat)
        for name, value in row["seat"].items():
            setattr(seat, name, value)
        seat.place = place
    return Taken(made, len(rows) - made)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@cache
def capitals() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the time zone of each state's capital, and its name in each language we have."""
    text = (files("consult.data") / "zones.csv").read_text(encoding="utf-8")
    return {
        row["code"]: (
            row["zone"],
            {
                name.removeprefix("capital_"): said
                for name, said in row.items()
                if name.startswith("capital_") and said
            },
        )
        for row in csv.DictReader(text.splitlines())
    }
