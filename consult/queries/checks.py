"""All that a draft lacks before it may be submitted, and what its officer should know besides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import func, select

from consult.core import deadline
from consult.core.contradictions import contradictions
from consult.core.life import Role
from consult.core.ready import lacks
from consult.core.rule import parse
from consult.core.schedule import steps
from consult.core.silence import asks_positions
from consult.errors import BadInput
from consult.queries.drafting import Draft, Roll
from consult.queries.working_days import holidays_of
from consult.tables import Grant, Person, reading

APPROVERS_NEEDED = 2


class Weight(StrEnum):
    """How much a finding weighs."""

    BLOCKS = "blocks"  # it cannot be submitted
    WARNS = "warns"
    HINTS = "hints"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing, or that speaks against going on.

    Args:
        place: The part of the content, such as ``items[1.1]``.
        language: Of the text that is missing; None where it is the same in all.
        code: What it is; `wording` has the sentence.
        facts: What the sentence needs.
    """

    weight: Weight
    place: str
    code: str
    language: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def findings(engine: sa.Engine, draft: Draft, roll: Roll, now: datetime) -> list[Finding]:
    """Return everything, what blocks first (one statement)."""
    content = draft.content
    found = [_blocking(place, code) for place, code in lacks(content, roll.lines, now)]
    found += _items(content)
    found += _rules(content, roll)
    found += _deadline(draft, now)
    if not content["reminders"] and asks_positions(content["rule"], content["items"]):
        found.append(Finding(Weight.WARNS, "reminders", "no-reminders"))
    found += _unreached(roll)
    found += _approvers(engine)
    found += _signed(draft)
    return found


def _blocking(place: str, code: str) -> Finding:
    path, at, language = place.rpartition("@")
    return Finding(Weight.BLOCKS, path if at else place, code, language if at else None)


def _items(content: dict[str, Any]) -> list[Finding]:
    found = []
    for item in content["items"]:
        place = f"items[{item['id']}]"
        if item["kind"] == "dates" and not (item["from"] and item["to"]):
            found.append(Finding(Weight.WARNS, place, "days-missing"))
        if item["kind"] == "text" and not any(item["text"].values()) and not item["annex"]:
            found.append(Finding(Weight.WARNS, place, "draft-decision-missing"))
        if item["kind"] == "appointment" and not any(item["post"].values()):
            found.append(Finding(Weight.WARNS, place, "post-missing"))
        if item["kind"] == "appointment" and not item["nominated_by"]:
            found.append(Finding(Weight.HINTS, place, "nomination-missing"))
    used = {item["heading"] for item in content["items"]}
    found += [
        Finding(Weight.HINTS, f"headings[{heading['id']}]", "heading-empty")
        for heading in content["headings"]
        if heading["id"] not in used
    ]
    return found


def _rules(content: dict[str, Any], roll: Roll) -> list[Finding]:
    places = [("rule", content["rule"])]
    places += [(f"items[{item['id']}].rule", item["rule"]) for item in content["items"]]
    found = []
    for place, data in places:
        if data:
            try:
                rule = parse(data, place)
            except BadInput:
                continue  # among what blocks
            found += [
                Finding(Weight.WARNS, place, one.code.value, facts={"found": one})
                for one in contradictions(rule, roll.lines)
                if not one.refused
            ]
    return found


def _deadline(draft: Draft, now: datetime) -> list[Finding]:
    content = draft.content
    if not content["closes_at"]:
        return []
    closes_at = datetime.fromisoformat(content["closes_at"])
    opens_at = datetime.fromisoformat(content["opens_at"]) if content["opens_at"] else now
    begins_at = max(opens_at, now)
    if closes_at <= begins_at:
        return []  # among what blocks
    warned = deadline.warnings(
        closes_at,
        ZoneInfo(draft.body.zone),
        holidays_of(draft.body.holidays),
        begins_at=begins_at,
        least_days=draft.body.least_days,
    )
    found = [
        Finding(Weight.WARNS, "closes_at", one.value, facts={"days": draft.body.least_days})
        for one in warned
    ]
    if len(steps(content["reminders"], begins_at, closes_at)) < len(set(content["reminders"])):
        found.append(Finding(Weight.WARNS, "reminders", "reminder-before-opening"))
    return found


def _unreached(roll: Roll) -> list[Finding]:
    names = [seat.name for seat in roll.seats if not seat.reachable]
    return [Finding(Weight.WARNS, "roll", "unreached", facts={"names": names})] if names else []


def _approvers(engine: sa.Engine) -> list[Finding]:
    with reading(engine) as session:
        count = session.scalar(
            select(func.count(sa.distinct(Person.id)))
            .join(Grant, Grant.person_id == Person.id)
            .where(Grant.role == Role.APPROVER, Person.disabled_at.is_(None))
        )
    if (count or 0) >= APPROVERS_NEEDED:
        return []
    return [Finding(Weight.WARNS, "approvers", "few-approvers", facts={"count": count or 0})]


def _signed(draft: Draft) -> Sequence[Finding]:
    there = {document.language for document in draft.documents if document.purpose == "signed"}
    gaps = [code for code in draft.content["languages"] if code not in there]
    if not gaps:
        return []
    return [Finding(Weight.HINTS, "signed", "not-signed", facts={"languages": gaps})]
