"""What may follow a broken silence: a draft that puts the same items to a vote."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from consult.actions.change import Desk
from consult.actions.drafting import NOT_COPIED, create
from consult.core.life import Act, Actor, NotNow, State, check
from consult.core.rule import parse
from consult.core.schedule import DEFAULT_REMINDERS
from consult.core.silence import Breaks, under_silence
from consult.errors import BadInput, NotFound
from consult.queries.content import content_of, load_whole
from consult.queries.following import follows
from consult.tables import Body, Consultation, reading

VOTE = "vote"


def put_to_vote(
    desk: Desk,
    slug: str,
    actor: Actor,
    reference: str,
    rule: Mapping[str, Any],
    section: Mapping[str, Any],
) -> str:
    """Begin a draft with the items of a letter whose silence is broken; return its slug.

    Args:
        rule: Another one: not of the silence procedure.
        section: Of the new letter, which names the objections in each language.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such consultation.
        NotNow: Its silence is not broken, or a vote on its items was begun already.
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
        if found.state is not State.BROKEN or any(one.later for one in bound):
            raise NotNow(act=VOTE, state=found.state.value)
        body = session.get_one(Body, found.body_id)
        content = content_of(load_whole(session, found.id), body)
    kept = {name: part for name, part in content.items() if name not in NOT_COPIED}
    letter = {**content["letter"], "sections": [*content["letter"].get("sections", ()), section]}
    wanted = {
        **kept,
        "reference": reference,
        "rule": dict(rule),
        "items": [_voted(item) for item in content["items"]],
        "letter": letter,
        "reminders": list(DEFAULT_REMINDERS),
        "breaks": Breaks.ITEM.value,
    }
    return create(desk, actor, body.slug, wanted, follows=(found.id, VOTE))


def _voted(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item without a rule of its own that is one of the silence procedure."""
    silent = item["rule"] and under_silence(parse(item["rule"]))
    return {**item, "rule": None} if silent else dict(item)
