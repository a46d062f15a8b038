"""The schedule that goes with a rule: who need do nothing under silence is not reminded of it."""

from collections.abc import Mapping
from typing import Any

from consult.core.schedule import DEFAULT_REMINDERS
from consult.core.silence import asks_positions
from consult.queries.drafting import Draft


def fitting(draft: Draft, rule: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the reminders where they stand as nobody has set them and *rule* wants others."""
    content = draft.content
    reminders, items = content["reminders"], content["items"]
    asks = asks_positions(rule, items)
    if not asks and reminders == list(DEFAULT_REMINDERS):
        return {"reminders": []}
    if asks and not reminders and not asks_positions(content["rule"], items):
        return {"reminders": list(DEFAULT_REMINDERS)}
    return {}
