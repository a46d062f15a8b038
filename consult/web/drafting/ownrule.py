"""The rule of one item: as for the letter, or one of its own."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField

from consult.core.rule import parse
from consult.queries.drafting import Draft
from consult.web.drafting.forms import choose
from consult.web.drafting.rules import AS_IT_STANDS, key_of, rule_of, titles
from consult.web.frame import language
from consult.wording import rules as in_words


def rule_field(draft: Draft, item: Mapping[str, Any]) -> SelectField:
    """Return the field that chooses the rule of *item*."""
    tongue = language()
    choices = [("", _("As for the letter")), *titles(draft, tongue)]
    if rule_key(draft, item["rule"]) == AS_IT_STANDS:
        choices.insert(1, (AS_IT_STANDS, in_words.title(parse(item["rule"]), tongue)))
    return choose(_("Rule"), choices)


def rule_key(draft: Draft, rule: Mapping[str, Any] | None) -> str:
    """Return the field's value for *rule*; empty for that of the letter."""
    return key_of(draft, rule)


def rule_data(draft: Draft, item: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """Return the rule that the field's value names; None for that of the letter."""
    if key == AS_IT_STANDS:
        kept: dict[str, Any] | None = item["rule"]
        return kept
    found = rule_of(draft, key) if key else None
    return dict(found) if found else None
