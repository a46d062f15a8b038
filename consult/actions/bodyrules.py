"""An officer writes a decision rule for a body, changes it for later letters, or retires it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.core.contradictions import contradictions
from consult.core.life import Actor, Role
from consult.core.rule import Rule, parse, rule_data
from consult.errors import BadInput, Changed, NotAllowed, NotFound
from consult.queries.roll import lines_of, seats_on
from consult.tables import Body, BodyRule, writing

LONGEST_SOURCE = 500  # characters
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)


def write(desk: Desk, actor: Actor, body_slug: str, slug: str, data: Mapping[str, Any]) -> None:
    """Keep a new rule of a body.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such body.
        BadInput: A part is not understood, the rule contradicts itself or the roll, or its
            name is taken.
    """
    _check(actor)
    if not _SLUG.fullmatch(slug):
        raise BadInput({"slug": "rule-name-shape"})
    with writing(desk.engine) as session:
        body, now = _body(session, body_slug), desk.clock()
        if _found(session, body, slug) is not None:
            raise BadInput({"slug": "rule-name-taken"})
        rule = _read(session, body, {**data, "id": slug}, now)
        session.add(
            BodyRule(
                body_id=body.id,
                slug=slug,
                title=dict(rule.title),
                data=rule_data(rule),
                source=rule.source,
                version=1,
                made_by_id=actor.person_id,
                made_at=now,
                changed_at=now,
            )
        )


def rewrite(
    desk: Desk, actor: Actor, body_slug: str, slug: str, data: Mapping[str, Any], *, seen: int
) -> None:
    """Change a rule; letters and drafts that took it keep it as they took it.

    Raises:
        NotAllowed, BadInput: As for `write`.
        NotFound: There is no such rule, or it is retired.
        Changed: Somebody saved it since version *seen*.
    """
    _check(actor)
    with writing(desk.engine) as session:
        body, now = _body(session, body_slug), desk.clock()
        row = _in_use(session, body, slug)
        rule = _read(session, body, {**data, "id": slug}, now)
        new = rule_data(rule)
        if new == row.data:
            return
        if row.version != seen:
            raise Changed(what="rule", version=row.version)
        row.title, row.source, row.data = dict(rule.title), rule.source, new
        row.version += 1
        row.changed_at = now


def retire(desk: Desk, actor: Actor, body_slug: str, slug: str) -> None:
    """Offer a rule to no letter any more; those that took it keep it.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such rule, or it is retired already.
    """
    _check(actor)
    with writing(desk.engine) as session:
        row = _in_use(session, _body(session, body_slug), slug)
        row.retired_at = desk.clock()


def _check(actor: Actor) -> None:
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act="rule")


def _body(session: Session, slug: str) -> Body:
    """Return the body, locked, so that two rules of one name cannot come at once."""
    found = session.scalar(select(Body).where(Body.slug == slug).with_for_update())
    if found is None:
        raise NotFound(body=slug)
    return found


def _found(session: Session, body: Body, slug: str) -> BodyRule | None:
    return session.scalar(
        select(BodyRule).where(BodyRule.body_id == body.id, BodyRule.slug == slug)
    )


def _in_use(session: Session, body: Body, slug: str) -> BodyRule:
    row = _found(session, body, slug)
    if row is None or row.retired_at is not None:
        raise NotFound(rule=slug)
    return row


def _read(session: Session, body: Body, data: Mapping[str, Any], now: datetime) -> Rule:
    """Return the rule if it says what it is called and whence it comes, and can be applied."""
    rule = parse(dict(data))
    if not rule.title:
        raise BadInput({"title": "rule-title-missing"})
    if not rule.source:
        raise BadInput({"source": "rule-source-missing"})
    if len(rule.source) > LONGEST_SOURCE:
        raise BadInput({"source": "rule-source-long"})
    today = now.astimezone(ZoneInfo(body.zone)).date()
    roll = lines_of(seats_on(session, body, today), "en")
    refused = {
        "rule" if one.line is None else f"rule[{one.line}]": one.code.value
        for one in contradictions(rule, roll)
        if one.refused
    }
    if refused:
        raise BadInput(refused)
    return rule
