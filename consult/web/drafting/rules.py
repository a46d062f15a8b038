"""What a rule takes on the roll as it stands, for the pages of a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult import rules
from consult.core.contradictions import contradictions
from consult.core.fit import check_fit
from consult.core.life import Kind
from consult.core.need import Need, need
from consult.core.rule import Rule, parse
from consult.core.silence import Breaks
from consult.errors import BadInput
from consult.queries.drafting import Draft, Roll
from consult.queries.texts import pick
from consult.wording import letters
from consult.wording import rules as in_words
from consult.wording.contradictions import sentence
from consult.wording.instants import Place

AS_IT_STANDS = "as-it-stands"
_WRITTEN = "written-"  # begins the values of the rules that officers wrote


@dataclass(frozen=True, slots=True)
class Choosable:
    """A rule that may be chosen, explained on the present roll.

    Args:
        key: Its value in the form.
        takes: What it takes; empty if it cannot be applied to this roll.
        silence: What not replying means; empty likewise.
        own: Whether it is the body's own.
        warnings: Where it contradicts itself or the roll.
        blocked: Whether one of these lets no letter open under it.
    """

    key: str
    title: str
    explained: str
    takes: str
    silence: str
    source: str
    own: bool
    warnings: tuple[str, ...] = ()
    blocked: bool = False


def keys_of(draft: Draft) -> list[str]:
    """Return the values that the form may send."""
    return [*by_key(draft), AS_IT_STANDS]


def choosable(draft: Draft, roll: Roll, language: str) -> list[Choosable]:
    """Return the body's own rules, that of the draft if it is another, then the library.

    Rules that cannot be applied to the roll come last.
    """
    own, current = draft.body.rule, draft.content["rule"]
    known = by_key(draft)
    found: dict[str, Mapping[str, Any]] = {str(own.get("id")): own} if own else {}
    if current and current not in known.values():
        found[AS_IT_STANDS] = current
    found.update({key: data for key, data in known.items() if key.startswith(_WRITTEN)})
    found.update({key: data for key, data in known.items() if key not in found})
    named = [
        explained(key, data, roll, language, own=data == own or key.startswith(_WRITTEN))
        for key, data in found.items()
    ]
    return sorted(named, key=lambda one: not (one.takes or one.own))


def chosen_key(draft: Draft) -> str:
    """Return the value of the draft's rule in the form; empty if it has none."""
    return key_of(draft, draft.content["rule"])


def key_of(draft: Draft, current: Mapping[str, Any] | None) -> str:
    """Return the value of a rule of the draft in the form; empty for none."""
    if not current:
        return ""
    for key, data in by_key(draft).items():
        if data == current:
            return key
    return AS_IT_STANDS


def rule_of(draft: Draft, key: str) -> Mapping[str, Any] | None:
    """Return the rule that the form's value names; None for none."""
    return draft.content["rule"] if key == AS_IT_STANDS else by_key(draft).get(key)


def by_key(draft: Draft) -> dict[str, Mapping[str, Any]]:
    """Return the library and what was written for the body, by the values of a form."""
    own = {str(draft.body.rule.get("id")): draft.body.rule} if draft.body.rule else {}
    written = {f"{_WRITTEN}{slug}": data for slug, data in draft.body.written}
    return {**_library(), **written, **own}


def _library() -> dict[str, Mapping[str, Any]]:
    return {key: rules.load_data(key) for key in rules.all_ids()}


def titles(draft: Draft, language: str) -> list[tuple[str, str]]:
    """Return the value and the title of each rule that an item may have, the body's own first."""
    known = by_key(draft)
    ours = sorted(
        known, key=lambda key: (not key.startswith(_WRITTEN), known[key] != draft.body.rule)
    )
    return [(key, in_words.title(parse(known[key]), language) or key) for key in ours]


def explained(
    key: str, data: Mapping[str, Any], roll: Roll, language: str, *, own: bool
) -> Choosable:
    """Return a rule in words, with what it takes on *roll* and what speaks against it."""
    rule = parse(data)
    takes = need_on(rule, roll)
    found = contradictions(rule, roll.lines, takes)
    return Choosable(
        key=key,
        title=in_words.title(rule, language) or key,
        explained=in_words.explain(rule),
        takes=in_words.takes(rule, takes) if takes else "",
        silence=letters.if_silent(rule, takes) if takes else "",
        source=rule.source,
        own=own,
        warnings=tuple(map(sentence, found)),
        blocked=any(one.refused for one in found),
    )


def need_on(rule: Rule, roll: Roll) -> Need | None:
    """Return what *rule* takes on *roll*; None if it cannot be applied to it."""
    try:
        check_fit(rule, roll.lines)
    except BadInput:
        return None
    return need(rule, roll.lines)


def terms_of(draft: Draft, roll: Roll, language: str) -> letters.Terms | None:
    """Return what the letter must say truly; None while there is no rule that fits the roll."""
    content = draft.content
    rule = parse(content["rule"]) if content["rule"] else None
    takes = need_on(rule, roll) if rule else None
    if takes is None and content["kind"] != Kind.COMMENTS.value:
        return None
    closes_at = content["closes_at"]
    return letters.Terms(
        rule=rule,
        need=takes,
        own=own_of(draft, roll),
        closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
        place=Place(draft.body.zone, pick(draft.body.seat, language)),
        address=draft.organisation.get("address") or "",
        breaks=Breaks(content["breaks"]),
    )


def own_of(draft: Draft, roll: Roll) -> dict[str, tuple[Rule, Need]]:
    """Return of each item with a rule of its own that fits the roll, that rule and its need."""
    found = {}
    for item in draft.content["items"]:
        if item["rule"]:
            rule = parse(item["rule"])
            if takes := need_on(rule, roll):
                found[item["id"]] = (rule, takes)
    return found
