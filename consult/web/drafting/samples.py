"""What a notice about a draft would be frozen with, so that its mail can be looked at."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from consult.core.comparison import Choice
from consult.core.ledger import instant
from consult.core.need import Need
from consult.core.schedule import NoticeKind, steps
from consult.core.tally import Outcome
from consult.queries.drafting import Draft, Roll, Seated
from consult.queries.texts import pick

# In these mails the draft has nothing to say of its own: positions and outcomes are specimens.
INVENTED = frozenset({NoticeKind.ACKNOWLEDGEMENT, NoticeKind.RESULT})


def sample(
    kind: NoticeKind, draft: Draft, roll: Roll, need: Need, now: datetime, language: str
) -> dict[str, Any]:
    """Return the data of a notice of *kind* to the first member on the roll, in *language*."""
    member = addressed(roll)
    data = {**_frozen(draft), **_rule(draft, need), **_member(member)}
    match kind:
        case NoticeKind.REMINDER:
            return {**data, **_reminder(draft, now)}
        case NoticeKind.ACKNOWLEDGEMENT:
            return {**data, **_acknowledgement(draft, now, language)}
        case NoticeKind.RESULT:
            return {**data, **_result(draft, now, language)}
    return data


def addressed(roll: Roll) -> Seated | None:
    """Return the member to whom the specimen speaks; None on an empty roll."""
    return next((seat for seat in roll.seats if seat.entitled), None)


def _frozen(draft: Draft) -> dict[str, Any]:
    content = draft.content
    return {
        "reference": draft.reference,
        "slug": draft.slug,
        "revision": 0,
        "subject": content["subject"],
        "closes_at": content["closes_at"],
        "languages": content["languages"],
        "illustrative": bool(content["illustrative"]),
        "body": {"name": draft.body.name, "seat": draft.body.seat, "zone": draft.body.zone},
        "organisation": draft.organisation,
    }


def _rule(draft: Draft, need: Need) -> dict[str, Any]:
    items = draft.content["items"]
    return {
        "items": len(items),
        "own_rules": sum(1 for item in items if item["rule"]),
        "rule": draft.content["rule"],
        "need": asdict(need),
    }


def _member(seat: Seated | None) -> dict[str, Any]:
    if seat is None:
        return {}
    return {
        "member_name": seat.name,
        "entitled": seat.entitled,
        "no_vote_under": seat.no_vote_under,
        "zone": seat.zone,
        "capital": seat.capital,
        "colleagues": max(0, seat.reachable - 1),
    }


def _reminder(draft: Draft, now: datetime) -> dict[str, Any]:
    """Return what the first reminder of the schedule says."""
    content = draft.content
    closes_at = datetime.fromisoformat(content["closes_at"])
    opens_at = datetime.fromisoformat(content["opens_at"]) if content["opens_at"] else now
    planned = steps(content["reminders"], opens_at, closes_at)
    left = planned[0].minutes if planned else (closes_at - now) // timedelta(minutes=1)
    return {"step": 1, "left": left, "gaps": None, "drafted": None}


def _acknowledgement(draft: Draft, now: datetime, language: str) -> dict[str, Any]:
    items = draft.content["items"]
    return {
        "version": 1,
        "received_at": instant(now),
        "late": False,
        "channel": "web",
        "by": None,
        "counts": {Choice.APPROVE.value: len(items)},
        "gaps": [],
        "positions": [
            [item["id"], pick(item["title"], language), Choice.APPROVE.value] for item in items
        ],
    }


def _result(draft: Draft, now: datetime, language: str) -> dict[str, Any]:
    return {
        "number": f"{now.year}/1",
        "sha256": "0" * 64,
        "public": draft.content["public"],
        "outcomes": [
            [item["id"], pick(item["title"], language), item["kind"], Outcome.ADOPTED.value]
            for item in draft.content["items"]
        ],
    }
