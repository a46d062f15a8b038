"""What mails and reply form of a draft would be made of, so that they can be looked at."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from consult.core.comparison import Choice
from consult.core.ledger import instant
from consult.core.life import CommentPolicy, State
from consult.core.need import Need
from consult.core.rule import Rule, parse
from consult.core.schedule import NoticeKind, steps
from consult.core.tally import Outcome
from consult.queries.answering import FormItem, asked
from consult.queries.drafting import Draft, Roll, Seated
from consult.queries.organisation import NOBODY
from consult.queries.reply import Page
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


def answered(draft: Draft, roll: Roll, now: datetime) -> Page | None:
    """Return the letter as the first member on the roll would get it to answer.

    None while there is no rule or no member.
    """
    content, member = draft.content, addressed(roll)
    if not content["rule"] or member is None:
        return None
    rule = parse(content["rule"])
    own = {item["id"]: parse(item["rule"]) for item in content["items"] if item["rule"]}
    return Page(
        slug=draft.slug,
        reference=draft.reference,
        revision=0,
        state=State.OPEN,
        content=content,
        rule=rule,
        own=own,
        items=tuple(
            _form_item(item, content, own.get(item["id"], rule)) for item in content["items"]
        ),
        body=draft.body.as_letter(),
        organisation=draft.organisation,
        house=NOBODY,
        opens_at=_at(content["opens_at"], now),
        closes_at=_at(content["closes_at"], now),
        member=member.code,
        member_name=member.name,
        entitled=True,
        no_vote_under=None,
        may_file=True,
        names={seat.code: seat.name for seat in roll.seats},
        lines=roll.lines,
        versions=0,
        newest=None,
        draft=None,
        draft_base=0,
        documents={},
    )


def _form_item(item: dict[str, Any], content: dict[str, Any], rule: Rule) -> FormItem:
    policy = CommentPolicy(item["comments"] or content["comments"])
    return asked(item["id"], item["title"], policy, rule)


def _at(text: str | None, now: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else now
