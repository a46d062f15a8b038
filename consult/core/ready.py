"""What a consultation still lacks before it may be submitted and opened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consult.core import letter
from consult.core.contradictions import contradictions
from consult.core.fit import check_fit
from consult.core.life import Kind
from consult.core.ranking import unequal
from consult.core.roll import RollLine
from consult.core.rule import parse
from consult.core.silence import asks_positions
from consult.errors import BadInput


def lacks(
    content: Mapping[str, Any], roll: Sequence[RollLine], now: datetime
) -> list[tuple[str, str]]:
    """Return each thing that is missing, as its place and a code; nothing when it may open.

    Args:
        content: The whole consultation as `queries.content` gives it.
        roll: The members as they stand now.

    Source: trust, T108; design, promise 10.
    """
    found: list[tuple[str, str]] = []
    found += _letter(content)
    found += _items(content)
    found += _deadline(content, now)
    found += _rule(content, roll)
    found += _reminders(content)
    for language in content["languages"]:
        if language not in content["waived"]:
            found += [
                (f"{path}@{language}", "text-missing") for path in letter.missing(content, language)
            ]
    return found


def _letter(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if not any(content["subject"].values()):
        found.append(("subject", "subject-missing"))
    if not content["languages"]:
        found.append(("languages", "languages-missing"))
    return found


def _items(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not content["items"]:
        return [("items", "items-missing")]
    found = []
    headings = {heading["id"] for heading in content["headings"]}
    unequal_seats = unequal(content["items"])
    for item in content["items"]:
        place = f"items[{item['id']}]"
        if not any((item["title"] or {}).values()):
            found.append((place, "title-missing"))
        if item["heading"] is not None and item["heading"] not in headings:
            found.append((place, "heading-unknown"))
        if item["from"] and item["to"] and item["to"] < item["from"]:
            found.append((place, "ends-before-it-begins"))
        if item["id"] in unequal_seats:
            found.append((place, "seats-differ"))
        if item["kind"] == "appointment" and not any((item["candidate"] or {}).values()):
            found.append((place, "candidate-missing"))
    return found


def _deadline(content: Mapping[str, Any], now: datetime) -> list[tuple[str, str]]:
    if not content["closes_at"]:
        return [("closes_at", "deadline-missing")]
    closes_at = datetime.fromisoformat(content["closes_at"])
    if closes_at <= now:
        return [("closes_at", "deadline-past")]
    if content["opens_at"] and datetime.fromisoformat(content["opens_at"]) >= closes_at:
        return [("opens_at", "opens-after-deadline")]
    return []


def _reminders(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Refuse to nag: where objections alone are asked for, one notice at most is sent."""
    if len(content["reminders"]) <= 1 or asks_positions(content["rule"], content["items"]):
        return []
    return [("reminders", "reminders-nag")]


def _rule(content: Mapping[str, Any], roll: Sequence[RollLine]) -> list[tuple[str, str]]:
    if not any(line.entitled for line in roll):
        return [("roll", "roll-empty")]
    if content.get("kind") == Kind.COMMENTS.value:
        return []  # nothing is decided, so no rule decides
    if not content["rule"]:
        return [("rule", "rule-missing")]
    rules = [("rule", content["rule"])]
    rules += [(f"items[{i['id']}].rule", i["rule"]) for i in content["items"] if i["rule"]]
    for place, data in rules:
        try:
            rule = parse(data, place)
            check_fit(rule, roll, place)
        except BadInput:
            return [(place, "rule-does-not-fit")]
        if any(one.refused for one in contradictions(rule, roll)):
            return [(place, "rule-contradicts-itself")]
    return []
