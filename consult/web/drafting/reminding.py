"""The schedule that goes with a rule: who need do nothing under silence is not reminded of it."""

from collections.abc import Mapping
from typing import Any

from consult.core.rule import parse
from consult.core.schedule import DEFAULT_REMINDERS
from consult.core.silence import needs_position
from consult.queries.drafting import Draft


def fitting(draft: Draft, rule: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the reminders where they stand as nobody has set them and *rule* wants others."""
    reminders, asks = draft.content["reminders"], asks_positions(draft, rule)
    if not asks and reminders == list(DEFAULT_REMINDERS):
        return {"reminders": []}
    before = asks_positions(draft, draft.content["rule"])
    if asks and not before and not reminders:
        return {"reminders": list(DEFAULT_REMINDERS)}
    return {}


def asks_positions(draft: Draft, rule: Mapping[str, Any] | None) -> bool:
    """Say whether on some item a position is missed, or a form asks for objections alone."""
    rules = [item["rule"] or rule for item in draft.content["items"]] or [rule]
    return any(each is None or needs_position(parse(each)) for each in rules)
