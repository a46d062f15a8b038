"""What may follow a broken silence: a draft that puts the same items to a vote."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.actions.drafting import NOT_COPIED, create
from consult.core.life import ENDED, Act, Actor, NotNow, State, check, state_at
from consult.core.rule import parse
from consult.core.schedule import DEFAULT_REMINDERS
from consult.core.silence import Breaks, under_silence
from consult.errors import BadInput, NotFound
from consult.queries.content import content_of, load_whole
from consult.queries.following import follows
from consult.tables import Body, Consultation, Item, reading

VOTE = "vote"
MAY_FOLLOW = frozenset({State.BROKEN, *ENDED})


def put_to_vote(
    desk: Desk,
    slug: str,
    actor: Actor,
    reference: str,
    rule: Mapping[str, Any],
    section: Mapping[str, Any],
) -> str:
    """Begin a draft with the items whose silence is broken; return its slug.

    Of a letter broken as a whole all items go over; of one in which single items were broken,
    those, once it has ended: until the deadline an objection can still be lifted.

    Args:
        rule: Another one: not of the silence procedure.
        section: Of the new letter, which names the objections in each language.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such consultation.
        NotNow: No silence is broken for good, or a vote on its items was begun already.
        BadInput: The rule is one of the silence procedure, or the reference cannot be used.
    """
    check(Act.DRAFT, State.DRAFT, actor.roles)
    if under_silence(parse(rule)):
        raise BadInput({"rule": "rule-of-silence"})
    with reading(desk.engine) as session:
        found = session.scalar(select(Consultation).where(Consultation.slug == slug))
        if found is None:
            raise NotFound(slug=slug)
        bound = follows(session, found.id)
        state = state_at(found.state, found.closes_at, desk.clock())
        gone = _broken_for_good(session, found.id, state)
        if not gone or any(one.later and one.way == VOTE for one in bound):
            raise NotNow(act=VOTE, state=state.value)
        body = session.get_one(Body, found.body_id)
        content = content_of(load_whole(session, found.id), body)
    kept = {name: part for name, part in content.items() if name not in NOT_COPIED}
    letter = {**content["letter"], "sections": [*content["letter"].get("sections", ()), section]}
    wanted = {
        **kept,
        "reference": reference,
        "rule": dict(rule),
        "items": [_voted(item) for item in content["items"] if item["id"] in gone],
        "letter": letter,
        "reminders": list(DEFAULT_REMINDERS),
        "breaks": Breaks.ITEM.value,
    }
    return create(desk, actor, body.slug, wanted, follows=(found.id, VOTE))


def _broken_for_good(session: Session, letter: int, state: State) -> set[str]:
    """Return the items that may go over to a vote."""
    if state not in MAY_FOLLOW:
        return set()
    items = select(Item.code).where(Item.consultation_id == letter)
    if state is not State.BROKEN:
        items = items.where(Item.broken_at.is_not(None))
    return set(session.scalars(items))


def _voted(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item without a rule of its own that is one of the silence procedure."""
    silent = item["rule"] and under_silence(parse(item["rule"]))
    return {**item, "rule": None} if silent else dict(item)
