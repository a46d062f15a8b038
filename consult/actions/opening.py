"""Submit a draft; another person opens it, and its roll, rule and words stand from then on."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from consult.actions.asking import ask
from consult.actions.change import Change, Desk, change
from consult.actions.revisions import (
    body_of,
    case_of,
    content_now,
    freeze_clashes,
    keep,
    texts_of,
)
from consult.actions.telling import tell_observers
from consult.core import shown as as_shown
from consult.core.ledger import hash_of, instant
from consult.core.life import Act, Actor, Kind
from consult.core.paragraphs import numbers
from consult.core.ready import lacks
from consult.core.roll import RollLine, roll_data, roll_hash
from consult.core.schedule import NoticeKind
from consult.errors import Incomplete
from consult.queries.content import content_of, load_whole
from consult.queries.recipients import focal_points_of
from consult.queries.roll import SeatLine, frozen, lines_of, seats_on
from consult.queries.telling import of_letter, of_members
from consult.tables import OPENING, Body, Request, RollEntry


def submit(desk: Desk, slug: str, actor: Actor) -> int:
    """Hand a draft over to be opened; return the request's id.

    Raises:
        Incomplete: Something is missing; `missing` names the places and why.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.SUBMIT)
        content, seats = _as_it_stands(this)
        _refuse_incomplete(this, content, seats)
        roll = roll_data(lines_of(seats, "en"))
        return ask(this, Act.OPEN, _hash(content, seats), roll=roll).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of what would be opened now."""
    return _hash(*_as_it_stands(this))


def sent_back(this: Change, request: Request) -> None:
    """Make it a draft again."""
    this.move(Act.RETURN)


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Open: freeze the roll, enter the whole case, queue the invitations (T41).

    Raises:
        Incomplete: What was complete when it was submitted is so no longer.
    """
    this.move(Act.OPEN)
    content, seats = _as_it_stands(this)
    _refuse_incomplete(this, content, seats)
    consultation = this.consultation
    consultation.opened_at = this.now
    if consultation.opens_at is None or consultation.opens_at < this.now:
        consultation.opens_at = this.now
    freeze_clashes(this, content)
    _freeze(this, seats)
    lines = lines_of(seats, body_of(this).working_language)
    consultation.roll_hash = roll_hash(lines)
    consultation.texts = texts_of(content)
    opened = {
        "texts": consultation.texts,
        "disclosure": consultation.disclosure.value,
        "clock_offset": this.clock_offset(),
        "approved": approved,
        "authority": _authority(this),
    }
    if consultation.kind is Kind.COMMENTS:
        this.enter("round-opened", **_round(this, content, lines), **opened)
    else:
        this.enter("opening", **_case(this, content, lines), **opened)
    keep(this, OPENING, request, content_now(this), authority=consultation.authority)
    _invite(this)
    this.sign_head()


def _case(this: Change, content: dict[str, Any], lines: Sequence[RollLine]) -> dict[str, Any]:
    return {
        "case": case_of(this, content, lines),
        "roll": this.consultation.roll_hash,
        "documents": _files(content),
        "outage": content["outage"],
        "unconfirmed": this.consultation.unconfirmed.value,
    }


def _round(this: Change, content: dict[str, Any], lines: Sequence[RollLine]) -> dict[str, Any]:
    """Return what a comment round opens with: its documents by paragraph, and no rule."""
    assert this.consultation.opens_at is not None  # noqa: S101 - it opens now
    language = body_of(this).working_language
    return {
        "documents": [
            {
                "item": item["id"],
                "paragraphs": list(numbers(item["text"], language)),
                "texts": {code: hash_of(text) for code, text in item["text"].items()},
            }
            for item in content["items"]
        ],
        "roll": roll_data(lines),
        "roll_hash": this.consultation.roll_hash,
        "opens_at": instant(this.consultation.opens_at),
        "closes_at": content["closes_at"],
        "files": _files(content),
        "outage": content["outage"],
    }


def _files(content: dict[str, Any]) -> list[str]:
    return sorted({d["sha256"] for d in content["documents"] if d["sha256"]})


def _as_it_stands(this: Change) -> tuple[dict[str, Any], list[SeatLine]]:
    whole = load_whole(this.session, this.consultation.id)
    body = this.session.get_one(Body, whole.body_id)
    today: date = this.now.astimezone(ZoneInfo(body.zone)).date()
    return content_of(whole, body), seats_on(this.session, body, today, whole.electorate)


def _hash(content: dict[str, Any], seats: list[SeatLine]) -> str:
    return as_shown.opening(content, lines_of(seats, "en"))


def _refuse_incomplete(this: Change, content: dict[str, Any], seats: list[SeatLine]) -> None:
    missing = lacks(content, lines_of(seats, "en"), this.now)
    if missing:
        raise Incomplete(missing=missing)


def _freeze(this: Change, seats: list[SeatLine]) -> None:
    this.session.add_all(
        RollEntry(
            consultation_id=this.consultation.id,
            member_id=seat.member_id,
            member=seat.code,
            place=place,
            name=seat.name,
            groups=list(seat.groups),
            weights=seat.weights,
            entitled=seat.entitled,
            no_vote_under=seat.no_vote_under,
            no_vote_ground=seat.no_vote_ground,
            observer=seat.observer,
            versions=0,
            complete=False,
        )
        for place, seat in enumerate(seats)
    )


def _authority(this: Change) -> str | None:
    text = this.consultation.authority
    return this.commit_to(text) if text else None


def _invite(this: Change) -> None:
    letter = this.consultation
    roll = frozen(this.session, letter.id)
    people = focal_points_of(this.session, [line.member for line in roll], this.now)
    this.notify(
        people,
        NoticeKind.INVITATION,
        f"invitation-{letter.revision}",
        not_before=letter.opens_at,
        by_member=of_members(this.session, roll, people),
        **of_letter(this.session, letter, roll),
    )
    tell_observers(
        this,
        NoticeKind.INVITATION,
        f"invitation-{letter.revision}",
        not_before=letter.opens_at,
    )
