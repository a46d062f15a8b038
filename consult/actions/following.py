"""A letter takes up again what an earlier one left undecided: a second round, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.actions.change import Desk, change
from consult.actions.drafting import NOT_COPIED, begin
from consult.core.ledger import instant
from consult.core.life import ENDED, Act, Actor, Kind, NotNow, State, check
from consult.core.tally import Outcome
from consult.errors import BadInput
from consult.queries.content import content_of, load_whole
from consult.queries.roll import frozen
from consult.tables import Body

SECOND_ROUND, VOTE = "second-round", "vote"
_DECISIVE = "second round, decisive whatever the number of replies"


@dataclass(frozen=True, slots=True)
class Following:
    """What the new letter is.

    Args:
        items: The codes of the items that it takes up.
        closes_at: Its deadline; None to be set in the draft.
        decisive: Whether its result stands whatever the number of replies: no quorum is asked.
        kind: `SECOND_ROUND`, or `VOTE` where an objection broke a silence procedure.
        parts: Whole parts of the content that are other than in the earlier letter.
        asked: The members that are asked, of those on the earlier roll; None for the same ones.
    """

    reference: str
    items: frozenset[str]
    closes_at: datetime | None
    decisive: bool = False
    kind: str = SECOND_ROUND
    parts: Mapping[str, Any] | None = None
    asked: frozenset[str] | None = None


def follow(desk: Desk, slug: str, actor: Actor, new: Following) -> str:
    """Begin the draft that takes items up again; both letters and ledgers name each other.

    Raises:
        NotAllowed: The actor is no officer.
        NotNow: The earlier letter is not counted yet, or it is a comment round.
        BadInput: No item is chosen, one is not of that letter or was adopted, or the reference
            cannot be used; nobody is asked, or somebody who was not asked before.
    """
    check(Act.DRAFT, State.DRAFT, actor.roles)
    with change(desk, slug, actor) as this:
        earlier = load_whole(this.session, this.consultation.id)
        if this.state not in ENDED or earlier.kind is Kind.COMMENTS:
            raise NotNow(act="second-round", state=this.state.value)
        _refuse(new, {item.code for item in earlier.items}, adopted_in(earlier.result))
        _refuse_electorate(new, {line.member for line in frozen(this.session, earlier.id)})
        body = this.session.get_one(Body, earlier.body_id)
        content = {**_content(content_of(earlier, body), new), **(new.parts or {})}
        begun = begin(desk, this.session, actor, body.slug, content)
        begun.follows_id, begun.follows_as = earlier.id, new.kind
        this.enter("followed", reference=begun.reference, ledger=begun.ledger, **{"as": new.kind})
        return begun.slug


def adopted_in(result: Mapping[str, Any] | None) -> set[str]:
    """Return the codes of the items that a count found adopted."""
    found = (result or {}).get("questions", {})
    return {code for code, counted in found.items() if counted["outcome"] == Outcome.ADOPTED}


def _refuse(new: Following, known: set[str], adopted: set[str]) -> None:
    if not new.items:
        raise BadInput({"items": "missing"})
    if not new.items <= known:
        raise BadInput({"items": "no-such-item"})
    if new.items & adopted:
        raise BadInput({"items": "decided-before"})


def _refuse_electorate(new: Following, on_roll: set[str]) -> None:
    if new.asked is None:
        return
    if not new.asked:
        raise BadInput({"asked": "missing"})
    if not new.asked <= on_roll:
        raise BadInput({"asked": "not-on-the-roll"})


def _content(earlier: Mapping[str, Any], new: Following) -> dict[str, Any]:
    items = [item for item in earlier["items"] if item["id"] in new.items]
    if new.decisive:
        items = [{**item, "rule": without_quorum(item["rule"])} for item in items]
    headings = {item["heading"] for item in items}
    return {
        **{name: part for name, part in earlier.items() if name not in NOT_COPIED},
        "reference": new.reference,
        "rule": without_quorum(earlier["rule"]) if new.decisive else earlier["rule"],
        "items": items,
        "headings": [one for one in earlier["headings"] if one["id"] in headings],
        "closes_at": instant(new.closes_at) if new.closes_at else None,
        "electorate": earlier["electorate"]
        if new.asked is None
        else {"groups": [], "members": sorted(new.asked)},
        "follows": {
            "reference": earlier["reference"],
            "as": new.kind,
            "decisive": new.decisive,
        },
    }


def without_quorum(rule: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return *rule* asking for no quorum; its source says that this is so, and why."""
    if rule is None or "quorum" not in rule:
        return dict(rule) if rule is not None else None
    kept = {name: part for name, part in rule.items() if name != "quorum"}
    return {**kept, "source": f"{rule.get('source', '')}; {_DECISIVE}".removeprefix("; ")}
